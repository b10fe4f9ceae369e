//! What is being handled on this thread, for messages of code that is not told.

use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::pin::pin;

use http::StatusCode;

use super::IdForLog;
use super::isolate::Panic;
use crate::middleware::request_id::RequestId;
use crate::route::RouteMeta;
use crate::{IntoResponse, Problem, Response};

/// The request whose handler is being polled.
#[derive(Debug, Clone, Default)]
pub(crate) struct Here {
    pub(crate) route: Option<&'static RouteMeta>,
    pub(crate) request_id: Option<RequestId>,
}

/// The same, as it is noted around each poll: what is a plain value here costs nothing to replace.
#[derive(Debug, Clone, Copy)]
struct Note {
    route: Option<&'static RouteMeta>,
    /// Of an id of ours; 0 for none.
    id_number: u64,
    /// The id is somebody else's, and stands beside.
    has_other_id: bool,
}

const NOWHERE: Note = Note { route: None, id_number: 0, has_other_id: false };

thread_local! {
    static NOTE: Cell<Note> = const { Cell::new(NOWHERE) };
    static OTHER_ID: RefCell<Option<RequestId>> = const { RefCell::new(None) };
}

impl Here {
    /// Nothing, outside of handlers.
    pub(crate) fn current() -> Self {
        let Note { route, id_number, has_other_id } = NOTE.get();
        let request_id =
            if has_other_id { OTHER_ID.with_borrow(Option::clone) } else { IdForLog::Number(id_number).id() };
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
        let (note, other_id) = match id {
            IdForLog::Number(id_number) => (Note { route, id_number, ..NOWHERE }, None),
            IdForLog::Known(id) => (Note { route, has_other_id: true, ..NOWHERE }, Some(id)),
        };
        let other_id = other_id.map(|id| OTHER_ID.replace(Some(id.clone())));
        Back { note: NOTE.replace(note), other_id }
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
    note: Note,
    /// What stood in the place of the id that was noted.
    other_id: Option<Option<RequestId>>,
}

impl Drop for Back {
    #[inline]
    fn drop(&mut self) {
        NOTE.set(self.note);
        if let Some(id) = self.other_id.take() {
            OTHER_ID.set(id);
        }
    }
}
