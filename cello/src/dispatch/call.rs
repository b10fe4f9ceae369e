//! One request on its way: [`Call`].

use std::hint::cold_path;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use cello_routing::{Captures, Lookup};
use http::uri::PathAndQuery;
use http::{Method, Uri, request};
use http_body::Body as _;

use super::limit::BodyLimit;
use super::settings::Prepared;
use super::{BodyLimits, Facts, Here, Rendered, Routed, Shared, Via, framing, isolate, preflight};
use crate::middleware::Scopes;
use crate::route::RouteMeta;
use crate::seldom::Seldom;
use crate::state::AppState;
use crate::{Body, Problem, Response};

/// One request on its way: where it was routed to, and what the application shares.
pub(crate) struct Call<'a> {
    pub(crate) routed: &'a Routed<'a>,
    pub(crate) shared: &'a Shared,
    /// What the request as it came means for the status of its response.
    pub(super) framing: framing::Asked,
    pub(super) via: &'a Via,
    pub(crate) facts: &'a Facts,
    /// The head as it came, if problems are rendered.
    pub(super) head: Option<&'a request::Parts>,
    /// The limit that the body has, if it is not known to be within.
    pub(super) limit: Seldom<OnceLock<BodyLimit>>,
    /// What was routed, where a middleware may change it.
    asked: Seldom<Option<Asked>>,
}

struct Asked {
    method: Method,
    target: Option<PathAndQuery>,
    /// Of a preflight that passes the stacks of another route first: how many of the handler's own are left to pass then.
    left: AtomicUsize,
}

impl std::fmt::Debug for Call<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Call").field("routed", &self.routed).field("via", &self.via).finish_non_exhaustive()
    }
}

impl Asked {
    #[inline(never)] // few are asked
    fn is_still(&self, request: &request::Parts) -> bool {
        let target = self.target.as_ref().map(PathAndQuery::path);
        self.method == request.method && target == request.uri.path_and_query().map(PathAndQuery::path)
    }
}

impl<'a> Call<'a> {
    #[inline(always)] // it is written where it stays
    pub(super) fn new(
        shared: &'a Shared,
        routed: &'a Routed<'a>,
        framing: framing::Asked,
        via: &'a Via,
        facts: &'a Facts,
        head: Option<&'a request::Parts>,
    ) -> Self {
        let (limit, asked) = (Seldom::new(OnceLock::new()), Seldom::new(None));
        Self { routed, shared, framing, via, facts, head, limit, asked }
    }

    /// Keeps what was routed, if a middleware of the application may change the request, or one of its route; a preflight passes those of the
    /// route that it asks about.
    #[inline]
    pub(super) fn keep_asked(&mut self, request: &request::Parts, may_change: bool) {
        if may_change || request.method == Method::OPTIONS || self.routed.scopes().is_some_and(Scopes::wait) {
            self.keep_what_is_asked(request);
        }
    }

    #[cold]
    fn keep_what_is_asked(&mut self, request: &request::Parts) {
        let target = request.uri.path_and_query().cloned();
        *self.asked = Some(Asked { method: request.method.clone(), target, left: AtomicUsize::new(0) });
    }

    /// Route and parameters of a request that goes straight to its handler, as nearly all do: it asks for what was
    /// routed, no middleware of its route stands before, and there is nothing to decode. `None` says no more than that
    /// somebody should look closer.
    #[inline(always)] // on the way of nearly all requests
    pub(super) fn straight(&self, request: &request::Parts) -> Option<(&'a Prepared, &'a Captures)> {
        if let Routed::Route { route, captures } = *self.routed
            && self.is_for(request)
            && route.scopes.is_none()
            && request.method != Method::OPTIONS
            && !captures.have_escapes()
        {
            return Some((route, captures));
        }
        cold_path();
        None
    }

    /// The same with the stacks of its blueprints and its own, for a request that has such and no handler for `OPTIONS`.
    #[inline]
    pub(super) fn scoped(
        &self,
        request: &request::Parts,
    ) -> Option<(&'a Scopes, &'a Prepared, &'a Captures)> {
        let Routed::Route { route, captures } = *self.routed else { return None };
        let scopes = route.scopes.as_ref()?;
        let is_for = request.method != Method::OPTIONS && self.is_for(request);
        is_for.then_some((scopes, route, captures))
    }

    /// Whether the request still asks for what was routed.
    #[inline]
    pub(super) fn is_for(&self, request: &request::Parts) -> bool {
        self.asked.as_ref().is_none_or(|asked| asked.is_still(request))
    }

