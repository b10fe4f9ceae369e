//! What is being handled on this thread, for messages of code that is not told.

use std::cell::RefCell;
use std::future::{Future, poll_fn};
use std::pin::pin;

use crate::middleware::request_id::RequestId;
use crate::route::RouteMeta;

/// The request whose handler is being polled.
#[derive(Debug, Clone, Default)]
pub(crate) struct Here {
    pub(crate) route: Option<&'static RouteMeta>,
    pub(crate) request_id: Option<RequestId>,
}

thread_local! {
    static HERE: RefCell<Here> = const { RefCell::new(Here { route: None, request_id: None }) };
}

impl Here {
    /// Nothing, outside of handlers.
    pub(crate) fn current() -> Self {
        HERE.with_borrow(Here::clone)
    }

    /// Polls a future here.
    pub(super) async fn run<F: Future>(self, future: F) -> F::Output {
        let mut future = pin!(future);
        poll_fn(|cx| {
            let _here = self.clone().enter();
            future.as_mut().poll(cx)
        })
        .await
    }

    /// Here, until what this gives is dropped.
    #[inline]
    pub(super) fn enter(self) -> Back {
        Back(HERE.replace(self))
    }

    /// Logs an error, on one line whatever the message holds.
    pub(crate) fn log(self, message: std::fmt::Arguments<'_>) {
        let message = crate::error::OneLine(message);
        match self.route {
            Some(route) => tracing::error!(
                target: "cello",
                route = route.pattern(),
                handler = %route.handler(),
                request_id = self.request_id.as_ref().map(tracing::field::display),
                "{message}"
            ),
            None => tracing::error!(target: "cello", "{message}"),
        }
    }
}

/// Restores what was there before, also when the future panics: a handler may run another application within.
pub(super) struct Back(Here);

impl Drop for Back {
    #[inline]
    fn drop(&mut self) {
        HERE.set(std::mem::take(&mut self.0));
    }
}
