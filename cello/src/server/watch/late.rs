//! What of a connection takes too long, by the limits on time.

use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use super::{Overdue, Phase, Watch};

/// How long an idle connection may take to end, in milliseconds.
const STUCK: u64 = 1000;

impl Watch {
    /// What has taken too long, if anything has.
    pub(in crate::server) fn overdue(&self) -> Option<Overdue> {
        let (pulse, times) = (&*self.pulse, &self.pulse.times);
        let since = self.since.load(Relaxed);
        let late = |since, limit, what| pulse.is_over(since, limit).then_some(what);
        match (self.phase(), self.stalled.load(Relaxed)) {
            (Phase::Upgraded, _) => None,
            (Phase::Closing, _) => late(since, times.close_linger, Overdue::Closing),
            #[cfg(feature = "http2")]
            (Phase::Stream, stalled @ 1..) => {
                late(stalled, times.write_stall, Overdue::Write).filter(|_| self.had_its_turn(stalled))
            }
            (_, stalled @ 1..) => late(stalled, times.write_stall, Overdue::Write),
            (Phase::Idle, _) if self.pace.is_awaited() => self.late_body(),
            (Phase::Idle, _) => self.is_idle_for_longer(0).then_some(Overdue::Idle),
            (Phase::Head, _) => late(since, times.header_read, Overdue::Head),
            (Phase::Handling, _) => {
                let half_closed = match self.half_closed.load(Relaxed) {
                    0 => None,
                    since => late(since, times.half_close, Overdue::HalfClosed),
                };
                half_closed
                    .or_else(|| self.late_body())
                    .or_else(|| self.is_handler_late().then_some(Overdue::Handler))
            }
            #[cfg(feature = "tls")]
            (Phase::Handshake, _) => late(since, times.tls_handshake, Overdue::Handshake),
            #[cfg(feature = "http2")]
            (Phase::Http2, _) => self.http2_overdue(),
            #[cfg(feature = "http2")]
            (Phase::Stream, _) => {
                self.data_came(0);
                self.late_body().or_else(|| self.is_handler_late().then_some(Overdue::Handler))
            }
        }
    }

    /// The same for who need not know before the sweep does, which moves the clock. Nearly always a glance is all.
    #[inline]
    pub(in crate::server) fn overdue_as_told(&self) -> Option<Overdue> {
        if !self.is_told.load(Relaxed) {
            return None;
        }
        let overdue = self.overdue();
        self.is_told.store(overdue.is_some(), Relaxed);
        overdue
    }

    /// Wakes the connection or stream if something takes too long, or may do.
    pub(in crate::server) fn wake_if_overdue(&self) {
        if self.overdue().is_some() {
            self.is_told.store(true, Relaxed);
            self.wake();
        } else if self.pace.is_to_be_asked_again(&self.pulse) || self.is_to_look_soon() {
            self.wake_task();
        }
    }

    /// Whether the client has taken nothing for a part of the time that it has, as far as the system tells.
    fn is_to_look_soon(&self) -> bool {
        #[cfg(feature = "http2")]
        if self.phase() == Phase::Stream {
            return false;
        }
        let (pulse, stalled) = (&*self.pulse, self.stalled.load(Relaxed));
        let since = stalled.max(self.looked_at.load(Relaxed));
        let looks = stalled != 0 && pulse.is_over(since, pulse.times.write_stall / 4);
        if looks {
            self.looked_at.store(pulse.now(), Relaxed);
            self.look_for_room();
        }
        looks
    }

    pub(in crate::server) fn look_for_room(&self) {
        self.is_to_look.store(true, Relaxed);
    }

    /// Whether who has nothing but the word of the system that there is no room is to see for himself: now and then, and before the client is
    /// given up.
    pub(in crate::server) fn is_to_look_for_room(&self) -> bool {
        self.is_to_look.load(Relaxed) && self.is_to_look.swap(false, Relaxed)
            || self.overdue() == Some(Overdue::Write)
    }

    /// Whether an idle connection has been so for longer than it may, and for this long besides.
    fn is_idle_for_longer(&self, besides: u64) -> bool {
        let (pulse, times) = (&*self.pulse, &self.pulse.times);
        let limit = if self.used.load(Relaxed) { times.idle } else { times.first_byte };
        let since = self.since.load(Relaxed).max(self.pace.came_at());
        match pulse.drained_since() {
            None => pulse.is_over(since, limit + besides),
            Some(drained) => pulse.is_over(since.max(drained), times.drain_linger.min(limit) + besides),
        }
    }

    /// Whether the connection does not end though its time is over: somebody neither reads nor drops the body of a request
    /// that is answered, so that hyper waits for that and does not ask for the time.
    pub(in crate::server) fn is_stuck(&self) -> bool {
        self.phase() == Phase::Idle
            && self.pace.is_coming()
            && !self.pace.is_awaited()
            && self.is_idle_for_longer(STUCK)
    }

    fn late_body(&self) -> Option<Overdue> {
        self.pace.is_overdue(&self.pulse).then_some(Overdue::Body)
    }

    /// The time of the handler begins. What it waits for the client to send its body does not count.
    pub(crate) fn limit_handler(&self, limit: Duration) {
        let limit = u64::try_from(limit.as_millis()).unwrap_or(u64::MAX);
        let spent = self.pace.waited_by_reader(&self.pulse);
        let deadline = self.pulse.now().saturating_add(limit).saturating_sub(spent);
        self.deadline.store(deadline.clamp(1, u64::MAX - 1), Relaxed);
    }

    pub(crate) fn is_handler_late(&self) -> bool {
        match self.deadline.load(Relaxed) {
            0 => false,
            deadline => {
                self.pulse.is_over(deadline.saturating_add(self.pace.waited_by_reader(&self.pulse)), 0)
            }
        }
    }

    /// The time of the handler ends.
    pub(crate) fn handler_ended(&self) {
        self.deadline.store(0, Relaxed);
    }
}
