//! Extractors: how handlers get what they take.
//!
//! | argument | what it gets | rejects with |
//! |---|---|---|
//! | a name in the pattern | a path parameter, [`FromParam`] | 400 |
//! | a name in the pattern's query | a query parameter, [`FromQuery`] | 400 |
//! | `&T` | shared state of type `T`, see [`AppState`](crate::AppState) | never |
//! | `&HeaderMap`, `&Method`, `&Uri`, `&Extensions` | that part of the request | never |
//! | [`Json<T>`](crate::Json) | the body, read as JSON | 400, 413, 415, 422 |
//! | [`Form<T>`] | the body, read as a form | 400, 413, 415, 422 |
//! | [`Query<T>`] | the query, read into a struct | 400 |
//! | [`Header<H>`] | a typed header field | 400 |
//! | `Bytes`, `String` | the body | 400, 413 |
//! | [`Body`] | the body as a stream, limited | 413 |
//! | [`Request`](crate::Request) | the whole request | never |
//! | [`Provided<T>`](crate::middleware::Provided) | a value that a middleware of the route hands on | never |
//! | [`ClientAddr`] | the address of the client | never |
//! | [`Scheme`] | whether the request came by TLS | never |
//! | [`RequestId`](crate::RequestId) | the id of the request | never |
//! | [`TraceContext`](crate::middleware::request_id::TraceContext) | the trace that it belongs to | never |
//! | [`Preconditions`] | what the client wants to hold before anything changes | never |
//! | [`Readiness`] | whether the server wants new requests | never |
//! | `Option<E>` | `None` where it is absent | if present and malformed |
//! | `Result<E, E::Rejection>` | the rejection as a value | never |
//! | your own type | what its [`FromRequest`] says | as it says |
//!
//! Guards come first, then parameters, query and state, then the other arguments in their order, the one that takes the body
//! last. So `guard(Admin)` on a handler or blueprint turns people away before they learn what else was wrong; an
//! argument `admin: Admin` does so before the body is read, but after the parameters.

mod body;
mod client_addr;
mod form;
mod header;
mod json;
mod param;
mod parts;
mod pointer;
mod preconditions;
mod query;
mod readiness;
mod scheme;
mod urlencoded;
mod wrap;

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::net::SocketAddr;

use http::{Extensions, HeaderMap, Method, StatusCode, Uri};

// The compiler names these in its notes, by the path that is not hidden.
#[doc(hidden)]
pub use crate::private::{FromQueryStruct, GuardExtractor, extract, extract_async, extract_blocking};
pub(crate) use body::rejection;
pub use client_addr::ClientAddr;
pub use form::Form;
pub use header::{Authorization, Bearer, ContentType, FromHeader, Header, Host, UserAgent};
pub use param::{FromParam, FromPath};
pub use preconditions::Preconditions;
pub(crate) use preconditions::failed as precondition_failed;
pub(crate) use query::query_struct as whole_query;
pub use query::{FromQuery, Query, QueryValues};
pub use readiness::Readiness;
pub use scheme::Scheme;
pub(crate) use urlencoded::{Pairs, pairs};

use crate::dispatch::Exchange;
use crate::route::{Description, RouteMeta};
use crate::state::StateList;
use crate::{Body, IntoResponse, Problem};

/// A type that a handler can take as an argument.
///
/// ```
/// use cello::prelude::*;
///
/// struct ApiKey(String);
///
/// impl FromRequest for ApiKey {
///     type Rejection = Problem;
///     type State = ();
///
///     async fn from_request(cx: &mut RequestContext<'_, Self>) -> Result<Self, Problem> {
///         let key = cx.headers().get("x-api-key").and_then(|key| key.to_str().ok());
///         let problem = || Problem::new(StatusCode::UNAUTHORIZED).with_detail("an `x-api-key` header is needed");
///         Ok(Self(key.ok_or_else(problem)?.to_owned()))
///     }
/// }
///
/// #[get("/")]
/// async fn index(key: ApiKey) -> String {
///     key.0
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "a handler cannot take an argument of type `{Self}`",
    label = "not an extractor",
    note = "help: name it in the pattern if it is a parameter (`<name>` or `?<name>`; one of a file module's prefix in `params(name)`), write `Json<{Self}>` if it is data in the body, `&{Self}` if it is shared state, or implement `cello::FromRequest` for it"
)]
pub trait FromRequest: Sized + Send {
    /// The answer when it cannot be extracted. [`Problem`] serves most.
    type Rejection: IntoResponse + Send;

    /// The shared state that it needs: `()`, or a tuple such as `(Sessions,)`. An application whose state lacks it
    /// does not compile. [`RequestContext::state`] gives references to it.
    type State: StateList;

