//! `#[derive(AppState)]`: a struct provides each of its fields.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Field, GenericParam, Member};

use super::{arguments_of, typed};
use crate::diagnostics::{Diagnostics, Fault};
use crate::expand::{may_be_unused, placed};
use crate::model::Tokens;
use crate::read::cursor::split_commas;
use crate::read::manifest::Krate;
use crate::read::types::{unshared_by_threads, written};
use crate::token::{Named, Placed, Span, TokenTree, library_span};
use crate::write::tokens;

/// What a field gives.
enum Gives {
    Nothing,
    /// Itself.
    Itself,
    /// Everything that its own type provides.
    All,
    /// These types of what its own type provides.
    These(Vec<Tokens>),
}

struct Part<'a> {
    member: Member,
    field: &'a Field,
    gives: Gives,
}

pub(crate) fn expand(input: &DeriveInput) -> TokenStream {
    let mut errors = Diagnostics::new();
    let krate = krate(input, &mut errors);
    let parts = parts(input, &mut errors);
    check(input, &parts, &mut errors);
    let failed = !errors.is_empty();
    let unshared = unshared(&parts, &mut errors);
    let errors = errors.into_tokens(&[]);
    let implementation = if unshared {
        no_state(input, &krate)
    } else if failed {
        stand_in(input, &krate)
    } else {
        implementation(input, &parts, &krate)
    };
    quote!(#errors #implementation)
}

/// The path of the cello crate: `#[state(crate = path)]` on the struct goes first.
fn krate(input: &DeriveInput, errors: &mut Diagnostics) -> Tokens {
    let mut given = None;
    for attr in &input.attrs {
        let Some(arguments) = arguments_of(attr, "state") else { continue };
        match arguments.as_slice() {
            [TokenTree::Ident(word), TokenTree::Punct(equals), path @ ..]
                if word.is("crate") && equals.as_char() == '=' && !path.is_empty() =>
            {
                given = Some(Tokens(path.to_vec()));
            }
            other => {
                errors.push(attr.span(), Fault::StateOption { given: written(other), known: vec!["crate"] });
            }
        }
    }
    Krate::from_manifest().or_given(given.as_ref())
}

fn parts<'a>(input: &'a DeriveInput, errors: &mut Diagnostics) -> Vec<Part<'a>> {
    let fields = match &input.data {
        Data::Struct(data) => &data.fields,
        Data::Enum(data) => {
            errors.push(data.enum_token.span, Fault::StateNotStruct { found: "an enum" });
            return Vec::new();
        }
        Data::Union(data) => {
            errors.push(data.union_token.span, Fault::StateNotStruct { found: "a union" });
            return Vec::new();
        }
    };
    let members = fields.members();
    fields
        .iter()
        .zip(members)
        .map(|(field, member)| Part { member, field, gives: gives(field, errors) })
        .collect()
}

fn gives(field: &Field, errors: &mut Diagnostics) -> Gives {
    let mut gives = Gives::Itself;
    for attr in &field.attrs {
        let Some(arguments) = arguments_of(attr, "state") else { continue };
        gives = match arguments.as_slice() {
            [TokenTree::Ident(word)] if word.is("skip") => Gives::Nothing,
            [TokenTree::Ident(word)] if word.is("flatten") => Gives::All,
            [TokenTree::Ident(word), TokenTree::Group(types)] if word.is("flatten") => {
                let types = crate::read::cursor::flatten(types.stream());
                Gives::These(split_commas(&types).into_iter().map(|ty| Tokens(ty.to_vec())).collect())
            }
            other => {
                let (at, given) = match other.first() {
                    Some(first) => (first.span(), first.to_string()),
                    None => (attr.span().place(), String::new()),
                };
                errors.push(at, Fault::StateOption { given, known: vec!["skip", "flatten"] });
                Gives::Nothing
            }
        };
    }
    gives
}

