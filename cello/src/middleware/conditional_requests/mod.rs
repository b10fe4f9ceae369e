//! Answers that depend on what the client has: [`ConditionalRequests`], RFC 9110, section 13.

mod conditions;
mod etag;
mod validators;

use std::future::Future;
use std::ops::ControlFlow;

use http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG,
    HeaderName, HeaderValue, LAST_MODIFIED,
};
use http::{StatusCode, request};

pub(crate) use conditions::{Conditions, Verdict};
pub(super) use conditions::{elements, is_read};
pub use etag::ETag;
#[doc(hidden)]
pub use validators::IntoValidators;
pub use validators::Validators;

use super::after::never_waits;
use super::{Middleware, Passing};
use crate::dispatch::Call;
use crate::extract::precondition_failed;
use crate::{Body, IntoResponse, Response};

/// Answers 304 without content to clients that have it already, and makes the tags by which they ask
/// ([RFC 9110](https://www.rfc-editor.org/rfc/rfc9110), sections 8.8 and 13).
///
/// ```
/// use cello::prelude::*;
///
/// #[get("/")]
/// async fn index() -> &'static str {
///     "hello"
/// }
///
/// let client = cello::testing::TestClient::new(App::new(routes![index]).enable_conditional_requests());
/// let tag = client.get("/").send().header("etag").unwrap_or_default().to_owned();
/// assert_eq!(client.get("/").header("if-none-match", tag).send().status(), 304);
/// ```
///
/// # What it does
/// - **For `GET` and `HEAD`** that the handler answers with 2xx, it asks `If-Match`, else `If-Unmodified-Since`, then
///   `If-None-Match`, else `If-Modified-Since`, in this order (section 13.2.2). The answer is 412, 304, or the response as it is.
/// - **A 304** has the header fields of the response, but those that describe content: type, length, encoding, language, range,
///   digests, and `Last-Modified` beside an `ETag` (section 15.4.5).
/// - **A tag** is [made of the content](ETag::of_content) of a 200 that has none, if the content is at hand, not empty, and not
///   larger than [`max_size`](Self::max_size), unless `Cache-Control` says `no-store`. Streams get none: their handler can give one.
/// - **For all other methods** it does nothing: when a response is there, it is too late to ask. Handlers that change something
///   take [`Preconditions`](crate::Preconditions), and check them before they act.
/// - **With [`Compression`](crate::Compression)** put that one further out, added before, as `App::enable_compression` first: tags
///   are made of the content itself then, and compressed content has tags of its own that mean the same to handlers. Further
///   in it works too, but content is compressed before anybody asks whether it is needed.
///
/// The handler does its work before a 304 is known. One that would rather not takes
/// [`Preconditions`](crate::Preconditions) and asks [`is_current`](crate::Preconditions::is_current).
///
/// # Defaults
/// Strong tags, of content up to 1 MiB.
///
/// # Cost
/// A look at the names of the request's fields. Where it makes a tag, a millisecond for each megabyte of content, and an allocation.
#[derive(Debug, Clone)]
pub struct ConditionalRequests {
    max_size: usize,
    weak: bool,
}

impl ConditionalRequests {
    /// With the defaults. The same as `ConditionalRequests::default()`.
    #[must_use]
    pub fn new() -> Self {
        Self { max_size: 1024 * 1024, weak: false }
    }

    /// Makes tags of content up to so many bytes; 1 MiB by default. With 0 it makes none, and compares those that handlers give.
    #[must_use]
    pub fn max_size(mut self, bytes: usize) -> Self {
        self.max_size = bytes;
        self
    }

    /// Whether the tags that it makes are weak: for content that is not the same byte for byte each time, but means the same, or
    /// where something further out changes the bytes. Strong by default.
    #[must_use]
    pub fn weak_tags(mut self, weak: bool) -> Self {
        self.weak = weak;
        self
    }

    fn make_tag(&self, response: &mut Response) {
        let forbids = |value: &HeaderValue| {
            value.to_str().is_ok_and(|directives| {
                directives.split(',').any(|directive| directive.trim().eq_ignore_ascii_case("no-store"))
            })
        };
        if response.status() != StatusCode::OK
            || response.headers().contains_key(ETAG)
            || response.headers().get_all(CACHE_CONTROL).iter().any(forbids)
        {
            return;
        }
        let content =
            response.body().at_hand().filter(|content| (1..=self.max_size).contains(&content.len()));
        let Some(tag) = content.map(|content| ETag::made(if self.weak { "W/" } else { "" }, content)) else {
            return;
        };
        response.headers_mut().insert(ETAG, tag.into());
    }

    /// Gives a good response its tag, and says what becomes of it under these conditions.
    fn judge(&self, response: &mut Response, conditions: Option<&Conditions>, call: &Call<'_>) {
        self.make_tag(response);
        let current = || Validators::of_response(response.headers());
        match conditions.map_or(Verdict::Proceed, |conditions| conditions.judge(&current())) {
            Verdict::Proceed => {}
            Verdict::NotModified => make_not_modified(response),
            Verdict::Failed => {
                std::mem::take(response.body_mut()).set_aside();
                *response = precondition_failed().into_response();
                call.render(response);
            }
        }
    }
}

impl Middleware for ConditionalRequests {
    never_waits!();

    #[inline]
    fn enter<'a>(
        &'a self,
        head: &mut request::Parts,
        _: &mut Body,
        _: Passing<'a>,
    ) -> ControlFlow<Response, impl FnOnce(&'a Self, Passing<'a>, &mut Response) + Send + use<'a>> {
        let is_read = is_read(&head.method);
        // Boxed, since few requests have any.
        let conditions = is_read.then(|| Conditions::of(&head.method, &head.headers).map(Box::new)).flatten();
        ControlFlow::Continue(move |this: &Self, passing: Passing<'a>, response: &mut Response| {
            if is_read && response.status().is_success() {
                this.judge(response, conditions.as_deref(), passing.call);
            }
        })
    }
}

impl Default for ConditionalRequests {
    fn default() -> Self {
        Self::new()
    }
}

/// What describes content, and so does not stand in an answer that has none.
const OF_CONTENT: [HeaderName; 7] = [
    CONTENT_TYPE,
    CONTENT_LENGTH,
    CONTENT_ENCODING,
    CONTENT_LANGUAGE,
    CONTENT_RANGE,
    HeaderName::from_static("content-digest"),
    HeaderName::from_static("repr-digest"),
];

fn make_not_modified(response: &mut Response) {
    *response.status_mut() = StatusCode::NOT_MODIFIED;
    std::mem::take(response.body_mut()).set_aside();
    for name in &OF_CONTENT {
        response.headers_mut().remove(name);
    }
    if response.headers().contains_key(ETAG) {
        response.headers_mut().remove(LAST_MODIFIED);
    }
}
