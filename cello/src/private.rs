//! The one door between generated code and the library. Nothing here is public API: it changes without notice.

use std::error::Error as StdError;
use std::future::Future;
use std::marker::PhantomData;
pub use std::option::Option::{None, Some};
use std::pin::Pin;
pub use std::result::Result::{Err, Ok};
use std::task::{Context, Poll};

pub use cello_macros::{__blueprint, __routes};
pub use cello_routing as routing;

pub use crate::__handler;
pub use crate::call::*;
pub use crate::dispatch::Exchange;
pub use crate::error::log_error;
pub use crate::extract::ExtractAll;
pub use crate::link::LinkValue;
pub use crate::middleware::Scope;
pub use crate::middleware::proof::{Enter, Member, MembersNeed, NoNeeds, Whether};
pub use crate::route::RouteMemos;
pub use crate::route::freeze::{check, draft, inherited_from_end, metas};
pub use crate::route::mount::{Item, Mounts, mounts, roots};
pub use crate::route::row::{
    Blueprint, Calls, ExtractsAndCalls, More, MoreOfBlueprint, Mounted, NoRoute, Node, Row,
    extracting_handler, handler,
};
pub use crate::route::shim::{Answer, Asker, Extracts, Guard, nothing};
pub use crate::state::Nothing;
pub use crate::state::proof::{Needs, NoPiece, Piece, Probe, ProvideFor, ScopeNeeds, Takes, TakesFor};

/// What generated code finds by a second word, `of_cello::headers`. First, traits that have methods or constants: imported, by whatever name, they would be in
/// scope in the user's module, where they could be taken for traits of the user's. They have names of their own, since a path to what is imported
/// would be told to be longer than it need be. Then what few handlers name: each name that a module imports costs more than a second word here and there.
pub mod rest {
    pub use super::FromQueryStruct as CelloFromQueryStruct;
    pub use super::{
        Extracts, The, all, answers, call_abce_async, call_abe_async, call_abec_async, call_ae_async,
        call_aeb_async, call_aebc_async, call_e_async, call_ea_async, call_eab_async, call_eabc_async, call0,
        call1, call2, call3, call4, call4_async, call5, call5_async, extensions, extract, extract_async,
        extract_blocking, headers, method, no_body, nothing, one_body, reply_blocking, respond, state_owned,
        uri,
    };
    pub use crate::extract::{
        FromPath as CelloFromPath, FromQuery as CelloFromQuery, FromRequest as CelloFromRequest,
    };
    pub use crate::respond::IntoResponse as CelloIntoResponse;
}

/// What generated code finds in the user's module, which imports all of it: a path of one name takes the compiler less time than one of
/// three. And two traits on which it falls back where an item of the user's has nothing of its own.
pub mod names {
    pub use super::rest as of_cello;
    pub use super::{
        Calls as CelloCalls, ExtractsAndCalls as CelloExtractsAndCalls, Mounted as CelloMounted,
        Needs as CelloNeeds, Node as CelloNode, Probe as CelloProbe, ProvideFor as CelloProvideFor,
        Takes as CelloTakes, TakesFor as CelloTakesFor, both as of_cello_both,
        call0_async as of_cello_call0_async, call1_async as of_cello_call1_async,
        call2_async as of_cello_call2_async, call3_async as of_cello_call3_async,
        extracting_handler as of_cello_extracting_handler, handler as of_cello_handler,
        link as of_cello_link, state as of_cello_state,
    };
    pub use crate::link::Link as CelloLink;
    pub use crate::route::row::NoBlueprint as CelloNoBlueprint;
    pub use crate::state::proof::NoExtractor as CelloNoExtractor;
}

use crate::extract::{self, FromRequest, RequestContext};
use crate::route::ParamMeta;
use crate::{Body, IntoResponse, Link, Problem, Response, State};

/// What a shim gives.
pub type Answered<'r> = Result<Answer<'r>, Problem>;

impl<'r> Asker<'r> {
    /// The request. Where there is none, the problem is given to nobody.
    #[inline]
    pub(crate) fn request(self) -> Result<&'r Exchange<'r>, Problem> {
        match self {
            Self::Request(x) => Ok(x),
            Self::Description(_) => Err(Problem::new(http::StatusCode::INTERNAL_SERVER_ERROR)),
        }
    }

    /// The request, for a parameter; who asks without one is told what the parameter is.
    #[inline]
    pub(crate) fn request_for(self, param: impl FnOnce() -> ParamMeta) -> Result<&'r Exchange<'r>, Problem> {
        if let Self::Description(asked) = self {
            asked.param(param());
        }
        self.request()
    }
}

