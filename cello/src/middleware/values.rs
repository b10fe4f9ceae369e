//! What middleware hands to handlers: [`Provided`], [`FromMiddleware`], and the list in which it is found.

use std::any::Any;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use crate::state::{Given, StateList};
use crate::{FromRequest, Problem, RequestContext};

/// A value that a middleware lends to what is further in, before those of middleware further out.
pub(crate) struct Value<'a> {
    value: &'a (dyn Any + Send + Sync),
    outer: Values<'a>,
}

impl<'a> Value<'a> {
    pub(super) fn before<T: Send + Sync + 'static>(outer: Values<'a>, value: &'a T) -> Self {
        Self { value, outer }
    }
}

/// All values that are lent, innermost first. They lie in the futures of their middleware.
#[derive(Clone, Copy, Default)]
pub(crate) struct Values<'a>(Option<&'a Value<'a>>);

impl<'a> Values<'a> {
    pub(super) fn of(innermost: &'a Value<'a>) -> Self {
        Self(Some(innermost))
    }

    /// The innermost value of this type.
    pub(crate) fn find<T: 'static>(self) -> Option<&'a T> {
        let mut rest = self;
        while let Values(Some(Value { value, outer })) = rest {
            if let Some(found) = value.downcast_ref() {
                return Some(found);
            }
            rest = *outer;
        }
        None
    }
}

impl fmt::Debug for Values<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = std::iter::successors(self.0, |value| value.outer.0).count();
        write!(f, "Values({count})")
    }
}

/// A value that a middleware hands to handlers, as a handler takes it. It is cloned from the one that the middleware
/// holds, so a large one is handed on behind an `Arc`.
///
/// A handler that takes it does not compile unless a [`MiddlewareWith`](super::MiddlewareWith) whose `Provides` is `T` stands around
/// it: in the application's stack, in that of one of its blueprints, or in its own.
///
/// ```
/// use cello::prelude::*;
///
/// #[derive(Clone)]
/// struct CurrentUser(String);
///
/// struct Sessions;
///
/// impl MiddlewareWith for Sessions {
///     type State = ();
///     type Provides = CurrentUser;
///
///     async fn handle<'a>(
///         &'a self,
///         request: Request,
///         (): (),
///         next: Next<'a, impl Handle, CurrentUser>,
///     ) -> Response {
///         let Some(name) = request.headers().get("x-user").and_then(|name| name.to_str().ok()) else {
///             return StatusCode::UNAUTHORIZED.into_response();
///         };
///         let user = CurrentUser(name.to_owned());
///         next.run_with(request, &user).await
///     }
/// }
///
/// #[get("/me")]
/// async fn me(user: Provided<CurrentUser>) -> String {
///     user.0.0
/// }
///
/// let client = cello::testing::TestClient::new(App::new(routes![me]).with(Sessions));
/// assert_eq!(client.get("/me").header("x-user", "ada").send().text(), "ada");
/// assert_eq!(client.get("/me").send().status(), 401);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Provided<T>(pub T);

impl<T> Deref for Provided<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Clone + Send + Sync + 'static> FromRequest for Provided<T> {
    type Rejection = Problem;
    type State = FromMiddleware<T>;

    async fn from_request(cx: &mut RequestContext<'_, Self>) -> Result<Self, Problem> {
        cx.state().map(|value| Self(value.clone()))
    }
}

/// What stands as `State` in an extractor or a middleware that needs a value from a middleware outside it:
/// [`RequestContext::state`](crate::RequestContext::state) then gives a `&T`. The compiler sees to it that there is one.
///
/// ```
/// use cello::prelude::*;
/// use cello::middleware::FromMiddleware;
///
/// #[derive(Clone)]
/// struct CurrentUser { is_admin: bool }
///
/// /// Only for administrators. It looks at the user that a middleware has found, and copies nothing.
/// struct Admin;
///
/// impl FromRequest for Admin {
///     type Rejection = StatusCode;
///     type State = FromMiddleware<CurrentUser>;
///
///     async fn from_request(cx: &mut RequestContext<'_, Self>) -> Result<Self, StatusCode> {
///         let user = cx.state().map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
///         if user.is_admin { Ok(Self) } else { Err(StatusCode::FORBIDDEN) }
///     }
/// }
/// ```
pub struct FromMiddleware<T>(PhantomData<fn() -> T>);

impl<T> fmt::Debug for FromMiddleware<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FromMiddleware")
    }
}

impl<T: Sync + 'static> StateList for FromMiddleware<T> {
    type Refs<'r> = &'r T;

    fn refs(given: Given<'_>) -> Option<&T> {
        given.provided.find()
    }
}
