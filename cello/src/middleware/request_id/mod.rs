//! What a request is called, here and across services: [`RequestIds`], [`RequestId`], [`TraceContext`].

mod id;
mod state;
mod trace;

use std::fmt;
use std::future::Future;
use std::ops::ControlFlow;
use std::sync::Arc;

use http::{HeaderMap, HeaderName, header, request};

pub use id::RequestId;
pub use trace::TraceContext;

use super::after::never_waits;
use super::fields::lacks;
use super::{Middleware, Passing, Surroundings};
use crate::dispatch::{Call, isolate};
use crate::{Body, Error, Response};

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Tells clients the [`RequestId`] of each request, in a header field and in problems, and decides whose ids and traces
/// ([W3C Trace Context](https://www.w3.org/TR/trace-context/)) are believed.
///
/// ```
/// use cello::prelude::*;
/// use cello::middleware::request_id::Upstream;
///
/// // What `.enable_request_id()` gives.
/// let own = RequestIds::default();
///
/// // Behind a gateway that gives ids and starts traces.
/// let behind = RequestIds::new().accept_id(Upstream::TrustedProxy).accept_trace(Upstream::TrustedProxy);
/// # let _ = (own, behind);
/// ```
///
/// # What it does
/// - **Each request has one id**, the same in the log ([`Logging`](crate::Logging), on whichever side of it this stands), in what is logged of
///   a handler that fails, in the [`RequestId`] that a handler takes, in the response and in problems.
/// - **The response** has it in `x-request-id`, unless a handler has set that field.
/// - **Problems** ([`Problem`](crate::Problem), RFC 9457) made further in have it as the member `request_id`, so that a person can quote it.
/// - **An id of the client** is taken only from whom you name, in one field, of 1 to 128 letters, digits and `-._~+/=:@`. Anything
///   else is as if it were not there: a new id is made.
/// - **A trace of the client** (`traceparent`, `tracestate`) likewise. What is malformed starts a new trace. Handlers get it as a
///   [`TraceContext`], with a new parent id, to pass it on; the log has its `trace_id`.
///
/// Put it outside of what should tell the id: the first of all, or behind [`TrustedProxies`](crate::TrustedProxies), which it asks.
///
/// # Defaults
/// | | |
/// |---|---|
/// | field | `x-request-id`, in responses and, where it is accepted, in requests |
/// | in problems | yes |
/// | ids of clients | nobody's |
/// | traces of clients | nobody's |
/// | new ids | a number by chance for each process, and a counter, of which each thread takes 16 at once: `8c1f60a9b2d4e713-2a` |
///
/// # Cost
/// One field of the response; 16 of them share two blocks of memory. A trace costs nothing until it is accepted or a
/// handler takes it.
#[derive(Clone)]
pub struct RequestIds {
    /// `None` for none in the response.
    name: Option<HeaderName>,
    in_problems: bool,
    ids: Upstream,
    traces: Upstream,
    make: Option<Make>,
    /// The first mistake in the configuration, reported when the application starts.
    fault: Option<String>,
}

/// What no id can stand in without breaking the message.
const OF_HTTP: [HeaderName; 10] = [
    header::CONNECTION,
    header::CONTENT_ENCODING,
    header::CONTENT_LENGTH,
    header::CONTENT_TYPE,
    header::DATE,
    header::HOST,
    header::LOCATION,
    header::SET_COOKIE,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

type Make = Arc<dyn Fn() -> String + Send + Sync>;

/// Whose word is taken for something.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Upstream {
    /// Nobody's.
    #[default]
    Nobody,
    /// That of the proxies which a [`TrustedProxies`](crate::TrustedProxies) further out trusts. Where there is none
    /// the application does not start; where it is an `Option` that a setting has made `None`, nobody's id is accepted.
    TrustedProxy,
    /// Anyone's: of clients too, which may then choose what stands in the log.
    Anyone,
}

impl RequestIds {
    /// As the table of defaults says. The same as `RequestIds::default()`.
    #[must_use]
    pub fn new() -> Self {
        Self {
            name: Some(X_REQUEST_ID),
            in_problems: true,
            ids: Upstream::Nobody,
            traces: Upstream::Nobody,
            make: None,
            fault: None,
        }
    }

    /// The header field, in responses and requests: `x-request-id` by default, `x-correlation-id` in some places.
    #[must_use]
    pub fn header(mut self, name: &str) -> Self {
        match name.parse::<HeaderName>() {
            Ok(name) if OF_HTTP.contains(&name) => {
                let fault = format!(
                    "request ids: `{name}` means something else in HTTP; take one of your own, such as `x-request-id`"
                );
                self.fault.get_or_insert(fault);
            }
            Ok(name) => self.name = Some(name),
            Err(_) => {
                let fault =
                    format!("request ids: {name:?} is no name of a header field, such as `x-request-id`");
                self.fault.get_or_insert(fault);
            }
        }
        self
    }