/// A type into which the whole query can be read.
#[diagnostic::on_unimplemented(
    message = "the query cannot be read into `{Self}`",
    label = "expected a struct that derives `serde::Deserialize`",
    note = "help: add `#[derive(serde::Deserialize)]` to it; for one parameter write `<name>` without the dots"
)]
pub trait FromQueryStruct: Sized {
    /// Reads it; the argument is called so, its type is `written` so.
    ///
    /// # Errors
    /// 400 for a field that is missing or malformed.
    fn argument(x: Asker<'_>, name: &'static str, written: &'static str) -> Result<Self, Problem>;
}

#[diagnostic::do_not_recommend]
impl<T: serde::de::DeserializeOwned> FromQueryStruct for T {
    fn argument(x: Asker<'_>, name: &'static str, written: &'static str) -> Result<Self, Problem> {
        extract::whole_query(x.request_for(|| ParamMeta::query_struct(name, written))?)
    }
}

/// Shared state.
#[inline]
pub fn state<'r, T: 'static>(x: Asker<'r>) -> Result<&'r T, Problem> {
    crate::state::find(x.request()?.call.state()).ok_or_else(crate::dispatch::no_state::<T>)
}

/// Shared state, for a handler that runs elsewhere.
pub fn state_owned<T: 'static>(x: Asker<'_>) -> Result<State<T>, Problem> {
    State::find(x.request()?.call.shared_state()).ok_or_else(crate::dispatch::no_state::<T>)
}

/// The header fields.
#[inline]
pub fn headers(x: Asker<'_>) -> Result<&http::HeaderMap, Problem> {
    Ok(&x.request()?.parts.headers)
}

/// The method.
#[inline]
pub fn method(x: Asker<'_>) -> Result<&http::Method, Problem> {
    Ok(&x.request()?.parts.method)
}

/// The target.
#[inline]
pub fn uri(x: Asker<'_>) -> Result<&http::Uri, Problem> {
    Ok(&x.request()?.parts.uri)
}

/// The extensions.
#[inline]
pub fn extensions(x: Asker<'_>) -> Result<&http::Extensions, Problem> {
    Ok(&x.request()?.parts.extensions)
}

/// What was got for one argument and for those after it, or the first problem.
#[inline]
pub fn both<A, B>(a: Result<A, Problem>, b: Result<B, Problem>) -> Result<(A, B), Problem> {
    Ok((a?, b?))
}

/// A handler at work, whose answer becomes a response. (A future around the handler's would be one type more for each handler.)
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent as a response",
    label = "expected a future whose output implements `cello::IntoResponse`",
    note = "help: give `Json`, text, `StatusCode`, `Response` or a tuple of them, or implement `cello::IntoResponse` for your type"
)]
pub trait Replying {
    /// Goes on with it.
    fn poll_reply(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Response>;
}

#[diagnostic::do_not_recommend]
impl<F: Future<Output: IntoResponse>> Replying for F {
    #[inline]
    fn poll_reply(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Response> {
        self.poll(cx).map(IntoResponse::into_response)
    }
}

/// Who asks for an answer, and what was got. Handlers of the same arguments share it.
#[inline]
pub(crate) fn asked<'r, V>(x: Asker<'r>, got: Result<V, Problem>) -> Result<(&'r Exchange<'r>, V), Problem> {
    Ok((x.request()?, got?))
}

/// Calls a handler on the blocking pool with what was got for its arguments.
pub fn reply_blocking<'r, V, F, R>(x: Asker<'r>, got: Result<V, Problem>, handler: F) -> Answered<'r>
where
    V: Send + 'static,
    F: FnOnce(V) -> R + Send + 'static,
    R: IntoResponse + 'static,
{
    let (_, got) = asked(x, got)?;
    Ok(Answer::Pending(Box::pin(on_blocking_pool(move || handler(got)))))
}

/// The answer of a handler that is no `async fn`, once its arguments have been extracted.
pub fn respond(value: impl IntoResponse) -> Response {
    value.into_response()
}

/// Extracts, then calls a handler that is no `async fn` with what was got for its other arguments too.
pub fn extract<'r, E, V, F>(
    x: Asker<'r>,
    body: &'r mut Body,
    got: Result<V, Problem>,
    handler: F,
) -> Answered<'r>
where
    E: ExtractAll + Send + 'r,
    V: Send + 'r,
    F: FnOnce(V, E) -> Response + Send + 'r,
{
    let (x, got) = asked(x, got)?;
    Ok(Answer::Pending(Box::pin(async move {
        match E::extract_all(x, body).await {
            Ok(extracted) => handler(got, extracted),
            Err(rejection) => rejection,
        }
    })))
}

/// A type, whose place is that of all the words that name it: where a type is left to the compiler, it shows that place.
pub type The<T> = T;

/// Names the answer of a handler among the arguments of a call: there rustc shows what is asked of it.
#[derive(Clone, Copy)]
pub struct Answers<T>(PhantomData<fn() -> T>);

/// The answer of the handler that is called beside it.
pub const fn answers<T>() -> Answers<T> {
    Answers(PhantomData)
}

/// Extracts, then calls an `async fn`.
pub fn extract_async<'r, E, V, F, Fut>(
    x: Asker<'r>,
    body: &'r mut Body,
    got: Result<V, Problem>,
    handler: F,
    _: Answers<Fut>,
) -> Answered<'r>
where
    E: ExtractAll + Send + 'r,
    V: Send + 'r,
    F: FnOnce(V, E) -> Fut + Send + 'r,
    Fut: Future<Output: IntoResponse> + Send + 'r,
{
    let (x, got) = asked(x, got)?;
    Ok(Answer::Pending(Box::pin(async move {
        match E::extract_all(x, body).await {
            Ok(extracted) => handler(got, extracted).await.into_response(),
            Err(rejection) => rejection,
        }
    })))
}

/// Extracts, then calls a handler on the blocking pool.
pub fn extract_blocking<'r, E, V, F>(
    x: Asker<'r>,
    body: &'r mut Body,
    got: Result<V, Problem>,
    handler: F,
) -> Answered<'r>
where
    E: ExtractAll + Send + 'static,
    V: Send + 'static,
    F: FnOnce(V, E) -> Response + Send + 'static,
{
    let (x, got) = asked(x, got)?;
    Ok(Answer::Pending(Box::pin(async move {
        match E::extract_all(x, body).await {
            Ok(extracted) => on_blocking_pool(move || handler(got, extracted)).await,
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
#[expect(clippy::needless_pass_by_value, reason = "a reference costs each check of the user's crate more")]
pub fn link(blueprint: Mounted, pattern: &'static str, parameters: impl LinkValues) -> Link {
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

/// Whether all of them hold.
#[must_use]
pub const fn all(of: &[bool]) -> bool {
    let mut i = 0;
    while i < of.len() {
        if !of[i] {
            return false;
        }
        i += 1;
    }
    true
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
