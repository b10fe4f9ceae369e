//! The trace that a request belongs to: [`TraceContext`], [W3C Trace Context](https://www.w3.org/TR/trace-context/).

use std::convert::Infallible;
use std::fmt;

use http::{HeaderMap, HeaderName, HeaderValue};

use super::state::joined;
use crate::{FromRequest, RequestContext};

pub(super) const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
pub(super) const TRACESTATE: HeaderName = HeaderName::from_static("tracestate");

/// The flags that are known: the trace is recorded (`sampled`), and its id is random.
const SAMPLED: u8 = 1;
const KNOWN: u8 = SAMPLED | 2;

/// The trace that a request belongs to, as [W3C Trace Context](https://www.w3.org/TR/trace-context/) defines it, and the place
/// of this service in it.
///
/// As an argument it never fails. A request belongs to the trace of whoever has sent it where
/// [`RequestIds::accept_trace`](super::RequestIds::accept_trace) says so; else a new trace is started when somebody asks for it first. In both
/// cases this service gets a new [`span_id`](Self::span_id), which is the parent of the calls that the handler makes.
///
/// ```
/// use cello::middleware::request_id::TraceContext;
/// use cello::prelude::*;
///
/// #[get("/order")]
/// async fn order(trace: TraceContext) -> String {
///     let mut headers = HeaderMap::new(); // those of a request to another service
///     trace.inject(&mut headers);
///     format!("{:?}", headers["traceparent"])
/// }
/// # let client = cello::testing::TestClient::new(App::new(routes![order]));
/// # assert!(client.get("/order").send().text().starts_with("\"00-"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TraceContext {
    trace_id: [u8; 16],
    parent_id: Option<[u8; 8]>,
    span_id: [u8; 8],
    flags: u8,
    state: Option<HeaderValue>,
}

impl TraceContext {
    /// A new trace, which is not recorded as far as this service knows.
    pub(crate) fn start() -> Self {
        Self { trace_id: random(), parent_id: None, span_id: random(), flags: 0, state: None }
    }

    /// The trace that these fields tell of, with a place for this service in it. `None` if they are malformed; a malformed
    /// `tracestate` is left out (section 4.3).
    pub(super) fn read(headers: &HeaderMap) -> Option<Self> {
        let mut parents = headers.get_all(TRACEPARENT).iter();
        let (Some(parent), None) = (parents.next(), parents.next()) else { return None };
        let Parent { trace_id, parent_id, flags } = Parent::parse(parent.as_bytes())?;
        let state = joined(headers.get_all(TRACESTATE).iter().map(HeaderValue::as_bytes));
        Some(Self { trace_id, parent_id: Some(parent_id), span_id: random(), flags: flags & KNOWN, state })
    }

    /// The id of the whole trace, as 32 hexadecimal digits.
    pub fn trace_id(&self) -> String {
        Hex(&self.trace_id).to_string()
    }

    /// The id of this service's own part, as 16 hexadecimal digits: new for each request.
    pub fn span_id(&self) -> String {
        Hex(&self.span_id).to_string()
    }

    /// The id of the part of whoever sent the request, as 16 hexadecimal digits; `None` where the trace begins here.
    pub fn parent_id(&self) -> Option<String> {
        self.parent_id.as_ref().map(|id| Hex(id).to_string())
    }

    /// Whether whoever sent the request may record the trace.
    pub fn is_sampled(&self) -> bool {
        self.flags & SAMPLED != 0
    }

    /// The same trace, which is recorded or not, for a service that decides about it.
    #[must_use]
    pub fn with_sampled(mut self, sampled: bool) -> Self {
        self.flags = self.flags & !SAMPLED | u8::from(sampled);
        self
    }

    /// The `traceparent` field of a call that the handler makes: version 00, this trace, this service's part as the parent.
    pub fn traceparent(&self) -> HeaderValue {
        let text = self.to_string();
        // Digits and dashes may stand in a field.
        HeaderValue::try_from(text).unwrap_or_else(|_| HeaderValue::from_static(""))
    }

    /// The `tracestate` field of a call that the handler makes: as it came.
    pub fn tracestate(&self) -> Option<&HeaderValue> {
        self.state.as_ref()
    }

    /// Writes both fields into the head of a call that the handler makes.
    pub fn inject(&self, headers: &mut HeaderMap) {
        headers.insert(TRACEPARENT, self.traceparent());
        match &self.state {
            Some(state) => headers.insert(TRACESTATE, state.clone()),
            None => headers.remove(TRACESTATE),
        };
    }
}

/// As the value of `traceparent`: `00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01`.
impl fmt::Display for TraceContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "00-{}-{}-{:02x}", Hex(&self.trace_id), Hex(&self.span_id), self.flags)
    }
}

impl FromRequest for TraceContext {
    type Rejection = Infallible;
    type State = ();

    async fn from_request(cx: &mut RequestContext<'_, Self>) -> Result<Self, Infallible> {
        Ok(cx.exchange.call.facts.trace().clone())
    }
}

