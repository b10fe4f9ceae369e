//! The promise that an application's state has what a handler takes, as bounds that `.state(...)` asks for.

use super::{Surroundings, members};
use crate::model::{Checked, Handler, Source, Tokens};
use crate::read::types::Lifetimes;
use crate::token::{Delimiter, Ident, Span};
use crate::write::{put, tokens};

/// Writes `impl Needs` for a handler, with the attributes of all that stands beside it. The trait stands at the pattern: where state is
/// missing, rustc shows the route beside the handler. Each token stands where one of the user's does: one at the macro's call would
/// change the item with every line above it, and the state of the whole application would be proved anew.
pub(crate) fn needs(
    handler: &Handler,
    checked: &Checked,
    attributes: Option<&Tokens>,
    around: &Surroundings,
    out: &mut Tokens,
) {
    let name = handler.type_name();
    let at = handler.signature.name.span();
    let route = handler.arguments.pattern.as_ref().map_or(at, |pattern| pattern.span);
    out.value(&attributes);
    out.word("impl", at);
    let named: Vec<Tokens> = handler.arguments.with.iter().filter_map(|member| member.typed().1).collect();
    out.value(&generics(&types(handler, &named), at, None));
    put!(out, route => CelloNeeds<CelloS>);
    put!(out, at => for #name);
    let (bare, _) = (out.open(), out.word("where", at));
    let lifetimes = Lifetimes::written("static");
    let mut extractors: Vec<(Tokens, Span)> = Vec::new();
    for (arg, source) in handler.signature.args.iter().zip(&checked.sources) {
        let at = arg.ty.span();
        match source {
            Source::State { of } => {
                let ty = lifetimes.rewrite(of);
                put!(out, at => CelloS: CelloProvideFor<#ty, #name>,);
            }
            Source::Extractor => extractors.push((lifetimes.rewrite(&arg.ty).into_owned(), at)),
            _ => {}
        }
    }
    let members = members(&handler.arguments, around.private());
    let inside = inside(&tokens!(at => CelloS), members.as_ref(), name, out, around);
    takes(&extractors, name, &inside, out);
    guards(&handler.arguments.guards, name, &inside, out);
    if out.open() == bare + 1 {
        out.0.pop();
    }
    put!(out, at => {});
    bodies(&extractors, checked.no_body, attributes, out);
}

/// All types that the promise of a handler names, in the order in which they stand, if `guard` comes after `with`; these are `members`.
fn types<'a>(handler: &'a Handler, members: &'a [Tokens]) -> Vec<&'a Tokens> {
    let arguments = handler.signature.args.iter().map(|arg| &arg.ty);
    members.iter().chain(&handler.arguments.guards).chain(arguments).collect()
}

/// `<CelloS>`, from the first of the types to the last one. For a type that does not exist rustc suggests one more parameter, where
/// it takes such a list for the user's: not if the type stands inside it. `more` follows it.
pub(crate) fn generics(types: &[&Tokens], at: Span, more: Option<&Tokens>) -> Tokens {
    let open = types.first().map_or(at, |first| first.ends().0);
    let close = types.last().map_or(at, |last| last.ends().1);
    let mut list = tokens!(open => <);
    list.word("CelloS", at);
    list.value(&more);
    list.marks(">", close);
    list
}

/// Const checks that at most one argument takes the body, and none where there is no body; each stands at its type.
fn bodies(extractors: &[(Tokens, Span)], none: bool, attributes: Option<&Tokens>, out: &mut Tokens) {
    for (index, (ty, at)) in extractors.iter().enumerate() {
        if !none && index == 0 {
            continue;
        }
        let at = *at;
        let takes_body = |ty: &Tokens, out: &mut Tokens| {
            put!(out, at => CelloProbe::<(#ty,)>::TAKES_BODY);
        };
        out.value(&attributes);
        put!(out, at => const _: () =);
        let block = out.open();
        // rustc suggests no type parameter for a `static`, where a type does not exist.
        put!(out, at => static _CHECK: () =);
        let check = if none { "no_body" } else { "one_body" };
        out.library(check, at);
        let arguments = out.open();
        if !none {
            put!(out, at => &);
            let before = out.open();
            for (ty, _) in &extractors[..index] {
                takes_body(ty, out);
                out.marks(",", at);
            }
            out.close(before, Delimiter::Bracket, at);
            out.marks(",", at);
        }
        takes_body(ty, out);
        out.close(arguments, Delimiter::Parenthesis, at);
        out.marks(";", at);
        out.close(block, Delimiter::Brace, at);
        out.marks(";", at);
    }
}

/// What stands around a handler within the members of a `with(...)`, which find what they need outside it.
pub(crate) fn inside(
    outside: &Tokens,
    members: Option<&Tokens>,
    name: &Ident,
    bounds: &mut Tokens,
    around: &Surroundings,
) -> Tokens {
    let here = Span::call_site();
    let Some(members) = members else { return outside.clone() };
    let private = around.private();
    put!(bounds, here =>
        #outside: #private::Enter<#members>,
        #members: #private::MembersNeed<#outside, #name>,
    );
    tokens!(here => <#outside as #private::Enter<#members>>::Inside)
}

/// Writes the bound on guards. `state` is what stands around them.
pub(crate) fn guards(guards: &[Tokens], name: &Ident, state: &Tokens, out: &mut Tokens) {
    let guards: Vec<(Tokens, Span)> = guards.iter().map(|guard| (guard.clone(), guard.span())).collect();
    takes(&guards, name, state, out);
}

/// Writes the bound on extractors. Its `const` argument says whether they are extractors at all.
fn takes(extractors: &[(Tokens, Span)], name: &Ident, state: &Tokens, out: &mut Tokens) {
    let Some((_, first)) = extractors.first() else { return };
    let first = *first;
    put!(out, first => CelloTakes<);
    let types = out.open();
    for (ty, _) in extractors {
        put!(out, first => #ty,);
    }
    out.close(types, Delimiter::Parenthesis, first);
    out.marks(",", first);
    let are = out.open();
    // (`&` between two of one type would be clippy's business.)
    if extractors.len() > 1 {
        put!(out, first => of_cello::all);
    }
    let each = out.open();
    for (ty, at) in extractors {
        let at = *at;
        put!(out, at => CelloProbe::<(#ty,)>::IS);
        if extractors.len() > 1 {
            out.marks(",", at);
        }
    }
    if extractors.len() > 1 {
        out.close(each, Delimiter::Bracket, first);
        let list = out.0.split_off(each);
        out.marks("&", first);
        out.0.extend(list);
        out.close(each, Delimiter::Parenthesis, first);
    }
    out.close(are, Delimiter::Brace, first);
    put!(out, first => >: CelloTakesFor<#state, #name>,);
}
