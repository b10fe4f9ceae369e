//! The answer to one request of HTTP/1.1: [`Slot`], [`Answering`].
//!
//! hyper takes a request, looks whether its client is still there, and then asks for the answer. The answer is begun when the
//! request is taken: most are there at once, so that nothing is left of the request when hyper looks. The memory into which it
//! has read the head is free again then, and it need not take 8 KiB anew.

use std::convert::Infallible;
use std::future::Future;
use std::hint::cold_path;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use http::header::{self, HeaderValue};
use http::{StatusCode, Version};

use super::watch::Watch;
use crate::dispatch::{Turn, Via, unanswered};
use crate::lock::lock;
use crate::service::{Served, Turns};
use crate::{Response, upgrade};

/// The most bytes of a body that are copied behind the head or the piece before, to be written together with it. It
/// bounds what a connection holds of a large body.
const MOST_AT_ONCE: usize = 32 * 1024;

/// Where requests of one connection are handled: one after the other, in the same memory.
pub(super) struct Slot<'a> {
    app: &'a dyn Served,
    via: &'a Via,
    /// What handles them, from the first one on.
    turns: Mutex<Option<Pin<Box<dyn Turns + Send + 'a>>>>,
}

/// What is known of a request when it is taken.
#[derive(Debug, Clone, Copy)]
pub(super) struct About {
    pub(super) has_body: bool,
    /// Whether the connection ends with the answer.
    pub(super) closes: bool,
    /// Whether it is one of HTTP/1.0.
    pub(super) is_old: bool,
}

impl<'a> Slot<'a> {
    /// For the requests to this application that come this way.
    pub(super) fn new(app: &'a dyn Served, via: &'a Via) -> Self {
        Self { app, via, turns: Mutex::new(None) }
    }

    /// Begins to answer a request, on the task of its connection.
    #[inline]
    pub(super) fn begin<'s>(
        &'s self,
        turn: Box<Turn>,
        about: About,
        watch: &'s Arc<Watch>,
    ) -> Answering<'s, 'a> {
        let About { has_body, closes, is_old } = about;
        let stage = match watch.waker() {
            // If it is not there yet hyper asks again, in this turn or when it can send.
            Some(waker) if !has_body => self.go_on(Some(turn), &mut Context::from_waker(waker)).into(),
            // hyper reads what has come of a body before it asks for the answer.
            _ => Stage::Taken(turn),
        };
        Answering { slot: self, watch, stage, closes, is_old }
    }

    /// Goes on with the request that is handled, or begins with this one.
    #[inline(always)] // called at two places, of which nearly all requests pass one
    fn go_on(&self, turn: Option<Box<Turn>>, cx: &mut Context<'_>) -> Poll<Box<Turn>> {
        let mut turns = lock(&self.turns);
        let turns = turns.get_or_insert_with(|| self.app.turns(self.via));
        turns.as_mut().go_on(turn, cx)
    }
}

/// The answer to one request, on its way to the connection.
pub(super) struct Answering<'s, 'a> {
    slot: &'s Slot<'a>,
    watch: &'s Arc<Watch>,
    stage: Stage,
    closes: bool,
    is_old: bool,
}

/// How far a request has come.
enum Stage {
    Taken(Box<Turn>),
    Handled,
    Answered(Box<Turn>),
}

impl From<Poll<Box<Turn>>> for Stage {
    #[inline]
    fn from(handled: Poll<Box<Turn>>) -> Self {
        match handled {
            Poll::Ready(turn) => Self::Answered(turn),
            Poll::Pending => Self::Handled,
        }
    }
}

impl Answering<'_, '_> {
    /// Handles the request as far as that goes now.
    #[inline(never)] // most answers are there when they are asked for
    fn ask(&mut self, cx: &mut Context<'_>) {
        let begun = match std::mem::replace(&mut self.stage, Stage::Handled) {
            Stage::Taken(turn) => Some(turn),
            Stage::Handled => None,
            answered @ Stage::Answered(_) => {
                self.stage = answered;
                return;
            }
        };
        self.stage = self.slot.go_on(begun, cx).into();
    }
}

impl Future for Answering<'_, '_> {
    type Output = Result<Response, Infallible>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        if !matches!(this.stage, Stage::Answered(_)) {
            this.ask(cx);
        }
        let (watch, Stage::Answered(turn)) = (this.watch, &mut this.stage) else { return Poll::Pending };
        if turn.response.is_pending() {
            turn.response = Poll::Ready(unanswered());
        }
        let Poll::Ready(response) = &mut turn.response else { return Poll::Pending };
        // What is handed on of another server may have the version of that, which hyper would say, or panic at.
        *response.version_mut() = Version::HTTP_11;
        if response.status() == StatusCode::SWITCHING_PROTOCOLS {
            cold_path();
            watch.set_switch(upgrade::switch_of(response));
        } else {
            if this.closes || watch.body_is_given_up() || (watch.is_draining() && watch.may_close()) {
                close_after(response);
            }
            if this.is_old {
                withhold_keep_alive(response);
            }
        }
        // hyper takes one that is short together with the head, before it does anything else.
        response.body_mut().send_by(watch, MOST_AT_ONCE);
        // The last that is done, so that it is copied at once to where hyper wants it.
        std::mem::replace(&mut turn.response, Poll::Pending).map(Ok)
    }
}

impl Drop for Answering<'_, '_> {
    /// Once hyper has the response, its place is free.
    #[inline]
    fn drop(&mut self) {
        if let Stage::Answered(turn) = std::mem::replace(&mut self.stage, Stage::Handled) {
            turn.keep();
        }
    }
}

#[cold]
fn close_after(response: &mut Response) {
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
}

/// hyper adds `keep-alive` for a client of HTTP/1.0 that has asked for it, though the response says `close`, or though the end of the
/// body is that of the connection. It does not do so to a response of HTTP/1.0.
#[cold]
fn withhold_keep_alive(response: &mut Response) {
    let said = response.headers().get_all(header::CONNECTION).iter();
    let mut options = said.flat_map(|said| said.as_bytes().split(|byte| *byte == b','));
    let closes = options.any(|option| option.trim_ascii().eq_ignore_ascii_case(b"close"));
    let has_length =
        response.body().exact_len().is_some() || response.headers().contains_key(header::CONTENT_LENGTH);
    if closes || !has_length {
        *response.version_mut() = Version::HTTP_10;
    }
}
