//! Preflights: which route an `OPTIONS` asks about, and what the request that it announces would meet.

use std::sync::{Arc, Mutex, PoisonError};

use http::header::{ACCESS_CONTROL_REQUEST_METHOD, HeaderValue, ORIGIN};
use http::{Method, Uri};

use super::{Call, Routed, Shared};
use crate::{Request, Response};

/// The method that a CORS preflight asks about, if the request is one.
pub(crate) fn asked_method(request: &Request) -> Option<Method> {
    if *request.method() != Method::OPTIONS || !request.headers().contains_key(ORIGIN) {
        return None;
    }
    let method = request.headers().get(ACCESS_CONTROL_REQUEST_METHOD)?;
    Method::from_bytes(method.as_bytes()).ok()
}

/// What a request would meet.
pub(crate) enum Preview {
    /// A route. `allow` has all methods of the path, if they are a list.
    Route { allow: Option<HeaderValue> },
    /// No route: this is its answer.
    Unrouted(Response),
    /// Code that speaks for itself: the application has its own handler for `OPTIONS` here, or a fallback service
    /// for what has no route.
    Elsewhere,
}

impl Call<'_> {
    /// What a request for the same path with another method would meet; `self` is that of an `OPTIONS`.
    pub(crate) fn preview(&self, method: &Method, uri: &Uri) -> Preview {
        if self.route().is_some_and(|own| !own.is_any()) {
            return Preview::Elsewhere;
        }
        match self.shared.route(method, uri) {
            Routed::Route { .. } => Preview::Route {
                allow: match self.routed {
                    Routed::Options(methods) => Some(self.shared.allow(methods)),
                    _ => None,
                },
            },
            Routed::NotFound if self.shared.settings.fallback.is_some() => Preview::Elsewhere,
            unrouted => Preview::Unrouted(unrouted.answer(self.shared, method, uri)),
        }
    }
}

/// The answer to a preflight, which passes the rest of the stack with the request and is given where a handler would be.
#[derive(Clone)]
pub(crate) struct PreflightAnswer(Arc<Mutex<Option<Response>>>);

impl PreflightAnswer {
    /// Sends it along with the request.
    pub(crate) fn with(request: &mut Request, answer: Response) -> Self {
        let answer = Self(Arc::new(Mutex::new(Some(answer))));
        request.extensions_mut().insert(answer.clone());
        answer
    }

    /// The answer, if nobody has given it.
    pub(crate) fn take(&self) -> Option<Response> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// The answer that came along with a request.
    pub(super) fn of(request: &Request) -> Option<Response> {
        if *request.method() != Method::OPTIONS {
            return None;
        }
        request.extensions().get::<Self>()?.take()
    }
}

/// Where a request is routed to for the choice of its scopes: a preflight passes those of the route that it asks about.
pub(super) fn scoped(routed: Routed, shared: &Shared, request: &Request) -> Routed {
    match (routed, asked_method(request)) {
        (Routed::Options(_), Some(method)) => shared.route(&method, request.uri()),
        _ => routed,
    }
}
