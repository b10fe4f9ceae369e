//! Every message of the macros, in one place.
//!
//! A check says *what* is wrong ([`Fault`], data only) and *where* (two spans). This file turns that into a sentence,
//! a drawing of the pattern where there is one, and a `help:` line. Errors are collected in [`Diagnostics`] and
//! reported together.

mod fault;
mod help;
mod nearest;
mod words;

use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};
use quote::quote;

pub(crate) use fault::{Fault, Untaken};
pub(crate) use help::METHODS;
pub(crate) use nearest::nearest;

/// A sink for errors that cannot be forgotten: dropping it unread is a bug, and says so.
pub(crate) struct Diagnostics {
    found: Option<Vec<Diagnostic>>,
}

struct Diagnostic {
    start: Span,
    end: Span,
    fault: Fault,
}

impl Diagnostics {
    pub(crate) fn new() -> Self {
        Self { found: Some(Vec::new()) }
    }

    pub(crate) fn push(&mut self, at: Span, fault: Fault) {
        self.push_between((at, at), fault);
    }

    /// An error from the first span to the last one.
    pub(crate) fn push_between(&mut self, (start, end): (Span, Span), fault: Fault) {
        if let Some(found) = &mut self.found {
            found.push(Diagnostic { start, end, fault });
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.found.as_ref().is_none_or(Vec::is_empty)
    }

    /// One `compile_error!` per error, each under the given `cfg`s: what is configured away makes no noise.
    pub(crate) fn into_tokens(mut self, cfgs: &[TokenStream]) -> TokenStream {
        let found = self.found.take().unwrap_or_default();
        found.into_iter().map(|diagnostic| diagnostic.into_tokens(cfgs)).collect()
    }

    #[cfg(test)]
    pub(crate) fn into_messages(mut self) -> Vec<String> {
        let found = self.found.take().unwrap_or_default();
        found.iter().map(|diagnostic| diagnostic.fault.message()).collect()
    }
}

impl Drop for Diagnostics {
    fn drop(&mut self) {
        debug_assert!(
            self.found.is_none() || std::thread::panicking(),
            "errors were collected and not reported"
        );
    }
}

impl Diagnostic {
    fn into_tokens(self, cfgs: &[TokenStream]) -> TokenStream {
        compile_error((self.start, self.end), &self.fault.message(), cfgs)
    }
}

/// `::core::compile_error! { "message" }`, its first token at `start` and its last one at `end`.
fn compile_error((start, end): (Span, Span), message: &str, cfgs: &[TokenStream]) -> TokenStream {
    let colon = |spacing| {
        let mut punct = Punct::new(':', spacing);
        punct.set_span(start);
        TokenTree::Punct(punct)
    };
    let mut bang = Punct::new('!', Spacing::Alone);
    bang.set_span(start);
    let mut text = Literal::string(message);
    text.set_span(end);
    let mut body = Group::new(Delimiter::Brace, TokenTree::Literal(text).into());
    body.set_span(end);

    let mut tokens: TokenStream = cfgs.iter().map(|cfg| quote!(#[cfg(#cfg)])).collect();
    tokens.extend([
        colon(Spacing::Joint),
        colon(Spacing::Alone),
        Ident::new("core", start).into(),
        colon(Spacing::Joint),
        colon(Spacing::Alone),
        Ident::new("compile_error", start).into(),
        bang.into(),
        body.into(),
    ]);
    tokens
}
