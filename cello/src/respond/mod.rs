//! Responders: what handlers give.
//!
//! | value | response |
//! |---|---|
//! | [`Json<T>`](Json) | `application/json` |
//! | `&'static str`, `String` | `text/plain; charset=utf-8` |
//! | [`Html<T>`](Html) | `text/html; charset=utf-8` |
//! | `Bytes`, `Vec<u8>`, `&'static [u8]` | `application/octet-stream` |
//! | [`Streaming<S>`](Streaming), [`Body`] | a body as it comes |
//! | `StatusCode` | that status without a body |
//! | [`NoContent`], `()` | 204, 200 without a body |
//! | [`Created<T>`](Created) | 201 with `Location` |
//! | [`Redirect`] | 303, 307 or 308 with `Location` |
//! | `(StatusCode, T)`, `(headers, T)`, `(StatusCode, headers, T)` | `T` with that status and those headers, unless it is a bare 500 |
//! | `Option<T>` | 404 for `None` |
//! | `Result<T, E>` | either |
//! | [`Problem`] | `application/problem+json` |
//! | [`cello::Error`](crate::Error) | a bare 500, logged |
//! | [`Response`] | itself |

mod created;
mod head;
mod json;
mod plain;
mod redirect;
pub(crate) mod spare;

// The compiler names these in its notes, by the path that is not hidden.
#[doc(hidden)]
pub use crate::private::reply_blocking;
pub use created::{Created, NoContent};
pub use head::ResponseHead;
pub use json::Json;
pub use plain::{Html, Streaming};
#[doc(hidden)]
pub use redirect::IntoLocation;
pub use redirect::Redirect;

use std::convert::Infallible;

use http::{Extensions, HeaderValue, StatusCode, header};

use crate::route::Description;
use crate::{Body, Problem, Response};

/// A value that a handler can give.
///
/// ```
/// use cello::prelude::*;
///
/// struct Csv(String);
///
/// impl IntoResponse for Csv {
///     fn into_response(self) -> Response {
///         ([("content-type", "text/csv")], self.0).into_response()
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "a handler cannot answer with `{Self}`",
    label = "not a response",
    note = "help: wrap it in `Json(...)` if it is data, `.await` it in an `async fn` if it is a future, or implement `cello::IntoResponse` for it"
)]
pub trait IntoResponse {
    /// Makes the response.
    fn into_response(self) -> Response;

    /// Says what it answers, for documentation.
    fn describe(_description: &mut Description)
    where
        Self: Sized,
    {
    }

    /// Whether it is `()`: what a handler may answer with, but no middleware, in which it stands for a response that was dropped.
    #[doc(hidden)]
    const IS_NOTHING: bool = false;
}

/// The 500 for a value that cannot be sent, which is logged. A status or header around the value does not change it.
pub(crate) fn unsendable(error: impl std::fmt::Display) -> Response {
    crate::dispatch::Here::current().log(format_args!("a handler gave what cannot be sent: {error}"));
    failed()
}

/// The bare 500, which stays one whatever tuple it stands in.
pub(crate) fn failed() -> Response {
    let mut response = Problem::new(StatusCode::INTERNAL_SERVER_ERROR).into_response();
    response.extensions_mut().insert(Failed);
    response
}

fn has_failed(extensions: &Extensions) -> bool {
    extensions.get::<Failed>().is_some()
}

/// Marks the response of a value that could not become one.
#[derive(Debug, Clone, Copy)]
struct Failed;

/// A response with this body and this type of content. The type is a constant everywhere, so that it is not checked for each
/// response.
fn typed(body: Body, content_type: HeaderValue) -> Response {
    let mut response = Response::new(body);
    spare::give(response.headers_mut());
    response.headers_mut().insert(header::CONTENT_TYPE, content_type);
    response
}

impl IntoResponse for Response {
    fn into_response(self) -> Response {
        self
    }
}

impl IntoResponse for Body {
    fn into_response(self) -> Response {
        Response::new(self)
    }
}

/// 200 without a body.
impl IntoResponse for () {
    const IS_NOTHING: bool = true;

    fn into_response(self) -> Response {
        Response::default()
    }
}

impl IntoResponse for Infallible {
    fn into_response(self) -> Response {
        match self {}
    }
}

impl IntoResponse for StatusCode {
    fn into_response(self) -> Response {
        let mut response = Response::default();
        *response.status_mut() = self;
        response
    }
}

/// Data that serde can write: all of [`Serialize`](serde::Serialize), by a name of which the compiler can say more.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent as data: it does not implement `serde::Serialize`",
    label = "expected a type that derives `serde::Serialize`",
    note = "help: add `#[derive(serde::Serialize)]` to it, or to what it holds"
)]
pub trait Writable: serde::Serialize {}

#[diagnostic::do_not_recommend]
impl<T: serde::Serialize> Writable for T {}

/// The error of a handler's `Result`: all of [`IntoResponse`], by a name of which the compiler can say more.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "a handler cannot fail with `{Self}`, which is no response",
    label = "not an error that can be sent",
    note = "help: return `cello::Error`, into which `?` turns every error, for a bare 500; or derive `cello::HttpError` for an error of your own, with a status for each case"
)]
pub trait ErrorResponse: IntoResponse {}

#[diagnostic::do_not_recommend]
impl<E: IntoResponse> ErrorResponse for E {}

/// `None` is a 404.
impl<T: IntoResponse> IntoResponse for Option<T> {
    const IS_NOTHING: bool = T::IS_NOTHING;

    fn into_response(self) -> Response {
        match self {
            Some(value) => value.into_response(),
            None => Problem::new(StatusCode::NOT_FOUND).into_response(),
        }
    }

    fn describe(description: &mut Description) {
        T::describe(description);
    }
}

impl<T: IntoResponse, E: ErrorResponse> IntoResponse for Result<T, E> {
    const IS_NOTHING: bool = T::IS_NOTHING;

    fn into_response(self) -> Response {
        match self {
            Ok(value) => value.into_response(),
            Err(error) => error.into_response(),
        }
    }

    fn describe(description: &mut Description) {
        T::describe(description);
        E::describe(description);
    }
}

#[diagnostic::do_not_recommend]
impl<T: IntoResponse> IntoResponse for Box<T> {
    fn into_response(self) -> Response {
        (*self).into_response()
    }
}
