//! The limit of a body, which holds from where the request is routed: for middleware and fallback service too.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};

use crate::{Body, BodyError};

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
        *body = Body::new(Limited { body: unlimited, limit: limit.clone(), read: 0 });
        Some(limit)
    }

    pub(super) fn set(&self, most: usize) {
        self.0.store(most, Ordering::Relaxed);
    }
}

struct Limited {
    body: Body,
    limit: BodyLimit,
    read: usize,
}

impl HttpBody for Limited {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let this = self.get_mut();
        let frame = ready!(Pin::new(&mut this.body).poll_frame(cx));
        if let Some(Ok(frame)) = &frame {
            let limit = this.limit.0.load(Ordering::Relaxed);
            this.read = this.read.saturating_add(frame.data_ref().map_or(0, Bytes::len));
            if this.read > limit {
                this.body = Body::empty();
                return Poll::Ready(Some(Err(BodyError::TooLarge { limit })));
            }
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
