//! The way by which a request came: [`Via`], and the time that its connection gives the handler: [`Within`].

use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use super::Call;
use crate::server::Watch;

/// The way by which a request came.
#[derive(Debug, Clone)]
pub(crate) enum Via {
    /// A connection of our server.
    Server(Arc<Watch>),
    /// Another server, or a test; with the other end of the connection, if it is known.
    Elsewhere(Option<SocketAddr>),
}

impl Via {
    /// The other end of the connection.
    pub(crate) fn peer(&self) -> Option<SocketAddr> {
        match self {
            Self::Server(watch) => watch.peer(),
            Self::Elsewhere(peer) => *peer,
        }
    }

    /// Whether the server has been told to stop.
    pub(crate) fn is_stopping(&self) -> bool {
        match self {
            Self::Server(watch) => watch.is_stopping(),
            Self::Elsewhere(_) => false,
        }
    }
}

/// A handler that may take no longer than the application says, by the coarse clock of its connection: one that has
/// nothing to wait for does not notice. `None` if it took too long. Elsewhere than on our server it may take as long as
/// it likes.
pub(super) struct Within<'a, F> {
    handling: F,
    call: &'a Call<'a>,
    /// It has had to wait, so that the connection keeps its time.
    limited: bool,
}

impl<'a, F> Within<'a, F> {
    pub(super) fn new(call: &'a Call<'a>, handling: F) -> Self {
        Self { handling, call, limited: false }
    }
}

impl<F: Future + Unpin> Future for Within<'_, F> {
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if let Poll::Ready(output) = Pin::new(&mut self.handling).poll(cx) {
            return Poll::Ready(Some(output));
        }
        let Via::Server(watch) = self.call.via else { return Poll::Pending };
        if !self.limited {
            watch.limit_handler(self.call.shared.settings.handler_limit);
            self.limited = true;
        }
        if watch.is_handler_late() { Poll::Ready(None) } else { Poll::Pending }
    }
}

impl<F> Drop for Within<'_, F> {
    fn drop(&mut self) {
        if self.limited
            && let Via::Server(watch) = self.call.via
        {
            watch.handler_ended();
        }
    }
}
