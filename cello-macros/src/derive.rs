//! The derives. They are small enough to be read, checked and expanded in a file or two each.

pub(crate) mod app_state;
pub(crate) mod detail;
pub(crate) mod http_error;

use syn::Attribute;

use crate::model::Tokens;
use crate::read::cursor::flatten;
use crate::token::{TokenTree, from_library};

/// The tokens in the parentheses of `#[name(...)]`; `None` for another attribute, empty without parentheses.
fn arguments_of(attr: &Attribute, name: &str) -> Option<Vec<TokenTree>> {
    if !attr.path().is_ident(name) {
        return None;
    }
    Some(match &attr.meta {
        syn::Meta::List(list) => flatten(from_library(list.tokens.clone())),
        _ => Vec::new(),
    })
}

/// A syntax node as the tokens that were typed.
fn typed(node: &impl quote::ToTokens) -> Tokens {
    Tokens(flatten(from_library(node.to_token_stream())))
}
