//! How tokens are written: into one list, from which a stream is made only where a bracket closes.
//!
//! `quote!`, which the derives use, writes streams, and a stream that is put into another goes to the compiler and back, as does every group. At
//! each check of the user's crate that was most of what a handler costs before rustc sees it.

use std::borrow::Cow;

use crate::model::{Attr, Name, Tokens};
use crate::token::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};

/// Writes tokens to the end of a list, all with one span: `put!(out, at => <#ty as Trait>::argument(#x))`. What stands behind a `#`
/// keeps the spans that it has.
macro_rules! put {
    ($out:ident, $at:expr =>) => {};
    ($out:ident, $at:expr => # $value:ident $($rest:tt)*) => {
        $out.value(&$value);
        $crate::write::put!($out, $at => $($rest)*);
    };
    ($out:ident, $at:expr => ( $($inside:tt)* ) $($rest:tt)*) => {
        let open = $out.open();
        $crate::write::put!($out, $at => $($inside)*);
        $out.close(open, $crate::token::Delimiter::Parenthesis, $at);
        $crate::write::put!($out, $at => $($rest)*);
    };
    ($out:ident, $at:expr => [ $($inside:tt)* ] $($rest:tt)*) => {
        let open = $out.open();
        $crate::write::put!($out, $at => $($inside)*);
        $out.close(open, $crate::token::Delimiter::Bracket, $at);
        $crate::write::put!($out, $at => $($rest)*);
    };
    ($out:ident, $at:expr => { $($inside:tt)* } $($rest:tt)*) => {
        let open = $out.open();
        $crate::write::put!($out, $at => $($inside)*);
        $out.close(open, $crate::token::Delimiter::Brace, $at);
        $crate::write::put!($out, $at => $($rest)*);
    };
    ($out:ident, $at:expr => $word:ident $($rest:tt)*) => {
        $out.word(stringify!($word), $at);
        $crate::write::put!($out, $at => $($rest)*);
    };
    ($out:ident, $at:expr => $text:literal $($rest:tt)*) => {
        $out.value(&$text);
        $crate::write::put!($out, $at => $($rest)*);
    };
    ($out:ident, $at:expr => $mark:tt $($rest:tt)*) => {
        $out.marks(stringify!($mark), $at);
        $crate::write::put!($out, $at => $($rest)*);
    };
}
pub(crate) use put;

/// The same as a list of their own: `tokens!(at => <#ty as Trait>)`.
macro_rules! tokens {
    ($at:expr => $($tokens:tt)*) => {{
        let mut out = $crate::model::Tokens::default();
        $crate::write::put!(out, $at => $($tokens)*);
        out
    }};
}
pub(crate) use tokens;

