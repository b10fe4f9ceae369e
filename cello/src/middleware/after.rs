//! What is done to a response when it comes: [`After`].

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use crate::Response;

pin_project! {
    /// The rest of the stack at work, and what is done to its response. The members of the stack are written with it: the
    /// request passes them at once, where each `async` block would hold it, and the future behind it, twice.
    pub(super) struct After<F, T> {
        #[pin]
        rest: F,
        then: Option<T>,
    }
}

impl<F, T> After<F, T> {
    #[inline]
    pub(super) fn new(rest: F, then: T) -> Self {
        Self { rest, then: Some(then) }
    }
}

impl<F: Future<Output = Response>, T: FnOnce(&mut Response)> Future for After<F, T> {
    type Output = Response;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Response> {
        let this = self.project();
        let mut polled = this.rest.poll(cx);
        if let Poll::Ready(response) = &mut polled
            && let Some(then) = this.then.take()
        {
            then(response);
        }
        polled
    }
}
