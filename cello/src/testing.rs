//! Tests without sockets: [`TestClient`].
//!
//! ```
//! use cello::prelude::*;
//! use cello::testing::TestClient;
//!
//! #[get("/hello/<name>")]
//! async fn hello(name: &str) -> String {
//!     format!("hello {name}")
//! }
//!
//! let client = TestClient::new(App::new(routes![hello]));
//! let response = client.get("/hello/world").send();
//! assert_eq!(response.status(), 200);
//! assert_eq!(response.text(), "hello world");
//! ```
//!
//! It keeps no cookies and follows no redirects: a test sends what it got.
//!
//! ```
//! # use cello::prelude::*;
//! # use cello::testing::TestClient;
//! # #[derive(serde::Deserialize)]
//! # struct Credentials { name: String }
//! #[post("/session")]
//! async fn log_in(credentials: Form<Credentials>) -> ([(&'static str, String); 1], Redirect) {
//!     let cookie = format!("sid={}; HttpOnly; Secure; SameSite=Lax; Path=/", credentials.name);
//!     ([("set-cookie", cookie)], Redirect::to(me::path()))
//! }
//!
//! #[get("/me")]
//! async fn me(headers: &HeaderMap) -> Result<Json<String>, Problem> {
//!     let cookie = headers.get("cookie").and_then(|cookie| cookie.to_str().ok());
//!     let name = cookie.and_then(|cookie| cookie.strip_prefix("sid="));
//!     Ok(Json(name.ok_or(StatusCode::UNAUTHORIZED)?.to_owned()))
//! }
//!
//! let client = TestClient::new(App::new(routes![log_in, me]));
//! assert_eq!(client.get(me::path()).send().status(), 401);
//! let answer = client.post(log_in::path()).form(&[("name", "ada")]).send();
//! assert_eq!(answer.header("location"), Some("/me"));
//! let cookie = answer.header("set-cookie").and_then(|cookie| cookie.split(';').next()).unwrap();
//! assert_eq!(client.get(me::path()).header("cookie", cookie).send().json::<String>(), "ada");
//! ```

mod overrides;
mod response;

use std::fmt;
use std::marker::PhantomData;
use std::net::SocketAddr;
use std::sync::{OnceLock, mpsc};
use std::time::Duration;

use bytes::Bytes;
use http::Method;
use http::header::{self, HeaderName, HeaderValue};
use tracing::Dispatch;
use tracing::instrument::WithSubscriber;
use tracing::subscriber::NoSubscriber;

pub use overrides::Overrides;
#[doc(hidden)]
pub use response::FromJson;
pub use response::TestResponse;

use crate::dispatch::Via;
use crate::middleware::Handle;
use crate::respond::Writable;
use crate::service::AppService;
use crate::{Application, Body, Link, Request, Response, Result};

/// The largest response that a test reads: 64 MiB.
const MOST_BYTES: usize = 64 * 1024 * 1024;
/// The longest that a test waits for a response.
const LONGEST: Duration = Duration::from_secs(60);

/// Calls an application directly, through its whole stack, without sockets.
///
/// It runs the application on a thread of its own, so that it works the same in a plain `#[test]` and inside a runtime.
/// Its methods panic where a test should fail: when the application does not start, when a body is not what is asked for.
///
/// What the application logs while it answers goes to the subscriber of `tracing` that is in force where [`send`](TestRequest::send) is called.
/// Where there is none, errors and warnings are printed among the output of the test, which `cargo test` shows if it fails: so a 500 tells
/// there why.
pub struct TestClient {
    call: Box<dyn Fn(Request, Option<SocketAddr>) -> Reply + Send + Sync>,
    /// Dropped last: the thread that drives the application.
    _runtime: Runtime,
}

struct Reply(mpsc::Receiver<(Response, Result<Bytes, crate::BodyError>)>);

impl TestClient {
    /// A client of this application.
    ///
    /// # Panics
    /// When the application does not start: with its error.
    #[track_caller]
    pub fn new(app: impl Application) -> Self {
        Self::builder(app).build()
    }

    /// A client of this application with some of its state replaced.
    ///
    /// ```no_run
    /// # use cello::prelude::*;
    /// # struct Mailer;
    /// # fn app() -> impl Application { App::new(routes![]) }
    /// let client = cello::testing::TestClient::builder(app()).state(Mailer).build();
    /// ```
    pub fn builder<A: Application>(app: A) -> TestClientBuilder<A> {
        let start = |overrides| {
            let runtime = Runtime::new()?;
            let service = runtime.wait(app.build(overrides))??;
            Ok(TestClient { call: caller(service, runtime.handle()), _runtime: runtime })
        };
        let overrides = Overrides::of_test();
        TestClientBuilder { start: Box::new(start), overrides, of: PhantomData }
    }

