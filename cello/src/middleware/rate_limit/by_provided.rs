//! Rate limits of what a middleware further out has found: [`RateLimitBy`].

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::ops::ControlFlow;

use http::request;

use super::{Key, KeyBytes, MemoryStore, RateLimit, Store};
use crate::middleware::{
    FromMiddleware, Handle, Middleware, MiddlewareWith, Next, Passing, Surroundings, named,
};
use crate::{Body, Error, Request, Response};

/// A [`RateLimit`] whose requests are counted together by a value that a middleware outside hands on, such as the user: made by
/// [`RateLimit::by_provided`]. An application in which nobody hands on a `T` there does not compile.
pub struct RateLimitBy<T, S = MemoryStore> {
    limit: RateLimit<S>,
    of: PhantomData<fn(T)>,
}

impl<S: Store> RateLimit<S> {
    /// Counts together what belongs to one value that a middleware outside [hands on](crate::Next::run_with): the requests of one user, of
    /// one tenant. It is the key of those limits that name [none of their own](super::Limit::by); a request for which the function
    /// gives `None` is not limited by them. The compiler sees to it that there is such a value.
    ///
    /// ```
    /// use cello::middleware::RateLimitBy;
    /// use cello::prelude::*;
    ///
    /// struct User { id: u64 }
    ///
    /// struct Sessions;
    ///
    /// impl MiddlewareWith for Sessions {
    ///     type State = ();
    ///     type Provides = User;
    ///
    ///     async fn handle<'a>(&'a self, request: Request, (): (), next: Next<'a, impl Handle, User>) -> Response {
    ///         let id = request.headers().get("x-user").and_then(|id| id.to_str().ok()?.parse().ok());
    ///         match id {
    ///             Some(id) => next.run_with(request, &User { id }).await,
    ///             None => StatusCode::UNAUTHORIZED.into_response(),
    ///         }
    ///     }
    /// }
    ///
    /// // The attribute names the type, as of all middleware that need something.
    /// #[get(
    ///     "/report",
    ///     with(RateLimit::per_minute(1).by_provided(|user: &User| Some(user.id.to_be_bytes())) as RateLimitBy<User>),
    /// )]
    /// async fn report() -> &'static str {
    ///     "a large one"
    /// }
    ///
    /// let client = cello::testing::TestClient::new(App::new(routes![report]).with(Sessions));
    /// let status = |user: &str| client.get("/report").header("x-user", user).send().status().as_u16();
    /// assert_eq!((status("1"), status("1"), status("2")), (200, 429, 200));
    /// ```
    #[must_use]
    pub fn by_provided<T, K>(
        mut self,
        key: impl Fn(&T) -> Option<K> + Clone + Send + Sync + 'static,
    ) -> RateLimitBy<T, S>
    where
        T: Send + Sync + 'static,
        K: KeyBytes,
    {
        for limit in self.limits.iter_mut().filter(|limit| limit.key.is_unsaid()) {
            limit.key = Key::provided(key.clone());
        }
        RateLimitBy { limit: self, of: PhantomData }
    }
}

impl<T: Send + Sync + 'static, S: Store> MiddlewareWith for RateLimitBy<T, S> {
    type State = FromMiddleware<T>;
    type Provides = ();

    /// The value is found by the keys of the limits, wherever these are asked.
    fn handle<'a>(
        &'a self,
        request: Request,
        _: &'a T,
        next: Next<'a, impl Handle>,
    ) -> impl Future<Output = Response> + Send + 'a {
        Middleware::handle(&self.limit, request, next)
    }

    const WAITS: bool = S::WAITS;

    #[inline]
    fn enter<'a>(
        &'a self,
        head: &mut request::Parts,
        body: &mut Body,
        passing: Passing<'a>,
    ) -> ControlFlow<Response, impl FnOnce(&'a Self, Passing<'a>, &mut Response) + Send + use<'a, T, S>> {
        let leave = Middleware::enter(&self.limit, head, body, passing)?;
        ControlFlow::Continue(move |this: &'a Self, passing: Passing<'a>, response: &mut Response| {
            leave(&this.limit, passing, response);
        })
    }

    fn name(&self) -> String {
        named::<Self>()
    }

    fn check(&self) -> crate::Result<()> {
        if !self.limit.limits.iter().any(|limit| limit.key.is_provided()) {
            return Err(Error::msg(
                "rate limit: all limits say themselves by what they count, so that `by_provided` is never asked; leave out \
                 `.by(...)` of one",
            ));
        }
        Middleware::check(&self.limit)
    }

    fn check_within(&self, around: &mut Surroundings) -> crate::Result<()> {
        Middleware::check_within(&self.limit, around)
    }
}

impl<T, S: fmt::Debug> fmt::Debug for RateLimitBy<T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RateLimitBy").field(&self.limit).finish()
    }
}
