//! The life of a request, in order: found, through the stack, guarded, handled, answered.
//!
//! [`respond`] is the whole of it. A request is routed before the stack runs, so that every middleware knows the route;
//! [`Endpoint`], the inner end of the stack, calls the handler that was found. If a middleware has changed method or
//! path meanwhile, it is routed anew there.

mod call;
mod exchange;
mod facts;
mod framing;
mod here;
pub(crate) mod isolate;
mod limit;
mod preflight;
mod refused;
mod routing;
mod scoped;
mod settings;
mod timed;
mod turn;
mod via;

use std::borrow::Borrow;
use std::future::Future;
use std::hint::cold_path;
use std::ops::{ControlFlow, Deref};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use cello_routing::Lookup;
use http::{Extensions, Method, StatusCode, header, request};
use pin_project_lite::pin_project;

pub(crate) use call::Call;
pub use exchange::Exchange;
pub(crate) use exchange::{no_param, no_state};
pub(crate) use facts::{Facts, Forwarded, IdForLog};
pub(crate) use framing::{has_no_content, hold_to_length};
pub(crate) use here::Here;
pub(crate) use preflight::{PreflightQuestion, Preview, asked_method};
pub(crate) use refused::Refused;
pub(crate) use routing::{Routed, check_base_path};
pub use settings::FallbackService;
pub use settings::TrailingSlash;
pub(crate) use settings::{BodyLimits, Fallback, Settings, Shared};
pub(crate) use timed::{Timed, took_too_long};
pub(crate) use turn::{Turn, unanswered};
pub(crate) use via::Via;

use scoped::scoped;
use via::{HandlerTime, Within};

use crate::extract::ClientAddr;
use crate::middleware::{BoxFuture, Handle, Passing, vary};
use crate::respond::spare;
use crate::route::RouteMeta;
use crate::service::Core;
use crate::{Body, IntoResponse, Problem, Request, Response};

/// Answers one request.
///
/// What a future holds is copied with it, so this one and those below hold little: what few requests need is behind a
/// box, and what a block takes from outside it only borrows, since whatever it moves gets a second place.
#[expect(clippy::manual_async_fn, reason = "an `async fn` has two places for each argument")]
pub(crate) fn respond<H: Handle, A: Deref<Target = Core<H>>, V: Borrow<Via>>(
    app: A,
    mut turn: Box<Turn>,
    via: V,
) -> impl Future<Output = Box<Turn>> + use<H, A, V> {
    async move {
        let Turn { request, body, response } = &mut *turn;
        if let Some(parts) = request {
            let Core { stack, shared } = &*app;
            // Kept only where someone will ask: problems made by the stack itself are rendered with it.
            let head = if shared.settings.render_errors.is_some() { Some(kept(parts)) } else { None };

            let facts = Facts::default();
            let mut found = Lookup::NotFound;
            let routed = shared.routed(parts, &mut found);
            let mut call =
                Call::new(shared, &routed, framing::Asked::by(parts), via.borrow(), &facts, head.as_deref());
            call.keep_asked(parts, H::WAITS);
            call.hold_body(body);
            let passing = Passing::new(&call);
            let mut leave = None;
            if H::WAITS {
                *response =
                    Poll::Ready(match isolate::catch(stack.whole(take(parts, body), passing)).await {
                        Ok(response) => response,
                        Err(panic) => call.answer_to(&panic),
                    });
            } else if parts.method == Method::OPTIONS {
                cold_path();
                // Boxed, so that other requests need not carry room for it.
                let asking: BoxFuture<'_, Response> = Box::pin(stack.handle(take(parts, body), passing));
                *response = Poll::Ready(asking.await);
            } else {
                // What its members call of the application's is kept in where they do.
                match stack.enter(parts, body, passing) {
                    ControlFlow::Continue(then) => leave = Some(then),
                    ControlFlow::Break(instead) => *response = Poll::Ready(instead),
                }
                if response.is_pending() {
                    match call.straight(parts) {
                        Some((route, captures)) => {
                            Exchange::new(parts, passing, route, captures).handle(body, response).await;
                        }
                        None => match call.scoped(parts) {
                            Some((scopes, route, captures)) => {
                                let scoped = scoped(scopes, passing, route, captures, parts, body);
                                *response = Poll::Ready(scoped.await);
                            }
                            None => {
                                cold_path();
                                let (parts, body) = take(parts, body).into_parts();
                                let way = within_time(arrive(parts, body, passing), &facts);
                                *response = Poll::Ready(way.await);
                            }
                        },
                    }
                }
            }
            if let Poll::Ready(response) = response {
                if let Some(leave) = leave {
                    leave(stack, passing, response);
                }
                framing::finish(response, &call);
            }
        }
        turn.release_request();
        turn
    }
}

/// The head as it came.
#[cold] // few applications ask for it
#[inline(never)]
fn kept(parts: &request::Parts) -> Box<request::Parts> {
    Box::new(parts.clone())
}

