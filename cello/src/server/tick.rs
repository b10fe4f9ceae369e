//! The pause between two sweeps: [`pause`].
//!
//! Tokio looks at its timers whenever a worker goes to sleep, which is once a request where there are few clients: one timer
//! that is always set costs each of them 150 instructions. So the sweeps are woken from outside, by one thread for all
//! servers of the process, which sleeps while none of them has a connection.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

/// Waits for about this long, by Tokio's time.
pub(super) async fn pause(time: Duration) {
    match Ticker::of_process() {
        // Nobody but Tokio moves a time that a test has stopped.
        Some(ticker) if !is_time_stopped() => Tick::of(ticker, time).await,
        _ => tokio::time::sleep(time).await,
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

/// A sweep that waits.
#[derive(Debug)]
struct Waiting {
    until: Instant,
    /// Of whom to wake; none once that is done, or once nobody waits any more.
    waker: Mutex<Option<Waker>>,
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
            for over in self.next_that_are_over() {
                let waker = lock(&over.waker).take();
                if let Some(waker) = waker {
                    // It is anybody's code, and all limits on time of the process depend on this thread.
                    let _ = catch_unwind(AssertUnwindSafe(|| waker.wake()));
                }
            }
        }
    }

    /// Waits until there are some.
    fn next_that_are_over(&self) -> Vec<Arc<Waiting>> {
        let mut waiting = lock(&self.waiting);
        loop {
            let now = Instant::now();
            let over: Vec<_> = waiting.extract_if(.., |one| one.until <= now).collect();
            if !over.is_empty() {
                return over;
            }
            waiting = match waiting.iter().map(|one| one.until).min() {
                None => self.is_new.wait(waiting).unwrap_or_else(PoisonError::into_inner),
                Some(next) => {
                    let pause = next.saturating_duration_since(now);
                    self.is_new.wait_timeout(waiting, pause).unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
    }
}

/// One pause.
struct Tick(Arc<Waiting>);

impl Tick {
    async fn of(ticker: &Ticker, time: Duration) {
        let mut tick = None;
        std::future::poll_fn(|cx: &mut Context<'_>| {
            let Tick(waiting) = tick.get_or_insert_with(|| Self::begin(ticker, time, cx.waker()));
            match &mut *lock(&waiting.waker) {
                None => Poll::Ready(()),
                Some(waker) => {
                    waker.clone_from(cx.waker());
                    Poll::Pending
                }
            }
        })
        .await;
    }

    fn begin(ticker: &Ticker, time: Duration, waker: &Waker) -> Self {
        let waiting =
            Arc::new(Waiting { until: Instant::now() + time, waker: Mutex::new(Some(waker.clone())) });
        lock(&ticker.waiting).push(Arc::clone(&waiting));
        ticker.is_new.notify_one();
        Self(waiting)
    }
}

impl Drop for Tick {
    fn drop(&mut self) {
        lock(&self.0.waker).take();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_pause_ends_when_its_time_is_over() {
        let start = Instant::now();
        pause(Duration::from_millis(5)).await;
        assert!(start.elapsed() >= Duration::from_millis(5));
        assert!(!is_time_stopped());
    }

    #[tokio::test(start_paused = true)]
    async fn a_time_that_is_stopped_is_moved_by_tokio_alone() {
        assert!(is_time_stopped());
        let start = Instant::now();
        pause(Duration::from_secs(3600)).await;
        assert!(start.elapsed() < Duration::from_secs(60));
    }

    #[tokio::test]
    async fn a_pause_that_nobody_waits_for_is_forgotten() {
        let ticker = Ticker::default();
        let mut given_up = Box::pin(Tick::of(&ticker, Duration::from_secs(3600)));
        let polled = std::future::poll_fn(|cx| Poll::Ready(given_up.as_mut().poll(cx))).await;
        assert!(polled.is_pending());
        let waiting = Arc::clone(&lock(&ticker.waiting)[0]);
        drop(given_up);
        assert!(lock(&waiting.waker).is_none());
    }
}
