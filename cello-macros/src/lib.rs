//! The macros of Cello: a tiny compiler. Syntax is read (`read`) into a model (`model`), checked (`check`) and expanded
//! (`expand`); all wording of errors is in `diagnostics`. `token` says what tokens are, `write` how they are written.
//!
//! Use them through the `cello` crate, where they are documented.
#![forbid(unsafe_code)]
#![recursion_limit = "512"] // `put!` goes from token to token

mod check;
mod derive;
mod diagnostics;
mod entry;
mod expand;
mod model;
mod read;
mod token;
mod write;

use proc_macro::TokenStream;

use token::{from_compiler, to_compiler};

macro_rules! verbs {
    ($($verb:ident: $doc:literal)+) => { $(
        #[doc = $doc]
        #[proc_macro_attribute]
        pub fn $verb(arguments: TokenStream, item: TokenStream) -> TokenStream {
            to_compiler(entry::handler(stringify!($verb), from_compiler(arguments), from_compiler(item)))
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
    to_compiler(entry::blueprint_attribute(from_compiler(arguments), from_compiler(item)))
}

/// What other frameworks put on `main`: says that Cello needs nothing there.
#[doc(hidden)]
#[proc_macro_attribute]
pub fn main(_: TokenStream, item: TokenStream) -> TokenStream {
    to_compiler(entry::main_attribute(from_compiler(item)))
}

#[doc(hidden)]
#[proc_macro]
pub fn __blueprint(input: TokenStream) -> TokenStream {
    to_compiler(entry::blueprint_macro(from_compiler(input)))
}

#[doc(hidden)]
#[proc_macro]
pub fn __routes(input: TokenStream) -> TokenStream {
    to_compiler(entry::routes(from_compiler(input)))
}

/// Makes a struct the shared state of an application: each field is provided to handlers by its type.
#[proc_macro_derive(AppState, attributes(state))]
pub fn app_state(input: TokenStream) -> TokenStream {
    to_compiler(entry::derive(from_compiler(input), derive::app_state::expand))
}

/// Makes an error type a responder.
#[proc_macro_derive(
    HttpError,
    attributes(status, detail, title, problem_type, from, source, http_error, response)
)]
pub fn http_error(input: TokenStream) -> TokenStream {
    to_compiler(entry::derive(from_compiler(input), derive::http_error::expand))
}
