//! A future that may take no longer than a given time: [`Timed`].

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use http::StatusCode;
use pin_project_lite::pin_project;
use tokio::time::{Sleep, sleep};

use crate::{IntoResponse, Problem, Response};

pin_project! {
    /// A future within an exact time; `None` if it takes too long. The timer is set when it first has to wait: who never waits
    /// pays for none.
    pub(crate) struct Timed<F> {
        #[pin]
        future: F,
        limit: Duration,
        // In a box, since few need it, and the future is copied.
        timer: Option<Pin<Box<Sleep>>>,
    }
}

impl<F> Timed<F> {
    pub(crate) fn new(limit: Duration, future: F) -> Self {
        Self { future, limit, timer: None }
    }
}

impl<F: Future> Future for Timed<F> {
    type Output = Option<F::Output>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        if let Poll::Ready(output) = this.future.poll(cx) {
            return Poll::Ready(Some(output));
        }
        let timer = this.timer.get_or_insert_with(|| Box::pin(sleep(*this.limit)));
        timer.as_mut().poll(cx).map(|()| None)
    }
}

/// The 503 for a handler that took longer than this.
pub(crate) fn took_too_long(limit: Duration) -> Response {
    Problem::new(StatusCode::SERVICE_UNAVAILABLE)
        .with_detail(format!("the handler did not finish within {limit:?}"))
        .into_response()
}
