//! The log of requests: [`Logging`].

mod access;
mod output;
mod text;

use std::fmt;
use std::future::Future;
use std::ops::ControlFlow;
use std::sync::Arc;

use http::request;
pub use tracing::Level as LogLevel;

pub use super::request_id::RequestId;
pub use access::Access;
use access::Begun;
pub use output::{LogFormat, LogOutput, UnknownLogFormat};

use super::after::never_waits;
use super::{Middleware, Passing};
use crate::{Body, Error, Response};

/// The target of the events of requests: `cello::access`.
pub const TARGET: &str = "cello::access";

/// A pattern or a path that [`Logging::exclude`] takes: every text.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the pattern of one route",
    label = "expected a text such as `\"/health/live\"`",
    note = "help: write one `.exclude(...)` for each pattern; requests are chosen by a function with `.filter(|access| ...)`"
)]
pub trait OnePattern: Into<String> {}

#[diagnostic::do_not_recommend]
impl<P: Into<String>> OnePattern for P {}

/// Logs one [`tracing`] event for each request, when the last byte of its response has been handed over, or when the
/// client went away.
///
/// ```
/// use cello::prelude::*;
/// use cello::middleware::logging::LogFormat;
///
/// // What `.enable_logging()` gives.
/// let usual = Logging::default();
///
/// let json = Logging::new().format(LogFormat::Json).exclude("/health/live");
/// let slow = Logging::new().filter(|access| access.duration().as_millis() >= 500);
/// # let _ = (usual, json, slow);
/// ```
///
/// # The event
/// Its target is [`cello::access`](TARGET), its message `request`. Its level is `ERROR` for a status from 500, else `INFO`.
///
/// | field | what |
/// |---|---|
/// | `method` | the method |
/// | `route` | the pattern of the route that was found, `-` if none was |
/// | `path` | the path as sent, never the query; shortened to 1,024 bytes; characters that do not print are escaped, so that no request can forge a line |
/// | `status` | the status; absent if the client left before there was one |
/// | `bytes` | the bytes of the body, as they left this middleware: inside [`Compression`](crate::Compression) not compressed, outside compressed |
/// | `duration_ms` | milliseconds from here until the body had ended, with three decimals |
/// | `request_id` | the [`RequestId`], which handlers can take as an argument |
/// | `trace_id` | the id of the trace that the request belongs to, if a handler has taken its [`TraceContext`](super::request_id::TraceContext) or it came with the request |
/// | `aborted` | whether the client left, or the body failed, before the end |
///
/// `bytes`, `duration_ms` and `aborted` tell how the body was handed over to the connection, which is the last that a program
/// learns: the system may still hold what the client has not received, or never will.
///
/// Nothing else of the request is logged: no query, no header, no address. They hold secrets and personal data.
///
/// # Where it goes
/// To the program's own subscriber, if there is one. If there is none when the application starts
/// ([`run`](crate::Application::run), [`serve`](crate::Application::serve), [`into_service`](crate::Application::into_service); not when
/// it is put together, since `main` may install one afterwards, and not in a [test client](crate::testing::TestClient)), one is installed that
/// prints all events of the program, line by line. If two `Logging` differ, the outermost decides. Printing waits for the output:
/// a program whose output can stall installs a subscriber of its own.
///
/// # Defaults
/// [`LogFormat::Text`] on [`LogOutput::Stdout`], where `run` prints nothing else; from `INFO`; all requests.
///
/// # Cost
/// Nothing without a subscriber that listens. Else three small allocations, and what the subscriber does.
#[derive(Clone, Default)]
pub struct Logging {
    format: LogFormat,
    output: LogOutput,
    choice: Arc<Choice>,
    /// The first mistake in the configuration, reported when the application starts.
    fault: Option<String>,
}

type Filter = Arc<dyn Fn(&Access) -> bool + Send + Sync>;

