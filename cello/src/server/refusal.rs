//! The answer to a head that never came to its end, which hyper has no request for: [`refusal`].

use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http::{HeaderValue, Method, header};

use crate::dispatch::{Refused, Turn, Via};
use crate::service::Served;
use crate::{Body, Request, Response};

/// The largest body of such an answer.
const MOST_BYTES: usize = 64 * 1024;

/// Makes the answer, as it is sent.
pub(super) type Refusal = Box<dyn Fn() -> Pin<Box<dyn Future<Output = Vec<u8>> + Send>> + Send + Sync>;

/// The 408 of a head that did not come to its end in this time. It passes the application's stack, for which it has the
/// method `-` and the path `/`: nobody knows what the client was about to ask for.
pub(super) fn refusal(app: Arc<dyn Served>, via: Via, limit: Duration) -> Refusal {
    Box::new(move || {
        let mut request = Request::new(Body::empty());
        *request.method_mut() = Method::from_bytes(b"-").unwrap_or_default();
        request.extensions_mut().insert(Refused::HeadTooSlow(limit));
        let response = Arc::clone(&app).answer(Turn::of(request), via.clone());
        Box::pin(async { written(response.await.take_response()).await })
    })
}

async fn written(response: Response) -> Vec<u8> {
    let (mut head, body) = response.into_parts();
    let Ok(body) = body.collect(MOST_BYTES).await else { return Vec::new() };
    head.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
    head.headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    if let Ok(date) = HeaderValue::from_str(&httpdate::fmt_http_date(SystemTime::now())) {
        head.headers.insert(header::DATE, date);
    }
    let reason = head.status.canonical_reason().unwrap_or_default();
    let mut bytes = format!("HTTP/1.1 {} {reason}\r\n", head.status.as_str()).into_bytes();
    for (name, value) in &head.headers {
        bytes.extend_from_slice(name.as_str().as_bytes());
        bytes.extend_from_slice(b": ");
        bytes.extend_from_slice(value.as_bytes());
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(b"\r\n");
    bytes.extend_from_slice(&body);
    bytes
}
