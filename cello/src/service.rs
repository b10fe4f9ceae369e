//! The application as a service: [`AppService`], and [`Served`], as the server has it.

use std::convert::Infallible;
use std::fmt;
use std::future::Future;
use std::hint::cold_path;
use std::ops::Deref;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use pin_project_lite::pin_project;

use crate::dispatch::{Shared, Turn, Via, respond};
use crate::middleware::{BoxFuture, Handle};
use crate::{Body, Request, Response, Result, upgrade};

/// An application that is built: a [`tower_service::Service`] that is always ready and never fails.
///
/// Clones share everything. It is called inside a Tokio runtime. An [`Upgrade`](crate::Upgrade) works where the server
/// is one of hyper that allows them (`with_upgrades`), as that of axum does.
pub struct AppService<H>(Arc<Core<H>>);

/// What all requests of an application share.
pub(crate) struct Core<H> {
    pub(crate) stack: H,
    pub(crate) shared: Shared,
}

/// An application of any type. So the server, and hyper with it, is compiled once, with this library, and not anew with each
/// application; a request pays two dynamic calls for that.
pub(crate) trait Served: fmt::Debug + Send + Sync {
    /// The same for one connection: counted there, so that no two threads write to one counter.
    fn of_connection(&self) -> Arc<dyn Served>;

    /// Where requests that came this way are handled, one after the other.
    fn turns<'a>(&'a self, via: &'a Via) -> Pin<Box<dyn Turns + Send + 'a>>;

    /// Answers one request, which came this way.
    fn answer(self: Arc<Self>, turn: Box<Turn>, via: Via) -> BoxFuture<'static, Box<Turn>>;

    /// What the application does when its server starts.
    fn started(&self) -> BoxFuture<'_, Result<()>>;

    /// What the application does when its server has stopped.
    fn stopped(&self) -> BoxFuture<'_, Result<()>>;
}

/// The memory in which requests are handled, one after the other.
pub(crate) trait Turns {
    /// Begins to handle this request, or goes on with the one that is being handled. It is never ready where nothing has begun.
    fn go_on(self: Pin<&mut Self>, begun: Option<Box<Turn>>, cx: &mut Context<'_>) -> Poll<Box<Turn>>;
}

pin_project! {
    struct Handling<M, F> {
        handle: M,
        // That of the request before stays where it is until another begins: an `async` block that has returned holds nothing.
        #[pin]
        future: Option<F>,
        is_at_work: bool,
    }
}

impl<M, F> Turns for Handling<M, F>
where
    M: Fn(Box<Turn>) -> F,
    F: Future<Output = Box<Turn>>,
{
    #[inline]
    fn go_on(self: Pin<&mut Self>, begun: Option<Box<Turn>>, cx: &mut Context<'_>) -> Poll<Box<Turn>> {
        let mut this = self.project();
        match begun {
            Some(turn) => {
                this.future.set(Some((this.handle)(turn)));
                *this.is_at_work = true;
            }
            // Few have to wait, so what goes on with them stands behind the rest.
            None => cold_path(),
        }
        let Some(future) = this.future.as_pin_mut().filter(|_| *this.is_at_work) else {
            return Poll::Pending;
        };
        let turn = ready!(future.poll(cx));
        *this.is_at_work = false;
        Poll::Ready(turn)
    }
}

impl<H: Handle + 'static> Served for AppService<H> {
    fn of_connection(&self) -> Arc<dyn Served> {
        Arc::new(self.clone())
    }

    fn turns<'a>(&'a self, via: &'a Via) -> Pin<Box<dyn Turns + Send + 'a>> {
        let core: &'a Core<H> = &self.0;
        Box::pin(Handling { handle: move |turn| respond(core, turn, via), future: None, is_at_work: false })
    }

    fn answer(self: Arc<Self>, turn: Box<Turn>, via: Via) -> BoxFuture<'static, Box<Turn>> {
        Box::pin(respond(OfConnection(self), turn, via))
    }

    fn started(&self) -> BoxFuture<'_, Result<()>> {
        let shared = &self.0.shared;
        Box::pin(shared.settings.hooks.started(&shared.state))
    }

    fn stopped(&self) -> BoxFuture<'_, Result<()>> {
        let shared = &self.0.shared;
        Box::pin(shared.settings.hooks.stopped(&shared.state))
    }
}

/// An application as the requests of one connection hold it.
struct OfConnection<H>(Arc<AppService<H>>);

impl<H> Deref for OfConnection<H> {
    type Target = Core<H>;

    fn deref(&self) -> &Core<H> {
        &self.0.0
    }
}

impl<H: Handle + 'static> AppService<H> {
    pub(crate) fn new(stack: H, shared: Shared) -> Self {
        Self(Arc::new(Core { stack, shared }))
    }

    /// Answers one request, which came this way.
    pub(crate) fn answer(
        &self,
        request: Request,
        via: Via,
    ) -> impl Future<Output = Box<Turn>> + Send + use<H> {
        respond(Arc::clone(&self.0), Turn::of(request), via)
    }
}

impl<H> Clone for AppService<H> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<H> fmt::Debug for AppService<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AppService").finish_non_exhaustive()
    }
}

impl<H, B> tower_service::Service<http::Request<B>> for AppService<H>
where
    H: Handle + 'static,
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<B>) -> Self::Future {
        let peer = request.extensions().get::<crate::extract::ClientAddr>().map(|addr| addr.0);
        let response = self.answer(request.map(Body::new), Via::Elsewhere(peer));
        Box::pin(async {
            let mut response = response.await.take_response();
            // What is handed on of another server may have the version of that, at which hyper would panic.
            *response.version_mut() = http::Version::HTTP_11;
            // Whoever serves knows nothing of what is to happen on an upgraded connection.
            if let Some(switch) = upgrade::switch_of(&mut response) {
                tokio::spawn(switch.run());
            }
            Ok(response)
        })
    }
}