/// The inner end of the application's stack: the handler, or the middleware of its blueprints and its own before it.
#[derive(Debug, Clone, Copy)]
pub struct Endpoint;

impl Handle for Endpoint {
    const WAITS: bool = false;

    #[inline]
    fn handle<'a>(
        &'a self,
        request: Request,
        passing: Passing<'a>,
    ) -> impl Future<Output = Response> + Send + 'a {
        let (mut parts, mut body) = request.into_parts();
        match passing.call.straight(&parts) {
            Some((route, captures)) => Way::Straight {
                future: async move {
                    let response = Exchange::new(&parts, passing, route, captures).response(&mut body).await;
                    spare::keep(&mut parts.headers);
                    response
                },
            },
            None => Way::Elsewhere { future: arrive(parts, body, passing) },
        }
    }

    /// Never asked for: nothing here waits.
    fn whole<'a>(
        &'a self,
        request: Request,
        passing: Passing<'a>,
    ) -> impl Future<Output = Response> + Send + 'a {
        let (parts, body) = request.into_parts();
        arrive(parts, body, passing)
    }
}

/// The inner end of a stack that belongs to a blueprint or a route: the next such stack, or the handler.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Onward;

impl Handle for Onward {
    const WAITS: bool = false;

    fn handle<'a>(
        &'a self,
        request: Request,
        passing: Passing<'a>,
    ) -> impl Future<Output = Response> + Send + 'a {
        onward(request, passing)
    }
}

/// The next stack if it may wait, or the handler. What is asked by a preflight is answered by futures alone.
fn onward<'a>(request: Request, passing: Passing<'a>) -> Way<'a, impl Future<Output = Response> + Send + 'a> {
    match passing.scopes {
        Some(scopes)
            if scopes.first_waits()
                || *request.method() == Method::OPTIONS
                || passing.call.asks_for_options() =>
        {
            Way::Elsewhere { future: scopes.handle(request, passing) }
        }
        _ => Way::Straight { future: at_route(request, passing) },
    }
}

pin_project! {
    /// The way on: in place for nearly all requests, behind a box for the others.
    #[project = WayProjection]
    pub(crate) enum Way<'a, F> {
        Straight { #[pin] future: F },
        Elsewhere { future: BoxFuture<'a, Response> },
    }
}

impl<F: Future<Output = Response>> Future for Way<'_, F> {
    type Output = Response;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Response> {
        match self.project() {
            WayProjection::Straight { future } => future.poll(cx),
            WayProjection::Elsewhere { future } => future.as_mut().poll(cx),
        }
    }
}

/// The request, in whose place nothing is left.
pub(crate) fn take(parts: &mut request::Parts, body: &mut Body) -> Request {
    let parts = std::mem::replace(parts, Request::new(Body::empty()).into_parts().0);
    Request::from_parts(parts, std::mem::take(body))
}

/// The way of all requests, behind a box: routed anew if a middleware has changed what was asked for, then through the
/// middleware of the route's blueprints and its own.
fn arrive<'a>(parts: request::Parts, mut body: Body, passing: Passing<'a>) -> BoxFuture<'a, Response> {
    let call = passing.call;
    if call.is_for(&parts) {
        let passing = Passing { scopes: call.scopes(&parts), ..passing };
        return match onward(Request::from_parts(parts, body), passing) {
            Way::Elsewhere { future } => future,
            straight @ Way::Straight { .. } => Box::pin(straight),
        };
    }
    Box::pin(async move {
        let mut found = Lookup::NotFound;
        let routed = call.shared.routed(&parts, &mut found);
        let mut anew = Call::new(call.shared, &routed, call.framing, call.via, call.facts, call.head);
        anew.keep_asked(&parts, false);
        anew.limit.clone_from(&call.limit);
        anew.hold_body(&mut body);
        let passing = Passing { call: &anew, scopes: anew.scopes(&parts), ..passing };
        Onward.handle(Request::from_parts(parts, body), passing).await
    })
}

/// The way within the time that a middleware of the application has set for all that follows it.
fn within_time<'a>(way: BoxFuture<'a, Response>, facts: &'a Facts) -> BoxFuture<'a, Response> {
    match facts.take_time_limit() {
        None => way,
        Some((limit, keeper)) => Box::pin(async move {
            match Timed::new(limit, way).await {
                Some(response) => response,
                None => {
                    facts.set_late_for(keeper);
                    took_too_long(limit)
                }
            }
        }),
    }
}

