//! What the stack has found out about a request: [`Facts`].

use std::net::SocketAddr;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use http::HeaderValue;

use crate::middleware::request_id::{RequestId, TraceContext};
use crate::middleware::security_headers::CspNonce;
use crate::seldom::Seldom;

/// What the stack has found out about a request, for all that stand further in and for the handler. Each fact is written
/// once; who comes later finds what is there.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    /// The number of an id of ours, 0 for none: all that most requests need of it.
    id_number: AtomicU64,
    /// The id of somebody else's, or ours for who wants to look at it.
    request_id: Seldom<OnceLock<RequestId>>,
    /// What few requests have.
    rare: Seldom<OnceLock<Box<Rare>>>,
    /// Whether the request is logged, or the client told its id: what is logged of its handler should have it then.
    is_logged: AtomicBool,
    /// Whether problems tell the id to the client.
    in_problems: AtomicBool,
    forwarded: OnceLock<Forwarded>,
    /// Whether a middleware keeps the time of the handler.
    keeps_time: AtomicBool,
    /// The time that a middleware has set for the handler, which one that is (where it lies), and whether the handler has exceeded it.
    time_limit: AtomicTime,
    time_keeper: AtomicUsize,
    is_late: AtomicBool,
    /// The largest body that a middleware allows, and one; 0 if none says so.
    body_limit: AtomicUsize,
    /// Whether no attribute states a limit further in than where the request is, and than where the limit above was said.
    is_near: AtomicBool,
    body_limit_is_near: AtomicBool,
}

/// What few requests have.
#[derive(Debug, Default)]
struct Rare {
    trace: OnceLock<TraceContext>,
    nonce: OnceLock<CspNonce>,
}

/// The id of a request, for what its handler logs.
#[derive(Debug, Clone, Copy)]
pub(crate) enum IdForLog<'a> {
    /// One of ours, 0 for none.
    Number(u64),
    /// Somebody else's.
    Other(&'a RequestId),
}

impl IdForLog<'_> {
    /// The id, if there is one.
    pub(super) fn id(self) -> Option<RequestId> {
        match self {
            Self::Number(0) => None,
            Self::Number(number) => Some(RequestId::numbered(number)),
            Self::Other(id) => Some(id.clone()),
        }
    }
}

/// What a trusted proxy says of the request that it got.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Forwarded {
    /// Whose request it is.
    pub(crate) client: Option<SocketAddr>,
    /// Whether it came by TLS.
    pub(crate) is_https: Option<bool>,
}

impl Facts {
    #[inline]
    fn rare(&self) -> Option<&Rare> {
        self.rare.get().map(|rare| &**rare)
    }

    fn rare_now(&self) -> &Rare {
        self.rare.get_or_init(Box::default)
    }

    /// The id of the request, which is made now if it has none.
    pub(crate) fn request_id(&self) -> &RequestId {
        self.request_id.get_or_init(|| RequestId::numbered(self.id_number()))
    }

    /// The id, if somebody has asked for one.
    pub(crate) fn known_request_id(&self) -> Option<&RequestId> {
        self.has_request_id().then(|| self.request_id())
    }

    #[inline]
    pub(crate) fn has_request_id(&self) -> bool {
        self.id_number.load(Ordering::Relaxed) != 0 || self.request_id.get().is_some()
    }

    /// Takes this id, unless there is one.
    pub(crate) fn accept_request_id(&self, id: RequestId) {
        if !self.has_request_id() {
            let _ = self.request_id.set(id);
        }
    }

    /// The id as the value of a header field; it is made now if there is none.
    #[inline]
    pub(crate) fn request_id_header(&self) -> HeaderValue {
        match self.request_id.get() {
            Some(id) => id.to_header(),
            None => RequestId::header(self.id_number()),
        }
    }

