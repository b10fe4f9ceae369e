//! The one door between generated code and the library. Nothing here is public API: it changes without notice.

use std::error::Error as StdError;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
pub use std::result::Result::{Err, Ok};
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

pub use cello_macros::{__blueprint, __routes};
pub use cello_routing as routing;

pub use crate::call::*;
pub use crate::dispatch::Exchange;
pub use crate::error::log_error;
pub use crate::extract::ExtractAll;
pub use crate::link::LinkValue;
pub use crate::middleware::Scope;
pub use crate::middleware::proof::{Enter, Member, MembersNeed, NoNeeds, Whether};
pub use crate::route::freeze::{Size, check, draft, inherited_from_end, metas, size};
pub use crate::route::row::{
    Answer, Blueprint, Guard, Mount, Mounted, NoBlueprint, NoRoute, Node, Row, one_method,
};
pub use crate::route::{Description, ParamMeta, RouteMemo};
pub use crate::state::proof::{
    Needs, NoExtractor, NoPiece, Piece, Probe, ProvideFor, ScopeNeeds, Takes, TakesFor,
};

use crate::extract::{self, FromPath, FromQuery, FromRequest, RequestContext};
use crate::{Body, IntoResponse, Link, Problem, Response, State};

/// What a shim gives.
pub type Answered<'r> = Result<Answer<'r>, Problem>;

/// The path parameter that is the `from_end`-th from the end.
pub fn param<'r, T: FromPath<'r>>(
    x: &'r Exchange<'r>,
    from_end: usize,
    name: &'static str,
) -> Result<T, Problem> {
    extract::param(x, from_end, name)
}

/// The query parameter `key`.
pub fn query<'r, T: FromQuery<'r>>(x: &'r Exchange<'r>, key: &'static str) -> Result<T, Problem> {
    extract::query(x, key)
}

/// The whole query, read into a struct.
pub fn query_struct<T: FromQueryStruct>(x: &Exchange<'_>) -> Result<T, Problem> {
    T::from_query_struct(x)
}

/// A type into which the whole query can be read.
#[diagnostic::on_unimplemented(
    message = "the query cannot be read into `{Self}`",
    label = "expected a struct that derives `serde::Deserialize`",
    note = "help: add `#[derive(serde::Deserialize)]` to it; for one parameter write `<name>` without the dots"
)]
pub trait FromQueryStruct: Sized {
    /// Reads it.
    ///
    /// # Errors
    /// 400 for a field that is missing or malformed.
    fn from_query_struct(x: &Exchange<'_>) -> Result<Self, Problem>;
}

#[diagnostic::do_not_recommend]
impl<T: serde::de::DeserializeOwned> FromQueryStruct for T {
    fn from_query_struct(x: &Exchange<'_>) -> Result<Self, Problem> {
        extract::whole_query(x)
    }
}

/// Shared state.
pub fn state<'r, T: 'static>(x: &'r Exchange<'r>) -> Result<&'r T, Problem> {
    crate::state::find(x.call.state()).ok_or_else(crate::dispatch::no_state::<T>)
}

/// Shared state, for a handler that runs elsewhere.
pub fn state_owned<T: 'static>(x: &Exchange<'_>) -> Result<State<T>, Problem> {
    State::find(x.call.shared_state()).ok_or_else(crate::dispatch::no_state::<T>)
}

/// The header fields.
pub fn headers<'r>(x: &'r Exchange<'r>) -> &'r http::HeaderMap {
    &x.parts.headers
}

/// The method.
pub fn method<'r>(x: &'r Exchange<'r>) -> &'r http::Method {
    &x.parts.method
}

/// The target.
pub fn uri<'r>(x: &'r Exchange<'r>) -> &'r http::Uri {
    &x.parts.uri
}

/// The extensions.
pub fn extensions<'r>(x: &'r Exchange<'r>) -> &'r http::Extensions {
    &x.parts.extensions
}

/// The answer of a handler that is no `async fn`.
pub fn reply<'r>(value: impl IntoResponse) -> Answered<'r> {
    Ok(Answer::Ready(value.into_response()))
}

