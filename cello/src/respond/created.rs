//! [`Created`] and [`NoContent`].

use http::{HeaderValue, StatusCode, header};

use super::{IntoLocation, IntoResponse, has_failed, unsendable};
use crate::Problem;
use crate::Response;
use crate::route::Description;

/// 201 with the `Location` of what was made, and a body that shows it (RFC 9110, section 15.3.2).
///
/// ```
/// use cello::prelude::*;
///
/// #[get("/users/<id>")]
/// async fn get_user(id: u64) -> String { id.to_string() }
///
/// #[post("/users")]
/// async fn create_user() -> Created<&'static str> {
///     Created::at(get_user::path(3), "user 3")
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "a response is sent if a handler gives it, and does nothing otherwise"]
pub struct Created<T> {
    location: String,
    body: T,
}

impl<T> Created<T> {
    /// Names where it is, as a rule with the link of a handler, and gives the body.
    pub fn at(location: impl IntoLocation, body: T) -> Self {
        Self { location: location.into(), body }
    }

    /// Where it is.
    pub fn location(&self) -> &str {
        &self.location
    }

    /// The body.
    pub fn into_inner(self) -> T {
        self.body
    }
}

impl<T: IntoResponse> IntoResponse for Created<T> {
    fn into_response(self) -> Response {
        match HeaderValue::try_from(self.location) {
            Ok(location) => {
                let mut response = self.body.into_response();
                // What is answered by a problem was not made.
                if has_failed(response.extensions()) || response.extensions().get::<Problem>().is_some() {
                    return response;
                }
                *response.status_mut() = StatusCode::CREATED;
                response.headers_mut().insert(header::LOCATION, location);
                response
            }
            Err(error) => unsendable(error),
        }
    }

    fn describe(description: &mut Description) {
        T::describe(description);
    }
}

/// 204: done, and nothing to show.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[must_use = "a response is sent if a handler gives it, and does nothing otherwise"]
pub struct NoContent;

impl IntoResponse for NoContent {
    fn into_response(self) -> Response {
        StatusCode::NO_CONTENT.into_response()
    }
}