    /// Begins a request.
    pub fn request(&self, method: Method, target: impl AsRef<str>) -> TestRequest<'_> {
        let mut request = Request::new(Body::empty());
        *request.method_mut() = method;
        let fault = match target.as_ref().parse::<http::Uri>() {
            // `hello` parses as the name of a host; that of `CONNECT` has a port.
            Ok(uri) if uri.path_and_query().is_none() && uri.port().is_none() => {
                Some(format!("`{}` is not a request target: it should begin with `/`", target.as_ref()))
            }
            Ok(uri) => {
                *request.uri_mut() = uri;
                None
            }
            Err(error) => Some(format!("`{}` is not a request target: {error}", target.as_ref())),
        };
        TestRequest { client: self, request, peer: None, fault }
    }
}

/// Serves connections that are there already: for the fuzz target.
///
/// # Errors
/// When the application does not start.
#[cfg(unix)]
#[doc(hidden)]
pub async fn single(app: impl Application) -> Result<Single> {
    Single::new(app).await
}

#[cfg(unix)]
#[doc(hidden)]
pub use crate::server::Single;

macro_rules! methods {
    ($($name:ident $method:ident),+) => { $(
        #[doc = concat!("Begins a request with `", stringify!($method), "`.")]
        pub fn $name(&self, target: impl AsRef<str>) -> TestRequest<'_> {
            self.request(Method::$method, target)
        }
    )+ };
}

impl TestClient {
    methods! { get GET, post POST, put PUT, patch PATCH, delete DELETE, head HEAD, options OPTIONS }
}

impl fmt::Debug for TestClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TestClient")
    }
}

/// A client under construction.
pub struct TestClientBuilder<A> {
    /// Knows the application, so that what is no application is reported where it is given, and not at each method.
    start: Box<dyn FnOnce(Overrides) -> Result<TestClient> + Send>,
    overrides: Overrides,
    of: PhantomData<fn(A)>,
}

impl<A> fmt::Debug for TestClientBuilder<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestClientBuilder").field("overrides", &self.overrides).finish_non_exhaustive()
    }
}

impl<A> TestClientBuilder<A> {
    /// Replaces the part of the application's state that has this type. The application still builds its own state
    /// first: one that must not (a test without its database) is given another by the test's own `app()`.
    #[must_use]
    pub fn state<T: Send + Sync + 'static>(mut self, part: T) -> Self {
        self.overrides.replace(part);
        self
    }

    /// Starts the application.
    ///
    /// # Panics
    /// When it does not start, or when its state has no part of a type that was replaced.
    #[track_caller]
    pub fn build(self) -> TestClient {
        match self.try_build() {
            Ok(client) => client,
            Err(error) => fail(format_args!("the application does not start: {error}")),
        }
    }

    /// Starts the application.
    ///
    /// # Errors
    /// Those of [`Application::run`], or when its state has no part of a type that was replaced.
    pub fn try_build(self) -> Result<TestClient> {
        (self.start)(self.overrides)
    }
}

fn caller<H: Handle + 'static>(
    service: AppService<H>,
    runtime: tokio::runtime::Handle,
) -> Box<dyn Fn(Request, Option<SocketAddr>) -> Reply + Send + Sync> {
    Box::new(move |request, peer| {
        let (sender, receiver) = mpsc::channel();
        let response = service.answer(request, Via::Elsewhere(peer));
        let answered = async move {
            let (head, body) = response.await.take_response().into_parts();
            let bytes = body.collect(MOST_BYTES).await;
            // A test that no longer waits has failed already.
            let _ = sender.send((Response::from_parts(head, Body::empty()), bytes));
        };
        runtime.spawn(answered.with_subscriber(listener()));
        Reply(receiver)
    })
}

/// Who gets the events of a request: whoever does where the test sends it, else the output of the test.
fn listener() -> Dispatch {
    static OUTPUT: OnceLock<Dispatch> = OnceLock::new();
    let current = tracing::dispatcher::get_default(Dispatch::clone);
    if !current.is::<NoSubscriber>() {
        return current;
    }
    let output = OUTPUT.get_or_init(|| {
        tracing_subscriber::fmt()
            .with_max_level(tracing::Level::WARN)
            .with_ansi(false)
            .without_time()
            .with_test_writer()
            .finish()
            .into()
    });
    output.clone()
}

