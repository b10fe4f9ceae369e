//! Any error: [`Error`].

use std::fmt::{self, Write as _};

use crate::dispatch::Here;
use crate::{BodyError, IntoResponse, Problem, Response};

/// The result of [`run`](crate::Application::run), and of handlers that pass any error on.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Any error, taken by `?`.
///
/// As the answer of a handler it is logged with all its causes, and the client gets a bare 500: details never leave
/// the program. A [`Problem`] taken by `?` is answered as it is, and a [`BodyError`] as extractors answer it. As the answer of `main` it prints as a sentence.
///
/// ```
/// async fn read() -> cello::Result<String> {
///     Ok(std::fs::read_to_string("/etc/hostname")?)
/// }
/// # let _ = read;
/// ```
pub struct Error(Box<dyn std::error::Error + Send + Sync>);

impl Error {
    /// An error that is only a sentence.
    pub fn msg(sentence: impl Into<String>) -> Self {
        Self(sentence.into().into())
    }

    /// The error inside, if it is an `E`.
    pub fn downcast_ref<E: std::error::Error + 'static>(&self) -> Option<&E> {
        self.0.downcast_ref()
    }

    /// The error inside.
    pub fn as_std(&self) -> &(dyn std::error::Error + Send + Sync + 'static) {
        &*self.0
    }
}

impl<E: std::error::Error + Send + Sync + 'static> From<E> for Error {
    fn from(error: E) -> Self {
        Self(Box::new(error))
    }
}

/// The sentence, so that `fn main() -> cello::Result<()>` prints it.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)?;
        fmt::Display::fmt(&Causes(self.0.source()), f)
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        if let Some(problem) = self.0.downcast_ref::<Problem>() {
            return problem.clone().into_response();
        }
        if let Some(error) = self.0.downcast_ref::<BodyError>() {
            return crate::extract::rejection(error).into_response();
        }
        log_error(&*self.0);
        crate::respond::failed()
    }
}

/// Logs an error whose details the client must not see, with the route and the request that are being handled.
pub fn log_error(error: &(dyn std::error::Error + 'static)) {
    log_failure("a handler", error);
}

/// The same of another than a handler.
pub(crate) fn log_failure(who: &str, error: &(dyn std::error::Error + 'static)) {
    log_failure_at(Here::current(), who, error);
}

/// The same, of a request that is not the one whose handler runs.
pub(crate) fn log_failure_at(here: Here, who: &str, error: &(dyn std::error::Error + 'static)) {
    here.log(format_args!("{who} failed: {error}{}", Causes(error.source())));
}

/// A message as it may stand in a log, since it may repeat what a client has sent: line breaks, other control
/// characters and those that change the direction of text are escaped.
pub(crate) struct OneLine<T>(pub(crate) T);

impl<T: fmt::Display> fmt::Display for OneLine<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(Escaping(f), "{}", self.0)
    }
}

struct Escaping<'a, 'f>(&'a mut fmt::Formatter<'f>);

impl fmt::Write for Escaping<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let unsafe_in_a_line = |char: char| {
            char.is_control()
                || matches!(char, '\u{61c}' | '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        };
        let mut rest = text;
        while let Some(at) = rest.find(unsafe_in_a_line) {
            let (plain, from) = rest.split_at(at);
            self.0.write_str(plain)?;
            let mut chars = from.chars();
            if let Some(char) = chars.next() {
                write!(self.0, "{}", char.escape_debug())?;
            }
            rest = chars.as_str();
        }
        self.0.write_str(rest)
    }
}

/// The causes of an error, each after a colon.
struct Causes<'a>(Option<&'a (dyn std::error::Error + 'static)>);

impl fmt::Display for Causes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut cause = self.0;
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}
