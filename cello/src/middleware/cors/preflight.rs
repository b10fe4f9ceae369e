//! Preflights: the question of a browser whether a request may be sent.

use http::Method;
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_MAX_AGE,
    ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, HeaderValue, ORIGIN,
};

use super::{Cors, Origins, RefusedWithin, Verdict, is_judged};
use crate::dispatch::{PreflightQuestion, Preview, asked_method};
use crate::middleware::{Handle, Next, vary};
use crate::{Request, Response};

/// What a preflight asks.
pub(super) struct Preflight {
    method: Method,
    headers: Option<HeaderValue>,
}

impl Preflight {
    /// The question of this request, if it is a preflight.
    pub(super) fn of(request: &Request) -> Option<Self> {
        let method = asked_method(request.method(), request.headers())?;
        Some(Self { method, headers: request.headers().get(ACCESS_CONTROL_REQUEST_HEADERS).cloned() })
    }
}

impl<O: Origins> Cors<O> {
    pub(super) async fn preflight(
        &self,
        asked: Preflight,
        verdict: Verdict,
        mut request: Request,
        next: Next<'_, impl Handle>,
    ) -> Response {
        let refusal = match &verdict {
            Verdict::Allowed(_) if self.takes(&asked.method) => None,
            Verdict::Allowed(_) => Some("cross-origin requests cannot use this method here"),
            Verdict::Refused | Verdict::Absent => Some("requests of this origin are not allowed"),
        };
        let question = PreflightQuestion::with(&mut request, asked.method.clone(), refusal);
        let (uri, shared) = (request.uri().clone(), next.passing.call.shared);
        let mut response = next.run(request).await;
        // What stands inside and answers by itself, because there are no credentials for example, is not heard:
        // browsers send none with a preflight.
        if question.met().is_none()
            && !is_judged(&response)
            && let Some(answer) = question.answer(shared, &uri)
        {
            response = answer;
        }
        match (question.met(), verdict) {
            // The application's own code has answered, or another `Cors`.
            (None | Some(Preview::Elsewhere), verdict) => {
                if self.mark(&mut response, verdict) {
                    self.grant(&mut response, &asked, None);
                }
            }
            (Some(Preview::Route { .. } | Preview::Unrouted), _) if is_judged(&response) => {}
            (Some(Preview::Route { allow }), Verdict::Allowed(origin)) if refusal.is_none() => {
                self.allow(response.headers_mut(), origin);
                self.grant(&mut response, &asked, allow);
            }
            (Some(Preview::Route { .. } | Preview::Unrouted), _) => {
                response.extensions_mut().insert(RefusedWithin);
            }
        }
        self.vary_preflight(&mut response);
        response
    }

    fn vary_preflight(&self, response: &mut Response) {
        let varies = [ORIGIN, ACCESS_CONTROL_REQUEST_METHOD, ACCESS_CONTROL_REQUEST_HEADERS];
        let first = usize::from(!O::VARIES);
        let last = if self.headers.is_none() { 3 } else { 2 };
        vary::add(response.headers_mut(), &varies[first..last]);
    }

    fn takes(&self, method: &Method) -> bool {
        self.methods.as_ref().is_none_or(|methods| methods.contains(method))
    }

    /// Says what the request may have, besides its origin. What the response says already stays.
    fn grant(&self, response: &mut Response, asked: &Preflight, allow: Option<HeaderValue>) {
        let methods = match &self.methods {
            None => allow.or_else(|| listed(std::slice::from_ref(&asked.method))),
            Some(methods) => listed(methods),
        };
        let headers = match &self.headers {
            None => asked.headers.clone(),
            Some(names) => Some(names.0.clone()),
        };
        let fields = [
            (ACCESS_CONTROL_ALLOW_METHODS, methods),
            (ACCESS_CONTROL_ALLOW_HEADERS, headers),
            (ACCESS_CONTROL_MAX_AGE, self.max_age.clone()),
        ];
        for (name, value) in fields {
            if let Some(value) = value {
                response.headers_mut().entry(name).or_insert(value);
            }
        }
    }
}

fn listed(methods: &[Method]) -> Option<HeaderValue> {
    let names: Vec<&str> = methods.iter().map(Method::as_str).collect();
    HeaderValue::try_from(names.join(", ")).ok()
}