/// Which requests are logged.
#[derive(Clone)]
struct Choice {
    min_level: LogLevel,
    excluded: Vec<String>,
    filter: Option<Filter>,
}

impl Default for Choice {
    fn default() -> Self {
        Self { min_level: LogLevel::INFO, excluded: Vec::new(), filter: None }
    }
}

impl Logging {
    /// All requests, as text, on standard output. The same as `Logging::default()`.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Prints as JSON, one object to a line: the same as `.format(LogFormat::Json)`.
    #[must_use]
    pub fn json(self) -> Self {
        self.format(LogFormat::Json)
    }

    /// How to print, where the program has no subscriber of its own. [`LogFormat::Text`] by default.
    #[must_use]
    pub fn format(mut self, format: LogFormat) -> Self {
        self.format = format;
        self
    }

    /// Where to print, where the program has no subscriber of its own. [`LogOutput::Stdout`] by default.
    #[must_use]
    pub fn output(mut self, output: LogOutput) -> Self {
        self.output = output;
        self
    }

    /// Logs only requests of this level or a graver one; `LogLevel::ERROR` leaves those with a status from 500.
    /// Where the program has no subscriber of its own, its other events are printed from this level too.
    /// [`LogLevel::INFO`] by default.
    #[must_use]
    pub fn min_level(mut self, level: LogLevel) -> Self {
        self.choose().min_level = level;
        self
    }

    /// Does not log requests for this route, given by its whole pattern: `/health/live`, `/users/<id>`. Where no route
    /// is found, it is the path. A slash at the end does not count.
    ///
    /// They are logged nevertheless if their status is 500 or above: a health check that fails is news.
    #[must_use]
    pub fn exclude(mut self, pattern: impl OnePattern) -> Self {
        let pattern: String = pattern.into();
        if !pattern.starts_with('/') {
            self.fault.get_or_insert_with(|| {
                format!("logging: {pattern:?} cannot be excluded: a pattern or path begins with `/`")
            });
        }
        self.choose().excluded.push(pattern.trim_end_matches('/').to_owned());
        self
    }

    /// Logs only requests for which this function says so, of those that are logged otherwise. It is asked at the end.
    #[must_use]
    pub fn filter(mut self, filter: impl Fn(&Access) -> bool + Send + Sync + 'static) -> Self {
        let choice = self.choose();
        choice.filter = Some(match choice.filter.take() {
            None => Arc::new(filter),
            Some(earlier) => Arc::new(move |access| earlier(access) && filter(access)),
        });
        self
    }

    fn choose(&mut self) -> &mut Choice {
        Arc::make_mut(&mut self.choice)
    }
}

impl Middleware for Logging {
    never_waits!();

    #[inline]
    fn enter<'a>(
        &'a self,
        head: &mut request::Parts,
        _: &mut Body,
        passing: Passing<'a>,
    ) -> ControlFlow<Response, impl FnOnce(&'a Self, Passing<'a>, &mut Response) + Send + use<'a>> {
        let is_heard = tracing::enabled!(target: TARGET, LogLevel::ERROR);
        // Boxed, so that who is not heard carries nothing.
        let begun = is_heard.then(|| Box::new(Begun::new(head, passing.call, &self.choice)));
        ControlFlow::Continue(|_: &Self, _: Passing<'a>, response: &mut Response| {
            if let Some(begun) = begun {
                begun.answered(response);
            }
        })
    }

    fn check(&self) -> crate::Result<()> {
        self.fault.clone().map_or(Ok(()), |fault| Err(Error::msg(fault)))
    }

    fn start(&self) {
        output::install(self.format, self.output, self.choice.min_level);
    }
}

impl fmt::Debug for Logging {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Logging")
            .field("format", &self.format)
            .field("output", &self.output)
            .field("min_level", &self.choice.min_level)
            .field("excluded", &self.choice.excluded)
            .finish_non_exhaustive()
    }
}