/// A runtime on threads of its own, which may be dropped anywhere.
struct Runtime(Option<tokio::runtime::Runtime>);

impl Runtime {
    fn new() -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        Ok(Self(Some(runtime)))
    }

    fn handle(&self) -> tokio::runtime::Handle {
        match &self.0 {
            Some(runtime) => runtime.handle().clone(),
            None => unreachable!("the runtime is taken by `drop` alone"),
        }
    }

    /// Runs a future there, and waits for it here.
    fn wait<F: Future<Output: Send + 'static> + Send + 'static>(&self, future: F) -> Result<F::Output> {
        let (sender, receiver) = mpsc::channel();
        self.handle().spawn(async move {
            let _ = sender.send(future.await);
        });
        receiver.recv().map_err(|_| crate::Error::msg("its state panicked"))
    }
}

impl Drop for Runtime {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

/// A request under construction.
#[must_use = "`send` sends it"]
#[derive(Debug)]
pub struct TestRequest<'c> {
    client: &'c TestClient,
    request: Request,
    peer: Option<SocketAddr>,
    fault: Option<String>,
}

impl TestRequest<'_> {
    /// Adds a header field.
    pub fn header<K, V>(mut self, name: K, value: V) -> Self
    where
        K: TryInto<HeaderName, Error: fmt::Display>,
        V: TryInto<HeaderValue, Error: fmt::Display>,
    {
        match (name.try_into(), value.try_into()) {
            (Ok(name), Ok(value)) => {
                self.request.headers_mut().append(name, value);
            }
            (Err(error), _) => self.fault = Some(format!("a header name cannot be sent: {error}")),
            (_, Err(error)) => self.fault = Some(format!("a header value cannot be sent: {error}")),
        }
        self
    }

    /// Adds a query parameter, percent-encoded.
    pub fn query(mut self, name: &str, value: impl fmt::Display) -> Self {
        let target = self.request.uri().to_string();
        match Link::from_text(target).query(name, value).parse() {
            Ok(uri) => *self.request.uri_mut() = uri,
            Err(error) => self.fault = Some(format!("the query cannot be sent: {error}")),
        }
        self
    }

    /// Sets a body of JSON, and its content type.
    pub fn json(mut self, value: impl Writable) -> Self {
        match serde_json::to_vec(&value) {
            Ok(bytes) => self.typed(bytes, "application/json"),
            Err(error) => {
                self.fault = Some(format!("the body cannot be written as JSON: {error}"));
                self
            }
        }
    }

    /// Sets a body of a form, and its content type.
    pub fn form(self, fields: &[(&str, &str)]) -> Self {
        let mut link = Link::from_text(String::new());
        for (name, value) in fields {
            link = link.query(name, value);
        }
        let text = link.as_str().trim_start_matches('?').to_owned();
        self.typed(text.into_bytes(), "application/x-www-form-urlencoded")
    }

    /// Sets the body. A content type that is set already stays.
    pub fn body(mut self, body: impl Into<Body>) -> Self {
        *self.request.body_mut() = body.into();
        self
    }

    /// Sets the address that the request comes from.
    pub fn peer(mut self, address: SocketAddr) -> Self {
        self.peer = Some(address);
        self
    }

    /// Another one, without anything: what stands where there can be no request.
    pub(crate) fn of_the_same_client(&self) -> Self {
        self.client.get("/")
    }

    fn typed(mut self, bytes: Vec<u8>, content_type: &'static str) -> Self {
        self.request.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        self.body(bytes)
    }

    /// Sends it, and waits for the whole response.
    ///
    /// # Panics
    /// When something given above cannot be sent, or when the response has not ended after a minute.
    #[track_caller]
    pub fn send(self) -> TestResponse {
        if let Some(fault) = self.fault {
            fail(format_args!("{fault}"));
        }
        match (self.client.call)(self.request, self.peer).0.recv_timeout(LONGEST) {
            Ok((response, bytes)) => TestResponse { response, bytes },
            Err(mpsc::RecvTimeoutError::Timeout) => {
                fail(format_args!("there was no answer within {LONGEST:?}"))
            }
            Err(mpsc::RecvTimeoutError::Disconnected) => fail(format_args!("the application gave no answer")),
        }
    }
}

/// Fails the test that asked, at the place where it asked.
#[track_caller]
#[expect(clippy::panic, reason = "a test client fails its test")]
fn fail(message: fmt::Arguments<'_>) -> ! {
    panic!("{message}")
}