    /// Whether it takes the body. At most one argument of a handler may.
    const TAKES_BODY: bool = false;

    /// Extracts it.
    fn from_request(
        cx: &mut RequestContext<'_, Self>,
    ) -> impl Future<Output = Result<Self, Self::Rejection>> + Send;

    /// `None` if the request does not have it at all: what `Option<Self>` is made of. The default takes any request
    /// to have it.
    fn is_absent(_cx: &RequestContext<'_, Self>) -> bool {
        false
    }

    /// Says what it reads from a request, for documentation.
    fn describe(_description: &mut Description) {}
}

/// Data that serde can read: all of [`DeserializeOwned`](serde::de::DeserializeOwned), by a name of which the compiler can say more.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from a request: it does not implement `serde::Deserialize`",
    label = "expected a type that derives `serde::Deserialize`",
    note = "help: add `#[derive(serde::Deserialize)]` to it, or to what it holds; data that is read owns its text, so write `String` for `&str`"
)]
pub trait Readable: serde::de::DeserializeOwned {}

#[diagnostic::do_not_recommend]
impl<T: serde::de::DeserializeOwned> Readable for T {}

/// What an extractor sees of the request.
pub struct RequestContext<'r, E> {
    pub(crate) exchange: &'r Exchange<'r>,
    pub(crate) body: &'r mut Body,
    pub(crate) _extractor: PhantomData<fn() -> E>,
}

impl<'r, E> RequestContext<'r, E> {
    pub(crate) fn new(exchange: &'r Exchange<'r>, body: &'r mut Body) -> Self {
        Self { exchange, body, _extractor: PhantomData }
    }

    /// The same request for another extractor, of which this one is made: its state must be this one's.
    ///
    /// ```
    /// use cello::prelude::*;
    ///
    /// struct Sessions(Vec<(&'static str, bool)>);
    ///
    /// /// Who is logged in, by the cookie `sid`.
    /// struct Session {
    ///     is_admin: bool,
    /// }
    ///
    /// impl FromRequest for Session {
    ///     type Rejection = Problem;
    ///     type State = (Sessions,);
    ///
    ///     async fn from_request(cx: &mut RequestContext<'_, Self>) -> Result<Self, Problem> {
    ///         let (sessions,) = cx.state()?;
    ///         let cookies = cx.headers().get_all("cookie").iter().filter_map(|field| field.to_str().ok());
    ///         let mut pairs = cookies.flat_map(|field| field.split("; ")).filter_map(|pair| pair.split_once('='));
    ///         let id = pairs.find(|(name, _)| *name == "sid").map(|(_, id)| id);
    ///         let known = sessions.0.iter().find(|(known, _)| Some(*known) == id);
    ///         let (_, is_admin) = known.ok_or(StatusCode::UNAUTHORIZED)?;
    ///         Ok(Self { is_admin: *is_admin })
    ///     }
    /// }
    ///
    /// /// Only for administrators.
    /// struct Admin;
    ///
    /// impl FromRequest for Admin {
    ///     type Rejection = Problem;
    ///     type State = (Sessions,);
    ///
    ///     async fn from_request(cx: &mut RequestContext<'_, Self>) -> Result<Self, Problem> {
    ///         let session = Session::from_request(&mut cx.inner()).await?;
    ///         if session.is_admin { Ok(Self) } else { Err(StatusCode::FORBIDDEN.into()) }
    ///     }
    /// }
    ///
    /// #[derive(AppState)]
    /// struct Services {
    ///     sessions: Sessions,
    /// }
    ///
    /// #[get("/admin", guard(Admin))]
    /// async fn admin() -> &'static str {
    ///     "hello"
    /// }
    ///
    /// let app = App::new(routes![admin]).state(Services { sessions: Sessions(vec![("a1", true), ("b2", false)]) });
    /// let client = cello::testing::TestClient::new(app);
    /// assert_eq!(client.get("/admin").send().status(), 401);
    /// assert_eq!(client.get("/admin").header("cookie", "theme=dark; sid=b2").send().status(), 403);
    /// assert_eq!(client.get("/admin").header("cookie", "sid=a1").send().status(), 200);
    /// ```
    pub fn inner<I>(&mut self) -> RequestContext<'_, I>
    where
        E: FromRequest,
        I: FromRequest<State = E::State>,
    {
        RequestContext::new(self.exchange, self.body)
    }

