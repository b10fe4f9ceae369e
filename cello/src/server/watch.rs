//! What one connection is doing and since when: [`Watch`]; and who looks at all of them: [`Roster`].
//!
//! No request sets a timer. A connection notes what it does in a few plain stores, by a coarse clock; one task per
//! worker moves that clock and wakes the connections whose time has run out. The connection itself then decides what
//! that means (see [`super::watched`]), so that nothing is decided about a state that has just changed.

use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::task::Waker;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::life::{Life, race};
use crate::Limits;
use crate::upgrade::Switch;

/// How long idle connections may still send a request once the server drains.
const DRAIN_LINGER: Duration = Duration::from_secs(1);
/// How long a closing connection waits for the client to close too.
const CLOSE_LINGER: Duration = Duration::from_secs(2);

/// Times in milliseconds of the coarse clock.
#[derive(Debug)]
struct Times {
    header_read: u64,
    idle: u64,
    drain_linger: u64,
    half_close: u64,
    close_linger: u64,
    /// How often the clock moves.
    tick: u64,
}

/// The coarse clock of one worker, and the times that are judged by it.
#[derive(Debug)]
pub(super) struct Pulse {
    start: Instant,
    now: AtomicU64,
    /// When draining began; `u64::MAX` before.
    drained_since: AtomicU64,
    times: Times,
}

impl Pulse {
    pub(super) fn new(limits: &Limits) -> Self {
        let millis =
            |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX / 4).min(u64::MAX / 4);
        let (header_read, idle) = (millis(limits.header_read), millis(limits.idle));
        let half_close = millis(limits.half_close);
        let times = Times {
            header_read,
            idle,
            drain_linger: millis(DRAIN_LINGER.min(limits.grace / 2)),
            half_close,
            close_linger: millis(CLOSE_LINGER),
            tick: (header_read.min(idle).min(half_close) / 8).clamp(5, 250),
        };
        Self { start: Instant::now(), now: AtomicU64::new(0), drained_since: AtomicU64::new(u64::MAX), times }
    }

    fn now(&self) -> u64 {
        self.now.load(Relaxed)
    }

    /// Reads the real clock. A worker without connections does not, so it is also done when one is opened.
    pub(super) fn move_on(&self) {
        let now = u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.now.store(now, Relaxed);
    }

    fn begin_draining(&self) {
        self.move_on();
        self.drained_since.store(self.now(), Relaxed);
    }

    fn tick(&self, draining: bool) -> Duration {
        let tick = if draining {
            self.times.tick.min((self.times.drain_linger / 8).max(5))
        } else {
            self.times.tick
        };
        Duration::from_millis(tick)
    }
}

/// What a connection is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Phase {
    /// Waiting for the first byte of a request.
    Idle,
    /// Part of the head of a request has come.
    Head,
    /// A request is being answered.
    Handling,
    /// All has been sent; the client may close now.
    Closing,
    /// Another protocol has taken over.
    Upgraded,
}

/// What one connection is doing and since when.
///
/// All but the connection's own task only read; a number of fields that do not quite fit together wake it once in vain.
#[derive(Debug)]
pub(super) struct Watch {
    pulse: Arc<Pulse>,
    phase: AtomicU8,
    since: AtomicU64,
    /// When the client shut down its sending side while its request was handled; 0 if it did not.
    half_closed: AtomicU64,
    /// Whether the request being handled has no body, so that bytes that come belong to the next one.
    bodiless: AtomicBool,
    /// Bytes that came since the connection was idle, or since the request before was answered.
    received: AtomicUsize,
    /// Bytes of the next request that came while the one before was handled.
    ahead: AtomicUsize,
    /// Whether the client does not take what is sent to it.
    stalled: AtomicBool,
    /// Whether all that has come belongs to the request being handled: hyper asked for more, and there was nothing.
    all_read: AtomicBool,
    waker: OnceLock<Waker>,
    switch: Mutex<Option<Switch>>,
}

impl Watch {
    pub(super) fn new(pulse: Arc<Pulse>) -> Self {
        Self {
            since: AtomicU64::new(pulse.now()),
            pulse,
            phase: AtomicU8::new(Phase::Idle as u8),
            half_closed: AtomicU64::new(0),
            bodiless: AtomicBool::new(false),
            received: AtomicUsize::new(0),
            ahead: AtomicUsize::new(0),
            stalled: AtomicBool::new(false),
            all_read: AtomicBool::new(false),
            waker: OnceLock::new(),
            switch: Mutex::new(None),
        }
    }

    /// The waker of the connection's task, which stays the same.
    pub(super) fn wake_with(&self, waker: &Waker) {
        let _ = self.waker.set(waker.clone());
    }

    pub(super) fn phase(&self) -> Phase {
        match self.phase.load(Relaxed) {
            0 => Phase::Idle,
            1 => Phase::Head,
            2 => Phase::Handling,
            3 => Phase::Closing,
            _ => Phase::Upgraded,
        }
    }

    pub(super) fn enter(&self, phase: Phase) {
        self.phase.store(phase as u8, Relaxed);
        self.since.store(self.pulse.now(), Relaxed);
    }

    /// Bytes have come.
    pub(super) fn received(&self, bytes: usize) {
        match self.phase() {
            Phase::Idle => {
                self.received.store(bytes, Relaxed);
                self.enter(Phase::Head);
            }
            Phase::Handling => {
                self.all_read.store(false, Relaxed);
                if self.bodiless.load(Relaxed) {
                    self.ahead.store(self.ahead.load(Relaxed) + bytes, Relaxed);
                }
            }
            Phase::Head => self.received.store(self.received.load(Relaxed).saturating_add(bytes), Relaxed),
            Phase::Closing | Phase::Upgraded => {}
        }
    }

