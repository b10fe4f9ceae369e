//! How large bodies may be: [`BodyLimit`].

use std::future::Future;
use std::ops::ControlFlow;

use http::request;

use super::after::never_waits;
use super::{Middleware, Passing};
use crate::{Body, Response};

/// Lets handlers and middleware further in read no more than so many bytes of a body; 413 beyond it
/// ([RFC 9110](https://www.rfc-editor.org/rfc/rfc9110), section 15.5.14).
///
/// ```
/// use cello::prelude::*;
///
/// #[cello::blueprint("/uploads", with(BodyLimit::new(50 * 1024 * 1024)))]
/// mod uploads {
///     use super::*;
///
///     #[post("/")]
///     async fn upload(content: Bytes) -> String {
///         content.len().to_string()
///     }
/// }
/// # fn main() {
/// # let client = cello::testing::TestClient::new(App::new(routes![uploads]));
/// # assert_eq!(client.post("/uploads").body(vec![0; 3 * 1024 * 1024]).send().text(), "3145728");
/// # }
/// ```
///
/// # Beside the other limits of bodies
/// There is one limit for each body, and three places to say it, of which the one nearest to the handler counts:
/// - [`Limits::body`](crate::Limits::body), 2 MiB, with `json` and `form`, for the whole application;
/// - `BodyLimit` in its place, smaller or larger, for all kinds of bodies; of several the innermost;
/// - `body_limit = ...` in the attribute of a route or blueprint.
///
/// It is a limit on what is read: extractors answer 413, also without reading where the length is known beforehand, and whoever reads a
/// [`Body`] gets [`BodyError::TooLarge`](crate::BodyError::TooLarge). A body that nobody reads is not refused.
///
/// # Defaults
/// None: `Limits::body` is the default, so there is no `enable_...`.
///
/// # Cost
/// Nothing for a body that is known to be within the limit; else a box around it, which the limit of the application has anyway.
#[derive(Debug, Clone)]
pub struct BodyLimit {
    bytes: usize,
}

impl BodyLimit {
    /// With so many bytes.
    #[must_use]
    pub fn new(bytes: usize) -> Self {
        Self { bytes }
    }
}

impl Middleware for BodyLimit {
    never_waits!();

    #[inline]
    fn enter<'a>(
        &'a self,
        _: &mut request::Parts,
        body: &mut Body,
        passing: Passing<'a>,
    ) -> ControlFlow<Response, impl FnOnce(&'a Self, Passing<'a>, &mut Response) + Send + use<'a>> {
        passing.call.limit_body(body, self.bytes);
        ControlFlow::Continue(|_: &Self, _: Passing<'a>, _: &mut Response| {})
    }
}
