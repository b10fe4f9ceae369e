//! Answers that are held back while more requests are at hand: [`Held`].
//!
//! hyper writes each answer by itself, also those to requests that came together. Sent together they cost one call of the
//! system instead of one each. hyper's own `pipeline_flush` does that too, but loses answers, see DESIGN. Here an answer is held
//! back only while hyper still has bytes that it must look at next, and is sent
//! - with the answer to the last request that has come, or when there is too much of it,
//! - before hyper reads more of a head, closes, or lets a request wait for its handler,
//! - in any case when hyper's task pauses (see [`sends_all`]), or its connection is dropped.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Context;

use super::waker;
use super::watch::Watch;

/// The most bytes that are held back.
pub(super) const MOST_HELD: usize = 16 * 1024;
/// The least room that is taken, so that it need not grow with each of a few short answers.
const LEAST_ROOM: usize = 4 * 1024;

/// The most turns of hyper's, of 16 requests, that a connection has one after the other while answers are held back.
const MOST_TURNS: usize = 4;

/// What has been written, and is not yet sent.
#[derive(Debug, Default)]
pub(super) struct Held {
    bytes: Vec<u8>,
    sent: usize,
}

impl Held {
    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Takes these bytes, if there is room.
    pub(super) fn take(&mut self, bytes: &[u8]) -> bool {
        let fits = bytes.len() <= MOST_HELD - self.bytes.len();
        if fits {
            if self.bytes.is_empty() {
                self.bytes.reserve(LEAST_ROOM);
            }
            self.bytes.extend_from_slice(bytes);
        }
        fits
    }

    /// What is still to be sent.
    pub(super) fn rest(&self) -> &[u8] {
        self.bytes.get(self.sent..).unwrap_or_default()
    }

    /// So much of it has been sent. Its memory is given back with the last of it.
    pub(super) fn sent(&mut self, count: usize) {
        self.sent += count;
        if self.rest().is_empty() {
            *self = Self::default();
        }
    }
}

/// Runs a connection, and sees to it that it does not pause with something held back: it is asked once more, and sends what
/// there is with the first word of hyper's. Once: from then on the socket wakes it, when there is room.
///
/// After some requests hyper lets other tasks have their turn, and wakes its own at once. That is no pause yet: a batch is answered in one
/// turn if it is not too long.
pub(super) async fn sends_all<F: Future>(connection: F, watch: &Watch) -> F::Output {
    let mut connection = pin!(connection);
    poll_fn(|cx| {
        let waker = watch.waker().unwrap_or(cx.waker());
        let asked = watch.body_asked();
        let mut turns = 0;
        loop {
            let (polled, goes_on) =
                waker::hold(waker, || connection.as_mut().poll(&mut Context::from_waker(waker)));
            turns += 1;
            let holds = polled.is_pending() && watch.holds();
            if holds && goes_on && turns < MOST_TURNS {
                continue;
            }
            if polled.is_pending() {
                watch.body_let_be_unless_asked(asked);
            }
            let is_to_send = holds && watch.send_all();
            if goes_on || is_to_send {
                cx.waker().wake_by_ref();
            }
            return polled;
        }
    })
    .await
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::Ordering::Relaxed;
    use std::task::{Context, Poll, Waker};

    use super::super::life::Life;
    use super::super::pulse::Pulse;
    use super::super::waker::tests::Woken;
    use super::*;

    /// A client that takes nothing: only the socket can tell when that changes, however long it takes.
    #[test]
    fn what_is_held_is_offered_once_and_then_waits_for_the_socket() {
        let pulse = Pulse::new(&crate::Limits::default(), Life::new());
        let watch = Watch::new(Arc::new(pulse), None, false);
        let woken = Arc::new(Woken::default());
        let waker = Waker::from(Arc::clone(&woken));
        let mut connection = pin!(sends_all(std::future::pending::<()>(), &watch));
        let mut poll_while_woken = || {
            let mut polls = 0;
            loop {
                assert_eq!(connection.as_mut().poll(&mut Context::from_waker(&waker)), Poll::Pending);
                polls += 1;
                if woken.0.swap(0, Relaxed) == 0 || polls == 100 {
                    return polls;
                }
            }
        };
        assert_eq!(poll_while_woken(), 1, "nothing is held");
        watch.set_holds(true);
        assert_eq!(poll_while_woken(), 2);
        assert_eq!(
            poll_while_woken(),
            1,
            "the socket wakes the task when there is room, and there still is none"
        );
        watch.set_holds(false);
        assert_eq!(poll_while_woken(), 1);
        watch.set_holds(true);
        assert_eq!(poll_while_woken(), 2, "what is held next is offered too");
    }

    /// As hyper does where more requests are at hand than it answers at a time.
    #[test]
    fn a_batch_goes_on_for_some_turns_and_is_then_sent() {
        let pulse = Pulse::new(&crate::Limits::default(), Life::new());
        let watch = Watch::new(Arc::new(pulse), None, false);
        let woken = Arc::new(Woken::default());
        let waker = Waker::from(Arc::clone(&woken));
        watch.wake_with(&waker::of_task(&waker));
        let turns = std::cell::Cell::new(0);
        let mut connection = pin!(sends_all(
            poll_fn(|cx: &mut Context<'_>| {
                turns.set(turns.get() + 1);
                cx.waker().wake_by_ref();
                Poll::<()>::Pending
            }),
            &watch
        ));
        let mut poll = || {
            assert_eq!(connection.as_mut().poll(&mut Context::from_waker(&waker)), Poll::Pending);
            (turns.replace(0), woken.0.swap(0, Relaxed))
        };
        assert_eq!(poll(), (1, 1), "nothing is held: others have their turn");
        watch.set_holds(true);
        assert!(watch.is_read_ahead());
        assert_eq!(poll(), (MOST_TURNS, 1));
        assert!(!watch.is_read_ahead(), "what is held goes out with the next answer");
        watch.set_holds(false);
        assert_eq!(poll(), (1, 1));
    }

    #[test]
    fn what_is_held_is_bounded_and_given_back() {
        let mut held = Held::default();
        assert!(held.take(&[1; MOST_HELD - 1]) && !held.take(&[2; 2]) && held.take(&[3]));
        assert_eq!(held.rest().len(), MOST_HELD);
        held.sent(MOST_HELD - 1);
        assert_eq!(held.rest(), [3]);
        held.sent(1);
        assert!(held.is_empty() && held.bytes.capacity() == 0);
    }
}
