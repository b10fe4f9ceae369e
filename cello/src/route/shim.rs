//! A handler as functions: calling it, asking what it takes, and the checks before it.
//!
//! The fields are public for generated code only, through `cello::__private`.
#![allow(missing_debug_implementations)] // nobody prints what only generated code holds; `RouteMeta` is what people see

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;

use super::{Description, ParamMeta};
use crate::dispatch::Exchange;
use crate::private::Replying;
use crate::{Body, Problem, Response};

/// Calls a handler: extracts its arguments, and gives its answer or what will become of it. Or says what it takes.
pub(crate) type Shim = for<'r> fn(Asker<'r>, &'r mut Body) -> Result<Answer<'r>, Problem>;

/// What a handler gives.
pub enum Answer<'r> {
    /// A response, from a handler that had nothing to wait for.
    Ready(Response),
    /// A response to come.
    Pending(Pin<Box<dyn Replying + Send + 'r>>),
}

/// Who asks a shim.
#[derive(Clone, Copy)]
pub enum Asker<'r> {
    /// A request, for its answer.
    Request(&'r Exchange<'r>),
    /// Somebody who wants to know what parameters the handler takes; the handler is not called. What each parameter should be
    /// is said where it is got: so a description cannot say another thing than what is done.
    Description(&'r Asked),
}

/// What a shim has said of its handler: the parameters of path and query.
#[derive(Default)]
pub struct Asked(RefCell<Vec<ParamMeta>>);

impl Asked {
    pub(crate) fn param(&self, param: ParamMeta) {
        self.0.borrow_mut().push(param);
    }

    pub(crate) fn params(self) -> Vec<ParamMeta> {
        self.0.into_inner()
    }
}

/// What an extractor or a responder says of itself.
pub(crate) type Describe = fn(&mut Description);

/// What the extractors of a handler say of themselves, in order. (The fields have names because rustc reports what is no extractor
/// once more for the arguments of a call, as `One(..)` is.)
#[derive(Clone, Copy)]
pub enum Extracts {
    /// There are none.
    Nothing,
    /// There is one.
    One {
        /// What it says.
        describe: Describe,
    },
    /// There are several.
    Several {
        /// What they say.
        describe: &'static [Describe],
    },
}

impl Extracts {
    pub(crate) fn describe(self, description: &mut Description) {
        match self {
            Self::Nothing => {}
            Self::One { describe } => describe(description),
            Self::Several { describe } => describe.iter().for_each(|describe| describe(description)),
        }
    }
}

/// What a responder says of itself whose type has no name.
pub fn nothing(_: &mut Description) {}

/// A check before the handler.
#[derive(Clone, Copy)]
pub struct Guard {
    /// An error is the answer.
    pub check: GuardCheck,
    /// The whole name of its type.
    pub type_name: fn() -> &'static str,
}

/// See [`Guard::check`].
pub(crate) type GuardCheck =
    for<'r> fn(&'r Exchange<'r>) -> Pin<Box<dyn Future<Output = Result<(), Response>> + Send + 'r>>;

impl Guard {
    /// Its name for people, without modules: `Role<Admin>`.
    pub(crate) fn name(self) -> String {
        let whole = (self.type_name)();
        let is_of_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | ':');
        let words = whole.split_inclusive(|c| !is_of_word(c));
        words.map(|word| word.rsplit("::").next().unwrap_or(word)).collect()
    }
}
