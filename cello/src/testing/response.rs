//! What a test gets: [`TestResponse`].

use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;

use super::fail;
use crate::{Problem, Response};

/// Data that serde can read: all of [`DeserializeOwned`], by a name of which the compiler can say more.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from JSON: it does not implement `serde::Deserialize`",
    label = "expected a type that derives `serde::Deserialize`",
    note = "help: add `#[derive(serde::Deserialize)]` to it, or to what it holds, or read it as a `serde_json::Value`"
)]
pub trait FromJson: DeserializeOwned {}

#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned> FromJson for T {}

/// A response, read to its end.
pub struct TestResponse {
    pub(super) response: Response,
    pub(super) bytes: Result<Bytes, crate::BodyError>,
}

impl fmt::Debug for TestResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("TestResponse");
        shown.field("status", &self.response.status()).field("headers", self.response.headers());
        match &self.bytes {
            Ok(bytes) => shown.field("body", &String::from_utf8_lossy(bytes)),
            Err(error) => shown.field("body", error),
        };
        shown.finish()
    }
}

impl TestResponse {
    /// The status code.
    pub fn status(&self) -> StatusCode {
        self.response.status()
    }

    /// The header fields.
    pub fn headers(&self) -> &HeaderMap {
        self.response.headers()
    }

    /// The first header field of this name, as text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.response.headers().get(name)?.to_str().ok()
    }

    /// The problem that the response is, if it is one.
    pub fn problem(&self) -> Option<&Problem> {
        self.response.extensions().get()
    }

    /// The body.
    ///
    /// # Panics
    /// When the body failed before its end; [`try_bytes`](Self::try_bytes) gives the error.
    #[track_caller]
    pub fn bytes(&self) -> &Bytes {
        match &self.bytes {
            Ok(bytes) => bytes,
            Err(error) => fail(format_args!("the body of the response failed: {error}")),
        }
    }

    /// The body, or why it failed before its end.
    ///
    /// # Errors
    /// The error of the body.
    pub fn try_bytes(&self) -> Result<&Bytes, &crate::BodyError> {
        self.bytes.as_ref()
    }

    /// The body as text.
    ///
    /// # Panics
    /// When it is not UTF-8.
    #[track_caller]
    pub fn text(&self) -> &str {
        match std::str::from_utf8(self.bytes()) {
            Ok(text) => text,
            Err(error) => fail(format_args!("the body is not text: {error}")),
        }
    }

    /// The body, read as JSON.
    ///
    /// # Panics
    /// When it is not JSON of that shape.
    #[track_caller]
    pub fn json<T: FromJson>(&self) -> T {
        match serde_json::from_slice(self.bytes()) {
            Ok(value) => value,
            Err(error) => {
                let text = String::from_utf8_lossy(self.bytes());
                fail(format_args!("the body is not the JSON expected: {error}\n{} {text}", self.status()))
            }
        }
    }
}