    /// Sends no field with responses, and reads none of requests.
    #[must_use]
    pub fn no_header(mut self) -> Self {
        self.name = None;
        self
    }

    /// Whether problems tell the id, as the member `request_id`; they do by default.
    #[must_use]
    pub fn in_problems(mut self, on: bool) -> Self {
        self.in_problems = on;
        self
    }

    /// Whose ids are taken for the request's own; nobody's by default.
    #[must_use]
    pub fn accept_id(mut self, from: Upstream) -> Self {
        self.ids = from;
        self
    }

    /// Whose traces the request belongs to; nobody's by default.
    #[must_use]
    pub fn accept_trace(mut self, from: Upstream) -> Self {
        self.traces = from;
        self
    }

    /// Makes new ids otherwise, UUIDs for example. It is called for each request that brings none. What it gives must be of 1 to
    /// 128 letters, digits and `-._~+/=:@`; in place of another, an id of the usual kind is made.
    #[must_use]
    pub fn make_with(mut self, make: impl Fn() -> String + Send + Sync + 'static) -> Self {
        self.make = Some(Arc::new(make));
        self
    }

    /// Takes the id that came with the request, or that a function of the application's makes, unless there is one.
    fn take_given(&self, headers: &HeaderMap, call: &Call<'_>) -> Result<(), isolate::Panic> {
        if call.facts.has_request_id() {
            return Ok(());
        }
        let id = match (self.inbound(headers, call), &self.make) {
            (None, Some(make)) => RequestId::given(&isolate::catch_now(|| make())?),
            (inbound, _) => inbound,
        };
        if let Some(id) = id {
            call.facts.accept_request_id(id);
        }
        Ok(())
    }

    /// The id that came with the request, if it is believed and well-formed.
    fn inbound(&self, headers: &HeaderMap, call: &Call<'_>) -> Option<RequestId> {
        if !self.ids.is_believed(call) {
            return None;
        }
        let mut values = headers.get_all(self.name.as_ref()?).iter();
        let (Some(value), None) = (values.next(), values.next()) else { return None };
        RequestId::given(value.to_str().ok()?)
    }
}

impl Upstream {
    fn is_believed(self, call: &Call<'_>) -> bool {
        match self {
            Self::Nobody => false,
            Self::TrustedProxy => call.facts.forwarded().is_some(),
            Self::Anyone => true,
        }
    }
}

impl Default for RequestIds {
    fn default() -> Self {
        Self::new()
    }
}

impl Middleware for RequestIds {
    never_waits!();

    #[inline]
    fn enter<'a>(
        &'a self,
        head: &mut request::Parts,
        _: &mut Body,
        passing: Passing<'a>,
    ) -> ControlFlow<Response, impl FnOnce(&'a Self, Passing<'a>, &mut Response) + Send + use<'a>> {
        let call = passing.call;
        let facts = call.facts;
        let may_be_given = self.ids != Upstream::Nobody || self.make.is_some();
        if may_be_given && let Err(panic) = self.take_given(&head.headers, call) {
            return ControlFlow::Break(call.answer_to(&panic));
        }
        // What is logged of it has the id too, whoever logs.
        facts.log();
        if self.in_problems {
            facts.put_id_in_problems();
        }
        if self.traces.is_believed(call)
            && let Some(trace) = TraceContext::read(&head.headers)
        {
            facts.accept_trace(trace);
        }
        ControlFlow::Continue(|this: &Self, passing: Passing<'a>, response: &mut Response| {
            if let Some(name) = &this.name
                && lacks(response.headers(), name)
            {
                response.headers_mut().append(name.clone(), passing.call.facts.request_id_header());
            }
        })
    }

    fn check(&self) -> crate::Result<()> {
        if let Some(fault) = &self.fault {
            return Err(Error::msg(fault));
        }
        if self.name.is_none() && self.ids != Upstream::Nobody {
            return Err(Error::msg(
                "request ids: without a header field no id can be accepted; leave out `.no_header()` or `.accept_id(..)`",
            ));
        }
        Ok(())
    }

    fn check_within(&self, around: &mut Surroundings) -> crate::Result<()> {
        let asks = [self.ids, self.traces].contains(&Upstream::TrustedProxy);
        if asks && !around.has_trusted_proxies && !around.proxies_are_off {
            return Err(Error::msg(format!(
                "request ids: those of trusted proxies are accepted, but no `TrustedProxies` stands further out {}; add it before",
                around.place()
            )));
        }
        Ok(())
    }
}

impl fmt::Debug for RequestIds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestIds")
            .field("header", &self.name.as_ref().map(HeaderName::as_str))
            .field("in_problems", &self.in_problems)
            .field("ids", &self.ids)
            .field("traces", &self.traces)
            .finish_non_exhaustive()
    }
}
