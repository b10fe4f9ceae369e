//! What is being handled on this thread, for messages of code that is not told.

use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::pin::pin;

use http::StatusCode;

use super::IdForLog;
use super::isolate::Panic;
use crate::middleware::request_id::RequestId;
use crate::route::RouteMeta;
use crate::seldom::Seldom;
use crate::{IntoResponse, Problem, Response};

/// The request whose handler is being polled.
#[derive(Debug, Clone, Default)]
pub(crate) struct Here {
    pub(crate) route: Option<&'static RouteMeta>,
    pub(crate) request_id: Option<RequestId>,
}

/// The same, as it is noted around each poll: plain values, which are replaced in registers.
#[derive(Clone, Copy)]
struct Noted {
    route: Option<&'static RouteMeta>,
    /// Of an id of ours; 0 for none.
    id_number: u64,
}

thread_local! {
    static NOTED: Cell<Noted> = const { Cell::new(Noted { route: None, id_number: 0 }) };
    /// The id of somebody else's, if the number says that there is one.
    static OTHER_ID: RefCell<Option<RequestId>> = const { RefCell::new(None) };
}

/// Stands for the id of somebody else's among the numbers, which are counted from few.
const OTHER: u64 = u64::MAX;

impl Here {
    /// Nothing, outside of handlers.
    pub(crate) fn current() -> Self {
        let Noted { route, id_number } = NOTED.get();
        let request_id = match id_number {
            OTHER => OTHER_ID.with_borrow(Option::clone),
            number => IdForLog::Number(number).id(),
        };
        Self { route, request_id }
    }

    /// Polls a future at this route.
    pub(super) async fn run<F: Future>(
        route: Option<&'static RouteMeta>,
        id: IdForLog<'_>,
        future: F,
    ) -> F::Output {
        let mut future = pin!(future);
        poll_fn(|cx| {
            let _here = Self::enter(route, id);
            future.as_mut().poll(cx)
        })
        .await
    }

    /// At this route, until what this gives is dropped.
    #[inline]
    pub(super) fn enter(route: Option<&'static RouteMeta>, id: IdForLog<'_>) -> Back {
        match id {
            IdForLog::Number(id_number) => {
                Back { noted: NOTED.replace(Noted { route, id_number }), other_id: Seldom::new(None) }
            }
            IdForLog::Other(id) => Self::enter_for_other(route, id),
        }
    }

    #[inline(never)] // few clients bring an id
    fn enter_for_other(route: Option<&'static RouteMeta>, id: &RequestId) -> Back {
        let other_id = Seldom::new(Some(OTHER_ID.replace(Some(id.clone()))));
        Back { noted: NOTED.replace(Noted { route, id_number: OTHER }), other_id }
    }

    /// The 500 for a panic, which is logged.
    pub(super) fn panicked(self, panic: &Panic, who: &str) -> Response {
        self.log(format_args!("{who} panicked: {}", panic.message()));
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR).into_response()
    }

    /// Logs an error, on one line whatever the message holds.
    pub(crate) fn log(self, message: std::fmt::Arguments<'_>) {
        let message = crate::error::OneLine(message);
        tracing::error!(
            target: "cello",
            route = self.route.map(RouteMeta::pattern),
            handler = self.route.map(RouteMeta::handler).map(tracing::field::display),
            request_id = self.request_id.as_ref().map(tracing::field::display),
            "{message}"
        );
    }
}

/// Restores what was there before, also when the future panics: a handler may run another application within.
pub(super) struct Back {
    noted: Noted,
    /// What stood in the place of the id that was noted.
    other_id: Seldom<Option<Option<RequestId>>>,
}

impl Back {
    #[cold]
    fn restore_other(&mut self) {
        if let Some(id) = self.other_id.take() {
            OTHER_ID.set(id);
        }
    }
}

impl Drop for Back {
    #[inline]
    fn drop(&mut self) {
        NOTED.set(self.noted);
        if self.other_id.is_some() {
            self.restore_other();
        }
    }
}
