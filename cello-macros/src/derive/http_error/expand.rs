//! From a checked error type to its `From<&E> for Problem` and its `IntoResponse`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{DeriveInput, Member};

use super::{Case, ErrorType, read};
use crate::derive::detail::binding;
use crate::diagnostics::Diagnostics;
use crate::model::Tokens;
use crate::token::library_span;

pub(crate) fn expand(input: &DeriveInput) -> TokenStream {
    let mut errors = Diagnostics::new();
    let mut error = read(input, &mut errors);
    let failed = !errors.is_empty();
    // What `?` makes of other errors a broken type has as well: that it cannot would be one more mistake.
    let conversions: TokenStream = error.cases.iter().filter_map(|case| conversion(case, &error)).collect();
    if failed {
        error.cases.clear();
    }
    let errors = errors.into_tokens(&[]);
    let problem = problem(&error, failed);
    let response = response(&error);
    quote!(#errors #problem #response #conversions)
}

fn problem(error: &ErrorType<'_>, failed: bool) -> TokenStream {
    let ErrorType { input, krate, cases, .. } = error;
    let name = &input.ident;
    let (impl_generics, type_generics, where_clause) = input.generics.split_for_impl();
    let arms = cases.iter().map(|case| {
        let fields = case.detail.as_ref().map_or(&[][..], |detail| &detail.fields);
        let pattern = pattern(case, fields);
        let problem = one_problem(case, krate);
        quote!(#pattern => #problem,)
    });
    // A broken type is a responder too, so that the handlers that give it have no error of their own.
    let unknown = failed.then(|| quote!(_ => #krate::__private::problem(500),));
    // An enum without variants has no value; only through the dereference does rustc see that.
    let subject = if cases.is_empty() && !failed { quote!(*self) } else { quote!(self) };
    quote! {
        impl #impl_generics #name #type_generics #where_clause {
            #[doc(hidden)]
            fn cello_problem(&self) -> #krate::Problem {
                match #subject { #(#arms)* #unknown }
            }
        }
        #[automatically_derived]
        impl #impl_generics ::core::convert::From<&#name #type_generics> for #krate::Problem #where_clause {
            fn from(of_cello_error: &#name #type_generics) -> Self {
                of_cello_error.cello_problem()
            }
        }
    }
}

fn one_problem(case: &Case<'_>, krate: &Tokens) -> TokenStream {
    let status = case.status;
    let mut problem = quote!(#krate::__private::problem(#status));
    if let Some(detail) = &case.detail {
        let detail = detail.expression();
        problem.extend(quote!(.with_detail(#detail)));
    }
    if let Some(title) = &case.title {
        problem.extend(quote!(.with_title(#title)));
    }
    if let Some(uri) = &case.problem_type {
        problem.extend(quote!(.with_type(#uri)));
    }
    problem
}

/// A pattern that binds some fields: `Self::Taken { name: of_cello_name, .. }`, which serves tuples too.
fn pattern(case: &Case<'_>, fields: &[String]) -> TokenStream {
    let path = &case.path;
    let bound = case.fields.members().filter_map(|member| {
        let name = member.to_token_stream().to_string();
        if !fields.contains(&name) {
            return None;
        }
        let binding = Ident::new(&binding(&name), Span::mixed_site());
        Some(quote!(#member: #binding,))
    });
    quote!(#path { #(#bound)* .. })
}

fn response(error: &ErrorType<'_>) -> TokenStream {
    let ErrorType { input, krate, render, cases } = error;
    let name = &input.ident;
    let (impl_generics, type_generics, where_clause) = input.generics.split_for_impl();
    // What went wrong inside stays inside: the source of a server error is logged, not sent.
    let logged: Vec<TokenStream> = cases.iter().filter_map(|case| log(case, krate)).collect();
    // A pattern that cannot be reached would be one to allow.
    let others = (logged.len() < cases.len()).then(|| quote!(_ => {}));
    let log = (!logged.is_empty()).then(|| quote!(match &self { #(#logged)* #others }));
    let problem = Ident::new("of_cello_problem", Span::mixed_site());
    let answer = match render {
        Some(render) => {
            let at = library_span(render.span());
            quote_spanned!(at=> #krate::IntoResponse::into_response(#render(&#problem)))
        }
        None => quote!(#krate::IntoResponse::into_response(#problem)),
    };
    quote! {
        #[automatically_derived]
        impl #impl_generics #krate::IntoResponse for #name #type_generics #where_clause {
            fn into_response(self) -> #krate::Response {
                #log
                let #problem = self.cello_problem();
                #answer
            }
        }
    }
}

fn log(case: &Case<'_>, krate: &Tokens) -> Option<TokenStream> {
    if case.status < 500 {
        return None;
    }
    let member: &Member = case.source.as_ref()?;
    let (field, _) = case.fields.iter().zip(case.fields.members()).find(|(_, other)| other == member)?;
    let path = &case.path;
    let source = Ident::new("of_cello_source", Span::mixed_site());
    let as_error = quote_spanned!(field.ty.span()=> #source.as_dyn_error());
    Some(quote! {
        #path { #member: #source, .. } => {
            use #krate::__private::AsDynError as _;
            #krate::__private::log_error(#as_error);
        }
    })
}

fn conversion(case: &Case<'_>, error: &ErrorType<'_>) -> Option<TokenStream> {
    let (member, ty) = case.from.as_ref()?;
    let name = &error.input.ident;
    let (impl_generics, type_generics, where_clause) = error.input.generics.split_for_impl();
    let path = &case.path;
    Some(quote! {
        #[automatically_derived]
        impl #impl_generics ::core::convert::From<#ty> for #name #type_generics #where_clause {
            fn from(of_cello_source: #ty) -> Self {
                #path { #member: of_cello_source }
            }
        }
    })
}
