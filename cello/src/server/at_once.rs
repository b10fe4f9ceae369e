//! Which requests of an HTTP/2 connection are handled on its own task: [`AtOnce`].
//!
//! A task for each stream goes to another thread as soon as that has nothing to do, and each of its frames comes back: for short answers that
//! takes longer than the handler. So the first poll is made where the request is taken; most are answered by it, and never become
//! a task. A handler that keeps its thread holds up the other streams then, so a connection that has one goes back to tasks for a while.

use std::time::{Duration, Instant};

/// The most requests that are handled each time the connection's task runs: others have their turn after these.
const MOST_IN_TURN: u32 = 64;
/// A handler that takes longer until it waits, or is done, holds up others.
const SHORT: Duration = Duration::from_millis(1);
/// For so many times that long the connection has tasks.
const CAUTION: u32 = 50;

/// What a connection knows of its handlers.
#[derive(Debug, Default)]
pub(super) struct AtOnce {
    in_this_turn: u32,
    cautious_until: Option<Instant>,
}

impl AtOnce {
    /// The connection's task runs anew.
    pub(super) fn turn(&mut self) {
        self.in_this_turn = 0;
    }

    /// Whether a request may be handled now.
    pub(super) fn may(&mut self, now: Instant) -> bool {
        if self.cautious_until.is_some_and(|until| now < until) || self.in_this_turn >= MOST_IN_TURN {
            return false;
        }
        self.cautious_until = None;
        self.in_this_turn += 1;
        true
    }

    /// One has been handled, as far as that went.
    pub(super) fn took(&mut self, time: Duration, now: Instant) {
        if time > SHORT {
            self.cautious_until = now.checked_add(time.saturating_mul(CAUTION));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MICROSECOND: Duration = Duration::from_micros(1);

    #[test]
    fn a_turn_has_an_end() {
        let (mut at_once, now) = (AtOnce::default(), Instant::now());
        assert_eq!((0..1_000).filter(|_| at_once.may(now)).count(), 64);
        at_once.turn();
        assert!(at_once.may(now));
    }

    #[test]
    fn who_keeps_the_thread_is_waited_for_a_fiftieth_of_the_time_at_most() {
        let (mut at_once, now) = (AtOnce::default(), Instant::now());
        at_once.took(SHORT, now);
        assert!(at_once.may(now), "that was short enough");
        let long = Duration::from_millis(20);
        at_once.took(long, now);
        assert!(!at_once.may(now));
        assert!(!at_once.may(now + long * 50 - MICROSECOND));
        assert!(at_once.may(now + long * 50));
        assert!(at_once.may(now), "one that was once waited for long enough is forgiven");
    }
}
