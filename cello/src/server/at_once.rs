//! Which requests of an HTTP/2 connection are handled on its own task: [`AtOnce`].
//!
//! A task for each stream goes to another thread as soon as that has nothing to do, and each of its frames comes back: for short answers that
//! takes longer than the handler. So the first poll is made where the request is taken; most are answered by it, and never become
//! a task. A handler that keeps its thread holds up the other streams then, so a connection that has one goes back to tasks for a while.

use std::time::{Duration, Instant};

/// So long requests are handled each time the connection's task runs: others have their turn after these. A handler that takes longer until
/// it waits, or is done, holds up others.
const SHORT: Duration = Duration::from_millis(1);
/// For so many times that long the connection has tasks.
const CAUTION: u32 = 50;

/// What a connection knows of its handlers.
#[derive(Debug, Default)]
pub(super) struct AtOnce {
    taken_in_turn: Duration,
    cautious_until: Option<Instant>,
}

impl AtOnce {
    /// The connection's task runs anew.
    pub(super) fn turn(&mut self) {
        self.taken_in_turn = Duration::ZERO;
    }

    /// Whether a request may be handled now.
    pub(super) fn may(&self, now: Instant) -> bool {
        self.taken_in_turn <= SHORT && self.cautious_until.is_none_or(|until| now >= until)
    }

    /// One has been handled, as far as that went.
    pub(super) fn took(&mut self, time: Duration, now: Instant) {
        self.taken_in_turn += time;
        self.cautious_until = if time > SHORT { now.checked_add(time.saturating_mul(CAUTION)) } else { None };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MICROSECOND: Duration = Duration::from_micros(1);

    #[test]
    fn a_turn_has_an_end() {
        let (mut at_once, now) = (AtOnce::default(), Instant::now());
        let mut handled = 0;
        while at_once.may(now) {
            at_once.took(100 * MICROSECOND, now);
            handled += 1;
        }
        assert_eq!(handled, 11, "after a millisecond others have their turn");
        at_once.turn();
        assert!(at_once.may(now));
    }

    #[test]
    fn who_keeps_the_thread_is_waited_for_a_fiftieth_of_the_time_at_most() {
        let (mut at_once, now) = (AtOnce::default(), Instant::now());
        let long = Duration::from_millis(20);
        at_once.took(long, now);
        at_once.turn();
        assert!(!at_once.may(now));
        assert!(!at_once.may(now + long * 50 - MICROSECOND));
        assert!(at_once.may(now + long * 50));
        at_once.took(SHORT, now + long * 50);
        at_once.turn();
        assert!(at_once.may(now + long * 50), "that was short enough");
    }
}
