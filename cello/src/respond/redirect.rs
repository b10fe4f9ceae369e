//! [`Redirect`].

use http::{HeaderValue, StatusCode, header};

use super::{IntoResponse, unsendable};
use crate::Response;

/// A redirection (RFC 9110, section 15.4). A target that no header can hold is a 500, and is logged.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "a response is sent if a handler gives it, and does nothing otherwise"]
pub struct Redirect {
    status: StatusCode,
    location: String,
}

impl Redirect {
    /// 303: get the result there, with `GET`. What follows a form that was sent.
    pub fn see_other(location: impl IntoLocation) -> Self {
        Self { status: StatusCode::SEE_OTHER, location: location.into() }
    }

    /// 303, as [`see_other`](Self::see_other): what axum and Rocket call it.
    pub fn to(location: impl IntoLocation) -> Self {
        Self::see_other(location)
    }

    /// 307: this time it is there; the same method and body go there.
    pub fn temporary(location: impl IntoLocation) -> Self {
        Self { status: StatusCode::TEMPORARY_REDIRECT, location: location.into() }
    }

    /// 308: it is there from now on; the same method and body go there.
    pub fn permanent(location: impl IntoLocation) -> Self {
        Self { status: StatusCode::PERMANENT_REDIRECT, location: location.into() }
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Where it leads.
    pub fn location(&self) -> &str {
        &self.location
    }
}

/// Where a response leads: all that is text, links among it, by a name of which the compiler can say more.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no address that a response can name",
    label = "expected a text or a link",
    note = "help: the link of a handler is made by its `path`, as in `get_user::path(3)`; without it the handler itself is called"
)]
pub trait IntoLocation: Into<String> {}

#[diagnostic::do_not_recommend]
impl<T: Into<String>> IntoLocation for T {}

impl IntoResponse for Redirect {
    fn into_response(self) -> Response {
        match HeaderValue::try_from(self.location) {
            Ok(location) => (self.status, [(header::LOCATION, location)], ()).into_response(),
            Err(error) => unsendable(error),
        }
    }
}
