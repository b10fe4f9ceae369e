//! The life of a request, in order: found, through the stack, guarded, handled, answered.
//!
//! [`respond`] is the whole of it. A request is routed before the stack runs, so that every middleware knows the route;
//! [`Endpoint`], the inner end of the stack, calls the handler that was found. If a middleware has changed method or
//! path meanwhile, it is routed anew there.

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
mod via;

use std::borrow::Borrow;
use std::future::Future;
use std::net::SocketAddr;
use std::ops::{ControlFlow, Deref};
use std::pin::{Pin, pin};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};

use cello_routing::Captures;
use http::uri::PathAndQuery;
use http::{Extensions, Method, StatusCode, Uri, header, request};
use pin_project_lite::pin_project;

pub use exchange::Exchange;
pub(crate) use exchange::{no_param, no_state};
pub(crate) use facts::{Facts, Forwarded, IdForLog};
pub(crate) use framing::has_no_content;
pub(crate) use here::Here;
pub(crate) use preflight::{PreflightQuestion, Preview, asked_method};
pub(crate) use refused::Refused;
pub(crate) use routing::{Routed, check_base_path};
pub use settings::TrailingSlash;
pub(crate) use settings::{BodyLimits, Fallback, Settings, Shared};
pub(crate) use timed::{Timed, took_too_long};
pub(crate) use via::Via;

use limit::BodyLimit;
use scoped::scoped;
use via::{HandlerTime, Within};

use crate::extract::ClientAddr;
use crate::middleware::{Handle, Passing, Scopes, vary};
use crate::respond::spare;
use crate::route::RouteMeta;
use crate::service::Core;
use crate::state::AppState;
use crate::{Body, IntoResponse, Problem, Request, Response};

/// A request, and then its response. Both are copied wherever they go, so they stay in a box, which can be used again.
#[derive(Debug)]
pub(crate) struct Turn {
    pub(crate) request: Option<(request::Parts, Body)>,
    pub(crate) response: Poll<Response>,
}

impl Turn {
    pub(crate) fn of(request: Request) -> Box<Self> {
        Box::new(Self { request: Some(request.into_parts()), response: Poll::Pending })
    }

    /// The response, once there is one.
    pub(crate) fn into_response(mut self) -> Response {
        self.take_response()
    }

    /// The same, of a turn that is used again.
    #[inline]
    pub(crate) fn take_response(&mut self) -> Response {
        ready_made(std::mem::replace(&mut self.response, Poll::Pending))
    }
}

impl Default for Turn {
    fn default() -> Self {
        Self { request: None, response: Poll::Pending }
    }
}

