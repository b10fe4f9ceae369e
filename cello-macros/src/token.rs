//! Tokens: the compiler's own. A library around them would be compiled unoptimised with a user's crate, and what it does for each token is
//! a sixth of what the macros cost a check.
//!
//! Tests run without a compiler. There they are those of `proc_macro2`, which have the same names and the same meaning.

use std::path::PathBuf;

#[cfg(not(test))]
pub(crate) use proc_macro::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};
#[cfg(test)]
pub(crate) use proc_macro2::{
    Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree,
};

/// Comparing a name with a word; the compiler's own names cannot.
pub(crate) trait Named {
    /// Whether it is this word.
    fn is(&self, word: &str) -> bool;

    /// Whether it is one of these words.
    fn is_one_of(&self, words: &[&str]) -> bool;
}

impl Named for Ident {
    fn is(&self, word: &str) -> bool {
        let name = self.to_string();
        name == word
    }

    fn is_one_of(&self, words: &[&str]) -> bool {
        words.contains(&self.to_string().as_str())
    }
}

impl Named for Option<&Ident> {
    fn is(&self, word: &str) -> bool {
        self.is_some_and(|name| name.is(word))
    }

    fn is_one_of(&self, words: &[&str]) -> bool {
        self.is_some_and(|name| name.is_one_of(words))
    }
}

/// What the libraries take that derives are written with.
#[cfg(not(test))]
pub(crate) type LibraryStream = proc_macro2::TokenStream;
#[cfg(test)]
pub(crate) type LibraryStream = TokenStream;

/// A place in the user's file, be it of a token here or of one that a library has read.
pub(crate) trait Placed {
    fn place(self) -> Span;
}

impl Placed for Span {
    fn place(self) -> Span {
        self
    }
}

pub(crate) use borders::{
    HAS_COMPILER, file, from_compiler, from_library, library_span, line_and_column, local_file, to_compiler,
    to_library,
};

/// Where tokens meet the compiler, and the libraries that derives are written with.
#[cfg(not(test))]
mod borders {
    use super::{PathBuf, Span, TokenStream};

    pub(crate) fn from_compiler(stream: TokenStream) -> TokenStream {
        stream
    }

    pub(crate) fn to_compiler(stream: TokenStream) -> TokenStream {
        stream
    }

    pub(crate) fn from_library(stream: proc_macro2::TokenStream) -> TokenStream {
        stream.into()
    }

    pub(crate) fn to_library(stream: TokenStream) -> proc_macro2::TokenStream {
        stream.into()
    }

    pub(crate) fn library_span(at: Span) -> proc_macro2::Span {
        at.into()
    }

    impl super::Placed for proc_macro2::Span {
        fn place(self) -> Span {
            self.unwrap()
        }
    }

    /// The file as the user sees it.
    pub(crate) fn file(at: Span) -> String {
        at.file()
    }

    /// Counted from 1.
    pub(crate) fn line_and_column(at: Span) -> (usize, usize) {
        (at.line(), at.column())
    }

    /// The file on this machine, if rustc has read it from there.
    pub(crate) fn local_file(at: Span) -> Option<PathBuf> {
        at.local_file()
    }

    /// Whether there is a compiler that knows more of a place than that it is one.
    pub(crate) const HAS_COMPILER: bool = true;
}

#[cfg(test)]
mod borders {
    use super::{PathBuf, Span, TokenStream};

    pub(crate) fn from_compiler(stream: proc_macro::TokenStream) -> TokenStream {
        stream.into()
    }

    pub(crate) fn to_compiler(stream: TokenStream) -> proc_macro::TokenStream {
        stream.into()
    }

    pub(crate) fn from_library(stream: TokenStream) -> TokenStream {
        stream
    }

    pub(crate) fn to_library(stream: TokenStream) -> TokenStream {
        stream
    }

    pub(crate) fn library_span(at: Span) -> Span {
        at
    }

    pub(crate) fn file(_: Span) -> String {
        "src/lib.rs".to_owned()
    }

    pub(crate) fn line_and_column(_: Span) -> (usize, usize) {
        (1, 1)
    }

    pub(crate) fn local_file(_: Span) -> Option<PathBuf> {
        None
    }

    pub(crate) const HAS_COMPILER: bool = false;
}
