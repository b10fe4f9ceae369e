//! The application as a service: [`AppService`].

use std::convert::Infallible;
use std::fmt;
use std::future::Future;
use std::ops::Deref;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;

use crate::dispatch::{Shared, Turn, Via, respond};
use crate::middleware::Handle;
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

/// An application as one connection holds it: counted there, so that no two threads write to one counter.
pub(crate) struct OfConnection<H>(Arc<AppService<H>>);

impl<H> Clone for OfConnection<H> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

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

    /// What the application does when its server starts.
    pub(crate) async fn started(&self) -> Result<()> {
        let shared = &self.0.shared;
        shared.settings.hooks.started(&shared.state).await
    }

    /// What the application does when its server has stopped.
    pub(crate) async fn stopped(&self) -> Result<()> {
        let shared = &self.0.shared;
        shared.settings.hooks.stopped(&shared.state).await
    }

    /// For the requests of one connection.
    pub(crate) fn of_connection(&self) -> OfConnection<H> {
        OfConnection(Arc::new(self.clone()))
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

impl<H: Handle + 'static> OfConnection<H> {
    /// Answers one request, which came this way.
    #[cfg(feature = "http2")]
    pub(crate) fn answer(
        &self,
        turn: Box<Turn>,
        via: Via,
    ) -> impl Future<Output = Box<Turn>> + Send + use<H> {
        respond(self.clone(), turn, via)
    }

    /// The same for a connection that keeps both until there is an answer.
    #[inline]
    pub(crate) fn answer_within<'a>(
        &'a self,
        turn: Box<Turn>,
        via: &'a Via,
    ) -> impl Future<Output = Box<Turn>> + Send + use<'a, H> {
        let core: &'a Core<H> = self;
        respond(core, turn, via)
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
            let mut response = response.await.into_response();
            // Whoever serves knows nothing of what is to happen on an upgraded connection.
            if let Some(switch) = upgrade::switch_of(&mut response) {
                tokio::spawn(switch.run());
            }
            Ok(response)
        })
    }
}