    /// hyper wants to read, and there is nothing. While a request is handled it asks only when it has used up all that
    /// it has read.
    pub(super) fn nothing_to_read(&self) {
        self.all_read.store(true, Relaxed);
    }

    /// The client has shut down its sending side. Whether to keep that back for a while, so that it gets its answer.
    pub(super) fn half_closed(&self) -> bool {
        if self.phase() != Phase::Handling {
            return false;
        }
        self.nothing_to_read();
        if self.half_closed.load(Relaxed) == 0 {
            self.half_closed.store(self.pulse.now().max(1), Relaxed);
        }
        !self.is_overdue()
    }

    /// Whether the client took what was sent to it. Time that it takes to do so is not time that it is idle.
    pub(super) fn sent(&self, taken: bool) {
        if self.stalled.load(Relaxed) == taken {
            self.stalled.store(!taken, Relaxed);
            if taken && matches!(self.phase(), Phase::Idle | Phase::Head) {
                self.since.store(self.pulse.now(), Relaxed);
            }
        }
    }

    pub(super) fn is_stalled(&self) -> bool {
        self.stalled.load(Relaxed)
    }

    /// A whole head has come, and is about to be handled. Says how many bytes it can have at most.
    pub(super) fn begin(&self, bodiless: bool) -> usize {
        self.bodiless.store(bodiless, Relaxed);
        self.all_read.store(false, Relaxed);
        self.phase.store(Phase::Handling as u8, Relaxed);
        if self.half_closed.load(Relaxed) != 0 {
            self.half_closed.store(self.pulse.now().max(1), Relaxed);
        }
        self.received.load(Relaxed)
    }

    /// The response has been handed over to the last byte, or given up.
    pub(super) fn answered(&self) {
        if self.phase() != Phase::Handling {
            return;
        }
        let ahead = self.ahead.load(Relaxed);
        if ahead == 0 {
            self.enter(Phase::Idle);
        } else {
            self.ahead.store(0, Relaxed);
            self.received.store(ahead, Relaxed);
            self.enter(Phase::Head);
        }
        if self.half_closed.load(Relaxed) != 0 {
            self.wake();
        }
    }

    /// Whether a response that is made while the server drains can end the connection: requests that the client sent
    /// together with this one are still answered, within half the grace.
    pub(super) fn may_close(&self, grace: Duration) -> bool {
        if self.all_read.load(Relaxed) {
            return true;
        }
        let drained = self.pulse.now().saturating_sub(self.pulse.drained_since.load(Relaxed));
        Duration::from_millis(drained) > grace / 2
    }

    /// Whether the time for what it is doing has run out.
    pub(super) fn is_overdue(&self) -> bool {
        let (now, times) = (self.pulse.now(), &self.pulse.times);
        let since = self.since.load(Relaxed);
        let (since, limit) = match self.phase() {
            Phase::Idle | Phase::Head if self.is_stalled() => (since, times.idle),
            Phase::Idle => match self.pulse.drained_since.load(Relaxed) {
                u64::MAX => (since, times.idle),
                drained => (since.max(drained), times.drain_linger.min(times.idle)),
            },
            Phase::Head => (since, times.header_read),
            Phase::Handling => match self.half_closed.load(Relaxed) {
                0 => return false,
                since => (since, times.half_close),
            },
            Phase::Closing => (since, times.close_linger),
            Phase::Upgraded => return false,
        };
        // `since` may be as old as one tick when it is noted.
        now.saturating_sub(since) >= limit + times.tick
    }

    /// Keeps what is to happen when the connection has changed its protocol.
    pub(super) fn set_switch(&self, switch: Option<Switch>) {
        self.enter(Phase::Upgraded);
        *self.switch.lock().unwrap_or_else(PoisonError::into_inner) = switch;
    }

    pub(super) fn take_switch(&self) -> Option<Switch> {
        self.switch.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn wake(&self) {
        if let Some(waker) = self.waker.get() {
            waker.wake_by_ref();
        }
    }
}

/// All connections of one worker.
#[derive(Debug, Default)]
pub(super) struct Roster {
    entries: Mutex<Vec<Entry>>,
    first: Notify,
}

#[derive(Debug)]
struct Entry {
    watch: Arc<Watch>,
    task: JoinHandle<()>,
}

impl Roster {
    pub(super) fn add(&self, watch: Arc<Watch>, task: JoinHandle<()>) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.is_empty() {
            self.first.notify_one();
        }
        entries.push(Entry { watch, task });
    }

    /// Ends all of them at once.
    pub(super) fn abort(&self) {
        for entry in self.entries.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            entry.task.abort();
        }
    }

    /// Moves the clock and wakes those whose time has run out, for ever. It sleeps while there is no connection.
    pub(super) async fn sweep(&self, pulse: &Pulse, life: &Life) {
        let mut draining = false;
        loop {
            if !draining && life.is_draining() {
                draining = true;
                pulse.begin_draining();
            }
            pulse.move_on();
            let pause = async {
                if self.wake_overdue() {
                    tokio::time::sleep(pulse.tick(draining)).await;
                } else {
                    self.first.notified().await;
                }
            };
            if draining {
                pause.await;
            } else {
                race(pause, life.draining()).await;
            }
        }
    }

    /// Says whether there is any connection left.
    fn wake_overdue(&self) -> bool {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.retain(|entry| !entry.task.is_finished());
        for entry in entries.iter().filter(|entry| entry.watch.is_overdue()) {
            entry.watch.wake();
        }
        !entries.is_empty()
    }
}
