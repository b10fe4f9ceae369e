//! The life of a server: it serves, drains, and is over. [`Life`], [`Signals`].

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::Poll;

use tokio::sync::{Notify, watch};

use crate::Result;

/// Where a server stands in its life, and how much is still open. Shared by all its workers.
#[derive(Debug)]
pub(super) struct Life {
    stage: watch::Sender<Stage>,
    /// The server has been told to stop; it may still serve as before.
    stopping: AtomicBool,
    /// The same as a stage after `Serving`, for a look at each response.
    draining: AtomicBool,
    open: AtomicUsize,
    closed: Notify,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Serving,
    Draining,
    Over,
}

impl Life {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self {
            stage: watch::Sender::new(Stage::Serving),
            stopping: AtomicBool::new(false),
            draining: AtomicBool::new(false),
            open: AtomicUsize::new(0),
            closed: Notify::new(),
        })
    }

    /// The end is near: whoever asks for its readiness learns of it.
    pub(super) fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }

    /// No new connections; those that are open end with their next answer.
    pub(super) fn drain(&self) {
        self.stop();
        self.draining.store(true, Ordering::Relaxed);
        self.stage.send_if_modified(|stage| {
            *stage < Stage::Draining && {
                *stage = Stage::Draining;
                true
            }
        });
    }

    /// What is still open is cut off.
    pub(super) fn end(&self) {
        self.stop();
        self.draining.store(true, Ordering::Relaxed);
        self.stage.send_replace(Stage::Over);
    }

    pub(super) fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }

    /// Until it drains.
    pub(super) async fn draining(&self) {
        // The sender lives as long as `self`, so this cannot fail.
        let _ = self.stage.subscribe().wait_for(|stage| *stage >= Stage::Draining).await;
    }

    /// Until it is over.
    pub(super) async fn over(&self) {
        let _ = self.stage.subscribe().wait_for(|stage| *stage == Stage::Over).await;
    }

    /// Counts something as open, until the token is dropped.
    pub(super) fn enter(self: &Arc<Self>) -> Open {
        self.open.fetch_add(1, Ordering::Relaxed);
        Open(Arc::clone(self))
    }

    pub(super) fn open(&self) -> usize {
        self.open.load(Ordering::Acquire)
    }

    /// Until nothing is open.
    pub(super) async fn empty(&self) {
        loop {
            let mut closed = pin!(self.closed.notified());
            closed.as_mut().enable();
            if self.open() == 0 {
                return;
            }
            closed.await;
        }
    }
}

/// One open connection or listener.
#[derive(Debug)]
pub(super) struct Open(Arc<Life>);

impl Drop for Open {
    fn drop(&mut self) {
        if self.0.open.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.0.closed.notify_waiters();
        }
    }
}

/// The signals that stop a server: SIGTERM and Ctrl-C.
#[derive(Debug)]
pub(super) struct Signals {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
}

impl Signals {
    /// From now on the signals are ours.
    #[cfg(unix)]
    pub(super) fn install() -> Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let refused = |error| crate::Error::msg(format!("cannot wait for signals: {error}"));
        Ok(Self {
            terminate: signal(SignalKind::terminate()).map_err(refused)?,
            interrupt: signal(SignalKind::interrupt()).map_err(refused)?,
        })
    }

    /// From now on the signals are ours.
    #[cfg(not(unix))]
    pub(super) fn install() -> Result<Self> {
        Ok(Self {})
    }

    /// Until the next signal.
    #[cfg(unix)]
    pub(super) async fn next(&mut self) {
        race(self.terminate.recv(), self.interrupt.recv()).await;
    }

    /// Until the next signal.
    #[cfg(not(unix))]
    pub(super) async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

/// Which of two futures was ready first.
#[derive(Debug)]
pub(super) enum First<A, B> {
    Left(A),
    Right(B),
}

/// Waits for all of these.
pub(super) async fn all<F: Future<Output = ()>>(futures: Vec<F>) {
    let mut waiting: Vec<_> = futures.into_iter().map(Box::pin).collect();
    poll_fn(|cx| {
        waiting.retain_mut(|future| future.as_mut().poll(cx).is_pending());
        if waiting.is_empty() { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}

/// Waits for the first of two futures; the left one if both are ready.
pub(super) async fn race<A: Future, B: Future>(left: A, right: B) -> First<A::Output, B::Output> {
    let (mut left, mut right) = (pin!(left), pin!(right));
    poll_fn(|cx| {
        if let Poll::Ready(output) = left.as_mut().poll(cx) {
            return Poll::Ready(First::Left(output));
        }
        right.as_mut().poll(cx).map(First::Right)
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn empty_waits_for_the_last_one() {
        let life = Life::new();
        life.empty().await;
        let (one, two) = (life.enter(), life.enter());
        let mut empty = pin!(life.empty());
        assert!(matches!(race(empty.as_mut(), async {}).await, First::Right(())));
        drop(one);
        assert!(matches!(race(empty.as_mut(), async {}).await, First::Right(())));
        drop(two);
        empty.await;
    }

    #[tokio::test]
    async fn the_end_is_also_a_drain() {
        let life = Life::new();
        assert!(!life.is_draining());
        life.end();
        life.drain();
        life.draining().await;
        life.over().await;
        assert!(life.is_draining());
    }
}