fn check(input: &DeriveInput, parts: &[Part<'_>], errors: &mut Diagnostics) {
    for param in &input.generics.params {
        if let GenericParam::Lifetime(param) = param {
            errors.push(
                param.lifetime.span(),
                Fault::StateBorrow { lifetime: param.lifetime.ident.to_string() },
            );
        }
    }
    // Every type that is provided, with the field that gives it.
    let mut provided: Vec<(String, String)> = Vec::new();
    let mut whole: Option<String> = None;
    for part in parts {
        let name = part.member.to_token_stream().to_string();
        let types = match &part.gives {
            Gives::Nothing => continue,
            Gives::Itself => vec![typed(&part.field.ty)],
            Gives::These(types) => types.clone(),
            Gives::All => {
                if let Some(first) = &whole {
                    let fault = Fault::StateFlattenTwice { first: first.clone(), second: name.clone() };
                    errors.push(part.field.span(), fault);
                }
                whole = Some(name);
                continue;
            }
        };
        for tokens in types {
            let ty = written(&tokens.0);
            match provided.iter().find(|(known, _)| *known == ty) {
                Some((_, first)) => {
                    let fault = Fault::StateTwice { ty, first: first.clone(), second: name.clone() };
                    errors.push_between(tokens.ends(), fault);
                }
                None => provided.push((ty, name.clone())),
            }
        }
    }
}

/// Reports the fields that threads cannot share; rustc would do so twice, at the name of the struct.
fn unshared(parts: &[Part<'_>], errors: &mut Diagnostics) -> bool {
    let mut found = false;
    for part in parts {
        let ty = typed(&part.field.ty);
        if let Some(of) = unshared_by_threads(&ty.0) {
            found = true;
            let fault = Fault::Unshared { ty: written(&ty.0), of: of.to_string(), field: true };
            errors.push_between(ty.ends(), fault);
        }
    }
    found
}

fn implementation(input: &DeriveInput, parts: &[Part<'_>], krate: &Tokens) -> TokenStream {
    let name = &input.ident;
    let mut generics = input.generics.clone();
    for param in generics.type_params_mut() {
        param.bounds.push(syn::parse_quote!(::core::marker::Send));
        param.bounds.push(syn::parse_quote!(::core::marker::Sync));
        param.bounds.push(syn::parse_quote!('static));
    }
    let (impl_generics, type_generics, where_clause) = generics.split_for_impl();
    let mut lookups = TokenStream::new();
    let mut last = quote!(::core::option::Option::None);
    let mut provides = TokenStream::new();
    let private = tokens!(Span::call_site() => #krate::__private);
    for Part { member, field, gives } in parts {
        let ty = &field.ty;
        let at = ty.span();
        match gives {
            Gives::Nothing => {}
            Gives::Itself => {
                lookups.extend(quote_spanned! {at=>
                    if of_cello_id == ::core::any::TypeId::of::<#ty>() {
                        return #private::Piece(&self.#member).given();
                    }
                });
                provides.extend(quote! {
                    impl #impl_generics #krate::Provide<#ty> for #name #type_generics #where_clause {}
                });
            }
            Gives::All => {
                let krate = placed(krate, at.place());
                last = quote_spanned!(at=> #krate::AppState::provide(&self.#member, of_cello_id));
                provides.extend(everything(name, &generics, ty, &krate));
            }
            Gives::These(types) => {
                lookups.extend(quote_spanned! {at=>
                    if [#(::core::any::TypeId::of::<#types>()),*].contains(&of_cello_id) {
                        return #krate::AppState::provide(&self.#member, of_cello_id);
                    }
                });
                for given in types {
                    let at = library_span(given.span());
                    let must = quote_spanned!(at=> #ty: #krate::Provide<#given>);
                    let mut clause = where_clause.cloned().unwrap_or_else(|| syn::parse_quote!(where));
                    clause.predicates.push(syn::parse_quote!(#must));
                    provides.extend(quote! {
                        impl #impl_generics #krate::Provide<#given> for #name #type_generics #clause {}
                    });
                }
            }
        }
    }
    let (allowed, import) = (may_be_unused(), placed(&private, Span::call_site()));
    let provide = quote! {
        fn provide(
            &self,
            of_cello_id: ::core::any::TypeId,
        ) -> ::core::option::Option<&(dyn ::core::any::Any + ::core::marker::Send + ::core::marker::Sync)> {
            #allowed
            use #import::NoPiece as _;
            #lookups
            #last
        }
    };
    // At the name, where rustc shows it among what is a state.
    let at = name.span();
    let placed_krate = placed(krate, at.place());
    let implementation = quote_spanned! {at=>
        impl #impl_generics #placed_krate::AppState for #name #type_generics #where_clause { #provide }
    };
    quote! {
        #[automatically_derived]
        #implementation
        #provides
    }
}

/// Broken or not, it is the state. It provides whatever is asked for: what takes it needs no second message.
fn stand_in(input: &DeriveInput, krate: &Tokens) -> TokenStream {
    let name = &input.ident;
    let mut params: Vec<GenericParam> = Vec::new();
    let mut arguments: Vec<TokenStream> = Vec::new();
    for param in input.generics.params.iter().cloned() {
        match param {
            GenericParam::Lifetime(_) => {
                arguments.push(quote!('static));
                continue;
            }
            GenericParam::Type(mut param) => {
                arguments.push(param.ident.to_token_stream());
                param.default = None;
                params.push(GenericParam::Type(param));
            }
            GenericParam::Const(mut param) => {
                arguments.push(param.ident.to_token_stream());
                param.default = None;
                params.push(GenericParam::Const(param));
            }
        }
    }
    let ty = quote!(#name<#(#arguments),*>);
    quote! {
        impl<#(#params),*> #krate::AppState for #ty
        where
            #ty: ::core::marker::Send + ::core::marker::Sync + 'static,
        {
                fn provide(
                &self,
                _: ::core::any::TypeId,
            ) -> ::core::option::Option<&(dyn ::core::any::Any + ::core::marker::Send + ::core::marker::Sync)> {
                ::core::option::Option::None
            }
        }
        impl<#(#params,)* __Given> #krate::Provide<__Given> for #ty {}
    }
}

/// What is no state and has been reported, so that giving it to an application is no second mistake.
fn no_state(input: &DeriveInput, krate: &Tokens) -> TokenStream {
    let name = &input.ident;
    let (impl_generics, type_generics, where_clause) = input.generics.split_for_impl();
    quote!(impl #impl_generics #krate::__private::Nothing for #name #type_generics #where_clause {})
}

/// Everything that a field's type provides, the struct provides.
fn everything(name: &Ident, generics: &syn::Generics, inner: &syn::Type, krate: &Tokens) -> TokenStream {
    let (_, type_generics, _) = generics.split_for_impl();
    let mut wider = generics.clone();
    wider.params.push(syn::parse_quote!(__Given));
    wider.make_where_clause().predicates.push(syn::parse_quote!(#inner: #krate::Provide<__Given>));
    let (impl_generics, _, where_clause) = wider.split_for_impl();
    quote! {
        impl #impl_generics #krate::Provide<__Given> for #name #type_generics #where_clause {}
    }
}
