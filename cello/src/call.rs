//! Calls handlers whose arguments are all there at once, as most are: what nearly every shim is made of.
//!
//! Each function takes who asks, what was got for each argument, then the handler, and gives the first problem if there is one. A check
//! of the user's crate spends a third less on such a call than on taking the results apart where they are got.
//!
//! They are written out, one for each number of arguments: rustc shows their heads where an answer cannot be sent, and of a
//! macro it would show the macro too. Tuples behind a trait, tried instead, gave each such mistake a second error.

use std::future::Future;

use crate::private::{Answered, Asker, pending, ready};
use crate::{IntoResponse, Problem};

/// Calls a handler of no arguments.
#[inline]
pub fn call0<'r, H, R>(x: Asker<'r>, handler: H) -> Answered<'r>
where
    H: FnOnce() -> R,
    R: IntoResponse,
{
    x.request()?;
    ready(handler())
}

/// Calls an `async fn` of no arguments.
#[inline]
pub fn call0_async<'r, H, R>(x: Asker<'r>, handler: H) -> Answered<'r>
where
    H: FnOnce() -> R,
    R: Future<Output: IntoResponse> + Send + 'r,
{
    x.request()?;
    pending(handler())
}

/// Calls a handler of one argument.
#[inline]
pub fn call1<'r, A, H, R>(x: Asker<'r>, a: Result<A, Problem>, handler: H) -> Answered<'r>
where
    H: FnOnce(A) -> R,
    R: IntoResponse,
{
    x.request()?;
    ready(handler(a?))
}

/// Calls an `async fn` of one argument.
#[inline]
pub fn call1_async<'r, A, H, R>(x: Asker<'r>, a: Result<A, Problem>, handler: H) -> Answered<'r>
where
    H: FnOnce(A) -> R,
    R: Future<Output: IntoResponse> + Send + 'r,
{
    x.request()?;
    pending(handler(a?))
}

/// Calls a handler of two arguments.
#[inline]
pub fn call2<'r, A, B, H, R>(
    x: Asker<'r>,
    a: Result<A, Problem>,
    b: Result<B, Problem>,
    handler: H,
) -> Answered<'r>
where
    H: FnOnce(A, B) -> R,
    R: IntoResponse,
{
    x.request()?;
    ready(handler(a?, b?))
}

/// Calls an `async fn` of two arguments.
#[inline]
pub fn call2_async<'r, A, B, H, R>(
    x: Asker<'r>,
    a: Result<A, Problem>,
    b: Result<B, Problem>,
    handler: H,
) -> Answered<'r>
where
    H: FnOnce(A, B) -> R,
    R: Future<Output: IntoResponse> + Send + 'r,
{
    x.request()?;
    pending(handler(a?, b?))
}

/// Calls a handler of three arguments.
#[inline]
pub fn call3<'r, A, B, C, H, R>(
    x: Asker<'r>,
    a: Result<A, Problem>,
    b: Result<B, Problem>,
    c: Result<C, Problem>,
    handler: H,
) -> Answered<'r>
where
    H: FnOnce(A, B, C) -> R,
    R: IntoResponse,
{
    x.request()?;
    ready(handler(a?, b?, c?))
}

/// Calls an `async fn` of three arguments.
#[inline]
pub fn call3_async<'r, A, B, C, H, R>(
    x: Asker<'r>,
    a: Result<A, Problem>,
    b: Result<B, Problem>,
    c: Result<C, Problem>,
    handler: H,
) -> Answered<'r>
where
    H: FnOnce(A, B, C) -> R,
    R: Future<Output: IntoResponse> + Send + 'r,
{
    x.request()?;
    pending(handler(a?, b?, c?))
}

/// Calls a handler of four arguments.
#[inline]
pub fn call4<'r, A, B, C, D, H, R>(
    x: Asker<'r>,
    a: Result<A, Problem>,
    b: Result<B, Problem>,
    c: Result<C, Problem>,
    d: Result<D, Problem>,
    handler: H,
) -> Answered<'r>
where
    H: FnOnce(A, B, C, D) -> R,
    R: IntoResponse,
{
    x.request()?;
    ready(handler(a?, b?, c?, d?))
}

/// Calls an `async fn` of four arguments.
#[inline]
pub fn call4_async<'r, A, B, C, D, H, R>(
    x: Asker<'r>,
    a: Result<A, Problem>,
    b: Result<B, Problem>,
    c: Result<C, Problem>,
    d: Result<D, Problem>,
    handler: H,
) -> Answered<'r>
where
    H: FnOnce(A, B, C, D) -> R,
    R: Future<Output: IntoResponse> + Send + 'r,
{
    x.request()?;
    pending(handler(a?, b?, c?, d?))
}

/// Calls a handler of five arguments.
#[inline]
pub fn call5<'r, A, B, C, D, E, H, R>(
    x: Asker<'r>,
    a: Result<A, Problem>,
    b: Result<B, Problem>,
    c: Result<C, Problem>,
    d: Result<D, Problem>,
    e: Result<E, Problem>,
    handler: H,
) -> Answered<'r>
where
    H: FnOnce(A, B, C, D, E) -> R,
    R: IntoResponse,
{
    x.request()?;
    ready(handler(a?, b?, c?, d?, e?))
}

/// Calls an `async fn` of five arguments.
#[inline]
pub fn call5_async<'r, A, B, C, D, E, H, R>(
    x: Asker<'r>,
    a: Result<A, Problem>,
    b: Result<B, Problem>,
    c: Result<C, Problem>,
    d: Result<D, Problem>,
    e: Result<E, Problem>,
    handler: H,
) -> Answered<'r>
where
    H: FnOnce(A, B, C, D, E) -> R,
    R: Future<Output: IntoResponse> + Send + 'r,
{
    x.request()?;
    pending(handler(a?, b?, c?, d?, e?))
}