    /// Holds the body to the limit of what was routed, for all that may read it.
    #[inline]
    pub(super) fn hold_body(&mut self, body: &mut Body) {
        if !body.is_none() {
            self.hold_body_if_any_comes(body);
        }
    }

    #[inline(never)] // most requests have no body
    fn hold_body_if_any_comes(&self, body: &mut Body) {
        if !body.is_end_stream() {
            self.hold_body_to_its_limit(body);
        }
    }

    fn hold_body_to_its_limit(&self, body: &mut Body) {
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
        self.hold_body_to_its_limit(body);
    }

    /// The largest body that what was routed takes: as the attribute or the middleware says that is nearest to the handler, else the
    /// application.
    #[inline]
    pub(crate) fn body_limits(&self) -> BodyLimits {
        let limits = self.routed.route().map_or(self.shared.settings.body_limits, |route| route.body_limits);
        match self.facts.body_limit() {
            Some(most) if !limits.are_of_route || self.facts.body_limit_is_near() => BodyLimits::all(most),
            _ => limits,
        }
    }

    /// What is done to each response of a middleware: one that cannot be sent is refused where it is made, so that whatever
    /// stands around it sees what is sent, and a problem is rendered.
    #[inline]
    pub(crate) fn settle(&self, response: &mut Response) {
        match framing::refuse(response, self.framing, || self.route()) {
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
    pub(super) fn here(&self) -> Here {
        Here { route: self.route(), request_id: self.facts.id_for_log().id() }
    }

    /// The middleware of the route and its blueprints.
    #[inline]
    pub(super) fn scopes(&self, request: &request::Parts) -> Option<&'a Scopes> {
        let own = self.routed.scopes();
        let Some(asked) = self.asked.as_ref().filter(|_| request.method == Method::OPTIONS) else {
            return own;
        };
        let mut place = Lookup::NotFound;
        let routed = preflight::scoped(*self.routed, self.shared, request, &mut place);
        // The same route by its number, since what was routed here lives no longer than the place.
        let scopes = routed.meta().and_then(|meta| self.shared.prepared(meta.index).scopes.as_ref());
        asked.left.store(Scopes::count_beyond(own, scopes), Ordering::Relaxed);
        scopes
    }

    /// Whether it was routed as `OPTIONS`, whatever middleware of the route has made of it.
    #[inline]
    pub(super) fn asks_for_options(&self) -> bool {
        self.asked_for_options().is_some()
    }

    #[inline]
    fn asked_for_options(&self) -> Option<&Asked> {
        self.asked.as_ref().filter(|asked| asked.method == Method::OPTIONS)
    }

    /// The middleware that still stands before the handler of a preflight which has passed that of another route.
    #[inline]
    pub(super) fn scopes_left(&self) -> Option<&'a Scopes> {
        let left = self.asked_for_options()?.left.swap(0, Ordering::Relaxed);
        self.routed.scopes().and_then(|own| own.innermost(left))
    }

    /// Whether problems are shown otherwise than as they are, and this response may be one. Nearly all carry nothing that could be shown.
    #[inline]
    pub(super) fn may_render(&self, response: &Response) -> bool {
        let renders = self.head.is_some() || self.facts.id_is_in_problems();
        renders && !response.extensions().is_empty()
    }

    /// Shows a response in place as [`rendered`](Self::rendered) does.
    #[inline]
    pub(crate) fn render(&self, response: &mut Response) {
        if self.may_render(response) {
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
    pub(super) fn rendered_for(&self, response: Response, parts: &request::Parts) -> Response {
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
        self.routed.meta()
    }

    /// The path that was routed, in which the parameters stand; `uri` is that of the request as it is now.
    #[inline]
    pub(super) fn path<'u>(&'u self, uri: &'u Uri) -> &'u str {
        match &*self.asked {
            Some(Asked { target, .. }) => target.as_ref().map_or("", PathAndQuery::path),
            None => uri.path(),
        }
    }

    /// The target that was routed.
    pub(super) fn target(&self, request: &request::Parts) -> Uri {
        match &*self.asked {
            Some(Asked { target, .. }) => target.clone().map(Uri::from).unwrap_or_default(),
            None => request.uri.clone(),
        }
    }

    /// The number of the route that was found, among those of the application.
    pub(crate) fn route_index(&self) -> Option<usize> {
        self.routed.meta().map(|meta| meta.index)
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
