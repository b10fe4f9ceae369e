//! The promise that an application's state has what a handler takes, as bounds that `.state(...)` asks for.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

use super::{Surroundings, placed};
use crate::model::{Checked, Handler, Source, Tokens};
use crate::read::types::Lifetimes;

/// `impl Needs` for a handler.
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
                let private = placed(&around.private(), at);
                let ty = lifetimes.rewrite(of);
                bounds.extend(quote_spanned!(at=> S: #private::ProvideFor<#ty, #name>,));
            }
            Source::Extractor => extractors.push((lifetimes.rewrite(&arg.ty), at)),
            _ => {}
        }
    }
    let reads =
        !checked.any && checked.methods.iter().all(|method| matches!(method.as_str(), "GET" | "HEAD"));
    let rule = if reads && handler.arguments.body.is_none() { Bodies::None } else { Bodies::One };
    bounds.extend(takes(&extractors, rule, name, around));
    bounds.extend(guards(&handler.arguments.guards, name, around));
    let bounds = if bounds.is_empty() { bounds } else { quote!(where #bounds) };
    let private = placed(&around.private(), at);
    quote_spanned!(at=> impl<S> #private::Needs<S> for #name #bounds {})
}

/// The bound on guards.
pub(crate) fn guards(guards: &[Tokens], name: &Ident, around: &Surroundings) -> Option<TokenStream> {
    let guards: Vec<(Tokens, Span)> = guards.iter().map(|guard| (guard.clone(), guard.span())).collect();
    takes(&guards, Bodies::None, name, around)
}

/// How many of some extractors may take the body.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Bodies {
    None,
    One,
}

/// The bound on extractors. Its `const` argument is where two that take the body meet.
fn takes(
    extractors: &[(Tokens, Span)],
    rule: Bodies,
    name: &Ident,
    around: &Surroundings,
) -> Option<TokenStream> {
    let (_, first) = extractors.first()?;
    let mut checks = TokenStream::new();
    let mut are = TokenStream::new();
    for (index, (ty, at)) in extractors.iter().enumerate() {
        let private = placed(&around.private(), *at);
        let takes_body = |ty: &Tokens| quote_spanned!(*at=> #private::Probe::<#ty>::TAKES_BODY);
        let this = takes_body(ty);
        checks.extend(match rule {
            Bodies::None => quote_spanned!(*at=> #private::no_body(#this);),
            Bodies::One if index == 0 => TokenStream::new(),
            Bodies::One => {
                let before = extractors[..index].iter().map(|(ty, _)| takes_body(ty));
                quote_spanned!(*at=> #private::one_body(&[#(#before),*], #this);)
            }
        });
        let and = (index > 0).then(|| quote!(&));
        are.extend(quote_spanned!(*at=> #and #private::Probe::<#ty>::IS));
    }
    let types = extractors.iter().map(|(ty, _)| ty);
    let private = placed(&around.private(), *first);
    Some(quote_spanned! {*first=>
        #private::Takes<(#(#types,)*), { #[allow(unused_imports)] use #private::NoExtractor as _; #checks #are }>:
            #private::TakesFor<S, #name>,
    })
}
