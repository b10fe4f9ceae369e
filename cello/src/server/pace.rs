//! How fast the body of a request comes: [`Pace`].

use std::sync::atomic::{
    AtomicBool, AtomicU64,
    Ordering::{Acquire, Relaxed, Release},
};
use std::sync::{Mutex, MutexGuard};

use super::pulse::Pulse;
use crate::lock::lock;

/// The longest wait that a client can have earned by sending fast before, in milliseconds.
const MOST_CREDIT: u64 = 30_000;

/// How fast the body of the request at hand comes. Only time in which somebody waits for it counts: a handler that
/// reads slowly is not the client's fault.
///
/// The bodies of a connection have numbers, because the last word of one may come when the next has begun: whoever
/// reads a body need not be the connection's own task. So what is said is looked at and noted under one lock.
#[derive(Debug)]
pub(super) struct Pace {
    /// Whether a body is on its way, for a glance: nearly all requests have none.
    is_coming: AtomicBool,
    last: Mutex<Coming>,
    /// How often somebody has begun to wait, or has asked in vain again.
    asked: AtomicU64,
    /// When some of it, or its end, came last.
    came_at: AtomicU64,
    late: AtomicBool,
}

/// The last body that has begun to come.
#[derive(Debug, Default)]
struct Coming {
    number: u64,
    /// Since when it is waited for.
    awaited_since: Option<u64>,
    /// When somebody asked for it last.
    asked_at: u64,
    /// Whether that was the task of the connection or stream itself.
    by_its_task: bool,
    /// How long it has been waited for before that, in milliseconds.
    waited: u64,
    /// How long its reader had waited when it let it go.
    let_go: Option<u64>,
    /// How long it may be waited for in all, in milliseconds.
    allowed: u64,
    given_up: bool,
}

impl Coming {
    /// How long it has been waited for in all, in milliseconds, as far as that is sure. The task of its connection or stream waits
    /// for it as long as it asks again whenever it runs; it may have turned to something else since it asked last.
    fn waited(&self, pulse: &Pulse) -> u64 {
        self.waited_until(if self.by_its_task { self.asked_at } else { pulse.now() })
    }

    fn waited_until(&self, now: u64) -> u64 {
        self.waited + self.awaited_since.map_or(0, |since| now.saturating_sub(since))
    }

    /// The wait that goes on until then ends, and counts.
    fn settle(&mut self, now: u64) {
        self.waited = self.waited_until(now);
        self.awaited_since = None;
    }

    /// Bytes have come for which the client is given more time, as far as that goes.
    fn earn(&mut self, bytes: u64, pulse: &Pulse) {
        let earned = bytes.saturating_mul(1000).checked_div(pulse.times.body_rate).unwrap_or(0);
        let most = self.waited(pulse) + MOST_CREDIT.max(pulse.times.body_grace);
        self.allowed = self.allowed.saturating_add(earned).min(most.max(self.allowed));
    }
}

impl Pace {
    pub(super) fn new() -> Self {
        Self {
            is_coming: AtomicBool::new(false),
            last: Mutex::default(),
            asked: AtomicU64::new(0),
            came_at: AtomicU64::new(0),
            late: AtomicBool::new(false),
        }
    }