/// An id by chance, which is never all zeros.
fn random<const N: usize>() -> [u8; N] {
    let mut bytes = crate::random::bytes::<N>();
    bytes[N - 1] |= u8::from(bytes == [0; N]);
    bytes
}

struct Hex<'a>(&'a [u8]);

impl fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// What a `traceparent` says (section 3.2).
#[derive(Debug, PartialEq, Eq)]
struct Parent {
    trace_id: [u8; 16],
    parent_id: [u8; 8],
    flags: u8,
}

impl Parent {
    /// A later version is read as far as it is known: what it adds stands behind a dash.
    fn parse(text: &[u8]) -> Option<Self> {
        let (version, rest) = (hex::<1>(text.get(..2)?)?, text.get(2..)?);
        let is_whole = match (version, rest.get(53)) {
            ([0xff], _) => false,
            ([0], more) => more.is_none(),
            (_, more) => matches!(more, None | Some(b'-')),
        };
        let dashes = [0, 33, 50].iter().all(|at| rest.get(*at) == Some(&b'-'));
        let parent = Self {
            trace_id: hex(rest.get(1..33)?)?,
            parent_id: hex(rest.get(34..50)?)?,
            flags: hex::<1>(rest.get(51..53)?)?[0],
        };
        let names_both = parent.trace_id != [0; 16] && parent.parent_id != [0; 8];
        (is_whole && dashes && names_both).then_some(parent)
    }
}

/// Bytes of lower-case hexadecimal digits.
fn hex<const N: usize>(text: &[u8]) -> Option<[u8; N]> {
    let digit = |byte: &u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
        *byte = digit(&pair[0])? << 4 | digit(&pair[1])?;
    }
    Some(bytes)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "these are tests")]
mod tests {
    use super::*;

    const EXAMPLE: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    fn read(fields: &[(HeaderName, &'static str)]) -> Option<TraceContext> {
        let fields = fields.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value)));
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            headers.append(name, value);
        }
        TraceContext::read(&headers)
    }

    #[test]
    fn a_trace_goes_on_with_a_new_parent() {
        let trace = read(&[(TRACEPARENT, EXAMPLE)]).unwrap();
        assert_eq!(trace.trace_id(), "0af7651916cd43dd8448eb211c80319c");
        assert_eq!(trace.parent_id().as_deref(), Some("b7ad6b7169203331"));
        assert_ne!(trace.span_id(), "b7ad6b7169203331");
        assert!(trace.is_sampled());
        let span = trace.span_id();
        assert_eq!(trace.traceparent(), format!("00-0af7651916cd43dd8448eb211c80319c-{span}-01"));
        assert!(trace.with_sampled(false).to_string().ends_with("-00"));
    }

    #[test]
    fn a_trace_that_starts_here_is_a_trace() {
        let (one, other) = (TraceContext::start(), TraceContext::start());
        assert_ne!(one.trace_id(), other.trace_id());
        assert_eq!(one.parent_id(), None);
        assert!(Parent::parse(one.to_string().as_bytes()).is_some());
    }

    #[test]
    fn what_is_malformed_is_no_trace() {
        for bad in [
            "",
            "00",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-011",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
            "00-0AF7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
            "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01more",
            "0g-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00_0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331_01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0\u{e9}",
        ] {
            assert_eq!(Parent::parse(bad.as_bytes()), None, "{bad}");
        }
        assert_eq!(read(&[(TRACEPARENT, EXAMPLE), (TRACEPARENT, EXAMPLE)]), None, "one field only");
        assert_eq!(read(&[(TRACESTATE, "a=1")]), None);
    }

    #[test]
    fn a_later_version_is_read_as_far_as_it_is_known() {
        for later in [
            "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-ff-what-comes",
        ] {
            let trace = read(&[(TRACEPARENT, later)]).unwrap();
            assert!(trace.to_string().starts_with("00-0af7651916cd43dd8448eb211c80319c-"));
            assert!(["01", "03"].contains(&&trace.to_string()[53..]), "unknown flags are not passed on");
        }
    }

    #[test]
    fn the_state_is_passed_on_unless_it_is_malformed() {
        let with = |state: &'static [&'static str]| {
            let mut fields = vec![(TRACEPARENT, EXAMPLE)];
            fields.extend(state.iter().map(|state| (TRACESTATE, *state)));
            read(&fields).unwrap()
        };
        let trace = with(&["rojo=00f067aa0ba902b7", "congo=t61rcWkgMzE"]);
        let mut headers = HeaderMap::new();
        headers.insert(TRACESTATE, HeaderValue::from_static("stale=1"));
        trace.inject(&mut headers);
        assert_eq!(headers[TRACESTATE], "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE");
        assert_eq!(headers[TRACEPARENT], trace.to_string());
        let without = with(&["Rojo=1"]);
        without.inject(&mut headers);
        assert!(!headers.contains_key(TRACESTATE));
    }
}
