//! What the stack has found out about a request: [`Facts`].

use std::net::SocketAddr;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crate::middleware::request_id::{RequestId, TraceContext};
use crate::middleware::security_headers::CspNonce;

/// What the stack has found out about a request, for all that stand further in and for the handler. Each fact is written
/// once; who comes later finds what is there.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    request_id: OnceLock<RequestId>,
    /// Whether the request is logged, and what is logged of its handler should have the id.
    is_logged: AtomicBool,
    /// Whether problems tell the id to the client.
    in_problems: AtomicBool,
    /// Behind a box, since few requests have one.
    trace: OnceLock<Box<TraceContext>>,
    forwarded: OnceLock<Forwarded>,
    nonce: OnceLock<CspNonce>,
    /// Whether a middleware keeps the time of the handler.
    keeps_time: AtomicBool,
    /// The largest body that a middleware allows, and one; 0 if none says so.
    body_limit: AtomicUsize,
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
    /// The id of the request, which is made now if it has none.
    pub(crate) fn request_id(&self) -> &RequestId {
        self.request_id.get_or_init(RequestId::make)
    }

    /// The id, if somebody has asked for one.
    #[inline]
    pub(crate) fn known_request_id(&self) -> Option<&RequestId> {
        self.request_id.get()
    }

    /// Takes this id, unless there is one.
    pub(crate) fn accept_request_id(&self, id: RequestId) {
        let _ = self.request_id.set(id);
    }

    pub(crate) fn log(&self) {
        self.is_logged.store(true, Ordering::Relaxed);
    }

    /// The id for what is logged of the handler, when no middleware can settle it otherwise any more.
    #[inline]
    pub(crate) fn request_id_for_log(&self) -> Option<&RequestId> {
        if self.is_logged.load(Ordering::Relaxed) { Some(self.request_id()) } else { self.known_request_id() }
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
        self.trace.get_or_init(|| Box::new(TraceContext::start()))
    }

    /// The trace, if it has one.
    #[inline]
    pub(crate) fn known_trace(&self) -> Option<&TraceContext> {
        self.trace.get().map(|trace| &**trace)
    }

    /// Takes part in this trace, unless there is one.
    pub(crate) fn accept_trace(&self, trace: TraceContext) {
        let _ = self.trace.set(Box::new(trace));
    }

    /// The nonce of the response, which is made now if it has none.
    pub(crate) fn nonce(&self) -> &CspNonce {
        self.nonce.get_or_init(CspNonce::make)
    }

    /// The nonce, if the handler has asked for one.
    pub(crate) fn known_nonce(&self) -> Option<&CspNonce> {
        self.nonce.get()
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

    pub(crate) fn limit_body(&self, most: usize) {
        self.body_limit.store(most.saturating_add(1), Ordering::Relaxed);
    }

    #[inline]
    pub(crate) fn body_limit(&self) -> Option<usize> {
        self.body_limit.load(Ordering::Relaxed).checked_sub(1)
    }

    pub(crate) fn accept_forwarded(&self, forwarded: Forwarded) {
        let _ = self.forwarded.set(forwarded);
    }
}
