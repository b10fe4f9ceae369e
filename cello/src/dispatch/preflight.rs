//! Preflights: which route an `OPTIONS` asks about, and what the request that it announces would meet.

use std::sync::{Arc, Mutex};

use cello_routing::Lookup;
use http::header::{ACCESS_CONTROL_REQUEST_METHOD, ORIGIN};
use http::{HeaderMap, Method, StatusCode, Uri, request};

use super::{Routed, Shared};
use crate::lock::lock;
use crate::middleware::Scopes;
use crate::route::RouteMeta;
use crate::{IntoResponse, Problem, Request, Response};

/// The method that a CORS preflight asks about, if the request is one.
pub(crate) fn asked_method(method: &Method, headers: &HeaderMap) -> Option<Method> {
    if *method != Method::OPTIONS || !headers.contains_key(ORIGIN) {
        return None;
    }
    let method = headers.get(ACCESS_CONTROL_REQUEST_METHOD)?;
    Method::from_bytes(method.as_bytes()).ok()
}

/// What a request would meet.
#[derive(Debug, Clone)]
pub(crate) enum Preview {
    /// A route. Browsers keep the answer for all methods that it lists, so these are only such as meet the same stacks: another
    /// `Cors` may judge the others.
    Route { methods: Vec<Method> },
    /// No route.
    Unrouted,
    /// Code that speaks for itself: the application has its own handler for `OPTIONS` here, or a fallback service
    /// for what has no route.
    Elsewhere,
}

/// The question of a preflight, which passes the rest of the stack with the request and is answered where a handler
/// would be: there, the path is the one that the request itself would have.
#[derive(Clone)]
pub(crate) struct PreflightQuestion(Arc<Question>);

struct Question {
    method: Method,
    /// Those that may be allowed, if they are not those of the path.
    methods: Option<Vec<Method>>,
    /// Why the answer is no, whatever the route.
    refusal: Option<&'static str>,
    met: Mutex<Option<Preview>>,
}

impl PreflightQuestion {
    /// Sends it along with the request.
    pub(crate) fn with(
        request: &mut Request,
        method: Method,
        methods: Option<Vec<Method>>,
        refusal: Option<&'static str>,
    ) -> Self {
        let question = Self(Arc::new(Question { method, methods, refusal, met: Mutex::new(None) }));
        request.extensions_mut().insert(question.clone());
        question
    }

    /// Takes the question that came along with a request.
    pub(super) fn of(request: &mut request::Parts) -> Option<Self> {
        if request.method != Method::OPTIONS {
            return None;
        }
        request.extensions.remove()
    }

    /// The answer for this target, unless other code is to give it.
    pub(crate) fn answer(&self, shared: &Shared, uri: &Uri) -> Option<Response> {
        let (mut own, mut asked) = (Lookup::NotFound, Lookup::NotFound);
        let own = shared.route(&Method::OPTIONS, uri, &mut own);
        let (preview, answer) = match shared.route(&self.0.method, uri, &mut asked) {
            _ if own.meta().is_some_and(|own| !own.is_any()) => (Preview::Elsewhere, None),
            // `OPTIONS` has an answer wherever another method has a handler.
            routed @ (Routed::Route { .. } | Routed::Options(_)) => {
                let methods = self.0.listed(shared, uri, &own, &routed);
                let answer = match self.0.refusal {
                    None => StatusCode::NO_CONTENT.into_response(),
                    Some(why) => Problem::new(StatusCode::FORBIDDEN).with_detail(why).into_response(),
                };
                (Preview::Route { methods }, Some(answer))
            }
            Routed::NotFound if shared.settings.fallback.is_some() => (Preview::Elsewhere, None),
            unrouted => (Preview::Unrouted, Some(unrouted.answer(shared, &self.0.method, uri))),
        };
        *lock(&self.0.met) = Some(preview);
        answer
    }

    /// What the answer was about, if there has been one.
    pub(crate) fn met(&self) -> Option<Preview> {
        lock(&self.0.met).clone()
    }
}

impl Question {
    /// Of the methods that may be allowed, those for which the answer holds too.
    fn listed(&self, shared: &Shared, uri: &Uri, own: &Routed<'_>, asked: &Routed<'_>) -> Vec<Method> {
        let mut methods = match (&self.methods, own) {
            (Some(methods), _) => methods.clone(),
            (None, Routed::Options(methods)) => shared.methods(*methods),
            (None, _) => vec![self.method.clone()],
        };
        let scopes = asked.scopes();
        methods.retain(|method| {
            let mut place = Lookup::NotFound;
            match shared.route(method, uri, &mut place) {
                // What is answered without a handler changes nothing.
                Routed::Options(_) | Routed::MethodNotAllowed(_) | Routed::NotImplemented => true,
                other => Scopes::are_same(other.scopes(), scopes),
            }
        });
        methods
    }
}

/// Where a request is routed to for the choice of its scopes: a preflight passes those of the route that it asks about, unless
/// the application has its own handler for `OPTIONS`. One for any method is none.
pub(super) fn scoped<'l>(
    routed: Routed<'l>,
    shared: &'l Shared,
    request: &request::Parts,
    place: &'l mut Lookup,
) -> Routed<'l> {
    let of_another = match routed {
        Routed::Options(_) => true,
        _ => routed.meta().is_some_and(RouteMeta::is_any),
    };
    match asked_method(&request.method, &request.headers) {
        Some(method) if of_another => match shared.route(&method, &request.uri, place) {
            asked @ Routed::Route { .. } => asked,
            _ => routed,
        },
        _ => routed,
    }
}
