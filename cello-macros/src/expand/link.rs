//! The link function, `get_user::path(3)`.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use quote::{quote, quote_spanned};

use super::{Surroundings, group, placed};
use crate::model::{Checked, Handler, Tokens};
use crate::read::types::Lifetimes;

/// The parameters of `pub fn path(...) -> Link`, the bounds on them, and their values. It does not mention the handler, so that
/// rustc still sees when nothing mounts it.
pub(crate) fn link(handler: &Handler, checked: &Checked, around: &Surroundings) -> [TokenTree; 3] {
    let private = around.private();
    let declared = &handler.signature.generics.lifetimes;
    let mut parameters = TokenStream::new();
    let mut bounds = TokenStream::new();
    let mut values = TokenStream::new();
    for param in &checked.link {
        let name = &param.name;
        match param.argument.map(|index| &handler.signature.args[index].ty) {
            Some(ty) => {
                let written = Lifetimes::inferred(declared).rewrite(ty);
                parameters.extend(quote!(#name: #written,));
                if !displays(ty) {
                    // The `for` postpones the check to where a link is made: one error for a type that is no parameter.
                    let bound = Lifetimes::written(declared, "__a").rewrite(ty);
                    let at = ty.span();
                    let private = placed(private, at);
                    bounds.extend(quote_spanned!(at=> for<'__a> #bound: #private::LinkValue,));
                }
            }
            None => parameters.extend(quote!(#name: impl #private::LinkValue,)),
        }
        values.extend(quote!(#name,));
    }
    let bounds = if bounds.is_empty() { bounds } else { quote!(where #bounds) };
    [
        group(Delimiter::Parenthesis, parameters),
        group(Delimiter::Bracket, bounds),
        group(Delimiter::Parenthesis, values),
    ]
}

/// Whether rustc need not be asked: the types that most parameters have. A bound for each costs time in every check.
fn displays(ty: &Tokens) -> bool {
    const TYPES: [&str; 16] = [
        "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize", "bool",
        "char", "str", "String",
    ];
    let name = match ty.0.as_slice() {
        [TokenTree::Ident(name)] => name,
        [TokenTree::Punct(and), TokenTree::Ident(name)] if and.as_char() == '&' => name,
        _ => return false,
    };
    TYPES.iter().any(|known| name == known)
}

/// The blueprint that mounts the handler: known here, or whatever a `blueprint!` says.
pub(crate) fn blueprint(handler: &Ident, around: &Surroundings) -> TokenStream {
    if around.in_blueprint {
        return quote!(#handler::BLUEPRINT);
    }
    let private = around.private();
    quote!({
        #[allow(unused_imports)]
        use #private::NoBlueprint as _;
        #handler::BLUEPRINT
    })
}
