//! Every message of the macros, in one place.
//!
//! A check says *what* is wrong ([`Fault`], data only) and *where* (two spans). This file turns that into a sentence,
//! a drawing of the pattern where there is one, and a `help:` line. Errors are collected in [`Diagnostics`] and
//! reported together.

mod fault;
mod help;
mod nearest;
mod words;

use crate::model::Tokens;
use crate::token::{Delimiter, Literal, Placed, Span, TokenStream};
use crate::write::{cfg_attributes, put};

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

    pub(crate) fn push(&mut self, at: impl Placed, fault: Fault) {
        let at = at.place();
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
    pub(crate) fn into_tokens(mut self, cfgs: &[TokenStream]) -> Tokens {
        let mut tokens = Tokens::default();
        for Diagnostic { start, end, fault } in self.found.take().unwrap_or_default() {
            compile_error((start, end), &fault.message(), cfgs, &mut tokens);
        }
        tokens
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

/// `::core::compile_error! { "message" }`, its first token at `start` and its last one at `end`.
fn compile_error((start, end): (Span, Span), message: &str, cfgs: &[TokenStream], tokens: &mut Tokens) {
    tokens.value(&cfg_attributes(cfgs));
    put!(tokens, start => ::core::compile_error!);
    let body = tokens.open();
    let mut text = Literal::string(message);
    text.set_span(end);
    tokens.value(&text);
    tokens.close(body, Delimiter::Brace, end);
}
