//! The shim: one plain function per handler, without an `async` block of its own. Most handlers are passed to a function of
//! the library together with what was got for each argument; what the shim does not name costs nothing in a check.
//!
//! Every token of a call that can fail to type-check carries the user's span (the argument's type, the return type):
//! then rustc's error stands there, once.

use super::Surroundings;
use crate::model::{Argument, Checked, Handler, Part, Source, Tokens};
use crate::read::types::{Lifetimes, borrows, written};
use crate::token::{Delimiter, Ident, Span};
use crate::write::put;

/// The most arguments for which the library has a `call` function.
const MOST_DIRECT: usize = 5;

/// The most arguments beside one that is extracted for which it has one too.
const MOST_BESIDE: usize = 3;

/// Writes the names of who asks and of the body, and behind them in brackets what answers: `|x, body| ...`.
pub(crate) fn shim(handler: &Handler, checked: &Checked, around: &Surroundings, out: &mut Tokens) {
    let here = Span::call_site();
    let x = local("of_cello_x");
    if is_direct(handler, checked) {
        put!(out, here => #x _);
        let open = out.open();
        direct(handler, checked, around, &x, out);
        out.close(open, Delimiter::Parenthesis, here);
        return;
    }
    let body =
        if checked.sources.iter().any(Source::is_extractor) { local("of_cello_body") } else { local("_") };
    put!(out, here => #x #body);
    let open = out.open();
    let names: Vec<Ident> =
        (0..checked.sources.len()).map(|index| local(&format!("of_cello_{index}"))).collect();
    Answer { handler, checked, around, names, x, body }.write(out);
    out.close(open, Delimiter::Parenthesis, here);
}

/// Whether all arguments are there at once, and few enough.
fn is_direct(handler: &Handler, checked: &Checked) -> bool {
    let waits = checked.sources.iter().any(Source::is_extractor);
    !waits && handler.arguments.blocking.is_none() && checked.sources.len() <= MOST_DIRECT
}

/// The whole of a shim whose arguments are there at once: `call2_async(x, argument(x, ..), state(x), handler)`.
fn direct(handler: &Handler, checked: &Checked, around: &Surroundings, x: &Ident, out: &mut Tokens) {
    let here = Span::call_site();
    let (called, start, end) = called(handler);
    out.library(&format!("call{}{}", checked.sources.len(), kind(handler)), start);
    let arguments = out.open();
    put!(out, here => #x,);
    for (arg, source) in handler.signature.args.iter().zip(&checked.sources) {
        Get { handler, arg, checked, around }.expression(source, x, out);
        out.marks(",", here);
    }
    out.value(&called);
    out.close(arguments, Delimiter::Parenthesis, end);
}

/// The handler's name where errors about its answer stand: at the return type, or at the name where there is none.
fn called(handler: &Handler) -> (Ident, Span, Span) {
    let name = &handler.signature.name;
    let (start, end) = handler.signature.output.as_ref().map_or((name.span(), name.span()), Tokens::ends);
    let mut called = name.ident.clone();
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
    fn expression(&self, source: &Source, x: &Ident, out: &mut Tokens) {
        let at = self.arg.ty.span();
        let lifetimes = Lifetimes::inferred();
        let arguments = match source {
            Source::Path { name, place } => {
                let ty = lifetimes.rewrite(&self.arg.ty);
                put!(out, at => <#ty as of_cello::CelloFromPath>::argument);
                let arguments = out.open();
                put!(out, at => #x,);
                place.expression(self.handler, self.checked.own_count, name, self.around, out);
                out.marks(",", at);
                self.names(name, at, out);
                arguments
            }
            Source::Query { key } => {
                let ty = lifetimes.rewrite(&self.arg.ty);
                put!(out, at => <#ty as of_cello::CelloFromQuery>::argument);
                let arguments = out.open();
                put!(out, at => #x,);
                self.names(key, at, out);
                arguments
            }
            Source::QueryStruct => {
                let ty = lifetimes.rewrite(&self.arg.ty);
                put!(out, at => <#ty as of_cello::CelloFromQueryStruct>::argument);
                let arguments = out.open();
                put!(out, at => #x,);
                self.names(self.arg.name.as_ref().map_or("", |name| name.text.as_str()), at, out);
                arguments
            }
            Source::State { of } => {
                let of = lifetimes.rewrite(of);
                match self.handler.arguments.blocking {
                    Some(_) => {
                        put!(out, at => of_cello::state_owned::<#of>);
                    }
                    None => {
                        put!(out, at => of_cello_state::<#of>);
                    }
                }
                let arguments = out.open();
                out.value(x);
                arguments
            }
            Source::Part(part) => {
                let function = match part {
                    Part::Headers => "headers",
                    Part::Method => "method",
                    Part::Uri => "uri",
                    Part::Extensions => "extensions",
                };
                out.library(function, at);
                let arguments = out.open();
                out.value(x);
                arguments
            }
            Source::Extractor => return,
        };
        out.close(arguments, Delimiter::Parenthesis, at);
    }

    /// What a parameter is called, and what its type.
    fn names(&self, name: &str, at: Span, out: &mut Tokens) {
        out.text(name);
        out.marks(",", at);
        out.text(&written(&self.arg.ty.0));
    }
}

/// The call of the handler, inside the library function that makes an answer of it. That function takes what was got, one
/// in the other, and what it has extracted, and passes them on to the closure.
struct Answer<'a> {
    handler: &'a Handler,
    checked: &'a Checked,
    around: &'a Surroundings,
    /// Of the arguments, in the closure.
    names: Vec<Ident>,
    x: Ident,
    body: Ident,
}

impl Answer<'_> {
    fn write(&self, out: &mut Tokens) {
        let here = Span::call_site();
        let (called, start, end) = called(self.handler);
        let (x, body) = (&self.x, &self.body);
        let blocking = self.handler.arguments.blocking.is_some();
        let kind = if blocking { "_blocking" } else { kind(self.handler) };
        if self.extracted().next().is_none() {
            out.library(&format!("{}{kind}", if blocking { "reply" } else { "call1" }), start);
            let arguments = out.open();
            put!(out, here => #x,);
            self.both(out);
            out.marks(",", here);
            // A closure around one argument as it is would be redundant, and clippy would say so at the user's function.
            if let ([_], false) = (self.names.as_slice(), self.is_owned_state(0)) {
                out.value(&called);
            } else {
                put!(out, start => move |);
                self.pattern(out);
                put!(out, start => |);
                self.call(&called, end, out);
            }
            out.close(arguments, Delimiter::Parenthesis, end);
            return;
        }
        if let Some(order) = self.order() {
            return self.extracting(&order, out);
        }
        out.library(&format!("extract{kind}"), start);
        put!(out, start => ::<);
        let types = out.open();
        let lifetimes = Lifetimes::inferred();
        for index in self.extracted() {
            out.value(&lifetimes.rewrite(&self.handler.signature.args[index].ty));
            out.marks(",", start);
        }
        out.close(types, Delimiter::Parenthesis, start);
        put!(out, start => , _, _);
        let is_async = kind == "_async";
        if is_async {
            put!(out, start => , _);
        }
        put!(out, start => >);
        let arguments = out.open();
        put!(out, here => #x, #body,);
        self.both(out);
        out.marks(",", here);
        put!(out, start => move |);
        self.pattern(out);
        put!(out, start => ,);
        let extracted = out.open();
        for index in self.extracted() {
            out.value(&self.names[index]);
            out.marks(",", start);
        }
        out.close(extracted, Delimiter::Parenthesis, start);
        put!(out, start => |);
        // What is wrong with the answer rustc shows at the call, which stands where the return type stands, as for `describe`: so it
        // says it once. A future cannot be wrapped for that; `answers` stands for it.
        if is_async {
            self.call(&called, end, out);
            put!(out, here => ,);
            put!(out, start => of_cello::answers);
            out.close(out.open(), Delimiter::Parenthesis, end);
        } else {
            put!(out, start => of_cello::respond);
            let response = out.open();
            self.call(&called, end, out);
            out.close(response, Delimiter::Parenthesis, end);
        }
        out.close(arguments, Delimiter::Parenthesis, end);
    }

    /// The order of the arguments, if one of few is extracted and the handler is an `async fn`: then the library has a function for it, whose
    /// name tells it. `e` is what is extracted. One that borrows is extracted for all time, but taken for a shorter one that it may share with other
    /// arguments: a call of the handler shortens it, the handler itself as an argument does not.
    fn order(&self) -> Option<String> {
        let (sources, arguments) = (&self.checked.sources, &self.handler.arguments);
        if kind(self.handler).is_empty() || arguments.blocking.is_some() || sources.len() > MOST_BESIDE + 1 {
            return None;
        }
        let mut others = 'a'..='z';
        let order =
            sources.iter().map(|source| if source.is_extractor() { Some('e') } else { others.next() });
        let order: String = order.collect::<Option<_>>()?;
        let mut extracted = self.extracted();
        let (only, None) = (extracted.next()?, extracted.next()) else { return None };
        (!borrows(&self.handler.signature.args[only].ty.0)).then_some(order)
    }

    /// The handler passed to that function: `call_abe_async::<Json<T>, _, _, _, _>(x, body, argument(x, ..), state(x), handler)`.
    fn extracting(&self, order: &str, out: &mut Tokens) {
        let here = Span::call_site();
        let (called, start, end) = called(self.handler);
        let (handler, checked, around) = (self.handler, self.checked, self.around);
        let (x, body) = (&self.x, &self.body);
        out.library(&format!("call_{order}_async"), start);
        put!(out, start => ::<);
        let lifetimes = Lifetimes::inferred();
        for index in self.extracted() {
            out.value(&lifetimes.rewrite(&handler.signature.args[index].ty));
        }
        // The types of the other arguments and of the handler. What is wrong with the answer rustc shows where that of its future is named.
        for _ in 0..order.len() {
            put!(out, start => , _);
        }
        put!(out, start => , of_cello::The<_);
        put!(out, end => >);
        put!(out, start => >);
        let arguments = out.open();
        put!(out, here => #x, #body,);
        for index in self.got() {
            let arg = &handler.signature.args[index];
            Get { handler, arg, checked, around }.expression(&checked.sources[index], x, out);
            out.marks(",", here);
        }
        out.value(&called);
        out.close(arguments, Delimiter::Parenthesis, end);
    }

    /// The arguments that are extracted.
    fn extracted(&self) -> impl Iterator<Item = usize> {
        let sources = self.checked.sources.iter().enumerate();
        sources.filter(|(_, source)| source.is_extractor()).map(|(index, _)| index)
    }

    /// The others.
    fn got(&self) -> Vec<usize> {
        let sources = self.checked.sources.iter().enumerate();
        sources.filter(|(_, source)| !source.is_extractor()).map(|(index, _)| index).collect()
    }

    fn is_owned_state(&self, index: usize) -> bool {
        let blocking = self.handler.arguments.blocking.is_some();
        blocking && matches!(self.checked.sources.get(index), Some(Source::State { .. }))
    }

    /// `handler(a0, a1)`
    fn call(&self, called: &Ident, end: Span, out: &mut Tokens) {
        let here = Span::call_site();
        out.value(called);
        let arguments = out.open();
        for (index, name) in self.names.iter().enumerate() {
            if index > 0 {
                out.marks(",", here);
            }
            if self.is_owned_state(index) {
                put!(out, here => &*);
            }
            out.value(name);
        }
        out.close(arguments, Delimiter::Parenthesis, end);
    }

    /// What was got, one in the other: `both(.., both(.., ..))`.
    fn both(&self, out: &mut Tokens) {
        let got = self.got();
        self.both_of(&got, out);
    }

    fn both_of(&self, got: &[usize], out: &mut Tokens) {
        let (here, private) = (Span::call_site(), self.around.private());
        let Some((&first, rest)) = got.split_first() else {
            put!(out, here => #private::Ok(()));
            return;
        };
        let (handler, checked, around) = (self.handler, self.checked, self.around);
        let get = Get { handler, arg: &handler.signature.args[first], checked, around };
        if rest.is_empty() {
            return get.expression(&checked.sources[first], &self.x, out);
        }
        put!(out, here => of_cello_both);
        let arguments = out.open();
        get.expression(&checked.sources[first], &self.x, out);
        out.marks(",", here);
        self.both_of(rest, out);
        out.close(arguments, Delimiter::Parenthesis, here);
    }

    /// The pattern for it: `(a0, (a1, a2))`.
    fn pattern(&self, out: &mut Tokens) {
        let got = self.got();
        self.pattern_of(&got, out);
    }

    fn pattern_of(&self, got: &[usize], out: &mut Tokens) {
        let here = Span::call_site();
        match got {
            [] => {
                put!(out, here => ());
            }
            [only] => out.value(&self.names[*only]),
            [first, rest @ ..] => {
                let open = out.open();
                out.value(&self.names[*first]);
                out.marks(",", here);
                self.pattern_of(rest, out);
                out.close(open, Delimiter::Parenthesis, here);
            }
        }
    }
}

fn kind(handler: &Handler) -> &'static str {
    if handler.signature.asyncness.is_some() { "_async" } else { "" }
}

/// A local name of the shim. Hygiene keeps locals of the user's away, and no more: a pattern that is called like a constant or a unit struct of
/// the module's is that constant.
fn local(name: &str) -> Ident {
    Ident::new(name, Span::mixed_site())
}
