//! Preflights: the question of a browser whether a request may be sent.

use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_MAX_AGE,
    ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, HeaderValue, ORIGIN,
};
use http::{HeaderMap, Method};

use super::{Cors, Origins, RefusedWithin, Verdict, is_judged};
use crate::dispatch::{PreflightQuestion, Preview, asked_method};
use crate::middleware::{Handle, Next, vary};
use crate::{Request, Response};

/// What a preflight asks.
pub(super) struct Preflight {
    method: Method,
    headers: Option<HeaderValue>,
}

/// The list of these fields as one, as its sender may have split it (RFC 9110, section 5.3).
fn asked_headers(headers: &HeaderMap) -> Option<HeaderValue> {
    let mut fields = headers.get_all(ACCESS_CONTROL_REQUEST_HEADERS).iter();
    let first = fields.next()?;
    let mut list = first.as_bytes().to_vec();
    for more in fields {
        list.extend_from_slice(b", ");
        list.extend_from_slice(more.as_bytes());
    }
    // Its parts were in fields before.
    HeaderValue::from_bytes(&list).ok()
}

impl Preflight {
    /// The question of this request, if it is a preflight.
    pub(super) fn of(request: &Request) -> Option<Self> {
        let method = asked_method(request.method(), request.headers())?;
        Some(Self { method, headers: asked_headers(request.headers()) })
    }
}

impl<O: Origins> Cors<O> {
    pub(super) async fn preflight(
        &self,
        asked: Preflight,
        mut request: Request,
        next: Next<'_, impl Handle>,
    ) -> Response {
        // Here, where a panic of the application's function is caught with those of the future.
        let verdict = self.judge(request.headers()).into();
        let refusal = match &verdict {
            Verdict::Allowed(_) if self.takes(&asked.method) => None,
            Verdict::Allowed(_) => Some("cross-origin requests cannot use this method here"),
            Verdict::Refused | Verdict::Absent => Some("requests of this origin are not allowed"),
        };
        let question =
            PreflightQuestion::with(&mut request, asked.method.clone(), self.methods.clone(), refusal);
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
                // Browsers send GET, HEAD and POST whatever methods are listed.
                let verdict = if refusal.is_some() { Verdict::Refused } else { verdict };
                if self.mark(&mut response, verdict) {
                    let methods = self.methods.as_deref().unwrap_or(std::slice::from_ref(&asked.method));
                    self.grant(&mut response, &asked, methods);
                }
            }
            (Some(Preview::Route { .. } | Preview::Unrouted), _) if is_judged(&response) => {}
            (Some(Preview::Route { methods }), Verdict::Allowed(origin)) if refusal.is_none() => {
                self.allow(response.headers_mut(), origin);
                self.grant(&mut response, &asked, &methods);
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
    fn grant(&self, response: &mut Response, asked: &Preflight, methods: &[Method]) {
        let headers = match &self.headers {
            None => asked.headers.clone(),
            Some(names) => Some(names.0.clone()),
        };
        let fields = [
            (ACCESS_CONTROL_ALLOW_METHODS, listed(methods)),
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
