//! A request and its response in one place: [`Turn`].

use std::cell::Cell;
use std::mem;
use std::task::Poll;

use http::{StatusCode, request};

use crate::respond::spare;
use crate::{Body, IntoResponse, Problem, Request, Response};

/// A request, and then its response. Both are copied wherever they go, so they stay in a box, which can be used again.
#[derive(Debug)]
pub(crate) struct Turn {
    pub(crate) request: Option<request::Parts>,
    /// Of the request.
    pub(crate) body: Body,
    pub(crate) response: Poll<Response>,
}

thread_local! {
    static SPARE: Cell<Option<Box<Turn>>> = const { Cell::new(None) };
}

impl Turn {
    /// With nothing in it: one that was [kept](Self::keep) on this thread, if there is one.
    #[inline]
    pub(crate) fn empty() -> Box<Self> {
        SPARE.try_with(Cell::take).ok().flatten().unwrap_or_else(Self::fresh)
    }

    #[cold]
    fn fresh() -> Box<Self> {
        Box::default()
    }

    /// Keeps the memory for the next request of this thread, unless somebody has left something in it.
    pub(crate) fn keep(self: Box<Self>) {
        if self.request.is_none() && self.response.is_pending() {
            let _ = SPARE.try_with(|spare| spare.set(Some(self)));
        }
    }

    pub(crate) fn of(request: Request) -> Box<Self> {
        let (request, body) = request.into_parts();
        Box::new(Self { request: Some(request), body, ..Self::default() })
    }

    /// Lets go of the request, which has been answered.
    #[inline(never)] // else it is compiled with each application, beside what hyper has of the same
    pub(crate) fn release_request(&mut self) {
        if let Some(parts) = &mut self.request {
            spare::keep(&mut parts.headers);
        }
        self.request = None;
        self.body.clear();
    }

    /// The response, once there is one.
    #[inline]
    pub(crate) fn take_response(&mut self) -> Response {
        taken(&mut self.response)
    }
}

impl Default for Turn {
    fn default() -> Self {
        Self { request: None, body: Body::empty(), response: Poll::Pending }
    }
}

/// The response that is in this place.
#[inline]
pub(super) fn taken(place: &mut Poll<Response>) -> Response {
    match mem::replace(place, Poll::Pending) {
        Poll::Ready(response) => response,
        Poll::Pending => unanswered(),
    }
}

/// The response where there is none, which does not happen.
#[cold]
pub(crate) fn unanswered() -> Response {
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_has_taken_is_not_there_for_the_next_request() {
        drop(Turn::empty());
        let mut turn = Turn::empty();
        turn.response = Poll::Ready(Response::default());
        turn.keep();
        assert!(Turn::empty().response.is_pending());
        Turn::of(Request::default()).keep();
        assert!(Turn::empty().request.is_none());
        Turn::empty().keep();
        assert!(SPARE.take().is_some(), "the memory goes round");
    }
}