/// Guards and handler, or the answer for a request that has no handler; problems rendered. Of head and body there is one place, see [`respond`].
fn at_route<'a>(request: Request, passing: Passing<'a>) -> impl Future<Output = Response> + Send + 'a {
    let (mut parts, mut body) = request.into_parts();
    async move {
        let call = passing.call;
        if !matches!(call.routed, Routed::Refused(_))
            && let Some(question) = PreflightQuestion::of(&mut parts)
            && let Some(answer) = question.answer(call.shared, &call.target(&parts))
        {
            return call.rendered(answer);
        }
        let Routed::Route { route, captures } = *call.routed else {
            return unhandled(&mut parts, &mut body, call).await;
        };
        let response = if let Some(scopes) = passing.scopes.or_else(|| call.scopes_left()) {
            scoped(scopes, passing, route, captures, &mut parts, &mut body).await
        } else {
            let mut exchange = Exchange::new(&parts, passing, route, captures);
            match exchange.decode() {
                Ok(()) => exchange.response(&mut body).await,
                Err(problem) => call.rendered_for(problem.into_response(), exchange.parts),
            }
        };
        spare::keep(&mut parts.headers);
        response
    }
}

/// The answer for a request that has no handler: that of the fallback service, if there is one.
async fn unhandled(parts: &mut request::Parts, body: &mut Body, call: &Call<'_>) -> Response {
    let fallback = call.shared.settings.fallback.as_ref().filter(|_| call.routed.is_not_found());
    let Some(fallback) = fallback else {
        let answer = call.routed.answer(call.shared, &parts.method, &parts.uri);
        return call.rendered_for(answer, parts);
    };
    let mut request = take(parts, body);
    if let Some(client) = call.client() {
        request.extensions_mut().insert(ClientAddr(client));
    }
    if let Some(id) = call.facts.known_request_id() {
        request.extensions_mut().insert(id.clone());
    }
    let answered = isolate::catch_boxed(|| fallback.call(request)).await;
    let answer = answered.unwrap_or_else(|panic| call.here().panicked(&panic, "the fallback service"));
    call.rendered(framing::refuse(&answer, call.framing, || None).unwrap_or(answer))
}

/// Runs the guards and the handler, within the route's time, and with its panics kept in.
async fn guarded(exchange: &Exchange<'_>, body: &mut Body) -> Response {
    let route = exchange.prepared;
    let meta = Some(exchange.route());
    let handling = async {
        for guard in &route.guards {
            match isolate::catch_boxed(|| (guard.check)(exchange)).await {
                Ok(passed) => passed?,
                Err(panic) => return Err(panicked(&panic, meta, "a guard")),
            }
        }
        Ok(exchange.response_past_guards(body).await)
    };
    let handling = pin!(Here::run(meta, exchange.call.facts.id_for_log(), handling));
    let handled = match route.timeout {
        Some(limit) => {
            let timed = pin!(Timed::new(limit, handling));
            Within::new(HandlerTime::of_middleware(exchange.call), timed)
                .await
                .and_then(|handled| handled.ok_or(limit))
        }
        None => Within::new(HandlerTime::new(exchange.call), handling).await,
    };
    match handled {
        Ok(handled) => handled.unwrap_or_else(|response| response),
        Err(limit) => took_too_long(limit),
    }
}

/// The 500 for a panic, which is logged with its route.
pub(crate) fn panicked(panic: &isolate::Panic, route: Option<&'static RouteMeta>, who: &str) -> Response {
    Here { route, ..Here::current() }.panicked(panic, who)
}

/// Says that a problem has been rendered, so that it is not rendered twice.
#[derive(Clone)]
struct Rendered;

/// Replaces the body of a problem with what the application makes of it; status and header fields are kept unless it
/// sets its own.
fn render_problem(
    render: fn(&Problem, &request::Parts) -> Response,
    mut response: Response,
    parts: &request::Parts,
) -> Response {
    if response.extensions().get::<Rendered>().is_some() {
        return response;
    }
    let Some(problem) = response.extensions().get::<Problem>().cloned() else { return response };
    let rendered = isolate::catch_now(|| render(&problem, parts));
    let mut rendered = match rendered {
        Ok(rendered) => rendered,
        Err(panic) => {
            let mut plain = panicked(&panic, None, "the function given to `render_errors`");
            plain.extensions_mut().insert(Rendered);
            return plain;
        }
    };
    // A function that says nothing of the status means that of the problem.
    if rendered.status() == StatusCode::OK {
        *rendered.status_mut() = response.status();
    }
    let of_the_body =
        [header::CONTENT_TYPE, header::CONTENT_LENGTH, header::CONTENT_ENCODING, header::TRANSFER_ENCODING];
    vary::merge(rendered.headers_mut(), response.headers());
    for name in response.headers().keys() {
        if !of_the_body.contains(name) && !rendered.headers().contains_key(name) {
            for value in response.headers().get_all(name) {
                rendered.headers_mut().append(name.clone(), value.clone());
            }
        }
    }
    // What the stack has noted about the response stays true of it.
    let mut extensions: Extensions = std::mem::take(response.extensions_mut());
    extensions.extend(std::mem::take(rendered.extensions_mut()));
    extensions.insert(problem);
    extensions.insert(Rendered);
    *rendered.extensions_mut() = extensions;
    rendered
}