    fn last(&self) -> MutexGuard<'_, Coming> {
        lock(&self.last)
    }

    /// The body with this number, while it is on its way.
    fn of(&self, number: u64) -> Option<MutexGuard<'_, Coming>> {
        let last = self.last();
        (last.number == number && self.is_coming()).then_some(last)
    }

    /// A body begins to come. Gives its number.
    pub(super) fn begin(&self, pulse: &Pulse) -> u64 {
        let mut last = self.last();
        let number = last.number + 1;
        *last = Coming { number, allowed: pulse.times.body_grace, ..Coming::default() };
        self.is_coming.store(true, Release);
        number
    }

    /// Whether a body is on its way.
    pub(super) fn is_coming(&self) -> bool {
        self.is_coming.load(Acquire)
    }

    /// There is none: what is still said of the last one is too late.
    #[inline]
    pub(super) fn none(&self) {
        if self.is_coming() {
            self.none_after_one();
        }
    }

    #[inline(never)] // most requests without a body come after one that had none either
    fn none_after_one(&self) {
        let mut last = self.last();
        // Whoever throws its rest away may not have been told that it has ended.
        last.awaited_since = None;
        self.is_coming.store(false, Release);
    }

    /// Somebody waits for more of it, in the task of the connection or stream or in another.
    pub(super) fn awaited(&self, number: u64, by_its_task: bool, pulse: &Pulse) {
        if let Some(mut body) = self.of(number) {
            let now = pulse.now();
            body.awaited_since.get_or_insert(now);
            (body.asked_at, body.by_its_task) = (now, by_its_task);
            self.asked.store(self.asked.load(Relaxed).wrapping_add(1), Relaxed);
        }
    }

    pub(super) fn asked(&self) -> u64 {
        self.asked.load(Relaxed)
    }

    /// The task of the connection or stream has run, and waits: not for the body, if it has not asked for it again.
    pub(super) fn let_be_unless_asked(&self, before: u64) {
        if self.is_coming() && self.asked() == before {
            let mut body = self.last();
            if body.by_its_task && self.asked() == before {
                let until = body.asked_at;
                body.settle(until);
            }
        }
    }

    /// Whether the task of the connection or stream is to run, so that it asks again if it still waits: once it may be too long, and before
    /// that as often as a part of the time that a client has at first.
    pub(super) fn is_to_be_asked_again(&self, pulse: &Pulse) -> bool {
        if pulse.times.body_rate == 0 || !self.is_coming() {
            return false;
        }
        let (body, now, times) = (self.last(), pulse.now(), &pulse.times);
        body.awaited_since.is_some()
            && body.by_its_task
            && now > body.asked_at
            && (now - body.asked_at >= (times.body_grace / 4).max(times.tick)
                || body.waited_until(now) >= body.allowed.saturating_add(times.tick))
    }

    /// Whether a body is on its way, and somebody waits for it.
    pub(super) fn is_awaited(&self) -> bool {
        self.is_coming() && self.last().awaited_since.is_some()
    }

    /// More of it has come, and perhaps the last: the time for the rest is longer by what so many bytes may take.
    pub(super) fn came(&self, number: u64, bytes: usize, is_last: bool, pulse: &Pulse) {
        if let Some(mut body) = self.of(number) {
            body.settle(pulse.now());
            self.came_at.store(pulse.now(), Relaxed);
            if is_last {
                self.is_coming.store(false, Release);
            } else {
                body.earn(bytes as u64, pulse);
            }
        }
    }

    /// The same for bytes that came on behalf of a stream, which its reader and the sweep may both note.
    #[cfg(feature = "http2")]
    pub(super) fn earn(&self, bytes: u64, pulse: &Pulse) {
        self.last().earn(bytes, pulse);
    }

    /// How long who reads it has waited for it in all, in milliseconds. Who throws the rest away does so for the connection; and
    /// who keeps it may wait no longer than it may take.
    pub(super) fn waited_by_reader(&self, pulse: &Pulse) -> u64 {
        let last = self.last();
        let most = if pulse.times.body_rate == 0 { u64::MAX } else { last.allowed };
        last.waited(pulse).min(last.let_go.unwrap_or(u64::MAX)).min(most)
    }

    /// Its reader has let it go before its end.
    pub(super) fn let_go(&self, number: u64, pulse: &Pulse) {
        if let Some(mut body) = self.of(number) {
            body.let_go = Some(body.waited(pulse));
        }
    }

    /// All of it has come.
    pub(super) fn ended(&self, number: u64, pulse: &Pulse) {
        self.came(number, 0, true, pulse);
    }

    /// When some of the last body, or its end, came last.
    pub(super) fn came_at(&self) -> u64 {
        self.came_at.load(Relaxed)
    }

    /// Nobody will read the rest.
    pub(super) fn give_up(&self, number: u64, pulse: &Pulse) {
        if let Some(mut body) = self.of(number) {
            body.settle(pulse.now());
            body.given_up = true;
        }
    }

    #[inline]
    pub(super) fn is_given_up(&self) -> bool {
        self.is_coming() && self.last_is_given_up()
    }

    #[inline(never)] // most requests have no body
    fn last_is_given_up(&self) -> bool {
        self.last().given_up
    }

    /// Whether it is waited for longer than its bytes have earned.
    pub(super) fn is_overdue(&self, pulse: &Pulse) -> bool {
        if pulse.times.body_rate == 0 || !self.is_coming() {
            return false;
        }
        let body = self.last();
        body.awaited_since.is_some() && body.waited(pulse) >= body.allowed.saturating_add(pulse.times.tick)
    }

    /// It has been cut off for that.
    pub(super) fn cut_off(&self, pulse: &Pulse) {
        self.late.store(true, Relaxed);
        self.last().settle(pulse.now());
    }

    pub(super) fn is_cut_off(&self) -> bool {
        self.late.load(Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::thread;

    use super::super::life::Life;
    use super::*;

    /// As where a body is thrown away by a task of its own, while the connection takes the next request.
    #[test]
    fn a_late_word_about_a_body_says_nothing_of_the_next() {
        const BODIES: u64 = 100_000;
        let pulse = Arc::new(Pulse::new(&crate::Limits::default(), Life::new()));
        let (pace, begun) = (Arc::new(Pace::new()), Arc::new(AtomicU64::new(0)));
        let late = {
            let (pace, begun, pulse) = (Arc::clone(&pace), Arc::clone(&begun), Arc::clone(&pulse));
            thread::spawn(move || {
                loop {
                    match begun.load(Acquire) {
                        BODIES => break,
                        number => {
                            pace.came(number, 1, false, &pulse);
                            pace.give_up(number, &pulse);
                        }
                    }
                }
            })
        };
        let mut mistaken = 0;
        for _ in 0..BODIES {
            // What is still said of this one from now on comes too late.
            let number = pace.begin(&pulse);
            pace.awaited(number, false, &pulse);
            mistaken += u64::from(pace.is_given_up() || !pace.is_awaited());
            begun.store(number, Release);
            pace.ended(number, &pulse);
        }
        late.join().unwrap();
        assert_eq!(mistaken, 0, "of {BODIES} bodies");
    }
}
