//! What is said of the body that is on its way: see [`Pace`](super::super::pace::Pace).

use std::sync::atomic::Ordering::Relaxed;
use std::task::Waker;

use super::Watch;

impl Watch {
    pub(in crate::server) fn body_begins(&self) -> u64 {
        self.pace.begin(&self.pulse)
    }

    /// Whoever is woken so waits for the body.
    pub(in crate::server) fn body_awaited(&self, number: u64, waker: &Waker) {
        let by_its_task = self.waker.get().is_some_and(|task| task.will_wake(waker));
        self.pace.awaited(number, by_its_task, &self.pulse);
        // That it will not come was kept back while nobody waited for it.
        if self.half_closed.load(Relaxed) != 0 {
            self.wake_task();
        }
    }

    /// How often the body was asked for, for [`body_let_be_unless_asked`](Self::body_let_be_unless_asked).
    #[inline]
    pub(in crate::server) fn body_asked(&self) -> u64 {
        self.pace.asked()
    }

    /// This task has run since then, and waits.
    #[inline]
    pub(in crate::server) fn body_let_be_unless_asked(&self, before: u64) {
        self.pace.let_be_unless_asked(before);
    }

    pub(in crate::server) fn body_came(&self, number: u64, bytes: usize, is_last: bool) {
        #[cfg(feature = "http2")]
        if self.stream.is_some() {
            self.pace.came(number, 0, is_last, &self.pulse);
            return self.data_came(bytes);
        }
        self.pace.came(number, bytes, is_last, &self.pulse);
    }

    pub(in crate::server) fn body_ended(&self, number: u64) {
        self.pace.ended(number, &self.pulse);
    }

    /// The handler does not wait for the rest of the body any more.
    pub(in crate::server) fn body_let_go(&self, number: u64) {
        self.pace.let_go(number, &self.pulse);
    }

    /// Nobody will read the rest of the body: the connection cannot go on.
    pub(in crate::server) fn body_given_up(&self, number: u64) {
        self.pace.give_up(number, &self.pulse);
    }

    pub(in crate::server) fn body_is_given_up(&self) -> bool {
        self.pace.is_given_up()
    }

    /// The body came too slowly, and is cut off.
    pub(in crate::server) fn cut_off_body(&self) {
        self.pace.cut_off(&self.pulse);
    }

    pub(in crate::server) fn body_is_cut_off(&self) -> bool {
        self.pace.is_cut_off()
    }
}
