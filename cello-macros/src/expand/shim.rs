//! The shim: one plain function per handler, without an `async` block of its own. Most handlers are passed to a function of
//! the library together with what was got for each argument; what the shim does not name costs nothing in a check.
//!
//! Every token of a call that can fail to type-check carries the user's span (the argument's type, the return type):
//! then rustc's error stands there, once.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote, quote_spanned};

use super::{Surroundings, placed};
use crate::model::{Argument, Checked, Handler, Part, Source, Tokens};
use crate::read::types::Lifetimes;

/// The most arguments for which the library has a `call` function.
const MOST_DIRECT: usize = 6;

/// `|x, body| { ... }`
pub(crate) fn shim(handler: &Handler, checked: &Checked, around: &Surroundings) -> TokenStream {
    let exchange = local("x");
    if let Some(call) = direct(handler, checked, around, &exchange) {
        let exchange = if checked.sources.is_empty() { quote!(_) } else { quote!(#exchange) };
        return quote!(|#exchange, _| #call);
    }
    let mut lets = TokenStream::new();
    let mut values: Vec<TokenStream> = Vec::new();
    let mut extractors: Vec<(Ident, Tokens)> = Vec::new();
    let declared = &handler.signature.generics.lifetimes;
    for (index, (arg, source)) in handler.signature.args.iter().zip(&checked.sources).enumerate() {
        let name = local(&format!("a{index}"));
        let value = quote!(#name);
        if matches!(source, Source::Extractor) {
            extractors.push((name, Lifetimes::inferred(declared).rewrite(&arg.ty)));
            values.push(value);
            continue;
        }
        let get = Get { handler, arg, checked, around }.expression(source, &exchange);
        let owned_state = handler.arguments.blocking.is_some() && matches!(source, Source::State { .. });
        // A part of the request is always there. `?` would do for the others, but its traits cost time in every check.
        let sure = matches!(source, Source::Part(_));
        let (private, good, problem) = (around.private(), local("value"), local("problem"));
        lets.extend(match sure {
            true => quote!(let #name = #get;),
            false => quote! {
                let #name = match #get {
                    #private::Ok(#good) => #good,
                    #private::Err(#problem) => return #private::Err(#problem),
                };
            },
        });
        values.push(if owned_state { quote!(&*#name) } else { value });
    }
    let answer = answer(handler, &values, &extractors, around);
    let body = if extractors.is_empty() { quote!(_) } else { local("body").into_token_stream() };
    let exchange = if lets.is_empty() && extractors.is_empty() { quote!(_) } else { quote!(#exchange) };
    quote!(|#exchange, #body| { #lets #answer })
}

/// The whole of a shim whose arguments are there at once: `call2_async(param(..), state(..), handler)`.
fn direct(handler: &Handler, checked: &Checked, around: &Surroundings, x: &Ident) -> Option<TokenStream> {
    let waits = checked.sources.iter().any(|source| matches!(source, Source::Extractor));
    if waits || handler.arguments.blocking.is_some() || checked.sources.len() > MOST_DIRECT {
        return None;
    }
    let mut arguments = TokenStream::new();
    for (arg, source) in handler.signature.args.iter().zip(&checked.sources) {
        let get = Get { handler, arg, checked, around }.expression(source, x);
        let at = arg.ty.span();
        let private = placed(&around.private(), at);
        arguments.extend(match source {
            Source::Part(_) => quote_spanned!(at=> #private::Ok(#get),),
            _ => quote!(#get,),
        });
    }
    let (called, start, end) = called(handler);
    let private = placed(&around.private(), start);
    let kind = if handler.signature.asyncness.is_some() { "_async" } else { "" };
    let function = format_ident!("call{}{}", checked.sources.len(), kind, span = start);
    arguments.extend(called.into_token_stream());
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
        let private = placed(&self.around.private(), at);
        let declared = &self.handler.signature.generics.lifetimes;
        let ty = Lifetimes::inferred(declared).rewrite(&self.arg.ty);
        match source {
            Source::Path { name, place } => {
                let place = place.expression(self.handler, self.checked.own_count, name, self.around);
                quote_spanned!(at=> #private::param::<#ty>(#x, #place, #name))
            }
            Source::Query { key } => quote_spanned!(at=> #private::query::<#ty>(#x, #key)),
            Source::QueryStruct => quote_spanned!(at=> #private::query_struct::<#ty>(#x)),
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

/// The call of the handler, inside the library function that makes an answer of it.
fn answer(
    handler: &Handler,
    values: &[TokenStream],
    extractors: &[(Ident, Tokens)],
    around: &Surroundings,
) -> TokenStream {
    let (called, start, end) = called(handler);
    let kind = match (handler.arguments.blocking, handler.signature.asyncness) {
        (Some(_), _) => "_blocking",
        (None, Some(_)) => "_async",
        (None, None) => "",
    };
    let call = located(quote!(#called), parenthesized(quote!(#(#values),*), end));

    let private = placed(&around.private(), start);
    if extractors.is_empty() {
        let function = format_ident!("reply{}", kind, span = start);
        let argument = match (kind, values) {
            // A closure around it would be redundant, and clippy would say so at the user's function.
            ("_blocking", []) => quote!(#called),
            ("_blocking", _) => quote_spanned!(start=> move || #call),
            _ => call,
        };
        return located(quote_spanned!(start=> #private::#function), parenthesized(argument, end));
    }
    let function = format_ident!("extract{}", kind, span = start);
    let names = extractors.iter().map(|(name, _)| name);
    let types = extractors.iter().map(|(_, ty)| ty);
    let (x, body) = (local("x"), local("body"));
    let more = (kind == "_async").then(|| quote_spanned!(start=> , _));
    let path = quote_spanned!(start=> #private::#function::<(#(#types,)*), _ #more>);
    // What is wrong with the answer rustc shows at the call, which stands where the return type stands, as for `describe`: so it
    // says it once. A future cannot be wrapped for that; `answers` stands for it.
    if kind == "_async" {
        let closure = quote_spanned!(start=> move |(#(#names,)*)| #call);
        let answers =
            located(quote_spanned!(start=> #private::answers), parenthesized(TokenStream::new(), end));
        return located(path, parenthesized(quote!(#x, #body, #closure, #answers), end));
    }
    let response = located(quote_spanned!(start=> #private::respond), parenthesized(call, end));
    let closure = quote_spanned!(start=> move |(#(#names,)*)| #response);
    located(path, parenthesized(quote!(#x, #body, #closure), end))
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
