//! The promise that an application's state has what a handler takes, as bounds that `.state(...)` asks for.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

use super::{Surroundings, cfg_attributes, mark, members, placed, word};
use crate::model::{Checked, Handler, Source, Tokens};
use crate::read::types::Lifetimes;

/// `impl Needs` for a handler. The trait stands at the pattern: where state is missing, rustc shows the route beside the handler.
pub(crate) fn needs(handler: &Handler, checked: &Checked, around: &Surroundings) -> TokenStream {
    let name = handler.type_name();
    let at = handler.signature.name.span();
    let lifetimes = Lifetimes::written(&handler.signature.generics.lifetimes, "static");
    let mut bounds = TokenStream::new();
    let mut extractors: Vec<(Tokens, Span)> = Vec::new();
    for (arg, source) in handler.signature.args.iter().zip(&checked.sources) {
        let at = arg.ty.span();
        match source {
            Source::State { of } => {
                let private = placed(around.private(), at);
                let ty = lifetimes.rewrite(of);
                bounds.extend(quote_spanned!(at=> S: #private::ProvideFor<#ty, #name>,));
            }
            Source::Extractor => extractors.push((lifetimes.rewrite(&arg.ty), at)),
            _ => {}
        }
    }
    let members = members(&handler.arguments, around.private());
    let inside = inside(quote!(S), members.as_ref(), name, &mut bounds, around);
    bounds.extend(takes(&extractors, name, &inside, around));
    bounds.extend(guards(&handler.arguments.guards, name, &inside, around));
    let bounds = (!bounds.is_empty()).then(|| quote!(where #bounds));
    let route = handler.arguments.pattern.as_ref().map_or(at, |pattern| pattern.span);
    let needs = placed(around.private(), route).join(Ident::new("Needs", route));
    let [open, state, close] = [mark('<', route), word("S", route), mark('>', route)];
    let cfg = cfg_attributes(&handler.cfgs);
    let bodies = bodies(&extractors, checked.no_body, cfg.as_ref(), around);
    let generics = generics(&types(handler), None);
    quote_spanned!(at=> #cfg impl #generics #needs #open #state #close for #name #bounds {} #bodies)
}

/// All types that the promise of a handler names, in the order in which they stand.
fn types(handler: &Handler) -> Vec<&Tokens> {
    let arguments = handler.signature.args.iter().map(|arg| &arg.ty);
    handler.arguments.guards.iter().chain(arguments).collect()
}

/// `<S>`, from the first of the types to the last one. For a type that does not exist rustc suggests one more parameter, where
/// it takes such a list for the user's: not if the type stands inside it. `more` follows the `S`.
pub(crate) fn generics(types: &[&Tokens], more: Option<TokenStream>) -> Tokens {
    let here = Span::call_site();
    let open = types.first().map_or(here, |first| first.ends().0);
    let close = types.last().map_or(here, |last| last.ends().1);
    let inside = [mark('<', open), word("S", here)].into_iter().chain(more.into_iter().flatten());
    Tokens(inside.chain([mark('>', close)]).collect())
}

/// Const checks that at most one argument takes the body, and none where there is no body; each stands at its type.
fn bodies(
    extractors: &[(Tokens, Span)],
    none: bool,
    cfg: Option<&TokenStream>,
    around: &Surroundings,
) -> Option<TokenStream> {
    let mut checks = TokenStream::new();
    for (index, (ty, at)) in extractors.iter().enumerate() {
        let private = placed(around.private(), *at);
        let takes_body = |ty: &Tokens| quote_spanned!(*at=> #private::Probe::<(#ty,)>::TAKES_BODY);
        let this = takes_body(ty);
        let check = if none {
            quote_spanned!(*at=> #private::no_body(#this))
        } else if index > 0 {
            let before = extractors[..index].iter().map(|(ty, _)| takes_body(ty));
            quote_spanned!(*at=> #private::one_body(&[#(#before),*], #this))
        } else {
            continue;
        };
        checks.extend(quote_spanned! {*at=>
            #cfg
            const _: () = {
                #[allow(unused_imports)]
                use #private::NoExtractor as _;
                // rustc suggests no type parameter for a `static`, where a type does not exist.
                static _CHECK: () = #check;
            };
        });
    }
    (!checks.is_empty()).then_some(checks)
}

/// What stands around a handler within the members of a `with(...)`, which find what they need outside it.
pub(crate) fn inside(
    outside: TokenStream,
    members: Option<&TokenStream>,
    name: &Ident,
    bounds: &mut TokenStream,
    around: &Surroundings,
) -> TokenStream {
    let Some(members) = members else { return outside };
    let private = around.private();
    bounds.extend(quote! {
        #outside: #private::Enter<#members>,
        #members: #private::MembersNeed<#outside, #name>,
    });
    quote!(<#outside as #private::Enter<#members>>::Inside)
}

/// The bound on guards. `state` is what stands around them.
pub(crate) fn guards(
    guards: &[Tokens],
    name: &Ident,
    state: &TokenStream,
    around: &Surroundings,
) -> Option<TokenStream> {
    let guards: Vec<(Tokens, Span)> = guards.iter().map(|guard| (guard.clone(), guard.span())).collect();
    takes(&guards, name, state, around)
}

/// The bound on extractors. Its `const` argument says whether they are extractors at all.
fn takes(
    extractors: &[(Tokens, Span)],
    name: &Ident,
    state: &TokenStream,
    around: &Surroundings,
) -> Option<TokenStream> {
    let (_, first) = extractors.first()?;
    let mut are = TokenStream::new();
    for (index, (ty, at)) in extractors.iter().enumerate() {
        let private = placed(around.private(), *at);
        let and = (index > 0).then(|| quote!(&));
        are.extend(quote_spanned!(*at=> #and #private::Probe::<(#ty,)>::IS));
    }
    let types = extractors.iter().map(|(ty, _)| ty);
    let private = placed(around.private(), *first);
    Some(quote_spanned! {*first=>
        #private::Takes<(#(#types,)*), { #[allow(unused_imports)] use #private::NoExtractor as _; #are }>:
            #private::TakesFor<#state, #name>,
    })
}
