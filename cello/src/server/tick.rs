//! The pauses between the sweeps of a worker: [`Pauses`].
//!
//! Tokio looks at its timers whenever a worker goes to sleep, which is once a request where there are few clients: one timer
//! that is always set costs each of them 150 instructions. So the sweeps are woken from outside, by one thread for all
//! servers of the process, which sleeps while none of them has a connection.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, OnceLock, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use crate::lock::lock;

/// The pauses of one sweep, one after the other.
#[derive(Debug, Default)]
pub(super) struct Pauses(Arc<Waiting>);

impl Pauses {
    /// Waits for about this long, by Tokio's time.
    pub(super) async fn pause(&self, time: Duration) {
        match Ticker::of_process() {
            // Nobody but Tokio moves a time that a test has stopped.
            Some(ticker) if !is_time_stopped() => self.wait(ticker, time).await,
            _ => tokio::time::sleep(time).await,
        }
    }

    async fn wait(&self, ticker: &Ticker, time: Duration) {
        let _given_up = GivenUp(&self.0);
        let mut begun = false;
        std::future::poll_fn(|cx: &mut Context<'_>| {
            if !std::mem::replace(&mut begun, true) {
                let waker = cx.waker().clone();
                *lock(&self.0.0) = Some(Until { at: Instant::now() + time, waker });
                ticker.add(&self.0);
                return Poll::Pending;
            }
            match &mut *lock(&self.0.0) {
                None => Poll::Ready(()),
                Some(until) => {
                    until.waker.clone_from(cx.waker());
                    Poll::Pending
                }
            }
        })
        .await;
    }
}

/// Nobody waits any more.
struct GivenUp<'w>(&'w Waiting);

impl Drop for GivenUp<'_> {
    fn drop(&mut self) {
        lock(&self.0.0).take();
    }
}

/// Whether Tokio's time stands still while the real one moves.
fn is_time_stopped() -> bool {
    /// How often a clock is read until it has moved: one that a test has stopped as well never does.
    const MOST: usize = 10_000;
    let told = tokio::time::Instant::now();
    let real = Instant::now();
    for _ in 0..MOST {
        if !real.elapsed().is_zero() {
            break;
        }
        std::hint::spin_loop();
    }
    told == tokio::time::Instant::now()
}

/// The thread that wakes all sweeps.
#[derive(Debug, Default)]
struct Ticker {
    waiting: Mutex<Vec<Arc<Waiting>>>,
    is_new: Condvar,
}

/// Until when a sweep waits; nothing once that is over, or once nobody waits any more. The sweep keeps it for its next pause: what
/// one thread takes of memory another does not have to give back.
#[derive(Debug, Default)]
struct Waiting(Mutex<Option<Until>>);

#[derive(Debug)]
struct Until {
    at: Instant,
    waker: Waker,
}

impl Ticker {
    /// None where it cannot have a thread, and in a process that was forked from one that has it.
    fn of_process() -> Option<&'static Self> {
        static TICKER: OnceLock<Option<Arc<Ticker>>> = OnceLock::new();
        static PROCESS: OnceLock<u32> = OnceLock::new();
        if *PROCESS.get_or_init(std::process::id) != std::process::id() {
            return None;
        }
        let started = || {
            let ticker = Arc::<Self>::default();
            let its_own = Arc::clone(&ticker);
            let thread = std::thread::Builder::new().name("cello-clock".to_owned());
            thread.spawn(move || its_own.run()).is_ok().then_some(ticker)
        };
        TICKER.get_or_init(started).as_deref()
    }

    fn run(&self) {
        loop {
            for waker in self.next_that_are_over() {
                // It is anybody's code, and all limits on time of the process depend on this thread.
                let _ = catch_unwind(AssertUnwindSafe(|| waker.wake()));
            }
        }
    }

    /// Waits until there are some.
    fn next_that_are_over(&self) -> Vec<Waker> {
        let mut waiting = lock(&self.waiting);
        loop {
            let now = Instant::now();
            let (mut over, mut next) = (Vec::new(), None);
            waiting.retain(|one| {
                let mut until = lock(&one.0);
                if let Some(done) = until.take_if(|until| until.at <= now) {
                    over.push(done.waker);
                }
                let at = until.as_ref().map(|until| until.at);
                next = next.into_iter().chain(at).min();
                at.is_some()
            });
            if !over.is_empty() {
                return over;
            }
            waiting = match next {
                None => self.is_new.wait(waiting).unwrap_or_else(PoisonError::into_inner),
                Some(next) => {
                    let pause = next.saturating_duration_since(now);
                    self.is_new.wait_timeout(waiting, pause).unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
    }

    /// One that may still be there, from a pause that was given up, is there once.
    fn add(&self, new: &Arc<Waiting>) {
        let mut waiting = lock(&self.waiting);
        if !waiting.iter().any(|one| Arc::ptr_eq(one, new)) {
            waiting.push(Arc::clone(new));
        }
        self.is_new.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_pause_ends_when_its_time_is_over() {
        let start = Instant::now();
        Pauses::default().pause(Duration::from_millis(5)).await;
        assert!(start.elapsed() >= Duration::from_millis(5));
        assert!(!is_time_stopped());
    }

    #[tokio::test(start_paused = true)]
    async fn a_time_that_is_stopped_is_moved_by_tokio_alone() {
        assert!(is_time_stopped());
        let start = Instant::now();
        Pauses::default().pause(Duration::from_secs(3600)).await;
        assert!(start.elapsed() < Duration::from_secs(60));
    }

    #[tokio::test]
    async fn a_pause_that_nobody_waits_for_is_forgotten() {
        let ticker = Ticker::default();
        let pauses = Pauses::default();
        for _ in 0..3 {
            let mut given_up = Box::pin(pauses.wait(&ticker, Duration::from_secs(3600)));
            let polled = std::future::poll_fn(|cx| Poll::Ready(given_up.as_mut().poll(cx))).await;
            assert!(polled.is_pending());
            let waiting = Arc::clone(&lock(&ticker.waiting)[0]);
            drop(given_up);
            assert!(lock(&waiting.0).is_none());
        }
        assert_eq!(lock(&ticker.waiting).len(), 1);
    }
}
