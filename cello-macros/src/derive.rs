//! The derives. They are small enough to be read, checked and expanded in a file or two each.

pub(crate) mod app_state;
pub(crate) mod detail;
pub(crate) mod http_error;

use proc_macro2::TokenStream;
use syn::Attribute;

use crate::model::Tokens;
use crate::read::cursor::flatten;

/// The tokens in the parentheses of `#[name(...)]`; `None` for another attribute, empty without parentheses.
fn arguments_of(attr: &Attribute, name: &str) -> Option<Vec<proc_macro2::TokenTree>> {
    if !attr.path().is_ident(name) {
        return None;
    }
    Some(match &attr.meta {
        syn::Meta::List(list) => flatten(list.tokens.clone()),
        _ => Vec::new(),
    })
}

/// A syntax node as the tokens that were typed.
fn typed(node: &impl quote::ToTokens) -> Tokens {
    let stream: TokenStream = node.to_token_stream();
    Tokens(flatten(stream))
}
