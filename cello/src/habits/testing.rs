//! The same for what tests have.

use crate::testing::{TestRequest, TestResponse};
use crate::{Bytes, StatusCode};

/// That a request of a test has been sent.
#[diagnostic::on_unimplemented(
    message = "this request has not been sent",
    label = "not a response yet",
    note = "help: write `.send()` before it: `client.get(\"/path\").send()` gives the response"
)]
pub trait IsSent {}

/// That it is sent so.
#[diagnostic::on_unimplemented(
    message = "a request of a test is sent by `.send()`",
    label = "not sent by this name",
    note = "help: write `client.get(\"/path\").send()`, which waits for the response by itself"
)]
pub trait IsDispatched {}

/// That it is given header fields or a body so.
#[diagnostic::on_unimplemented(
    message = "a request of a test gets its fields by `.header(...)`, its body by `.json(...)`, `.form(...)` or `.body(...)`",
    label = "`TestRequest` has no such method",
    note = "help: write `.header(\"authorization\", \"Bearer ...\")`, `.json(&value)`, or `.body(\"text\")`"
)]
pub trait IsFilled {}

/// That a response may be none.
#[diagnostic::on_unimplemented(
    message = "a `TestResponse` is the response itself, not a `Result`",
    label = "nothing to unwrap",
    note = "help: leave it out: where there is no response the test has failed in `.send()`"
)]
pub trait MayBeNone {}

/// That a response is asked so.
#[diagnostic::on_unimplemented(
    message = "a `TestResponse` is asked for `.status()`, `.header(\"name\")`, `.text()`, `.bytes()` or `.json::<T>()`",
    label = "`TestResponse` has no such method",
    note = "help: write `assert_eq!(response.status(), 200)`, `assert_eq!(response.text(), \"hello\")`, and so on"
)]
pub trait IsAsked {}

// By `&mut self`, so that a trait of the user's with such a method, by value or by reference, comes first.
#[doc(hidden)]
#[allow(clippy::must_use_candidate, clippy::missing_panics_doc, clippy::return_self_not_must_use)] // nobody can call them
impl<'c> TestRequest<'c> {
    pub fn status(&mut self) -> StatusCode
    where
        Self: IsSent,
    {
        StatusCode::OK
    }

    pub fn text(&mut self) -> &str
    where
        Self: IsSent,
    {
        ""
    }

    pub fn bytes(&mut self) -> Bytes
    where
        Self: IsSent,
    {
        Bytes::new()
    }

    pub fn dispatch(&mut self) -> TestResponse
    where
        Self: IsDispatched,
    {
        self.of_the_same_client().send()
    }

    pub fn execute(&mut self) -> TestResponse
    where
        Self: IsDispatched,
    {
        self.of_the_same_client().send()
    }

    pub fn bearer_auth<T>(&mut self, _: T) -> Self
    where
        Self: IsFilled,
    {
        self.of_the_same_client()
    }

    pub fn add_header<A, B>(&mut self, _: A, _: B) -> Self
    where
        Self: IsFilled,
    {
        self.of_the_same_client()
    }

    pub fn insert_header<T>(&mut self, _: T) -> Self
    where
        Self: IsFilled,
    {
        self.of_the_same_client()
    }

    pub fn content_type<T>(&mut self, _: T) -> Self
    where
        Self: IsFilled,
    {
        self.of_the_same_client()
    }

    pub fn set_json<T>(&mut self, _: T) -> Self
    where
        Self: IsFilled,
    {
        self.of_the_same_client()
    }

    pub fn body_json<T>(&mut self, _: T) -> Self
    where
        Self: IsFilled,
    {
        self.of_the_same_client()
    }
}

#[doc(hidden)]
#[allow(clippy::must_use_candidate, clippy::return_self_not_must_use)] // nobody can call them
impl TestResponse {
    pub fn unwrap<'a>(&'a mut self) -> &'a Self
    where
        &'a mut Self: MayBeNone,
    {
        self
    }

    pub fn assert_status<'a, T>(&'a mut self, _: T) -> &'a Self
    where
        &'a mut Self: IsAsked,
    {
        self
    }

    pub fn assert_status_ok<'a>(&'a mut self) -> &'a Self
    where
        &'a mut Self: IsAsked,
    {
        self
    }

    pub fn assert_status_is_ok<'a>(&'a mut self) -> &'a Self
    where
        &'a mut Self: IsAsked,
    {
        self
    }

    pub fn assert_text<'a, T>(&'a mut self, _: T) -> &'a Self
    where
        &'a mut Self: IsAsked,
    {
        self
    }

    pub fn assert_json<'a, T>(&'a mut self, _: T) -> &'a Self
    where
        &'a mut Self: IsAsked,
    {
        self
    }

    pub fn status_code<'a>(&'a mut self) -> StatusCode
    where
        &'a mut Self: IsAsked,
    {
        self.status()
    }

    pub fn body<'a>(&'a mut self) -> &'a Bytes
    where
        &'a mut Self: IsAsked,
    {
        self.bytes()
    }

    pub fn into_string<'a>(&'a mut self) -> String
    where
        &'a mut Self: IsAsked,
    {
        String::new()
    }
}