/// `#[cfg(...)]` for each.
pub(crate) fn cfg_attributes(cfgs: &[TokenStream]) -> Option<Tokens> {
    let mut attributes = Tokens::default();
    for cfg in cfgs {
        put!(attributes, Span::call_site() => #[cfg(#cfg)]);
    }
    (!cfgs.is_empty()).then_some(attributes)
}

/// What can stand behind a `#` in [`put!`].
pub(crate) trait Put {
    /// Writes it.
    fn put(&self, out: &mut Tokens);
}

impl Tokens {
    /// Writes a value.
    pub(crate) fn value(&mut self, value: &(impl Put + ?Sized)) {
        value.put(self);
    }

    /// Writes a word.
    pub(crate) fn word(&mut self, word: &str, at: Span) {
        self.0.push(TokenTree::Ident(Ident::new(word, at)));
    }

    /// Writes the name of a function of the library: of one word if most handlers name it, as `private::names` has it, and else of two.
    pub(crate) fn library(&mut self, function: &str, at: Span) {
        const OF_MOST: &[&str] = &["call0_async", "call1_async", "call2_async", "call3_async"];
        if OF_MOST.contains(&function) {
            return self.word(&format!("of_cello_{function}"), at);
        }
        put!(self, at => of_cello::);
        self.word(function, at);
    }

    /// Writes `<`, `::`, `_` or `'static`.
    pub(crate) fn marks(&mut self, marks: &str, at: Span) {
        // By bytes: to compare texts is a call for each.
        match marks.as_bytes() {
            b"_" => self.word(marks, at),
            [only] => self.mark(*only, Spacing::Alone, at),
            [b'\'', ..] => {
                self.mark(b'\'', Spacing::Joint, at);
                self.word(&marks[1..], at);
            }
            [joint @ .., last] => {
                for mark in joint {
                    self.mark(*mark, Spacing::Joint, at);
                }
                self.mark(*last, Spacing::Alone, at);
            }
            [] => {}
        }
    }

    fn mark(&mut self, mark: u8, spacing: Spacing, at: Span) {
        let mut mark = Punct::new(char::from(mark), spacing);
        mark.set_span(at);
        self.0.push(TokenTree::Punct(mark));
    }

    /// Writes a text in quotes, without a place of its own.
    pub(crate) fn text(&mut self, text: &str) {
        self.0.push(TokenTree::Literal(Literal::string(text)));
    }

    /// Writes a number, without a place of its own.
    pub(crate) fn number(&mut self, number: usize) {
        self.0.push(TokenTree::Literal(Literal::usize_unsuffixed(number)));
    }

    /// Opens a bracket; what is written until [`Tokens::close`] stands in it.
    pub(crate) fn open(&self) -> usize {
        self.0.len()
    }

    /// Closes a bracket.
    pub(crate) fn close(&mut self, open: usize, delimiter: Delimiter, at: Span) {
        let inside = if open == self.0.len() { TokenStream::new() } else { self.0.drain(open..).collect() };
        let mut group = Group::new(delimiter, inside);
        group.set_span(at);
        self.0.push(TokenTree::Group(group));
    }

    /// All of it, for the compiler.
    pub(crate) fn into_stream(self) -> TokenStream {
        self.0.into_iter().collect()
    }
}

impl<T: Put + ?Sized> Put for &T {
    fn put(&self, out: &mut Tokens) {
        (**self).put(out);
    }
}

impl<T: Put + Clone> Put for Cow<'_, T> {
    fn put(&self, out: &mut Tokens) {
        (**self).put(out);
    }
}

impl<T: Put> Put for Option<T> {
    fn put(&self, out: &mut Tokens) {
        if let Some(value) = self {
            value.put(out);
        }
    }
}

impl Put for Ident {
    fn put(&self, out: &mut Tokens) {
        out.0.push(TokenTree::Ident(self.clone()));
    }
}

impl Put for Name {
    fn put(&self, out: &mut Tokens) {
        self.ident.put(out);
    }
}

impl Put for Attr {
    fn put(&self, out: &mut Tokens) {
        self.sigil.as_slice().put(out);
        out.0.push(TokenTree::Group(self.bracket.clone()));
    }
}

impl Put for TokenTree {
    fn put(&self, out: &mut Tokens) {
        out.0.push(self.clone());
    }
}

impl Put for [TokenTree] {
    fn put(&self, out: &mut Tokens) {
        for token in self {
            out.0.push(token.clone());
        }
    }
}

impl Put for Group {
    fn put(&self, out: &mut Tokens) {
        out.0.push(TokenTree::Group(self.clone()));
    }
}

impl Put for Tokens {
    fn put(&self, out: &mut Tokens) {
        self.0.as_slice().put(out);
    }
}

impl Put for str {
    fn put(&self, out: &mut Tokens) {
        out.text(self);
    }
}

impl Put for String {
    fn put(&self, out: &mut Tokens) {
        out.text(self);
    }
}

impl Put for usize {
    fn put(&self, out: &mut Tokens) {
        out.number(*self);
    }
}

impl Put for Literal {
    fn put(&self, out: &mut Tokens) {
        out.0.push(TokenTree::Literal(self.clone()));
    }
}

/// Dear, for what few handlers have.
impl Put for TokenStream {
    fn put(&self, out: &mut Tokens) {
        out.0.extend(self.clone());
    }
}

/// One after the other.
impl<T: Put> Put for Vec<T> {
    fn put(&self, out: &mut Tokens) {
        for value in self {
            value.put(out);
        }
    }
}

/// One after the other, with commas between them.
pub(crate) struct Listed<I>(pub(crate) I);

impl<T: Put, I: IntoIterator<Item = T> + Clone> Put for Listed<I> {
    fn put(&self, out: &mut Tokens) {
        for (index, value) in self.0.clone().into_iter().enumerate() {
            if index > 0 {
                out.marks(",", Span::call_site());
            }
            value.put(out);
        }
    }
}