/// The answer of an `async fn`.
pub fn reply_async<'r, F>(future: F) -> Answered<'r>
where
    F: Future<Output: IntoResponse> + Send + 'r,
{
    Ok(Answer::Pending(Box::pin(Replying { future })))
}

pin_project! {
    /// A handler at work, whose answer becomes a response. An `async` block would hold the handler twice.
    struct Replying<F> {
        #[pin]
        future: F,
    }
}

impl<F: Future<Output: IntoResponse>> Future for Replying<F> {
    type Output = Response;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Response> {
        self.project().future.poll(cx).map(IntoResponse::into_response)
    }
}

/// The answer of a handler that runs on the blocking pool.
pub fn reply_blocking<'r, R: IntoResponse + 'static>(
    handler: impl FnOnce() -> R + Send + 'static,
) -> Answered<'r> {
    Ok(Answer::Pending(Box::pin(on_blocking_pool(handler))))
}

/// The answer of a handler that is no `async fn`, once its arguments have been extracted.
pub fn respond(value: impl IntoResponse) -> Response {
    value.into_response()
}

/// Extracts, then calls a handler that is no `async fn`.
pub fn extract<'r, E, F>(x: &'r Exchange<'r>, mut body: Body, handler: F) -> Answered<'r>
where
    E: ExtractAll + Send + 'r,
    F: FnOnce(E) -> Response + Send + 'r,
{
    Ok(Answer::Pending(Box::pin(async move {
        match E::extract_all(x, &mut body).await {
            Ok(arguments) => handler(arguments),
            Err(rejection) => rejection,
        }
    })))
}

/// Names the answer of a handler among the arguments of a call: there rustc shows what is asked of it.
#[derive(Clone, Copy)]
pub struct Answers<T>(PhantomData<fn() -> T>);

/// The answer of the handler that is called beside it.
pub const fn answers<T>() -> Answers<T> {
    Answers(PhantomData)
}

/// Extracts, then calls an `async fn`.
pub fn extract_async<'r, E, F, Fut>(
    x: &'r Exchange<'r>,
    mut body: Body,
    handler: F,
    _: Answers<Fut>,
) -> Answered<'r>
where
    E: ExtractAll + Send + 'r,
    F: FnOnce(E) -> Fut + Send + 'r,
    Fut: Future<Output: IntoResponse> + Send + 'r,
{
    Ok(Answer::Pending(Box::pin(async move {
        match E::extract_all(x, &mut body).await {
            Ok(arguments) => handler(arguments).await.into_response(),
            Err(rejection) => rejection,
        }
    })))
}

/// Extracts, then calls a handler on the blocking pool.
pub fn extract_blocking<'r, E, F>(x: &'r Exchange<'r>, mut body: Body, handler: F) -> Answered<'r>
where
    E: ExtractAll + Send + 'static,
    F: FnOnce(E) -> Response + Send + 'static,
{
    Ok(Answer::Pending(Box::pin(async move {
        match E::extract_all(x, &mut body).await {
            Ok(arguments) => on_blocking_pool(move || handler(arguments)).await,
            Err(rejection) => rejection,
        }
    })))
}

async fn on_blocking_pool<R: IntoResponse>(handler: impl FnOnce() -> R + Send + 'static) -> Response {
    match tokio::task::spawn_blocking(|| handler().into_response()).await {
        Ok(response) => response,
        // Let the panic pass on to where panics are kept in and logged with their route.
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => Problem::new(http::StatusCode::SERVICE_UNAVAILABLE).into_response(),
        },
    }
}

/// A type that can guard a route: all of [`FromRequest`], by a name of which the compiler can say more.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot guard a route: it is no extractor",
    label = "not an extractor",
    note = "help: implement `cello::FromRequest` for it; its rejection is the answer to whom the guard turns away"
)]
pub trait GuardExtractor {
    /// Checks that it can be extracted.
    const GUARD: Guard;
}

#[diagnostic::do_not_recommend]
impl<E: FromRequest + 'static> GuardExtractor for E {
    const GUARD: Guard = Guard { check: guard::<E>, type_name: std::any::type_name::<E> };
}