    /// The id for what is logged of the handler, when no middleware can settle it otherwise any more.
    #[inline]
    pub(crate) fn id_for_log(&self) -> IdForLog<'_> {
        match self.id_number.load(Ordering::Relaxed) {
            0 => self.other_id_for_log(),
            number => IdForLog::Number(number),
        }
    }

    /// The same where no number is drawn yet.
    #[inline]
    fn other_id_for_log(&self) -> IdForLog<'_> {
        match self.request_id.get() {
            Some(id) => IdForLog::Other(id),
            None if self.is_logged.load(Ordering::Relaxed) => IdForLog::Number(self.id_number()),
            None => IdForLog::Number(0),
        }
    }

    /// The number of the id, which is drawn now if there is none.
    #[inline]
    fn id_number(&self) -> u64 {
        match self.id_number.load(Ordering::Relaxed) {
            0 => {
                let new = RequestId::next_number();
                let drawn = self.id_number.compare_exchange(0, new, Ordering::Relaxed, Ordering::Relaxed);
                drawn.map_or_else(|earlier| earlier, |_| new)
            }
            number => number,
        }
    }

    pub(crate) fn log(&self) {
        self.is_logged.store(true, Ordering::Relaxed);
    }

    pub(crate) fn put_id_in_problems(&self) {
        self.in_problems.store(true, Ordering::Relaxed);
    }

    #[inline]
    pub(crate) fn id_is_in_problems(&self) -> bool {
        self.in_problems.load(Ordering::Relaxed)
    }

    /// The trace of the request, which is started now if it has none.
    pub(crate) fn trace(&self) -> &TraceContext {
        self.rare_now().trace.get_or_init(TraceContext::start)
    }

    /// The trace, if it has one.
    #[inline]
    pub(crate) fn known_trace(&self) -> Option<&TraceContext> {
        self.rare()?.trace.get()
    }

    /// Takes part in this trace, unless there is one.
    pub(crate) fn accept_trace(&self, trace: TraceContext) {
        let _ = self.rare_now().trace.set(trace);
    }

    /// The nonce of the response, which is made now if it has none.
    pub(crate) fn nonce(&self) -> &CspNonce {
        self.rare_now().nonce.get_or_init(CspNonce::make)
    }

    /// The nonce, if the handler has asked for one.
    pub(crate) fn known_nonce(&self) -> Option<&CspNonce> {
        self.rare()?.nonce.get()
    }

    /// What a trusted proxy says; `None` if none has brought the request.
    #[inline]
    pub(crate) fn forwarded(&self) -> Option<&Forwarded> {
        self.forwarded.get()
    }

    /// Says that the time of the handler is kept by whoever asks.
    pub(crate) fn keep_time(&self) {
        self.keeps_time.store(true, Ordering::Relaxed);
    }

    pub(crate) fn keeps_time(&self) -> bool {
        self.keeps_time.load(Ordering::Relaxed)
    }

    /// Gives the handler no more than this time, as this middleware wants it. It is for whoever runs the handler to keep it.
    pub(crate) fn limit_time<M>(&self, most: Duration, keeper: &M) {
        self.keep_time();
        if self.time_limit().is_none_or(|limit| most <= limit) {
            self.time_limit.set(Some(most));
            self.time_keeper.store(address(keeper), Ordering::Relaxed);
        }
    }

    #[inline]
    pub(crate) fn time_limit(&self) -> Option<Duration> {
        self.time_limit.get()
    }

    /// The same and whose it is, for who keeps it in place of all others.
    pub(super) fn take_time_limit(&self) -> Option<(Duration, usize)> {
        let limit = self.time_limit()?;
        self.time_limit.set(None);
        Some((limit, self.time_keeper.load(Ordering::Relaxed)))
    }

    /// Whether the handler has exceeded the time of a middleware that does not know it yet.
    #[inline]
    pub(crate) fn is_late(&self) -> bool {
        self.is_late.load(Ordering::Relaxed)
    }

    /// Whether the handler has exceeded the time of this middleware.
    #[inline]
    pub(crate) fn is_late_for<M>(&self, keeper: &M) -> bool {
        self.is_late() && self.time_keeper.load(Ordering::Relaxed) == address(keeper)
    }

    /// Says whether the handler has exceeded its time. That it has is known until the middleware that has set the time knows.
    pub(crate) fn set_late(&self, is_late: bool) {
        self.is_late.store(is_late, Ordering::Relaxed);
    }

    /// Says that the handler has exceeded a time that was [taken](Self::take_time_limit), and whose.
    pub(super) fn set_late_for(&self, keeper: usize) {
        self.time_keeper.store(keeper, Ordering::Relaxed);
        self.set_late(true);
    }

    pub(crate) fn limit_body(&self, most: usize) {
        self.body_limit.store(most.saturating_add(1), Ordering::Relaxed);
        self.body_limit_is_near.store(self.is_near.load(Ordering::Relaxed), Ordering::Relaxed);
    }

    /// Says that no attribute further in states a limit for the body.
    pub(crate) fn come_near(&self) {
        self.is_near.store(true, Ordering::Relaxed);
    }

    #[inline]
    pub(crate) fn body_limit_is_near(&self) -> bool {
        self.body_limit_is_near.load(Ordering::Relaxed)
    }

    #[inline]
    pub(crate) fn body_limit(&self) -> Option<usize> {
        self.body_limit.load(Ordering::Relaxed).checked_sub(1)
    }

    pub(crate) fn accept_forwarded(&self, forwarded: Forwarded) {
        let _ = self.forwarded.set(forwarded);
    }
}

fn address<M>(of: &M) -> usize {
    std::ptr::from_ref(of).addr()
}

/// A time that may be missing, in nanoseconds; 0 if it is. More than 584 years are as many.
#[derive(Debug, Default)]
struct AtomicTime(AtomicU64);

impl AtomicTime {
    #[inline]
    fn get(&self) -> Option<Duration> {
        Some(self.0.load(Ordering::Relaxed)).filter(|time| *time > 0).map(Duration::from_nanos)
    }

    fn set(&self, time: Option<Duration>) {
        let time = time.map_or(0, |time| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX).max(1));
        self.0.store(time, Ordering::Relaxed);
    }
}
