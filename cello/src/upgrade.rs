//! Leaving HTTP for another protocol on the same connection: [`Upgrade`], [`Upgraded`].

use std::fmt;
use std::future::Future;
use std::hint::cold_path;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use http::header::{self, HeaderValue};
use http::{HeaderMap, StatusCode, Version};
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::dispatch::isolate::{catch, lazy};
use crate::error::OneLine;
use crate::extract::{FromRequest, RequestContext};
use crate::lock::lock;
use crate::{Body, IntoResponse, Problem, Response};

/// A request that asks to leave HTTP for another protocol: the way to WebSocket and to protocols of your own.
///
/// ```
/// use cello::prelude::*;
/// use cello::Upgrade;
/// use tokio::io::{AsyncReadExt, AsyncWriteExt};
///
/// /// Sends back what it gets.
/// #[get("/echo")]
/// async fn echo(upgrade: Upgrade) -> Response {
///     upgrade.on_upgrade("echo", async |mut connection| {
///         let mut bytes = [0; 1024];
///         while let Ok(count @ 1..) = connection.read(&mut bytes).await {
///             if connection.write_all(&bytes[..count]).await.is_err() {
///                 break;
///             }
///         }
///     })
/// }
/// ```
///
/// A request that asks for no upgrade is a 400. A stopping server gives upgraded connections until its grace ends.
pub struct Upgrade {
    on: OnUpgrade,
    offered: String,
}

impl Upgrade {
    /// The protocols that the client offers, the one it likes best first.
    pub fn protocols(&self) -> impl Iterator<Item = &str> {
        tokens(&self.offered)
    }

    /// Changes to `protocol`: the response says so (101), and once it is sent, `then` has the connection.
    ///
    /// A client that did not offer the protocol gets a 426 that names it. A panic of `then` is logged, and ends the connection.
    pub fn on_upgrade<F, Fut>(self, protocol: &str, then: F) -> Response
    where
        F: FnOnce(Upgraded) -> Fut + Send + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        let Ok(name) = HeaderValue::from_str(protocol) else {
            tracing::error!(target: "cello", "`{}` cannot be the name of a protocol", protocol.escape_debug());
            return Problem::new(StatusCode::INTERNAL_SERVER_ERROR).into_response();
        };
        if !self.protocols().any(|offered| offered.eq_ignore_ascii_case(protocol)) {
            return Problem::new(StatusCode::UPGRADE_REQUIRED)
                .with_detail(format!("this resource is reached by an upgrade to `{protocol}`"))
                .with_header(header::UPGRADE, name)
                .with_header(header::CONNECTION, HeaderValue::from_static("upgrade"))
                .into_response();
        }
        let switch = Switch { on: self.on, then: Box::new(|connection| Box::pin(then(connection))) };
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
        response.headers_mut().insert(header::UPGRADE, name);
        response.extensions_mut().insert(Pending(Arc::new(Mutex::new(Some(switch)))));
        response
    }
}

impl FromRequest for Upgrade {
    type Rejection = Problem;
    type State = ();

    async fn from_request(cx: &mut RequestContext<'_, Self>) -> Result<Self, Problem> {
        let refused = |detail: &'static str| Err(Problem::new(StatusCode::BAD_REQUEST).with_detail(detail));
        if Self::is_absent(cx) {
            return refused(
                "this resource is reached by an upgrade: `Connection: upgrade` and `Upgrade` are missing",
            );
        }
        if cx.parts().version != Version::HTTP_11 {
            return refused("only an HTTP/1.1 connection can be upgraded");
        }
        let Some(on) = cx.extensions().get::<OnUpgrade>() else {
            return refused("this connection cannot be upgraded");
        };
        Ok(Self { on: on.clone(), offered: list(cx.headers(), &header::UPGRADE) })
    }

    fn is_absent(cx: &RequestContext<'_, Self>) -> bool {
        !cx.headers().contains_key(header::UPGRADE)
            || !tokens(&list(cx.headers(), &header::CONNECTION))
                .any(|token| token.eq_ignore_ascii_case("upgrade"))
    }
}

impl fmt::Debug for Upgrade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upgrade").field("offered", &self.offered).finish_non_exhaustive()
    }
}

/// All values of a list field as one list.
fn list(headers: &HeaderMap, name: &header::HeaderName) -> String {
    let values: Vec<_> = headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect();
    values.join(",")
}

fn tokens(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(str::trim).filter(|token| !token.is_empty())
}

/// A connection that has left HTTP: bytes in both directions, read and written as Tokio's traits say.
pub struct Upgraded(TokioIo<hyper::upgrade::Upgraded>);

impl AsyncRead for Upgraded {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buf)
    }
}

impl AsyncWrite for Upgraded {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.0.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}

impl fmt::Debug for Upgraded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Upgraded")
    }
}

/// What a response carries to the server: what is to happen once it is sent.
#[derive(Clone)]
struct Pending(Arc<Mutex<Option<Switch>>>);

type Then = Box<dyn FnOnce(Upgraded) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send>;

/// A change of protocol that is agreed on.
pub(crate) struct Switch {
    on: OnUpgrade,
    then: Then,
}

impl Switch {
    /// Waits for the connection, then runs what has been asked for.
    pub(crate) async fn run(self) {
        match self.on.await {
            Ok(upgraded) => {
                let upgraded = Upgraded(TokioIo::new(upgraded));
                if let Err(panic) = catch(lazy(|| (self.then)(upgraded))).await {
                    let message = OneLine(panic.message());
                    tracing::error!(target: "cello", "what was given to `on_upgrade` panicked: {message}");
                }
            }
            Err(error) => tracing::debug!(target: "cello", "a connection ended before its upgrade: {error}"),
        }
    }
}

impl fmt::Debug for Switch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Switch")
    }
}

/// Whether the connection of a request can change its protocol.
#[inline]
pub(crate) fn is_asked(request: &http::request::Parts) -> bool {
    if request.extensions.is_empty() {
        return false;
    }
    cold_path();
    request.extensions.get::<OnUpgrade>().is_some()
}

/// Whether a response carries a change of protocol.
pub(crate) fn is_agreed(response: &Response) -> bool {
    response.extensions().get::<Pending>().is_some()
}

/// Takes the change of protocol out of its response.
pub(crate) fn switch_of(response: &mut Response) -> Option<Switch> {
    let pending = response.extensions_mut().remove::<Pending>()?;
    lock(&pending.0).take()
}
