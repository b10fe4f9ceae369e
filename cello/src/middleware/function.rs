//! Plain functions as middleware.

use std::future::Future;

use super::{Erased, Handle, Middleware, Next};
use crate::{IntoResponse, Request, Response};

/// An `async fn(Request, Next<'_>) -> impl IntoResponse`; implemented by the compiler's own function types only.
///
/// It stands between the function and [`Middleware`] so that the future may borrow what [`Next`] borrows.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a middleware",
    label = "expected a middleware here",
    note = "help: implement `cello::middleware::Middleware` for it, or give an `async fn(Request, Next<'_>) -> Response`"
)]
pub trait MiddlewareFn<'a>: Send + Sync {
    /// See [`IntoResponse::IS_NOTHING`].
    #[doc(hidden)]
    const GIVES_NOTHING: bool;

    #[doc(hidden)]
    fn call(&self, request: Request, next: Next<'a>) -> impl Future<Output = Response> + Send + 'a;
}

#[diagnostic::do_not_recommend]
impl<'a, F, Fut> MiddlewareFn<'a> for F
where
    F: Fn(Request, Next<'a>) -> Fut + Send + Sync,
    Fut: Future<Output: IntoResponse> + Send + 'a,
{
    const GIVES_NOTHING: bool = Fut::Output::IS_NOTHING;

    fn call(&self, request: Request, next: Next<'a>) -> impl Future<Output = Response> + Send + 'a {
        let future = self(request, next);
        async move { future.await.into_response() }
    }
}

#[diagnostic::do_not_recommend]
impl<F> Middleware for F
where
    F: for<'a> MiddlewareFn<'a> + 'static,
{
    const GIVES_NOTHING: bool = <F as MiddlewareFn<'static>>::GIVES_NOTHING;

    async fn handle<'a>(&'a self, request: Request, next: Next<'a, impl Handle>) -> Response {
        let erased = Erased(next.handle);
        self.call(request, Next::new(&erased, next.passing)).await
    }
}