/// A response that is there.
fn ready_made(response: Poll<Response>) -> Response {
    match response {
        Poll::Ready(response) => response,
        Poll::Pending => Problem::new(StatusCode::INTERNAL_SERVER_ERROR).into_response(),
    }
}

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
        let Turn { request, response } = &mut *turn;
        if let Some((parts, body)) = request {
            let Core { stack, shared } = &*app;
            let asked = framing::Asked::by(parts);
            // Kept only where someone will ask: problems made by the stack itself are rendered with it.
            let head = shared.settings.render_errors.is_some().then(|| Box::new(parts.clone()));

            let facts = Facts::default();
            let routed = shared.routed(parts);
            let mut call =
                Call::new(shared, &routed, parts, asked, via.borrow(), &facts, head.as_deref(), H::WAITS);
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
                // Boxed, so that other requests need not carry room for it.
                let asking: BoxFuture<'_> = Box::pin(stack.handle(take(parts, body), passing));
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
                spare::keep(std::mem::take(&mut parts.headers));
                if let Some(refused) = framing::refuse(response, asked, call.route()) {
                    *response = call.rendered(refused);
                }
                framing::finish(response, asked, call.route());
            }
        }
        *request = None;
        turn
    }
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
        let (parts, mut body) = request.into_parts();
        match passing.call.straight(&parts) {
            Some((route, captures)) => Way::Straight {
                future: async move {
                    let response = Exchange::new(&parts, passing, route, captures).response(&mut body).await;
                    spare::keep(parts.headers);
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
        Some(scopes) if scopes.first_waits() || *request.method() == Method::OPTIONS => {
            Way::Elsewhere { future: scopes.handle(request, passing) }
        }
        _ => Way::Straight { future: at_route(request, passing) },
    }
}

type BoxFuture<'a> = Pin<Box<dyn Future<Output = Response> + Send + 'a>>;

pin_project! {
    /// The way on: in place for nearly all requests, behind a box for the others.
    #[project = WayProjection]
    pub(crate) enum Way<'a, F> {
        Straight { #[pin] future: F },
        Elsewhere { future: BoxFuture<'a> },
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
fn arrive<'a>(parts: request::Parts, mut body: Body, passing: Passing<'a>) -> BoxFuture<'a> {
    let call = passing.call;
    if call.is_for(&parts) {
        let passing = Passing { scopes: call.scopes(&parts), ..passing };
        return match onward(Request::from_parts(parts, body), passing) {
            Way::Elsewhere { future } => future,
            straight @ Way::Straight { .. } => Box::pin(straight),
        };
    }
    Box::pin(async move {
        let routed = call.shared.routed(&parts);
        let mut anew =
            Call::new(call.shared, &routed, &parts, call.framing, call.via, call.facts, call.head, false);
        anew.limit.clone_from(&call.limit);
        anew.hold_body(&mut body);
        let passing = Passing { call: &anew, scopes: anew.scopes(&parts), ..passing };
        Onward.handle(Request::from_parts(parts, body), passing).await
    })
}

/// The way within the time that a middleware of the application has set for all that follows it.
fn within_time<'a>(way: BoxFuture<'a>, facts: &'a Facts) -> BoxFuture<'a> {
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
        let Routed::Route { route, captures } = call.routed else {
            return unhandled(&mut parts, &mut body, call).await;
        };
        let response = if let Some(scopes) = passing.scopes {
            scoped(scopes, passing, *route, captures, &mut parts, &mut body).await
        } else {
            let mut exchange = Exchange::new(&parts, passing, *route, captures);
            match exchange.decode() {
                Ok(()) => exchange.response(&mut body).await,
                Err(problem) => call.rendered_for(problem.into_response(), exchange.parts),
            }
        };
        spare::keep(parts.headers);
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
    call.rendered(framing::refuse(&answer, call.framing, None).unwrap_or(answer))
}

/// Runs the guards and the handler, within the route's time, and with its panics kept in.
async fn guarded(exchange: &Exchange<'_>, mut body: Body) -> Response {
    let route = exchange.prepared();
    let meta = exchange.route();
    let handling = async {
        for guard in &route.guards {
            match isolate::catch_boxed(|| (guard.check)(exchange)).await {
                Ok(passed) => passed?,
                Err(panic) => return Err(panicked(&panic, meta, "a guard")),
            }
        }
        Ok(exchange.response_past_guards(&mut body).await)
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

/// One request on its way: where it was routed to, and what the application shares.
pub(crate) struct Call<'a> {
    pub(crate) routed: &'a Routed,
    pub(crate) shared: &'a Shared,
    /// What the request as it came means for the status of its response.
    framing: framing::Asked,
    via: &'a Via,
    pub(crate) facts: &'a Facts,
    /// The head as it came, if problems are rendered.
    head: Option<&'a request::Parts>,
    /// The limit that the body has, if it is not known to be within.
    limit: OnceLock<BodyLimit>,
    /// Method and target that were routed, where a middleware may change them.
    asked: Option<(Method, Option<PathAndQuery>)>,
}

impl std::fmt::Debug for Call<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Call").field("routed", &self.routed).field("via", &self.via).finish_non_exhaustive()
    }
}

impl<'a> Call<'a> {
    #[inline]
    #[expect(clippy::too_many_arguments, reason = "each is a field")]
    fn new(
        shared: &'a Shared,
        routed: &'a Routed,
        request: &request::Parts,
        framing: framing::Asked,
        via: &'a Via,
        facts: &'a Facts,
        head: Option<&'a request::Parts>,
        may_change: bool,
    ) -> Self {
        let may_change = may_change || shared.may_be_changed(routed);
        let asked = may_change.then(|| (request.method.clone(), request.uri.path_and_query().cloned()));
        Self { routed, shared, framing, via, facts, head, limit: OnceLock::new(), asked }
    }

    /// Route and parameters of a request that goes straight to its handler, as nearly all do: it asks for what was
    /// routed, no middleware of its route stands before, and there is nothing to decode. `None` says no more than that
    /// somebody should look closer.
    #[inline]
    fn straight(&self, request: &request::Parts) -> Option<(usize, &'a Captures)> {
        let Routed::Route { route, captures } = self.routed else { return None };
        let straight = self.is_for(request)
            && self.shared.scopes(self.routed).is_none()
            && request.method != Method::OPTIONS
            && (captures.is_empty() || !self.path(&request.uri).contains('%'));
        straight.then_some((*route, captures))
    }

    /// The same with the stacks of its blueprints and its own, for a request that has such and no handler for `OPTIONS`.
    #[inline]
    fn scoped(&self, request: &request::Parts) -> Option<(&'a Scopes, usize, &'a Captures)> {
        let Routed::Route { route, captures } = self.routed else { return None };
        let scopes = self.shared.scopes(self.routed)?;
        let is_for = request.method != Method::OPTIONS && self.is_for(request);
        is_for.then_some((scopes, *route, captures))
    }

    /// Whether the request still asks for what was routed.
    #[inline]
    fn is_for(&self, request: &request::Parts) -> bool {
        let Some((method, target)) = &self.asked else { return true };
        let target = target.as_ref().map(PathAndQuery::path);
        *method == request.method && target == request.uri.path_and_query().map(PathAndQuery::path)
    }

    /// Holds the body to the limit of what was routed, for all that may read it.
    #[inline]
    fn hold_body(&mut self, body: &mut Body) {
        self.hold_body_to(body, self.body_limits().any);
    }

    fn hold_body_to(&self, body: &mut Body, most: usize) {
        match self.limit.get() {
            Some(limit) => limit.set(most),
            None => {
                if let Some(limit) = BodyLimit::hold(body, most) {
                    let _ = self.limit.set(limit);
                }
            }
        }
    }

    /// Holds the body to this limit from here on, unless its route or a blueprint further in states one.
    pub(crate) fn limit_body(&self, body: &mut Body, most: usize) {
        self.facts.limit_body(most);
        self.hold_body_to(body, self.body_limits().any);
    }

    /// The largest body that what was routed takes: as the attribute or the middleware says that is nearest to the handler, else the
    /// application.
    #[inline]
    pub(crate) fn body_limits(&self) -> BodyLimits {
        let limits = self.shared.body_limits(self.routed);
        match self.facts.body_limit() {
            Some(most) if !limits.are_of_route || self.facts.body_limit_is_near() => BodyLimits::all(most),
            _ => limits,
        }
    }

    /// What is done to each response of a middleware: one that cannot be sent is refused where it is made, so that whatever
    /// stands around it sees what is sent, and a problem is rendered.
    #[inline]
    pub(crate) fn settle(&self, response: &mut Response) {
        match framing::refuse(response, self.framing, self.route()) {
            Some(refused) => *response = self.rendered(refused),
            None => self.render(response),
        }
    }

    /// The 500 for a middleware that panicked.
    #[cold]
    pub(crate) fn answer_to(&self, panic: &isolate::Panic) -> Response {
        self.rendered(self.here().panicked(panic, "a middleware"))
    }

    /// What is logged of this request outside of its handler.
    fn here(&self) -> Here {
        Here { route: self.route(), request_id: self.facts.id_for_log().id() }
    }

    /// The middleware of the route and its blueprints.
    #[inline]
    fn scopes(&self, request: &request::Parts) -> Option<&'a Scopes> {
        match self.routed {
            Routed::Options(_) => self.shared.scopes(&preflight::scoped(*self.routed, self.shared, request)),
            _ => self.shared.scopes(self.routed),
        }
    }

    /// Whether problems are shown otherwise than as they are.
    #[inline]
    pub(crate) fn renders(&self) -> bool {
        self.head.is_some() || self.facts.id_is_in_problems()
    }

    /// Shows a response in place as [`rendered`](Self::rendered) does. Nearly all responses carry nothing that could be shown.
    #[inline]
    pub(crate) fn render(&self, response: &mut Response) {
        if self.renders() && !response.extensions().is_empty() {
            *response = self.rendered(std::mem::take(response));
        }
    }

    /// Shows a problem that a middleware or another service has made as the application wants it, so that whoever
    /// stands outside sees the response that is sent.
    pub(crate) fn rendered(&self, response: Response) -> Response {
        let response = self.named(response);
        match self.head {
            Some(head) => self.shared.rendered(response, head),
            None => response,
        }
    }

    /// The same with the head as it has become.
    fn rendered_for(&self, response: Response, parts: &request::Parts) -> Response {
        self.shared.rendered(self.named(response), parts)
    }

    /// Puts the id of the request into a problem, if a middleware wants it there.
    fn named(&self, mut response: Response) -> Response {
        if self.facts.id_is_in_problems() && response.extensions().get::<Rendered>().is_none() {
            Problem::put_request_id(&mut response, self.facts.request_id());
        }
        response
    }

    #[inline]
    pub(crate) fn route(&self) -> Option<&'static RouteMeta> {
        self.shared.meta(self.routed)
    }

    /// The path that was routed, in which the parameters stand; `uri` is that of the request as it is now.
    #[inline]
    fn path<'u>(&'u self, uri: &'u Uri) -> &'u str {
        match &self.asked {
            Some((_, target)) => target.as_ref().map_or("", PathAndQuery::path),
            None => uri.path(),
        }
    }

    /// The target that was routed.
    fn target(&self, request: &request::Parts) -> Uri {
        match &self.asked {
            Some((_, target)) => target.clone().map(Uri::from).unwrap_or_default(),
            None => request.uri.clone(),
        }
    }

    /// The number of the route that was found, among those of the application.
    pub(crate) fn route_index(&self) -> Option<usize> {
        match self.routed {
            Routed::Route { route, .. } => Some(*route),
            _ => None,
        }
    }

    pub(crate) fn peer(&self) -> Option<SocketAddr> {
        self.via.peer()
    }

    /// The address of the client: what a trusted proxy says, else the other end of the connection.
    pub(crate) fn client(&self) -> Option<SocketAddr> {
        self.facts.forwarded().and_then(|forwarded| forwarded.client).or_else(|| self.peer())
    }

    /// Whether the client's request came by TLS: what a trusted proxy says, else what the connection is.
    pub(crate) fn is_https(&self) -> bool {
        let forwarded = self.facts.forwarded().and_then(|forwarded| forwarded.is_https);
        forwarded.unwrap_or_else(|| self.via.is_tls())
    }

    pub(crate) fn is_stopping(&self) -> bool {
        self.via.is_stopping()
    }

    pub(crate) fn state(&self) -> &'a dyn AppState {
        &*self.shared.state
    }

    pub(crate) fn shared_state(&self) -> &'a Arc<dyn AppState> {
        &self.shared.state
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
