//! The macros of Cello: a tiny compiler. Syntax is read (`read`) into a model (`model`), checked (`check`) and expanded
//! (`expand`); all wording of errors is in `diagnostics`.
//!
//! Use them through the `cello` crate, where they are documented.
#![forbid(unsafe_code)]

mod check;
mod derive;
mod diagnostics;
mod entry;
mod expand;
mod model;
mod read;

use proc_macro::TokenStream;

macro_rules! verbs {
    ($($verb:ident: $doc:literal)+) => { $(
        #[doc = $doc]
        #[proc_macro_attribute]
        pub fn $verb(arguments: TokenStream, item: TokenStream) -> TokenStream {
            entry::handler(stringify!($verb), arguments.into(), item.into()).into()
        }
    )+ };
}

verbs! {
    get: "Makes a function the handler of `GET` requests."
    post: "Makes a function the handler of `POST` requests."
    put: "Makes a function the handler of `PUT` requests."
    patch: "Makes a function the handler of `PATCH` requests."
    delete: "Makes a function the handler of `DELETE` requests."
    head: "Makes a function the handler of `HEAD` requests."
    options: "Makes a function the handler of `OPTIONS` requests."
    any: "Makes a function the handler of requests with any method that has no handler of its own."
    route: "Makes a function the handler of several methods: `#[route(\"/x\", methods(GET, POST))]`."
}

/// Makes an inline module a blueprint: `#[blueprint("/prefix")] mod name { ... }`.
#[proc_macro_attribute]
pub fn blueprint(arguments: TokenStream, item: TokenStream) -> TokenStream {
    entry::blueprint_attribute(arguments.into(), item.into()).into()
}

/// What other frameworks put on `main`: says that Cello needs nothing there.
#[doc(hidden)]
#[proc_macro_attribute]
pub fn main(_: TokenStream, item: TokenStream) -> TokenStream {
    entry::main_attribute(&item.into()).into()
}

#[doc(hidden)]
#[proc_macro]
pub fn __blueprint(input: TokenStream) -> TokenStream {
    entry::blueprint_macro(input.into()).into()
}

#[doc(hidden)]
#[proc_macro]
pub fn __routes(input: TokenStream) -> TokenStream {
    entry::routes(input.into()).into()
}

/// Makes a struct the shared state of an application: each field is provided to handlers by its type.
#[proc_macro_derive(AppState, attributes(state))]
pub fn app_state(input: TokenStream) -> TokenStream {
    entry::derive(input, derive::app_state::expand)
}

/// Makes an error type a responder.
#[proc_macro_derive(HttpError, attributes(status, detail, title, problem_type, from, source, http_error))]
pub fn http_error(input: TokenStream) -> TokenStream {
    entry::derive(input, derive::http_error::expand)
}
