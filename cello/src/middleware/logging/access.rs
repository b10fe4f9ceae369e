//! One request, as it is logged: [`Access`].

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use http::{Method, StatusCode, Uri, request};

use super::{Choice, Filter, LogLevel, RequestId, TARGET};
use crate::clock::Clock;
use crate::dispatch::isolate::catch_now;
use crate::dispatch::{Call, Facts};
use crate::middleware::request_id::TraceContext;
use crate::middleware::sent::Awaited;
use crate::route::RouteMeta;
use crate::{BodyEnd, Response};

/// The longest path in the log, in bytes.
const MOST_PATH: usize = 1024;

/// One request, as it is logged at its end. [`Logging::filter`](super::Logging::filter) is asked with it.
pub struct Access {
    /// Known when the response is, since a middleware further in may have settled it.
    id: Option<RequestId>,
    trace: Option<String>,
    method: Method,
    uri: Uri,
    route: Option<&'static RouteMeta>,
    status: Option<StatusCode>,
    bytes: u64,
    aborted: bool,
    duration: Duration,
    started: Instant,
    clock: Clock,
    awaited: Awaited,
    choice: Arc<Choice>,
    ended: bool,
}

impl Access {
    /// Its id.
    pub fn request_id(&self) -> RequestId {
        self.id.clone().unwrap_or_else(RequestId::make)
    }

    /// Its method.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// Its path, as sent.
    pub fn path(&self) -> &str {
        self.uri.path()
    }

    /// The route that was found for it, if any.
    pub fn route(&self) -> Option<&'static RouteMeta> {
        self.route
    }

    /// The status of its response; `None` if the client left before there was one.
    pub fn status(&self) -> Option<StatusCode> {
        self.status
    }

    /// The bytes of the body of its response, as far as they were sent.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The time until the body of its response had ended.
    pub fn duration(&self) -> Duration {
        self.duration
    }

    /// Whether the client left, or the body failed, before the end.
    pub fn is_aborted(&self) -> bool {
        self.aborted
    }

    fn begin(
        request: &request::Parts,
        route: Option<&'static RouteMeta>,
        clock: &Clock,
        choice: &Arc<Choice>,
    ) -> Self {
        Self {
            id: None,
            trace: None,
            method: request.method.clone(),
            uri: request.uri.clone(),
            route,
            status: None,
            bytes: 0,
            aborted: false,
            duration: Duration::ZERO,
            started: clock.now(),
            clock: clock.clone(),
            awaited: Awaited::default(),
            choice: Arc::clone(choice),
            ended: false,
        }
    }

    fn answered(&mut self, response: &Response) {
        self.awaited = Awaited::of(&self.method, response);
        self.status = Some(response.status());
    }

    /// Takes over what those further in have settled.
    fn settle(&mut self, facts: &Facts) {
        self.id = Some(facts.request_id().clone());
        self.trace = facts.known_trace().map(TraceContext::trace_id);
    }

    /// The body of the response has ended.
    pub(super) fn end(mut self, end: BodyEnd) {
        self.bytes = end.bytes;
        self.aborted = !self.awaited.has_all(end);
        self.finish();
    }

    fn finish(&mut self) {
        self.ended = true;
        self.duration = self.clock.now().saturating_duration_since(self.started);
        if self.is_chosen() && self.passes_filter() {
            self.log();
        }
    }

    fn is_failure(&self) -> bool {
        self.status.is_some_and(|status| status.is_server_error())
    }

    fn level(&self) -> LogLevel {
        if self.is_failure() { LogLevel::ERROR } else { LogLevel::INFO }
    }

    fn is_chosen(&self) -> bool {
        let excluded = || {
            let named = match self.route {
                Some(route) => route.pattern(),
                None => self.path(),
            };
            self.choice.excluded.iter().any(|pattern| pattern == named.trim_end_matches('/'))
        };
        self.level() <= self.choice.min_level && (self.is_failure() || !excluded())
    }

    fn passes_filter(&self) -> bool {
        // A filter that panics has not said no; it must not end the connection, on whose task the body ends.
        let asked = |filter: &Filter| catch_now(|| filter(self)).unwrap_or(true);
        self.choice.filter.as_ref().is_none_or(asked)
    }

    fn log(&self) {
        macro_rules! event {
            ($level:expr) => {
                tracing::event!(
                    target: TARGET,
                    $level,
                    method = self.method.as_str(),
                    route = self.route.map_or("-", RouteMeta::pattern),
                    path = &*printable(self.path()),
                    status = self.status.map(|status| status.as_u16()),
                    bytes = self.bytes,
                    duration_ms = self.duration.as_micros() as f64 / 1000.0,
                    request_id = %self.request_id(),
                    trace_id = self.trace.as_deref(),
                    aborted = self.aborted,
                    "request"
                )
            };
        }
        if self.is_failure() { event!(LogLevel::ERROR) } else { event!(LogLevel::INFO) }
    }
}

impl Drop for Access {
    /// The request has not come to its end: the client left before there was a response.
    fn drop(&mut self) {
        if !self.ended {
            self.aborted = true;
            self.finish();
        }
    }
}

impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Access")
            .field("request_id", &self.id)
            .field("method", &self.method)
            .field("path", &self.path())
            .field("route", &self.route)
            .field("status", &self.status)
            .field("bytes", &self.bytes)
            .field("duration", &self.duration)
            .field("aborted", &self.aborted)
            .finish()
    }
}

/// A request that is logged and has no response yet.
pub(super) struct Begun<'a> {
    access: Option<Access>,
    facts: &'a Facts,
}

impl<'a> Begun<'a> {
    pub(super) fn new(request: &request::Parts, call: &'a Call<'a>, choice: &Arc<Choice>) -> Self {
        call.facts.log();
        let access = Access::begin(request, call.route(), &call.shared.settings.clock, choice);
        Self { access: Some(access), facts: call.facts }
    }

    /// There is a response, whose end is to be told.
    pub(super) fn answered(mut self, response: &mut Response) {
        let Some(mut access) = self.access.take() else { return };
        access.settle(self.facts);
        access.answered(response);
        let body = std::mem::take(response.body_mut());
        *response.body_mut() = body.on_end(move |end| access.end(end));
    }
}

impl Drop for Begun<'_> {
    fn drop(&mut self) {
        if let Some(access) = &mut self.access {
            access.settle(self.facts);
        }
    }
}

/// A path as it may stand in a log: on one line, every character visible, not too long.
pub(super) fn printable(path: &str) -> Cow<'_, str> {
    if path.len() <= MOST_PATH && path.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Cow::Borrowed(path);
    }
    let mut shown = String::new();
    for char in path.chars() {
        if shown.len() >= MOST_PATH {
            shown.push_str("...");
            break;
        }
        match char {
            '"' | '\'' => shown.push(char),
            other => shown.extend(other.escape_debug()),
        }
    }
    Cow::Owned(shown)
}
