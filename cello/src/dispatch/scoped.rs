//! A handler behind the stacks of its blueprints and its own: [`scoped`].

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll};

use cello_routing::Captures;
use http::request;

use super::exchange::{Exchange, Handling};
use super::settings::Prepared;
use super::{take, within_time};
use crate::middleware::{BoxFuture, Leave, Passed, Passing, Scopes};
use crate::{Body, IntoResponse, Response};

/// What stands behind the members that never wait.
enum Inner<'a> {
    Handler(Handling<'a>),
    /// A stack that may wait, and all that follows it.
    Stack(BoxFuture<'a, Response>),
}

impl Inner<'_> {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Response> {
        match self {
            Self::Handler(handling) => Pin::new(&mut *handling).poll(cx).map(|()| handling.take_response()),
            Self::Stack(future) => future.as_mut().poll(cx),
        }
    }
}

/// Passes these stacks, then handles the request.
///
/// What their members remember for the response lies on the stack of the thread as long as nothing has to wait, so that a handler that
/// answers at once costs no memory more than without them.
pub(super) async fn scoped<'a>(
    scopes: &'a Scopes,
    passing: Passing<'a>,
    route: &'a Prepared,
    captures: &'a Captures,
    parts: &mut request::Parts,
    body: &mut Body,
) -> Response {
    // Dropped last where the request is cancelled: what members hold, they hold for what is further in.
    let mut leave: Option<Leave<'_>> = None;
    let mut exchange = None;
    let mut made = Poll::Pending;
    let mut waiting = None;
    let mut begin = Some((parts, body, (&mut exchange, &mut made)));
    poll_fn(|cx| {
        let Some((parts, body, place)) = begin.take() else {
            let Some(inner) = &mut waiting else { return Poll::Pending };
            let mut polled = Inner::poll(inner, cx);
            if let Poll::Ready(response) = &mut polled
                && let Some(leave) = leave.take()
            {
                waiting = None;
                leave(response);
            }
            return polled;
        };
        let mut place = Some(place);
        let mut response = Response::default();
        let passed =
            scopes.pass(parts, body, passing, &mut response, &mut |parts, body, response, further| {
                let Some((place, made)) = place.take() else { return Passed::Waits(None) };
                let mut inner = match further {
                    Some(further) => {
                        let way = further.handle(take(parts, body), passing);
                        Inner::Stack(within_time(way, passing.call.facts))
                    }
                    None => {
                        let exchange = place.insert(Exchange::new(parts, passing, route, captures));
                        if let Err(problem) = exchange.decode() {
                            *response = passing.call.rendered_for(problem.into_response(), exchange.parts);
                            return Passed::Answered;
                        }
                        Inner::Handler(exchange.handle(body, made))
                    }
                };
                match inner.poll(cx) {
                    Poll::Ready(answer) => {
                        *response = answer;
                        Passed::Answered
                    }
                    Poll::Pending => {
                        waiting = Some(inner);
                        Passed::Waits(None)
                    }
                }
            });
        match passed {
            Passed::Answered => Poll::Ready(response),
            Passed::Waits(then) => {
                leave = then;
                Poll::Pending
            }
        }
    })
    .await
}
