//! Calls an `async fn` of which one argument is extracted, as most are that take a body: like the other functions of [`call`](crate::call), with
//! the extractor named, and without the closure that other handlers need for it ([`extract_async`](crate::private::extract_async)), which is checked by
//! itself.
//!
//! Their names tell the order of the arguments: `e` is what is extracted, the other letters are what is there at once.

use std::future::Future;

use crate::extract::{FromRequest, one};
use crate::private::{Answer, Answered, Asker, Exchange, asked, both};
use crate::{Body, IntoResponse, Problem};

/// Calls `handler(e)`.
pub fn call_e_async<'r, E, H, R>(x: Asker<'r>, body: &'r mut Body, handler: H) -> Answered<'r>
where
    E: FromRequest + 'r,
    H: FnOnce(E) -> R + Send + 'r,
    R: Future<Output: IntoResponse> + Send + 'r,
{
    then(x.request()?, body, handler)
}

/// Calls `handler(a, e)`.
pub fn call_ae_async<'r, E, A, H, R>(
    x: Asker<'r>,
    body: &'r mut Body,
    a: Result<A, Problem>,
    handler: H,
) -> Answered<'r>
where
    E: FromRequest + 'r,
    A: Send + 'r,
    H: FnOnce(A, E) -> R + Send + 'r,
    R: Future<Output: IntoResponse> + Send + 'r,
{
    let (x, a) = asked(x, a)?;
    then(x, body, move |e| handler(a, e))
}

/// Calls `handler(e, a)`.
pub fn call_ea_async<'r, E, A, H, R>(
    x: Asker<'r>,
    body: &'r mut Body,
    a: Result<A, Problem>,
    handler: H,
) -> Answered<'r>
where
    E: FromRequest + 'r,
    A: Send + 'r,
    H: FnOnce(E, A) -> R + Send + 'r,
    R: Future<Output: IntoResponse> + Send + 'r,
{
    let (x, a) = asked(x, a)?;
    then(x, body, move |e| handler(e, a))
}

/// Calls `handler(a, b, e)`.
pub fn call_abe_async<'r, E, A, B, H, R>(
    x: Asker<'r>,
    body: &'r mut Body,
    a: Result<A, Problem>,
    b: Result<B, Problem>,
    handler: H,
) -> Answered<'r>
where
    E: FromRequest + 'r,
    A: Send + 'r,
    B: Send + 'r,
    H: FnOnce(A, B, E) -> R + Send + 'r,
    R: Future<Output: IntoResponse> + Send + 'r,
{
    let (x, (a, b)) = asked(x, both(a, b))?;
    then(x, body, move |e| handler(a, b, e))
}

/// Calls `handler(a, e, b)`.
pub fn call_aeb_async<'r, E, A, B, H, R>(
    x: Asker<'r>,
    body: &'r mut Body,
    a: Result<A, Problem>,
    b: Result<B, Problem>,
    handler: H,
) -> Answered<'r>
where
    E: FromRequest + 'r,
    A: Send + 'r,
    B: Send + 'r,
    H: FnOnce(A, E, B) -> R + Send + 'r,
    R: Future<Output: IntoResponse> + Send + 'r,
{
    let (x, (a, b)) = asked(x, both(a, b))?;
    then(x, body, move |e| handler(a, e, b))
}

/// Calls `handler(e, a, b)`.
pub fn call_eab_async<'r, E, A, B, H, R>(
    x: Asker<'r>,
    body: &'r mut Body,
    a: Result<A, Problem>,
    b: Result<B, Problem>,
    handler: H,
) -> Answered<'r>
where
    E: FromRequest + 'r,
    A: Send + 'r,
    B: Send + 'r,
    H: FnOnce(E, A, B) -> R + Send + 'r,
    R: Future<Output: IntoResponse> + Send + 'r,
{
    let (x, (a, b)) = asked(x, both(a, b))?;
    then(x, body, move |e| handler(e, a, b))
}

/// Calls `handler(a, b, c, e)`.
pub fn call_abce_async<'r, E, A, B, C, H, R>(
    x: Asker<'r>,
    body: &'r mut Body,
    a: Result<A, Problem>,
    b: Result<B, Problem>,
    c: Result<C, Problem>,
    handler: H,
) -> Answered<'r>
where
    E: FromRequest + 'r,
    A: Send + 'r,
    B: Send + 'r,
    C: Send + 'r,
    H: FnOnce(A, B, C, E) -> R + Send + 'r,
    R: Future<Output: IntoResponse> + Send + 'r,
{
    let (x, (a, (b, c))) = asked(x, both(a, both(b, c)))?;
    then(x, body, move |e| handler(a, b, c, e))
}

/// Calls `handler(a, b, e, c)`.
pub fn call_abec_async<'r, E, A, B, C, H, R>(
    x: Asker<'r>,
    body: &'r mut Body,
    a: Result<A, Problem>,
    b: Result<B, Problem>,
    c: Result<C, Problem>,
    handler: H,
) -> Answered<'r>
where
    E: FromRequest + 'r,
    A: Send + 'r,
    B: Send + 'r,
    C: Send + 'r,
    H: FnOnce(A, B, E, C) -> R + Send + 'r,
    R: Future<Output: IntoResponse> + Send + 'r,
{
    let (x, (a, (b, c))) = asked(x, both(a, both(b, c)))?;
    then(x, body, move |e| handler(a, b, e, c))
}

/// Calls `handler(a, e, b, c)`.
pub fn call_aebc_async<'r, E, A, B, C, H, R>(
    x: Asker<'r>,
    body: &'r mut Body,
    a: Result<A, Problem>,
    b: Result<B, Problem>,
    c: Result<C, Problem>,
    handler: H,
) -> Answered<'r>
where
    E: FromRequest + 'r,
    A: Send + 'r,
    B: Send + 'r,
    C: Send + 'r,
    H: FnOnce(A, E, B, C) -> R + Send + 'r,
    R: Future<Output: IntoResponse> + Send + 'r,
{
    let (x, (a, (b, c))) = asked(x, both(a, both(b, c)))?;
    then(x, body, move |e| handler(a, e, b, c))
}

/// Calls `handler(e, a, b, c)`.
pub fn call_eabc_async<'r, E, A, B, C, H, R>(
    x: Asker<'r>,
    body: &'r mut Body,
    a: Result<A, Problem>,
    b: Result<B, Problem>,
    c: Result<C, Problem>,
    handler: H,
) -> Answered<'r>
where
    E: FromRequest + 'r,
    A: Send + 'r,
    B: Send + 'r,
    C: Send + 'r,
    H: FnOnce(E, A, B, C) -> R + Send + 'r,
    R: Future<Output: IntoResponse> + Send + 'r,
{
    let (x, (a, (b, c))) = asked(x, both(a, both(b, c)))?;
    then(x, body, move |e| handler(e, a, b, c))
}

/// Extracts, then goes on with it: what all of these do.
#[inline]
fn then<'r, E, H, R>(x: &'r Exchange<'r>, body: &'r mut Body, handler: H) -> Answered<'r>
where
    E: FromRequest + 'r,
    H: FnOnce(E) -> R + Send + 'r,
    R: Future<Output: IntoResponse> + Send + 'r,
{
    Ok(Answer::Pending(Box::pin(async move {
        match one::<E>(x, body).await {
            Ok(e) => handler(e).await.into_response(),
            Err(rejection) => rejection,
        }
    })))
}
