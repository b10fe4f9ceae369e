//! New connections: accepted while the server serves, and to the last one when it stops. [`Worker::accept`].

use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep, sleep_until};

use super::connection::Worker;
use super::life::{First, race};
use super::listener::Listener;
use crate::service::Served;

/// How long the queue of a stopping listener stays empty before it counts as empty.
const QUIET: Duration = Duration::from_millis(100);
/// The longest that a stopping listener is kept open where new connections cannot be held off.
const LAST_CALL: Duration = Duration::from_secs(1);
/// The pause after an error that is likely to come again, such as too many open files.
const PAUSE: Duration = Duration::from_millis(100);

impl Worker {
    /// Accepts connections until the server drains, then those that wait in the queue of the listener.
    pub(super) async fn accept(self: &Arc<Self>, app: &Arc<dyn Served>, listener: Listener) {
        let mut draining = pin!(self.life.draining());
        loop {
            if let First::Left(()) = race(draining.as_mut(), self.room.free()).await {
                break;
            }
            match race(draining.as_mut(), listener.accept()).await {
                First::Left(()) => break,
                First::Right(Ok((stream, peer))) => {
                    if let Some(seat) = self.room.seat(peer, draining.as_mut()).await {
                        self.open(app, stream, peer, listener.tls(), seat);
                    }
                    if self.life.is_draining() {
                        break;
                    }
                }
                First::Right(Err(error)) if is_of_one_connection(&error) => {}
                First::Right(Err(error)) => {
                    tracing::warn!(target: "cello", "cannot accept connections, trying again: {error}");
                    race(draining.as_mut(), sleep(PAUSE)).await;
                    if self.life.is_draining() {
                        break;
                    }
                }
            }
        }
        self.accept_the_last(app, &listener).await;
    }

    /// A client takes a connection as made when it stands in the queue, and may have sent its request already. So no
    /// more may enter the queue before the last one has left it, or closing the listener would reset them.
    ///
    /// A listener that was given to us may be held by others too, and what holds connections off would outlive us
    /// there. So it is left as it is: those that wait are accepted, and it is let go at once.
    async fn accept_the_last(self: &Arc<Self>, app: &Arc<dyn Served>, listener: &Listener) {
        let quiet = if listener.hold_off_new_connections() { QUIET } else { Duration::ZERO };
        let last_call = Instant::now() + LAST_CALL;
        loop {
            let wait = sleep_until((Instant::now() + quiet).min(last_call));
            match race(listener.accept(), wait).await {
                First::Left(Ok((stream, peer))) => {
                    if let Some(seat) = self.room.seat(peer, async {}).await {
                        self.open(app, stream, peer, listener.tls(), seat);
                    }
                }
                First::Left(Err(error)) if is_of_one_connection(&error) => {}
                // Files may be closed meanwhile, so that those who wait can still be served.
                First::Left(Err(_)) if Instant::now() < last_call => sleep(PAUSE / 10).await,
                First::Left(Err(error)) => {
                    tracing::warn!(target: "cello", "connections that waited were not served: {error}");
                    return;
                }
                First::Right(()) => return,
            }
        }
    }
}

/// Whether an error of `accept` tells of the connection that was to be accepted, not of the listener.
fn is_of_one_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionRefused
            | io::ErrorKind::Interrupted
    )
}
