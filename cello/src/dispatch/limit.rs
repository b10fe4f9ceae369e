//! The limit of a body, which holds from where the request is routed: for middleware and fallback service too.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::Body;
use crate::body::Limited;

/// The most bytes that may be read of a body. It is another once the request is routed anew.
#[derive(Debug, Clone)]
pub(super) struct BodyLimit(Arc<AtomicUsize>);

impl BodyLimit {
    /// Sets a limit for the body of a request, unless it is known to be within.
    #[inline]
    pub(super) fn hold(body: &mut Body, most: usize) -> Option<Self> {
        if body.exact_len().is_some_and(|len| len <= most as u64) {
            return None;
        }
        let limit = Self(Arc::new(AtomicUsize::new(most)));
        let unlimited = std::mem::take(body);
        let shared = Arc::clone(&limit.0);
        *body = Body::new(Limited::new(unlimited, move || shared.load(Ordering::Relaxed)));
        Some(limit)
    }

    pub(super) fn set(&self, most: usize) {
        self.0.store(most, Ordering::Relaxed);
    }
}
