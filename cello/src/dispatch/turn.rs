//! A request and its response in one place: [`Turn`].

use std::cell::Cell;
use std::mem;
use std::task::Poll;

use http::{StatusCode, request};

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
        SPARE.try_with(Cell::take).ok().flatten().unwrap_or_default()
    }

    /// The response, once there is one. The memory is kept for the next request.
    #[inline(always)] // the response is copied
    pub(crate) fn finish(mut self: Box<Self>) -> Response {
        let response = self.take_response();
        let _ = SPARE.try_with(|spare| spare.set(Some(self)));
        response
    }

    pub(crate) fn of(request: Request) -> Box<Self> {
        let (request, body) = request.into_parts();
        Box::new(Self { request: Some(request), body, ..Self::default() })
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
        Poll::Pending => Problem::new(StatusCode::INTERNAL_SERVER_ERROR).into_response(),
    }
}
