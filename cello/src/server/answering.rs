//! The answer to one request of HTTP/1.1: [`Slot`], [`Answering`].
//!
//! hyper takes a request, looks whether its client is still there, and then asks for the answer. The answer is begun when the
//! request is taken: most are there at once, so that nothing is left of the request when hyper looks. The memory into which it
//! has read the head is free again then, and it need not take 8 KiB anew.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::StatusCode;
use http::header::{self, HeaderValue};
use http_body::{Body as HttpBody, Frame, SizeHint};

use super::watch::Watch;
use crate::dispatch::{Turn, Via};
use crate::service::{Served, Turns};
use crate::{Body, BodyError, Response, upgrade};

/// The most bytes of a body that are copied behind the head or the piece before, to be written together with it. It
/// bounds what a connection holds of a large body.
const MOST_AT_ONCE: usize = 32 * 1024;

/// Where requests of one connection are handled: one after the other, in the same memory.
pub(super) struct Slot<'a> {
    app: &'a dyn Served,
    via: &'a Via,
    /// Between two requests.
    kept: Mutex<Option<InSlot<'a>>>,
}

/// The memory in which a request is handled.
pub(super) struct InSlot<'a> {
    /// What handles it. It has the turn meanwhile.
    turns: Pin<Box<dyn Turns + Send + 'a>>,
    turn: Option<Box<Turn>>,
}

/// What is known of a request when it is taken.
#[derive(Debug, Clone, Copy)]
pub(super) struct About {
    pub(super) has_body: bool,
    /// Whether the connection ends with the answer.
    pub(super) closes: bool,
}

impl<'a> Slot<'a> {
    /// For the requests to this application that come this way.
    pub(super) fn new(app: &'a dyn Served, via: &'a Via) -> Self {
        Self { app, via, kept: Mutex::new(None) }
    }

    /// Where the next request is handled.
    #[inline]
    pub(super) fn place(&self) -> (InSlot<'a>, Box<Turn>) {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner).take();
        let mut place = kept.unwrap_or_else(|| InSlot { turns: self.app.turns(self.via), turn: None });
        let turn = place.turn.take().unwrap_or_default();
        (place, turn)
    }

    /// Begins to answer a request, on the task of its connection.
    #[inline]
    pub(super) fn begin<'s>(
        &'s self,
        mut place: InSlot<'a>,
        turn: Box<Turn>,
        about: About,
        watch: &'s Arc<Watch>,
    ) -> Answering<'s, 'a> {
        place.turns.as_mut().begin(turn);
        let mut answering = Answering { slot: self, watch, place: Some(place), closes: about.closes };
        // hyper reads what has come of a body before it asks for the answer, and sends what is held back.
        if !about.has_body
            && !watch.holds()
            && let Some(waker) = watch.waker()
        {
            // If it is not there yet hyper asks again, in this turn or when it can send.
            let _ = answering.ask(&mut Context::from_waker(waker));
        }
        answering
    }
}

/// The answer to one request, on its way to the connection.
pub(super) struct Answering<'s, 'a> {
    slot: &'s Slot<'a>,
    watch: &'s Arc<Watch>,
    /// Until it is answered.
    place: Option<InSlot<'a>>,
    closes: bool,
}

impl Answering<'_, '_> {
    /// Handles the request as far as that goes now.
    #[inline]
    fn ask(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Some(InSlot { turns, turn }) = &mut self.place else { return Poll::Pending };
        if turn.is_none() {
            *turn = Some(ready!(turns.as_mut().poll(cx)));
        }
        Poll::Ready(())
    }
}

impl Future for Answering<'_, '_> {
    type Output = Result<http::Response<Sent>, Infallible>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        ready!(self.ask(cx));
        let Some(mut place) = self.place.take() else { return Poll::Pending };
        let Some(turn) = &mut place.turn else { return Poll::Pending };
        let watch = self.watch;
        let mut response = turn.take_response();
        if response.status() == StatusCode::SWITCHING_PROTOCOLS {
            watch.set_switch(upgrade::switch_of(&mut response));
        } else if self.closes || watch.body_is_given_up() || (watch.is_draining() && watch.may_close()) {
            close_after(&mut response);
        }
        *self.slot.kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(place);
        Poll::Ready(Ok(response.map(|body| Sent { body, watch: Arc::clone(watch) })))
    }
}

fn close_after(response: &mut Response) {
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
}

/// The body of a response on its way: says when it has been handed over.
pub(super) struct Sent {
    body: Body,
    watch: Arc<Watch>,
}

impl HttpBody for Sent {
    type Data = Bytes;
    type Error = BodyError;

    #[inline]
    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        self.body.poll_piece(cx, MOST_AT_ONCE)
    }

    #[inline]
    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    #[inline]
    fn size_hint(&self) -> SizeHint {
        HttpBody::size_hint(&self.body)
    }
}

impl Drop for Sent {
    #[inline]
    fn drop(&mut self) {
        self.watch.answered();
    }
}
