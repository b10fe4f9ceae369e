//! The coarse clock of one worker, and the times that are judged by it: [`Pulse`].

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use tokio::time::Instant;

use super::life::Life;
use crate::Limits;

/// How long idle connections may still send a request once the server drains.
const DRAIN_LINGER: Duration = Duration::from_secs(1);
/// How long a closing connection waits for the client to close too.
const CLOSE_LINGER: Duration = Duration::from_secs(2);

/// Times in milliseconds of the coarse clock.
#[derive(Debug)]
pub(super) struct Times {
    pub(super) first_byte: u64,
    pub(super) header_read: u64,
    pub(super) idle: u64,
    pub(super) body_grace: u64,
    /// Bytes for each second; 0 for no limit.
    pub(super) body_rate: u64,
    pub(super) write_stall: u64,
    pub(super) drain_linger: u64,
    pub(super) half_grace: u64,
    pub(super) half_close: u64,
    pub(super) close_linger: u64,
    #[cfg(feature = "tls")]
    pub(super) tls_handshake: u64,
    /// How often the clock moves.
    pub(super) tick: u64,
}

/// The coarse clock of one worker. It tells Tokio's time, which a test can stop.
#[derive(Debug)]
pub(super) struct Pulse {
    start: Instant,
    now: AtomicU64,
    /// When draining began; `u64::MAX` before.
    drained_since: AtomicU64,
    pub(super) times: Times,
    pub(super) life: Arc<Life>,
}

impl Pulse {
    pub(super) fn new(limits: &Limits, life: Arc<Life>) -> Self {
        let millis =
            |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX / 4).min(u64::MAX / 4);
        let judged = [
            limits.first_byte,
            limits.header_read,
            limits.idle,
            limits.body_grace,
            limits.write_stall,
            limits.handler,
            limits.half_close,
            #[cfg(feature = "tls")]
            limits.tls_handshake,
        ];
        let shortest = judged.into_iter().map(millis).min().unwrap_or_default();
        let times = Times {
            first_byte: millis(limits.first_byte),
            header_read: millis(limits.header_read),
            idle: millis(limits.idle),
            body_grace: millis(limits.body_grace),
            body_rate: limits.body_rate as u64,
            write_stall: millis(limits.write_stall),
            drain_linger: millis(DRAIN_LINGER.min(limits.grace / 2)),
            half_grace: millis(limits.grace / 2),
            half_close: millis(limits.half_close),
            close_linger: millis(CLOSE_LINGER),
            #[cfg(feature = "tls")]
            tls_handshake: millis(limits.tls_handshake),
            tick: (shortest / 8).clamp(5, 250),
        };
        Self {
            start: Instant::now(),
            now: AtomicU64::new(0),
            drained_since: AtomicU64::new(u64::MAX),
            times,
            life,
        }
    }

    pub(super) fn now(&self) -> u64 {
        self.now.load(Relaxed)
    }

    /// Reads the real clock. A worker without connections does not, so it is also done when one is opened.
    pub(super) fn move_on(&self) {
        let now = u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.now.store(now, Relaxed);
    }

    pub(super) fn begin_draining(&self) {
        self.move_on();
        self.drained_since.store(self.now(), Relaxed);
    }

    pub(super) fn drained_since(&self) -> Option<u64> {
        Some(self.drained_since.load(Relaxed)).filter(|since| *since != u64::MAX)
    }

    /// Whether a time that began at `since` is over. What is noted may be as old as one tick, so it is given one more.
    pub(super) fn is_over(&self, since: u64, limit: u64) -> bool {
        self.now().saturating_sub(since) >= limit.saturating_add(self.times.tick)
    }

    pub(super) fn tick(&self, draining: bool) -> Duration {
        let tick = if draining {
            self.times.tick.min((self.times.drain_linger / 8).max(5))
        } else {
            self.times.tick
        };
        Duration::from_millis(tick)
    }
}