fn guard<'r, E: FromRequest>(
    x: &'r Exchange<'r>,
) -> Pin<Box<dyn Future<Output = Result<(), Response>> + Send + 'r>> {
    Box::pin(async move {
        let mut body = Body::empty();
        match E::from_request(&mut RequestContext::new(x, &mut body)).await {
            Ok(_) => Ok(()),
            Err(rejection) => Err(rejection.into_response()),
        }
    })
}

/// A link: the prefixes of the blueprints, then the handler's own pattern, with the parameters in their places.
pub fn link(
    blueprint: Option<&'static Blueprint>,
    pattern: &'static str,
    parameters: &impl LinkValues,
) -> Link {
    parameters.with(|parameters| crate::route::freeze::link(blueprint, pattern, parameters))
}

/// The parameters of a link. A tuple costs a check less than a list of trait objects in the user's crate.
pub trait LinkValues {
    /// Lends them as a list.
    fn with<R>(&self, take: impl FnOnce(&[&dyn std::fmt::Display]) -> R) -> R;
}

macro_rules! link_values {
    ($(($($value:ident)*))+) => { $(
        impl<$($value: std::fmt::Display),*> LinkValues for ($($value,)*) {
            #[allow(non_snake_case)] // the type parameters serve as variable names
            fn with<R>(&self, take: impl FnOnce(&[&dyn std::fmt::Display]) -> R) -> R {
                let ($($value,)*) = self;
                take(&[$($value),*])
            }
        }
    )+ };
}

// As many as a pattern may have parameters.
link_values! { () (A) (A B) (A B C) (A B C D) (A B C D E) (A B C D E F) (A B C D E F G) (A B C D E F G H)
(A B C D E F G H I) (A B C D E F G H I J) (A B C D E F G H I J K) (A B C D E F G H I J K L)
(A B C D E F G H I J K L M) (A B C D E F G H I J K L M N) (A B C D E F G H I J K L M N O)
(A B C D E F G H I J K L M N O P) }

/// The problem of a derived error, whose status the macro has checked.
pub fn problem(status: u16) -> Problem {
    Problem::new(http::StatusCode::from_u16(status).unwrap_or(http::StatusCode::INTERNAL_SERVER_ERROR))
}

/// The source of a derived error, whether it is an error or a box of one.
pub trait AsDynError {
    /// The error.
    fn as_dyn_error(&self) -> &(dyn StdError + 'static);
}

impl<T: StdError + 'static> AsDynError for T {
    fn as_dyn_error(&self) -> &(dyn StdError + 'static) {
        self
    }
}

impl AsDynError for dyn StdError {
    fn as_dyn_error(&self) -> &(dyn StdError + 'static) {
        self
    }
}

impl AsDynError for dyn StdError + Send {
    fn as_dyn_error(&self) -> &(dyn StdError + 'static) {
        self
    }
}

impl AsDynError for dyn StdError + Send + Sync {
    fn as_dyn_error(&self) -> &(dyn StdError + 'static) {
        self
    }
}

impl AsDynError for crate::Error {
    fn as_dyn_error(&self) -> &(dyn StdError + 'static) {
        self.as_std()
    }
}

/// Checks that no argument before this one takes the body, if this one does.
///
/// # Panics
/// In const evaluation: if both do.
#[expect(clippy::panic, reason = "a compile error, in words")]
#[track_caller]
pub const fn one_body(before: &[bool], this: bool) {
    let mut i = 0;
    while i < before.len() {
        if this && before[i] {
            panic!(
                "two arguments of this handler take the body, but a request has only one\n\
                 help: keep one of them, or take a struct that holds both"
            );
        }
        i += 1;
    }
}

/// Checks that an argument of a handler of `GET` or `HEAD` does not take the body.
///
/// # Panics
/// In const evaluation: if it does.
#[expect(clippy::panic, reason = "a compile error, in words")]
#[track_caller]
pub const fn no_body(takes_body: bool) {
    if takes_body {
        panic!(
            "this argument takes the body, but requests with `GET` or `HEAD` have none as a rule\n\
             help: for a query parameter write its name into the pattern, as in `?<name>`; \
             if the body is meant, write `body` in the attribute"
        );
    }
}
