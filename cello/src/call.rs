//! Calls handlers whose arguments are all there at once, as most are: what nearly every shim is made of.
//!
//! Each function takes who asks, what was got for each argument, then the handler, and gives the first problem if there is one. A check
//! of the user's crate spends a third less on such a call than on taking the results apart where they are got.
//!
//! They are written out, one for each number of arguments: rustc shows their heads where an answer cannot be sent, and of a
//! macro it would show the macro too. Tuples behind a trait, tried instead, gave each such mistake a second error.
//!
//! A debug build compiles them anew for each handler, so what depends on the arguments alone stands in functions of its own
//! (`asked`, `both`), which handlers of the same arguments share.

mod extracting;

use std::future::Future;

pub use extracting::*;

use crate::private::{Answer, Answered, Asker, asked, both};
use crate::{IntoResponse, Problem};

/// Calls a handler of no arguments.
#[inline]
pub fn call0<'r, H, R>(x: Asker<'r>, handler: H) -> Answered<'r>
where
    H: FnOnce() -> R,
    R: IntoResponse,
{
    x.request()?;
    Ok(Answer::Ready(handler().into_response()))
}

/// Calls an `async fn` of no arguments.
#[inline]
pub fn call0_async<'r, H, R>(x: Asker<'r>, handler: H) -> Answered<'r>
where
    H: FnOnce() -> R,
    R: Future<Output: IntoResponse> + Send + 'r,
{
    x.request()?;
    Ok(Answer::Pending(Box::pin(handler())))
}

/// Calls a handler of one argument.
#[inline]
pub fn call1<'r, A, H, R>(x: Asker<'r>, a: Result<A, Problem>, handler: H) -> Answered<'r>
where
    H: FnOnce(A) -> R,
    R: IntoResponse,
{
    match asked(x, a) {
        Ok((_, a)) => Ok(Answer::Ready(handler(a).into_response())),
        Err(problem) => Err(problem),
    }
}

/// Calls an `async fn` of one argument.
#[inline]
pub fn call1_async<'r, A, H, R>(x: Asker<'r>, a: Result<A, Problem>, handler: H) -> Answered<'r>
where
    H: FnOnce(A) -> R,
    R: Future<Output: IntoResponse> + Send + 'r,
{
    match asked(x, a) {
        Ok((_, a)) => Ok(Answer::Pending(Box::pin(handler(a)))),
        Err(problem) => Err(problem),
    }
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
    match asked(x, both(a, b)) {
        Ok((_, (a, b))) => Ok(Answer::Ready(handler(a, b).into_response())),
        Err(problem) => Err(problem),
    }
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
    match asked(x, both(a, b)) {
        Ok((_, (a, b))) => Ok(Answer::Pending(Box::pin(handler(a, b)))),
        Err(problem) => Err(problem),
    }
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
    match asked(x, both(a, both(b, c))) {
        Ok((_, (a, (b, c)))) => Ok(Answer::Ready(handler(a, b, c).into_response())),
        Err(problem) => Err(problem),
    }
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
    match asked(x, both(a, both(b, c))) {
        Ok((_, (a, (b, c)))) => Ok(Answer::Pending(Box::pin(handler(a, b, c)))),
        Err(problem) => Err(problem),
    }
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
    match asked(x, both(a, both(b, both(c, d)))) {
        Ok((_, (a, (b, (c, d))))) => Ok(Answer::Ready(handler(a, b, c, d).into_response())),
        Err(problem) => Err(problem),
    }
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
    match asked(x, both(a, both(b, both(c, d)))) {
        Ok((_, (a, (b, (c, d))))) => Ok(Answer::Pending(Box::pin(handler(a, b, c, d)))),
        Err(problem) => Err(problem),
    }
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
    match asked(x, both(a, both(b, both(c, both(d, e))))) {
        Ok((_, (a, (b, (c, (d, e)))))) => Ok(Answer::Ready(handler(a, b, c, d, e).into_response())),
        Err(problem) => Err(problem),
    }
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
    match asked(x, both(a, both(b, both(c, both(d, e))))) {
        Ok((_, (a, (b, (c, (d, e)))))) => Ok(Answer::Pending(Box::pin(handler(a, b, c, d, e)))),
        Err(problem) => Err(problem),
    }
}
