//! One request at its handler: [`Exchange`].

use std::fmt;
use std::future::Future;
use std::hint::cold_path;
use std::mem::forget;
use std::pin::Pin;
use std::sync::OnceLock;
use std::task::{Context, Poll};

use cello_routing::Captures;
use http::{StatusCode, request};
use percent_encoding::percent_decode_str;

use super::framing::refuse_interim;
use super::here::{Back, Here};
use super::isolate::catch_now;
use super::settings::{BodyLimits, Prepared};
use super::turn::taken;
use super::via::HandlerTime;
use super::{Call, guarded, panicked, took_too_long};
use crate::extract::{Pairs, pairs};
use crate::middleware::{Passing, Values};
use crate::private::Replying;
use crate::route::RouteMeta;
use crate::route::shim::{Answer, Asker};
use crate::seldom::Seldom;
use crate::state::Given;
use crate::{Body, IntoResponse, Problem, Response};

/// The most parameters that a query may have for a handler that reads it.
const MOST_QUERY_PARAMS: usize = 1_000;

/// The pairs of a query, decoded.
type Decoded = Vec<(String, Option<String>)>;

/// One request at its handler: its head, its parameters, and what the application shares.
pub struct Exchange<'a> {
    pub(crate) parts: &'a request::Parts,
    pub(crate) call: &'a Call<'a>,
    /// What middleware hands to the handler.
    pub(crate) provided: Values<'a>,
    pub(super) prepared: &'a Prepared,
    captures: &'a Captures,
    /// The parameters of a path that holds escapes; others are read from the path itself.
    decoded: Seldom<OnceLock<Box<[String]>>>,
    query: Seldom<OnceLock<Decoded>>,
}

impl<'a> Exchange<'a> {
    #[inline]
    pub(super) fn new(
        parts: &'a request::Parts,
        passing: Passing<'a>,
        prepared: &'a Prepared,
        captures: &'a Captures,
    ) -> Self {
        let Passing { call, provided, scopes: _ } = passing;
        let (decoded, query) = (Seldom::new(OnceLock::new()), Seldom::new(OnceLock::new()));
        Self { parts, call, provided, prepared, captures, decoded, query }
    }

    /// Decodes the parameters, where the path has escapes.
    #[inline]
    pub(super) fn decode(&mut self) -> Result<(), Problem> {
        if !self.captures.have_escapes() {
            return Ok(());
        }
        let decoded: Option<Box<[String]>> = (0..self.captures.len())
            .map(|index| {
                let raw = self.raw(index)?;
                percent_decode_str(raw).decode_utf8().ok().map(std::borrow::Cow::into_owned)
            })
            .collect();
        match decoded {
            Some(decoded) => {
                let _ = self.decoded.set(decoded);
                Ok(())
            }
            None => Err(Problem::new(StatusCode::BAD_REQUEST).with_detail("the path is not UTF-8 text")),
        }
    }

    /// Runs the guards and the handler, each within its time; problems rendered. The response is put where it is wanted.
    #[inline(always)] // it is written where it stays
    pub(super) fn handle(&'a self, body: &'a mut Body, response: &'a mut Poll<Response>) -> Handling<'a> {
        let past_guards = self.prepared.is_plain();
        self.handling(body, response, past_guards, past_guards)
    }

    #[inline(always)] // as above
    fn handling(
        &'a self,
        body: &'a mut Body,
        response: &'a mut Poll<Response>,
        past_guards: bool,
        is_timed: bool,
    ) -> Handling<'a> {
        let body = Some(body);
        let (time, pending) = (Seldom::new(None), Seldom::new(None));
        Handling { exchange: self, body, response, past_guards, is_timed, time, pending }
    }

    /// The same, for who wants the response itself.
    pub(super) async fn response(&self, body: &mut Body) -> Response {
        let mut response = Poll::Pending;
        self.handle(body, &mut response).await;
        taken(&mut response)
    }

    /// Runs the handler, for whoever sees to guards and time.
    pub(super) async fn response_past_guards(&self, body: &mut Body) -> Response {
        let mut response = Poll::Pending;
        self.handling(body, &mut response, true, false).await;
        taken(&mut response)
    }

    #[inline]
    pub(crate) fn route(&self) -> &'static RouteMeta {
        self.prepared.meta
    }

    /// What the handler's own messages are told of it, until what this gives is dropped.
    #[inline]
    fn enter(&self) -> Back {
        Here::enter(Some(self.route()), self.call.facts.id_for_log())
    }

    /// Where extractors find what they need.
    pub(crate) fn given(&self) -> Given<'a> {
        Given { state: self.call.shared_state(), provided: self.provided }
    }

    pub(crate) fn body_limits(&self) -> BodyLimits {
        self.call.body_limits()
    }

    /// The path parameter that is the `from_end`-th from the end, decoded.
    pub(crate) fn param(&self, from_end: usize) -> Option<&str> {
        let index = self.captures.len().checked_sub(from_end)?;
        match self.decoded.get() {
            Some(decoded) => decoded.get(index).map(String::as_str),
            None => self.raw(index),
        }
    }

    fn raw(&self, index: usize) -> Option<&str> {
        let path = self.call.shared.below_base(self.call.path(&self.parts.uri))?;
        path.get(self.captures.get(index)?)
    }

    /// The query, if there is nothing in it to decode, and too little of it to be refused.
    pub(crate) fn plain_query(&self) -> Option<&str> {
        let text = self.parts.uri.query()?;
        let is_plain = text.len() <= MOST_QUERY_PARAMS && !has(text, b'%') && !has(text, b'+');
        is_plain.then_some(text)
    }

    /// The pairs of the query, decoded.
    pub(crate) fn query(&self) -> Result<&Pairs, Problem> {
        let Some(text) = self.parts.uri.query() else { return Ok(&[]) };
        if let Some(pairs) = self.query.get() {
            return Ok(pairs);
        }
        let read = pairs(text, MOST_QUERY_PARAMS).ok_or_else(|| {
            Problem::new(StatusCode::BAD_REQUEST)
                .with_detail(format!("the query has more than {MOST_QUERY_PARAMS} parameters"))
        })?;
        Ok(self.query.get_or_init(|| read))
    }
}

