//! How fast the body of a request comes: [`Pace`].

use std::sync::atomic::{
    AtomicBool, AtomicU64,
    Ordering::{AcqRel, Acquire, Relaxed, Release},
};

use super::pulse::Pulse;

/// No time.
const NEVER: u64 = u64::MAX;
/// The longest wait that a client can have earned by sending fast before, in milliseconds.
const MOST_CREDIT: u64 = 30_000;

/// How fast the body of the request at hand comes. Only time in which somebody waits for it counts: a handler that
/// reads slowly is not the client's fault.
///
/// The bodies of a connection have numbers, because the last word of one may come when the next has begun: whoever
/// reads a body need not be the connection's own task.
#[derive(Debug)]
pub(super) struct Pace {
    /// The number of the body that is on its way; 0 for none.
    coming: AtomicU64,
    last: AtomicU64,
    /// Since when it is waited for.
    awaited_since: AtomicU64,
    /// How long it has been waited for before that, in milliseconds.
    waited: AtomicU64,
    /// How long its reader had waited when it let it go; no time until then.
    let_go: AtomicU64,
    /// How long it may be waited for in all, in milliseconds.
    allowed: AtomicU64,
    /// When some of it, or its end, came last.
    came_at: AtomicU64,
    late: AtomicBool,
    given_up: AtomicBool,
}

impl Pace {
    pub(super) fn new() -> Self {
        Self {
            coming: AtomicU64::new(0),
            last: AtomicU64::new(0),
            awaited_since: AtomicU64::new(NEVER),
            waited: AtomicU64::new(0),
            let_go: AtomicU64::new(NEVER),
            allowed: AtomicU64::new(0),
            came_at: AtomicU64::new(0),
            late: AtomicBool::new(false),
            given_up: AtomicBool::new(false),
        }
    }

    /// A body begins to come. Gives its number.
    pub(super) fn begin(&self, pulse: &Pulse) -> u64 {
        let number = self.last.load(Relaxed) + 1;
        self.last.store(number, Relaxed);
        self.awaited_since.store(NEVER, Relaxed);
        self.waited.store(0, Relaxed);
        self.let_go.store(NEVER, Relaxed);
        self.allowed.store(pulse.times.body_grace, Relaxed);
        self.given_up.store(false, Relaxed);
        self.coming.store(number, Release);
        number
    }

    /// Whether a body is on its way.
    pub(super) fn is_coming(&self) -> bool {
        self.coming.load(Acquire) != 0
    }

    /// There is none: what is still said of the last one is too late.
    pub(super) fn none(&self) {
        if self.is_coming() {
            // Whoever throws its rest away may not have been told that it has ended.
            self.awaited_since.store(NEVER, Relaxed);
            self.coming.store(0, Release);
        }
    }

    fn is(&self, number: u64) -> bool {
        self.coming.load(Acquire) == number
    }

    /// Somebody waits for more of it.
    pub(super) fn awaited(&self, number: u64, pulse: &Pulse) {
        if self.is(number) && self.awaited_since.load(Relaxed) == NEVER {
            self.awaited_since.store(pulse.now(), Relaxed);
        }
    }

    pub(super) fn is_awaited(&self) -> bool {
        self.awaited_since.load(Relaxed) != NEVER
    }

    /// More of it has come: the time for the rest is longer by what so many bytes may take.
    pub(super) fn came(&self, number: u64, bytes: usize, pulse: &Pulse) {
        if !self.is(number) {
            return;
        }
        let waited = self.settle(pulse);
        self.came_at.store(pulse.now(), Relaxed);
        let earned = (bytes as u64).saturating_mul(1000).checked_div(pulse.times.body_rate).unwrap_or(0);
        let most = waited + MOST_CREDIT.max(pulse.times.body_grace);
        self.allowed.store(self.allowed.load(Relaxed).saturating_add(earned).min(most), Relaxed);
    }

    /// The same for bytes that came on behalf of a stream, which its reader and the sweep may both note.
    #[cfg(feature = "http2")]
    pub(super) fn earn(&self, bytes: u64, pulse: &Pulse) {
        let earned = bytes.saturating_mul(1000).checked_div(pulse.times.body_rate).unwrap_or(0);
        let most = self.waited(pulse) + MOST_CREDIT.max(pulse.times.body_grace);
        let _ = self.allowed.fetch_update(Relaxed, Relaxed, |allowed| {
            Some(allowed.saturating_add(earned).min(most.max(allowed)))
        });
    }

    /// How long it has been waited for in all, in milliseconds.
    pub(super) fn waited(&self, pulse: &Pulse) -> u64 {
        let now = match self.awaited_since.load(Relaxed) {
            NEVER => 0,
            since => pulse.now().saturating_sub(since),
        };
        self.waited.load(Relaxed) + now
    }

    /// The same of who reads it. Who throws the rest away does so for the connection.
    pub(super) fn waited_by_reader(&self, pulse: &Pulse) -> u64 {
        self.waited(pulse).min(self.let_go.load(Relaxed))
    }

    /// Its reader has let it go before its end.
    pub(super) fn let_go(&self, number: u64, pulse: &Pulse) {
        if self.is(number) {
            self.let_go.store(self.waited(pulse), Relaxed);
        }
    }

    /// Nobody waits for it any more.
    fn let_be(&self, number: u64, pulse: &Pulse) {
        if self.is_awaited() && self.is(number) {
            self.settle(pulse);
        }
    }

    /// The wait that goes on now ends, and counts. Gives how long it has been waited for in all.
    fn settle(&self, pulse: &Pulse) -> u64 {
        let waited = self.waited(pulse);
        self.waited.store(waited, Relaxed);
        self.awaited_since.store(NEVER, Relaxed);
        waited
    }

    /// All of it has come.
    pub(super) fn ended(&self, number: u64, pulse: &Pulse) {
        self.let_be(number, pulse);
        self.came_at.store(pulse.now(), Relaxed);
        let _ = self.coming.compare_exchange(number, 0, AcqRel, Relaxed);
    }

    /// When some of the last body, or its end, came last.
    pub(super) fn came_at(&self) -> u64 {
        self.came_at.load(Relaxed)
    }

    /// Nobody will read the rest.
    pub(super) fn give_up(&self, number: u64, pulse: &Pulse) {
        self.let_be(number, pulse);
        if self.is(number) {
            self.given_up.store(true, Relaxed);
        }
    }

    pub(super) fn is_given_up(&self) -> bool {
        self.is_coming() && self.given_up.load(Relaxed)
    }

    /// Whether it is waited for longer than its bytes have earned.
    pub(super) fn is_overdue(&self, pulse: &Pulse) -> bool {
        pulse.times.body_rate > 0
            && self.is_coming()
            && self.is_awaited()
            && self.waited(pulse) >= self.allowed.load(Relaxed).saturating_add(pulse.times.tick)
    }

    /// It has been cut off for that.
    pub(super) fn cut_off(&self) {
        self.late.store(true, Relaxed);
    }

    pub(super) fn is_cut_off(&self) -> bool {
        self.late.load(Relaxed)
    }
}
