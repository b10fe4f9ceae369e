//! The shim: one plain function per handler, without an `async` block of its own. Most handlers are passed to a function of
//! the library together with what was got for each argument; what the shim does not name costs nothing in a check.
//!
//! Every token of a call that can fail to type-check carries the user's span (the argument's type, the return type):
//! then rustc's error stands there, once.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{format_ident, quote, quote_spanned};

use super::{Surroundings, placed};
use crate::model::{Argument, Checked, Handler, Part, Source, Tokens};
use crate::read::cursor::plain_name;
use crate::read::types::{Lifetimes, written};

/// The most arguments for which the library has a `call` function.
const MOST_DIRECT: usize = 5;

/// `|x, body| ...`
pub(crate) fn shim(handler: &Handler, checked: &Checked, around: &Surroundings) -> TokenStream {
    let (exchange, body) = (local("x"), local("body"));
    if let Some(call) = direct(handler, checked, around, &exchange) {
        return quote!(|#exchange, _| #call);
    }
    let mut got: Vec<(Ident, TokenStream)> = Vec::new();
    let mut values: Vec<TokenStream> = Vec::new();
    let mut extractors: Vec<(Ident, Tokens)> = Vec::new();
    let declared = &handler.signature.generics.lifetimes;
    for (index, (arg, source)) in handler.signature.args.iter().zip(&checked.sources).enumerate() {
        let name = local(&format!("a{index}"));
        let owned_state = handler.arguments.blocking.is_some() && matches!(source, Source::State { .. });
        values.push(if owned_state { quote!(&*#name) } else { quote!(#name) });
        if matches!(source, Source::Extractor) {
            extractors.push((name, Lifetimes::inferred(declared).rewrite(&arg.ty)));
        } else {
            got.push((name, Get { handler, arg, checked, around }.expression(source, &exchange)));
        }
    }
    let answer = answer(handler, &got, &values, &extractors, around);
    let body = if extractors.is_empty() { quote!(_) } else { quote!(#body) };
    quote!(|#exchange, #body| #answer)
}

/// The whole of a shim whose arguments are there at once: `call2_async(x, argument(x, ..), state(x), handler)`.
fn direct(handler: &Handler, checked: &Checked, around: &Surroundings, x: &Ident) -> Option<TokenStream> {
    let waits = checked.sources.iter().any(|source| matches!(source, Source::Extractor));
    if waits || handler.arguments.blocking.is_some() || checked.sources.len() > MOST_DIRECT {
        return None;
    }
    let gets = handler.signature.args.iter().zip(&checked.sources);
    let gets = gets.map(|(arg, source)| Get { handler, arg, checked, around }.expression(source, x));
    let (called, start, end) = called(handler);
    let private = placed(around.private(), start);
    let function = format_ident!("call{}{}", checked.sources.len(), kind(handler), span = start);
    let arguments = quote!(#x, #(#gets,)* #called);
    Some(located(quote_spanned!(start=> #private::#function), parenthesized(arguments, end)))
}

/// The handler's name where errors about its answer stand: at the return type, or at the name where there is none.
fn called(handler: &Handler) -> (Ident, Span, Span) {
    let name = &handler.signature.name;
    let (start, end) = handler.signature.output.as_ref().map_or((name.span(), name.span()), Tokens::ends);
    let mut called = name.clone();
    called.set_span(name.span().located_at(start));
    (called, start, end)
}

/// How one argument is got.
struct Get<'a> {
    handler: &'a Handler,
    arg: &'a Argument,
    checked: &'a Checked,
    around: &'a Surroundings,
}

impl Get<'_> {
    fn expression(&self, source: &Source, x: &Ident) -> TokenStream {
        let at = self.arg.ty.span();
        let private = placed(self.around.private(), at);
        let krate = placed(&self.around.krate, at);
        let declared = &self.handler.signature.generics.lifetimes;
        let ty = Lifetimes::inferred(declared).rewrite(&self.arg.ty);
        let type_name = written(&self.arg.ty.0);
        match source {
            Source::Path { name, place } => {
                let place = place.expression(self.handler, self.checked.own_count, name, self.around);
                quote_spanned!(at=> <#ty as #krate::FromPath>::argument(#x, #place, #name, #type_name))
            }
            Source::Query { key } => {
                quote_spanned!(at=> <#ty as #krate::FromQuery>::argument(#x, #key, #type_name))
            }
            Source::QueryStruct => {
                let name = self.arg.name.as_ref().map(plain_name).unwrap_or_default();
                quote_spanned!(at=> <#ty as #private::FromQueryStruct>::argument(#x, #name, #type_name))
            }
            Source::State { of } => {
                let of = Lifetimes::inferred(declared).rewrite(of);
                match self.handler.arguments.blocking {
                    Some(_) => quote_spanned!(at=> #private::state_owned::<#of>(#x)),
                    None => quote_spanned!(at=> #private::state::<#of>(#x)),
                }
            }
            Source::Part(part) => {
                let function = match part {
                    Part::Headers => "headers",
                    Part::Method => "method",
                    Part::Uri => "uri",
                    Part::Extensions => "extensions",
                };
                let function = Ident::new(function, at);
                quote_spanned!(at=> #private::#function(#x))
            }
            Source::Extractor => TokenStream::new(),
        }
    }
}

/// The call of the handler, inside the library function that makes an answer of it. That function takes what was `got`, one
/// in the other, and what it has extracted, and passes them on to the closure.
fn answer(
    handler: &Handler,
    got: &[(Ident, TokenStream)],
    values: &[TokenStream],
    extractors: &[(Ident, Tokens)],
    around: &Surroundings,
) -> TokenStream {
    let (called, start, end) = called(handler);
    let call = located(quote!(#called), parenthesized(quote!(#(#values),*), end));
    let (x, body) = (local("x"), local("body"));
    let private = placed(around.private(), start);
    let (names, got) = both(got, around.private());
    let kind = if handler.arguments.blocking.is_some() { "_blocking" } else { kind(handler) };
    if extractors.is_empty() {
        let function = if kind == "_blocking" { "reply" } else { "call1" };
        let function = format_ident!("{}{}", function, kind, span = start);
        // A closure around one argument as it is would be redundant, and clippy would say so at the user's function.
        let callee = match values {
            [only] if only.to_string() == names.to_string() => quote!(#called),
            _ => quote_spanned!(start=> move |#names| #call),
        };
        let arguments = parenthesized(quote!(#x, #got, #callee), end);
        return located(quote_spanned!(start=> #private::#function), arguments);
    }
    let function = format_ident!("extract{}", kind, span = start);
    let extracted = extractors.iter().map(|(name, _)| name);
    let types = extractors.iter().map(|(_, ty)| ty);
    let more = (kind == "_async").then(|| quote_spanned!(start=> , _));
    let path = quote_spanned!(start=> #private::#function::<(#(#types,)*), _, _ #more>);
    // What is wrong with the answer rustc shows at the call, which stands where the return type stands, as for `describe`: so it
    // says it once. A future cannot be wrapped for that; `answers` stands for it.
    if kind == "_async" {
        let closure = quote_spanned!(start=> move |#names, (#(#extracted,)*)| #call);
        let answers =
            located(quote_spanned!(start=> #private::answers), parenthesized(TokenStream::new(), end));
        return located(path, parenthesized(quote!(#x, #body, #got, #closure, #answers), end));
    }
    let response = located(quote_spanned!(start=> #private::respond), parenthesized(call, end));
    let closure = quote_spanned!(start=> move |#names, (#(#extracted,)*)| #response);
    located(path, parenthesized(quote!(#x, #body, #got, #closure), end))
}

fn kind(handler: &Handler) -> &'static str {
    if handler.signature.asyncness.is_some() { "_async" } else { "" }
}

/// The pattern and the value of what was got: `(a0, (a1, a2))`, `both(.., both(.., ..))`.
fn both(got: &[(Ident, TokenStream)], private: &Tokens) -> (TokenStream, TokenStream) {
    let mut last_first = got.iter().rev();
    let Some((name, value)) = last_first.next() else { return (quote!(()), quote!(#private::Ok(()))) };
    last_first.fold((quote!(#name), value.clone()), |(names, values), (name, value)| {
        (quote!((#name, #names)), quote!(#private::both(#value, #values)))
    })
}

/// A local name of the shim, which no name of the user's can meet.
fn local(name: &str) -> Ident {
    Ident::new(name, Span::mixed_site())
}

fn parenthesized(inside: TokenStream, at: Span) -> Group {
    let mut group = Group::new(Delimiter::Parenthesis, inside);
    group.set_span(at);
    group
}

fn located(callee: TokenStream, arguments: Group) -> TokenStream {
    callee.into_iter().chain([TokenTree::Group(arguments)]).collect()
}
