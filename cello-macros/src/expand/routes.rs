//! `routes![...]`: the mounts of the whole application, and the const evaluation that freezes them.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use crate::diagnostics::Diagnostics;
use crate::model::Entry;

/// An expression of type `Routes<_>`.
pub(crate) fn routes(entries: &[Entry], krate: &TokenStream, errors: Diagnostics) -> TokenStream {
    let private = quote!(#krate::__private);
    let errors = errors.into_tokens(&[]);
    let mounts = entries.iter().map(|entry| {
        let (cfgs, path) = (&entry.cfgs, &entry.path);
        let at = path.span();
        quote_spanned!(at=> #(#[cfg(#cfgs)])* #path::CELLO_ROUTES.mount)
    });
    let needs: Vec<TokenStream> = entries.iter().map(|entry| needs(entry, &private)).collect();
    let needs = tree(&needs);
    quote! {{
        #errors
        const ROOTS: &[#private::Mount] = &[#(#mounts),*];
        const SIZE: #private::Size = #private::size(ROOTS);
        #[allow(long_running_const_eval)]
        static JOINED: #private::Joined<{ SIZE.routes }, { SIZE.text }> = #private::Joined::of(ROOTS);
        #[allow(long_running_const_eval)]
        static METAS: [#krate::RouteMeta; SIZE.routes] = JOINED.metas(ROOTS);
        #[allow(long_running_const_eval)]
        const INPUT: [#private::routing::Route<'static>; SIZE.routes] = #private::inputs(&METAS);
        #krate::Routes::new(&METAS, #private::freeze!(INPUT), #needs)
    }}
}

fn needs(entry: &Entry, private: &TokenStream) -> TokenStream {
    let path = &entry.path;
    let value = quote_spanned!(path.span()=> #path::CELLO_ROUTES.needs());
    if entry.cfgs.is_empty() {
        return value;
    }
    let cfgs = &entry.cfgs;
    // Elements of a tuple take `cfg`; an absent one leaves the tuple, whose first element then is the answer.
    let _ = private;
    quote!((#(#[cfg(#cfgs)])* #value, ()).0)
}

/// Pairs of pairs, as deep as the logarithm: the compiler walks it by recursion.
pub(crate) fn tree(leaves: &[TokenStream]) -> TokenStream {
    match leaves {
        [] => quote!(()),
        [only] => only.clone(),
        _ => {
            let (left, right) = leaves.split_at(leaves.len() / 2);
            let (left, right) = (tree(left), tree(right));
            quote!((#left, #right))
        }
    }
}
