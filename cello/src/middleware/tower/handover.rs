//! How a request comes out of a layered service, which lives long, into the rest of the stack, which is borrowed.
//!
//! Both run beside each other in the middleware's own future: [`Beside`] polls the layered service, whose end hands the request over to it and
//! waits; then it polls the rest of the stack, and hands back the response. Wakers do the rest, so the end of the service
//! may be polled on any task.

use std::convert::Infallible;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use http::StatusCode;
use pin_project_lite::pin_project;
use tokio::sync::oneshot;

use crate::error::log_failure;
use crate::lock::lock;
use crate::{IntoResponse, Problem, Request, Response};

/// A request on its way to the rest of the stack, and where the response goes.
pub(super) struct Handed {
    request: Request,
    answer: oneshot::Sender<Response>,
}

/// The way to the rest of the stack, which can be gone once. It travels in the extensions of the request, and so is `Clone`.
#[derive(Clone)]
pub(super) struct Way(Arc<Mutex<Option<oneshot::Sender<Handed>>>>);

/// A way, and where it ends.
pub(super) fn handover() -> (Way, oneshot::Receiver<Handed>) {
    let (sender, receiver) = oneshot::channel();
    (Way(Arc::new(Mutex::new(Some(sender)))), receiver)
}

impl Way {
    /// Hands the request over; where its response will be.
    fn hand_over(&self, request: Request) -> Result<oneshot::Receiver<Response>, Fault> {
        let sender = lock(&self.0).take().ok_or(Fault::Again)?;
        let (answer, response) = oneshot::channel();
        match sender.send(Handed { request, answer }) {
            Ok(()) => Ok(response),
            Err(_) => Err(Fault::Over),
        }
    }
}

/// The future of [`Tail`](super::Tail): the response of the rest of the stack. As an `async fn` it does nothing before it is polled.
pub struct Rest(State);

enum State {
    Begin(Box<(Request, Option<Way>)>),
    Waiting(oneshot::Receiver<Response>),
    Done,
}

impl Rest {
    pub(super) fn new(request: Request, way: Option<Way>) -> Self {
        Self(State::Begin(Box::new((request, way))))
    }
}

impl Future for Rest {
    type Output = Result<Response, Infallible>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let begun = match std::mem::replace(&mut self.0, State::Done) {
            State::Begin(begin) => {
                let (request, way) = *begin;
                way.ok_or(Fault::NoWay).and_then(|way| way.hand_over(request))
            }
            State::Waiting(response) => Ok(response),
            State::Done => return Poll::Pending,
        };
        let polled = match begun {
            Ok(mut response) => match Pin::new(&mut response).poll(cx) {
                Poll::Ready(answered) => answered.map_err(|_| Fault::Over),
                Poll::Pending => {
                    self.0 = State::Waiting(response);
                    return Poll::Pending;
                }
            },
            Err(fault) => Err(fault),
        };
        Poll::Ready(Ok(polled.unwrap_or_else(Fault::answer)))
    }
}

impl fmt::Debug for Rest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Rest")
    }
}

/// Why there is no response of the rest of the stack.
#[derive(Debug, Clone, Copy)]
enum Fault {
    NoWay,
    Again,
    /// Nobody waits for the response any more: the request has been answered otherwise, or its client went away.
    Over,
}

impl Fault {
    #[cold]
    fn answer(self) -> Response {
        let status = match self {
            Self::NoWay => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Again | Self::Over => StatusCode::SERVICE_UNAVAILABLE,
        };
        if !matches!(self, Self::Over) {
            log_failure("a tower layer", &self);
        }
        Problem::new(status).into_response()
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoWay => {
                "it called its inner service with a request that lacks the extensions of the one it was given; it should keep them"
            }
            Self::Again => {
                "it called its inner service twice for one request; the rest of the stack runs once, so retry where requests are sent"
            }
            Self::Over => "it called its inner service for a request that nobody waits for",
        })
    }
}

impl std::error::Error for Fault {}

pin_project! {
    /// A layered service at work, and the rest of the stack beside it as soon as the request has come out.
    pub(super) struct Beside<L, N, F> {
        #[pin]
        layered: L,
        // `None` when the request has come out, or never will.
        waiting: Option<(oneshot::Receiver<Handed>, N)>,
        #[pin]
        rest: Option<F>,
        answer: Option<oneshot::Sender<Response>>,
    }
}

impl<L, N, F> Beside<L, N, F> {
    pub(super) fn new(layered: L, handed: oneshot::Receiver<Handed>, rest: N) -> Self {
        Self { layered, waiting: Some((handed, rest)), rest: None, answer: None }
    }
}

impl<L, N, F> Future for Beside<L, N, F>
where
    L: Future,
    N: FnOnce(Request) -> F,
    F: Future<Output = Response>,
{
    type Output = L::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<L::Output> {
        let mut this = self.project();
        loop {
            if let Poll::Ready(output) = this.layered.as_mut().poll(cx) {
                return Poll::Ready(output);
            }
            if let Some((mut handed, rest)) = this.waiting.take() {
                match Pin::new(&mut handed).poll(cx) {
                    Poll::Ready(Ok(Handed { request, answer })) => {
                        this.rest.set(Some(rest(request)));
                        *this.answer = Some(answer);
                    }
                    // The layer has dropped the request, and will answer without it.
                    Poll::Ready(Err(_)) => return Poll::Pending,
                    Poll::Pending => {
                        *this.waiting = Some((handed, rest));
                        return Poll::Pending;
                    }
                }
            }
            let (Some(rest), Some(answer)) = (this.rest.as_mut().as_pin_mut(), this.answer.as_mut()) else {
                return Poll::Pending;
            };
            let polled = rest.poll(cx);
            // Nobody waits for it: the layer has dropped the future of its inner service, and will answer without it.
            let is_dropped = polled.is_pending() && answer.poll_closed(cx).is_ready();
            match polled {
                Poll::Ready(response) => {
                    this.rest.set(None);
                    if let Some(answer) = this.answer.take() {
                        let _ = answer.send(response);
                    }
                }
                Poll::Pending if is_dropped => {
                    this.rest.set(None);
                    *this.answer = None;
                    return Poll::Pending;
                }
                Poll::Pending => return Poll::Pending,
            }
        }
    }
}
