//! From the tokens that rustc hands over to the tokens that it gets back: one function per macro.

use crate::diagnostics::{Diagnostics, Fault};
use crate::expand::{self, Surroundings};
use crate::model::{Arguments, Entry, MacroKind, Name, Tokens};
use crate::read::arguments::arguments;
use crate::read::cursor::{flatten, is_punct};
use crate::read::entries::entries;
use crate::read::handler::{RouteAttribute, free_handler};
use crate::read::manifest::Krate;
use crate::read::module::blueprint_module;
use crate::read::source::{self, Misplaced};
use crate::token::{
    Delimiter, Ident, LibraryStream, Named, Span, TokenStream, TokenTree, from_library, to_library,
};
use crate::write::tokens;

/// `#[get("/")] fn ...`, outside any blueprint.
pub(crate) fn handler(verb: &str, arguments: TokenStream, item: TokenStream) -> TokenStream {
    let krate = Krate::from_manifest();
    let kind = if verb == "route" { MacroKind::Route } else { MacroKind::Verb };
    let item = flatten(item);
    let name = Ident::new(verb, attribute_span(&item));
    match free_handler(RouteAttribute { name, kind, arguments, is_last: false }, &item, &krate.names) {
        Ok(handler) => {
            let krate = krate.or_given(handler.arguments.krate.as_ref());
            let around = Surroundings::new(krate, Vec::new(), false);
            match source::handler(&handler.signature.name) {
                // What its attribute is wrong about it is told first.
                Some(Misplaced::InImpl) if handler.signature.receiver.is_none() => {
                    expand::handler::in_impl(&handler, &around).into_stream()
                }
                Some(Misplaced::Second { first }) if handler.cfgs.is_empty() => {
                    expand::handler::second(&handler, first).into_stream()
                }
                _ => expand::handler::handler(&handler, &around).into_stream(),
            }
        }
        Err(mut broken) => {
            let around = Surroundings::new(krate.path, Vec::new(), false);
            // No item can stand in an `impl`.
            broken.stub =
                broken.stub.filter(|stub| source::handler(&Name::of(&stub.name)) != Some(Misplaced::InImpl));
            expand::handler::broken(broken, &[], &around).into_stream()
        }
    }
}

/// `#[blueprint("/x")] mod x { ... }`
pub(crate) fn blueprint_attribute(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let krate = Krate::from_manifest();
    let item = flatten(item);
    match blueprint_module(arguments, attribute_span(&item), &item, &krate.names) {
        Ok(module) => {
            let around = Surroundings::new(krate.path, Vec::new(), false);
            expand::blueprint::module(module, &around, false).into_stream()
        }
        Err(broken) => expand::blueprint::broken(broken).into_stream(),
    }
}

/// `#[cello::main]`, which is refused; what it stands on is no `main`, and what is wrong with it is no second mistake.
pub(crate) fn main_attribute(item: TokenStream) -> TokenStream {
    let item = Tokens(flatten(item));
    let mut errors = Diagnostics::new();
    errors.push(attribute_span(&item.0), Fault::MainAttribute);
    let errors = errors.into_tokens(&[]);
    let main = tokens!(Span::call_site() =>
        #errors
        fn main() {}
        #[cfg(any())]
        #item
    );
    main.into_stream()
}

/// `blueprint!("/x", [a, b])`, after `$crate;`.
pub(crate) fn blueprint_macro(input: TokenStream) -> TokenStream {
    let (krate, input) = after_crate(input);
    let mut errors = Diagnostics::new();
    let mut arguments =
        arguments(MacroKind::BlueprintMacro, "`blueprint!`", Span::call_site(), input, &mut errors);
    let krate = arguments.krate.clone().unwrap_or(krate);
    if let Some(pattern) = &arguments.pattern
        && let Some(Misplaced::Second { first }) = source::blueprint(pattern.span)
    {
        errors.push(pattern.span, Fault::SecondBlueprint { first });
        return errors.into_tokens(&[]).into_stream();
    }
    without_modules(&mut arguments, &mut errors);
    expand::blueprint::in_file(arguments, krate, errors).into_stream()
}

/// Takes the modules beside a `blueprint!` from its list, which is one of handlers.
fn without_modules(arguments: &mut Arguments, errors: &mut Diagnostics) {
    let Some(pattern) = &arguments.pattern else { return };
    let only = |entry: &Entry| match entry.path.0.as_slice() {
        [TokenTree::Ident(name)] => Some(name.clone()),
        _ => None,
    };
    let names: Vec<Ident> = arguments.entries.iter().filter_map(only).collect();
    let modules = source::listed_modules(pattern.span, &names.iter().collect::<Vec<_>>());
    for module in &modules {
        errors.push(module.span(), Fault::ModuleInList { name: module.to_string() });
    }
    if !modules.is_empty() {
        let is_module = |name: Ident| modules.iter().any(|module| module.is(&name.to_string()));
        arguments.entries.retain(|entry| !only(entry).is_some_and(is_module));
    }
}

/// `routes![a, b]`, after `$crate;`.
pub(crate) fn routes(input: TokenStream) -> TokenStream {
    let (krate, input) = after_crate(input);
    let mut errors = Diagnostics::new();
    let entries = entries(unbracketed(input), &mut errors);
    expand::routes::routes(&entries, &krate, errors).into_stream()
}

/// The whole attribute, since where its name stands cannot be known. It borrows the context of the user's own tokens:
/// an error there says nothing about "originating in a macro".
fn attribute_span(item: &[TokenTree]) -> Span {
    let user = item.first().map_or_else(Span::call_site, TokenTree::span);
    Span::call_site().resolved_at(user)
}

/// A derive; rustc gives it a whole item.
pub(crate) fn derive(input: TokenStream, expand: fn(&syn::DeriveInput) -> LibraryStream) -> TokenStream {
    match syn::parse2::<syn::DeriveInput>(to_library(input)) {
        Ok(input) => from_library(expand(&input)),
        Err(error) => from_library(error.into_compile_error()),
    }
}

/// The path before the first `;`, which a `macro_rules!` of the library put there, and the user's input after it.
fn after_crate(input: TokenStream) -> (Tokens, TokenStream) {
    let tokens = flatten(input);
    let end = tokens.iter().position(|token| is_punct(token, ';')).unwrap_or(tokens.len());
    let (krate, rest) = tokens.split_at(end);
    let user: TokenStream = rest.iter().skip(1).cloned().collect();
    (Tokens(krate.to_vec()), user)
}

/// `routes!([a, b])` is read like `routes![a, b]`.
fn unbracketed(input: TokenStream) -> TokenStream {
    let tokens: Vec<TokenTree> = input.into_iter().collect();
    match tokens.as_slice() {
        [TokenTree::Group(group)] if group.delimiter() == Delimiter::Bracket => group.stream(),
        _ => tokens.into_iter().collect(),
    }
}