    /// The method.
    pub fn method(&self) -> &'r Method {
        &self.exchange.parts.method
    }

    /// The target.
    pub fn uri(&self) -> &'r Uri {
        &self.exchange.parts.uri
    }

    /// The header fields.
    pub fn headers(&self) -> &'r HeaderMap {
        &self.exchange.parts.headers
    }

    /// What middleware has attached to the request.
    pub fn extensions(&self) -> &'r Extensions {
        &self.exchange.parts.extensions
    }

    /// All of the request but its body.
    pub fn parts(&self) -> &'r http::request::Parts {
        self.exchange.parts
    }

    /// The route that was found.
    pub fn route(&self) -> Option<&'static RouteMeta> {
        Some(self.exchange.route())
    }

    /// The address of the other end of the connection, where there is one.
    pub fn peer_addr(&self) -> Option<SocketAddr> {
        self.exchange.call.peer()
    }

    /// The address of the client: as a trusted proxy says (see [`TrustedProxies`](crate::TrustedProxies)), else the other end
    /// of the connection, where there is one.
    pub fn client_addr(&self) -> Option<SocketAddr> {
        self.exchange.call.client()
    }

    pub(crate) fn is_stopping(&self) -> bool {
        self.exchange.call.is_stopping()
    }

    /// The largest body that this route takes, in bytes.
    pub fn body_limit(&self) -> usize {
        self.exchange.body_limits().any
    }

    /// The same for a body that is read as JSON.
    pub(crate) fn json_limit(&self) -> usize {
        self.exchange.body_limits().json
    }

    /// The same for a body that is read as a form.
    pub(crate) fn form_limit(&self) -> usize {
        self.exchange.body_limits().form
    }

    /// References to the state that [`FromRequest::State`] names.
    ///
    /// # Errors
    /// None in an application that compiled: the type proves that the state is there. A test that overrides state
    /// cannot take any away.
    pub fn state(&self) -> Result<<E::State as StateList>::Refs<'r>, Problem>
    where
        E: FromRequest,
    {
        E::State::refs(self.exchange.given()).ok_or_else(crate::dispatch::no_state::<E>)
    }

    /// The body. A second call finds it empty.
    ///
    /// An extractor that calls this says so in [`FromRequest::TAKES_BODY`]; one that does not fails to compile.
    pub fn take_body(&mut self) -> Body
    where
        E: FromRequest,
    {
        const {
            assert!(
                E::TAKES_BODY,
                "an extractor that takes the body says so: `const TAKES_BODY: bool = true;`"
            );
        }
        std::mem::take(self.body)
    }
}

impl<E> fmt::Debug for RequestContext<'_, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestContext").field("parts", self.exchange.parts).field("body", self.body).finish()
    }
}

/// Several extractors, run in the order of the arguments, but for the one that takes the body, which comes last: whoever is
/// turned away by another is told so before anything is read. What generated code asks for.
#[diagnostic::on_unimplemented(
    message = "a handler cannot take the arguments `{Self}`",
    label = "not all of them are extractors",
    note = "help: name parameters in the pattern, take shared state as `&T`, and implement `cello::FromRequest` for what else it takes"
)]
pub trait ExtractAll: Sized {
    #[doc(hidden)]
    fn extract_all<'r>(
        exchange: &'r Exchange<'r>,
        body: &'r mut Body,
    ) -> impl Future<Output = Result<Self, crate::Response>> + Send;
}

macro_rules! tuples {
    ($(($($name:ident)+))+) => { $(
        #[diagnostic::do_not_recommend]
        #[allow(non_snake_case)] // the type parameters serve as variable names
        impl<$($name: FromRequest),+> ExtractAll for ($($name,)+) {
            async fn extract_all<'r>(
                exchange: &'r Exchange<'r>,
                body: &'r mut Body,
            ) -> Result<Self, crate::Response> {
                $(let mut $name: Option<$name> = None;)+
                $(if !$name::TAKES_BODY {
                    $name = Some(one::<$name>(exchange, body).await?);
                })+
                $(if $name::TAKES_BODY {
                    $name = Some(one::<$name>(exchange, body).await?);
                })+
                match ($($name,)+) {
                    ($(Some($name),)+) => Ok(($($name,)+)),
                    // Each is taken by one of the two lines above.
                    _ => Err(Problem::new(StatusCode::INTERNAL_SERVER_ERROR).into_response()),
                }
            }
        }
    )+ };
}

tuples! { (A) (A B) (A B C) (A B C D) (A B C D E) (A B C D E F) (A B C D E F G) (A B C D E F G H)
(A B C D E F G H I) (A B C D E F G H I J) (A B C D E F G H I J K) (A B C D E F G H I J K L) }

/// One extractor; its rejection is the answer.
pub(crate) async fn one<E: FromRequest>(
    exchange: &Exchange<'_>,
    body: &mut Body,
) -> Result<E, crate::Response> {
    E::from_request(&mut RequestContext::new(exchange, body)).await.map_err(IntoResponse::into_response)
}
