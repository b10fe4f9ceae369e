//! The link function, `get_user::path(3)`.

use super::Surroundings;
use crate::model::{Checked, Handler, LinkParam, Tokens};
use crate::read::types::{Lifetimes, borrows};
use crate::token::{Delimiter, Named, Span, TokenTree};
use crate::write::put;

/// Writes the parameters of `pub fn path(...) -> Link`, their values, and the bounds on them if there are any. It does not mention the handler, so that
/// rustc still sees when nothing mounts it.
pub(crate) fn link(handler: &Handler, checked: &Checked, around: &Surroundings, out: &mut Tokens) {
    let here = Span::call_site();
    let typed = |param: &LinkParam| param.argument.map(|index| &handler.signature.args[index].ty);
    let parameters = out.open();
    for param in &checked.link {
        let name = &param.name;
        match typed(param) {
            Some(ty) => {
                let written = Lifetimes::inferred().rewrite(ty);
                put!(out, here => #name: #written,);
            }
            None => {
                let private = around.private();
                put!(out, here => #name: impl #private::LinkValue,);
            }
        }
    }
    out.close(parameters, Delimiter::Parenthesis, here);
    let values = out.open();
    for param in &checked.link {
        let name = &param.name;
        put!(out, here => #name,);
    }
    out.close(values, Delimiter::Parenthesis, here);
    let bounds = out.open();
    for ty in checked.link.iter().filter_map(typed).filter(|ty| !displays(ty)) {
        if bounds == out.open() {
            out.word("where", here);
        }
        // The `for` postpones the check to where a link is made: one error for a type that is no parameter.
        let bound = Lifetimes::written("__a").rewrite(ty);
        let (at, private) = (ty.span(), around.private_at(ty.span()));
        put!(out, at => for<'__a> #bound: #private::LinkValue);
        // A lifetime that nothing uses would be a lint's business.
        if !borrows(&bound.0) {
            put!(out, at => + '__a);
        }
        out.marks(",", at);
    }
    if bounds < out.open() {
        out.close(bounds, Delimiter::Bracket, here);
    }
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
    name.is_one_of(&TYPES)
}
