//! The same for bodies, and for what belongs to a part of something.

use std::future::{Ready, ready};

use crate::middleware::{Next, RateLimit};
use crate::{Body, BodyError, Bytes, Response};

/// That a body is read so.
#[diagnostic::on_unimplemented(
    message = "a `Body` is read by `.collect(limit).await`, or piece by piece by `.next_data().await`",
    label = "`Body` has no such method",
    note = "help: write `body.collect(1024 * 1024).await?`, or `while let Some(data) = body.next_data().await? {{ ... }}`; a handler that takes `Bytes`, `String` or `Json<T>` instead of a `Body` gets the whole of it"
)]
pub trait IsReadSo {}

/// That limits are set so.
#[diagnostic::on_unimplemented(
    message = "whom a `RateLimit` counts, and which burst it lets pass, is said by its `Limit`",
    label = "`RateLimit` has no such method",
    note = "help: write `RateLimit::new(Limit::token_bucket(10, Duration::from_secs(1)).burst(20).by(Key::header(\"x-api-key\")))`, with `use cello::middleware::rate_limit::{{Key, Limit}};`"
)]
pub trait IsSaidSo {}

/// That what comes next is run so.
#[diagnostic::on_unimplemented(
    message = "what comes next is run by `.run(request)`",
    label = "`Next` has no such method",
    note = "help: write `next.run(request).await`, which gives the response; nothing has to be unwrapped"
)]
pub trait IsRunSo {}

// By `&mut self`, so that a trait with such a method, by value or by reference, comes first: `http_body_util::BodyExt` has one.
#[doc(hidden)]
#[allow(clippy::must_use_candidate)] // nobody can call them
impl Body {
    pub fn next<'a>(&'a mut self) -> Ready<Option<Result<Bytes, BodyError>>>
    where
        &'a mut Self: IsReadSo,
    {
        ready(None)
    }

    pub fn data<'a>(&'a mut self) -> Ready<Option<Result<Bytes, BodyError>>>
    where
        &'a mut Self: IsReadSo,
    {
        ready(None)
    }

    pub fn bytes<'a>(&'a mut self) -> Ready<Result<Bytes, BodyError>>
    where
        &'a mut Self: IsReadSo,
    {
        ready(Ok(Bytes::new()))
    }

    pub fn text<'a>(&'a mut self) -> Ready<Result<String, BodyError>>
    where
        &'a mut Self: IsReadSo,
    {
        ready(Ok(String::new()))
    }
}

#[doc(hidden)]
#[allow(clippy::must_use_candidate)] // nobody can call it
impl<H, P> Next<'_, H, P> {
    pub fn call<T>(self, _: T) -> Ready<Response>
    where
        P: IsRunSo,
    {
        ready(Response::default())
    }
}

#[doc(hidden)]
#[allow(clippy::must_use_candidate, clippy::return_self_not_must_use)] // nobody can call them
impl<S> RateLimit<S> {
    pub fn burst<T>(self, _: T) -> Self
    where
        S: IsSaidSo,
    {
        self
    }

    pub fn by<T>(self, _: T) -> Self
    where
        S: IsSaidSo,
    {
        self
    }

    pub fn key<T>(self, _: T) -> Self
    where
        S: IsSaidSo,
    {
        self
    }
}