/// Whether this byte stands in a text: faster than a search that can stop, for texts as short as these.
#[inline]
fn has(text: &str, byte: u8) -> bool {
    text.bytes().fold(false, |has, other| has | (other == byte))
}

impl fmt::Debug for Exchange<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchange")
            .field("route", &self.route())
            .field("parts", &self.parts)
            .finish_non_exhaustive()
    }
}

/// A handler at work. Panics are kept in around each poll, and around the drop.
pub(super) struct Handling<'a> {
    exchange: &'a Exchange<'a>,
    /// Until it is called.
    body: Option<&'a mut Body>,
    /// Where the response is wanted: it is copied wherever it goes.
    response: &'a mut Poll<Response>,
    past_guards: bool,
    /// Unless others keep its time.
    is_timed: bool,
    /// Once it has had to wait.
    time: Seldom<Option<HandlerTime<'a>>>,
    pending: Seldom<Option<Pin<Box<dyn Replying + Send + 'a>>>>,
}

impl Future for Handling<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let Self { exchange, body, response, past_guards, is_timed, time, pending } = &mut *self;
        let _here = exchange.enter();
        let caught = catch_now(|| {
            if let Some(body) = body.take() {
                if !*past_guards {
                    cold_path();
                    **pending = Some(Box::pin(guarded(exchange, body)));
                } else {
                    let Prepared { shim, ignores_body, .. } = exchange.prepared;
                    // Now, not with the answer: what is still to come of it would hold up the client, and others on its connection.
                    if *ignores_body {
                        body.clear();
                    }
                    debug_assert!(pending.is_none(), "it would be lost");
                    match shim(Asker::Request(exchange), body) {
                        // Its place is empty, so nothing is lost, and it need not be asked.
                        Ok(Answer::Pending(future)) => forget(pending.replace(future)),
                        Ok(Answer::Ready(ready)) => **response = Poll::Ready(ready),
                        Err(problem) => **response = refused(problem),
                    }
                }
            }
            if let Some(future) = &mut **pending {
                **response = future.as_mut().poll_reply(cx);
                if response.is_ready() {
                    drop(pending.take());
                }
            }
        });
        if let Err(panic) = caught {
            cold_path();
            **response = Poll::Ready(panicked(&panic, Some(exchange.route()), "a handler"));
            let _ = catch_now(|| drop(pending.take()));
        }
        if response.is_pending() {
            cold_path();
            if *is_timed
                && let Some(limit) = time.get_or_insert_with(|| HandlerTime::new(exchange.call)).is_up(cx)
            {
                let _ = catch_now(|| drop(pending.take()));
                **response = Poll::Ready(took_too_long(limit));
            }
        }
        match response {
            Poll::Ready(response) => {
                finish(exchange, response);
                Poll::Ready(())
            }
            Poll::Pending => Poll::Pending,
        }
    }
}

/// The answer to a request of which an extractor makes nothing.
#[cold]
fn refused(problem: Problem) -> Poll<Response> {
    Poll::Ready(problem.into_response())
}

/// What is done to each response of a handler.
#[inline]
fn finish(exchange: &Exchange<'_>, response: &mut Response) {
    if exchange.call.may_render(response) || response.status().is_informational() {
        settle(exchange, response);
    }
}

/// The same for one that may not be sent, or may be shown otherwise.
#[inline(never)] // not in the way of the others
fn settle(exchange: &Exchange<'_>, response: &mut Response) {
    if let Some(refused) = refuse_interim(response, false, || Some(exchange.route())) {
        *response = refused;
    }
    if exchange.call.may_render(response) {
        *response = exchange.call.rendered_for(std::mem::take(response), exchange.parts);
    }
}

impl Handling<'_> {
    /// Nobody waits for the answer any more; the panic hook has reported what there was.
    #[cold]
    fn give_up(&mut self) {
        let _ = catch_now(|| drop(self.pending.take()));
    }

    /// The response, which is there.
    pub(super) fn take_response(&mut self) -> Response {
        taken(self.response)
    }
}

impl Drop for Handling<'_> {
    #[inline]
    fn drop(&mut self) {
        if self.pending.is_some() {
            self.give_up();
        }
    }
}

/// The 500 for state that is not there; a compiled application always has it.
#[cold]
pub(crate) fn no_state<T>() -> Problem {
    tracing::error!(target: "cello", "the state for `{}` is missing", std::any::type_name::<T>());
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR)
}

/// The 500 for a parameter that the route does not have; generated code never asks for one.
#[cold]
pub(crate) fn no_param(name: &str) -> Problem {
    tracing::error!(target: "cello", "the route has no parameter `{name}`");
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR)
}
