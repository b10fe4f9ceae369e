//! What one connection is doing and since when: [`Watch`].
//!
//! No request sets a timer. A connection notes what it does in a few plain stores, by a coarse clock; one task per
//! worker moves that clock and wakes the connections whose time has run out (see [`super::roster`]). The connection
//! itself then decides what that means (see [`super::watched`]), so that nothing is decided about a state that has just
//! changed.

mod body;
mod late;

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, OnceLock};
use std::task::Waker;

use hyper::upgrade::OnUpgrade;

use super::pace::Pace;
use super::pulse::Pulse;
#[cfg(feature = "http2")]
use super::streams::{OfConnection, Streams};
use crate::lock::lock;
use crate::upgrade::Switch;

/// What a connection is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(in crate::server) enum Phase {
    /// Waiting for the first byte of a request, or for the rest of a body that is thrown away.
    Idle,
    /// Part of the head of a request has come.
    Head,
    /// A request is being answered.
    Handling,
    /// All has been sent; the client may close now.
    Closing,
    /// Another protocol has taken over.
    Upgraded,
    /// The connection carries HTTP/2, see [`super::streams`].
    #[cfg(feature = "http2")]
    Http2,
    /// This is no connection, but a stream of one.
    #[cfg(feature = "http2")]
    Stream,
    /// Client and server agree on how to encrypt.
    #[cfg(feature = "tls")]
    Handshake,
}

/// What has taken too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::server) enum Overdue {
    /// The client to send a request.
    Idle,
    /// The client to send the rest of a head.
    Head,
    /// The client to send more of a body.
    Body,
    /// The handler.
    Handler,
    /// The client, which has shut down its sending side, to be still there.
    HalfClosed,
    /// The client to take what is sent to it.
    Write,
    /// The client to close too.
    Closing,
    /// The client to send the rest of a header block of HTTP/2.
    #[cfg(feature = "http2")]
    HeaderBlock,
    /// An HTTP/2 client to send a request: it is to be told that the connection ends.
    #[cfg(feature = "http2")]
    Parting,
    /// The client to do its part in the handshake of TLS.
    #[cfg(feature = "tls")]
    Handshake,
}

/// What one connection is doing and since when.
///
/// All but the connection's own task only read, [`Pace`] excepted; a number of fields that do not quite fit together
/// wake it once in vain.
#[derive(Debug)]
pub(crate) struct Watch {
    /// The other end of the connection, if it has an address.
    peer: Option<SocketAddr>,
    is_tls: bool,
    pub(in crate::server) pulse: Arc<Pulse>,
    phase: AtomicU8,
    pub(in crate::server) since: AtomicU64,
    /// Whether a request has come.
    pub(in crate::server) used: AtomicBool,
    /// When the client shut down its sending side while its request was handled; 0 if it did not.
    half_closed: AtomicU64,
    /// Whether the request being handled has no body, so that bytes that come belong to the next one.
    bodiless: AtomicBool,
    /// The most bytes that can have come of the next head.
    received: AtomicUsize,
    /// Bytes that came last. Behind a request, there are no more than these.
    came_last: AtomicUsize,
    /// Bytes of the next request that came while the one before was handled.
    ahead: AtomicUsize,
    /// Whether the last bytes that came did not end with a blank line.
    cut: AtomicBool,
    /// Since when the client does not take what is sent to it; 0 if it does.
    stalled: AtomicU64,
    /// When somebody was last to see for himself whether there is room, and whether he still is to do so.
    looked_at: AtomicU64,
    is_to_look: AtomicBool,
    /// Whether all that was handed over has gone out since somebody wanted to know.
    flushed: AtomicBool,
    /// Whether all that has come belongs to the request being handled: hyper asked for more, and there was nothing.
    all_read: AtomicBool,
    /// Whether an answer is held back, and whether it is to be sent at the next chance.
    holds: AtomicBool,
    send_all: AtomicBool,
    /// Whether the sweep has found that something takes too long.
    is_told: AtomicBool,
    /// When the handler's time ends if it need not wait for the client; 0 if it is not limited.
    deadline: AtomicU64,
    pub(in crate::server) pace: Pace,
    waker: OnceLock<Waker>,
    switch: Mutex<Option<Switch>>,
    /// The way to the stream when hyper ends a connection that was asked to change its protocol, and did not.
    unmet: Mutex<Option<OnUpgrade>>,
    /// The streams of the connection, if it carries HTTP/2.
    #[cfg(feature = "http2")]
    pub(in crate::server) streams: OnceLock<Box<Streams>>,
    /// Which stream of which connection this is, if it is one.
    #[cfg(feature = "http2")]
    pub(in crate::server) stream: Option<OfConnection>,
}

impl Watch {
    pub(in crate::server) fn new(pulse: Arc<Pulse>, peer: Option<SocketAddr>, is_tls: bool) -> Self {
        Self {
            peer,
            is_tls,
            since: AtomicU64::new(pulse.now()),
            pulse,
            phase: AtomicU8::new(Phase::Idle as u8),
            used: AtomicBool::new(false),
            half_closed: AtomicU64::new(0),
            bodiless: AtomicBool::new(false),
            received: AtomicUsize::new(0),
            came_last: AtomicUsize::new(0),
            ahead: AtomicUsize::new(0),
            cut: AtomicBool::new(false),
            stalled: AtomicU64::new(0),
            looked_at: AtomicU64::new(0),
            is_to_look: AtomicBool::new(false),
            flushed: AtomicBool::new(false),
            all_read: AtomicBool::new(false),
            holds: AtomicBool::new(false),
            send_all: AtomicBool::new(false),
            is_told: AtomicBool::new(false),
            deadline: AtomicU64::new(0),
            pace: Pace::new(),
            waker: OnceLock::new(),
            switch: Mutex::new(None),
            unmet: Mutex::new(None),
            #[cfg(feature = "http2")]
            streams: OnceLock::new(),
            #[cfg(feature = "http2")]
            stream: None,
        }
    }

    pub(crate) fn peer(&self) -> Option<SocketAddr> {
        self.peer
    }

    pub(crate) fn is_tls(&self) -> bool {
        self.is_tls
    }

    pub(crate) fn is_stopping(&self) -> bool {
        self.pulse.life.is_stopping()
    }

    pub(in crate::server) fn is_draining(&self) -> bool {
        self.pulse.life.is_draining()
    }

    /// The waker for what the connection's task polls, which stays the same.
    pub(in crate::server) fn wake_with(&self, waker: &Waker) {
        let _ = self.waker.set(waker.clone());
    }

    #[inline]
    pub(in crate::server) fn waker(&self) -> Option<&Waker> {
        self.waker.get()
    }

    pub(in crate::server) fn phase(&self) -> Phase {
        match self.phase.load(Relaxed) {
            0 => Phase::Idle,
            1 => Phase::Head,
            2 => Phase::Handling,
            3 => Phase::Closing,
            #[cfg(feature = "http2")]
            phase if phase == Phase::Http2 as u8 => Phase::Http2,
            #[cfg(feature = "http2")]
            phase if phase == Phase::Stream as u8 => Phase::Stream,
            #[cfg(feature = "tls")]
            phase if phase == Phase::Handshake as u8 => Phase::Handshake,
            _ => Phase::Upgraded,
        }
    }

    pub(in crate::server) fn enter(&self, phase: Phase) {
        self.phase.store(phase as u8, Relaxed);
        self.since.store(self.pulse.now(), Relaxed);
    }

    /// Bytes have come, and what they end with.
    pub(in crate::server) fn received(&self, bytes: &[u8]) {
        self.cut.store(!(bytes.ends_with(b"\r\n\r\n") || bytes.ends_with(b"\n\n")), Relaxed);
        let bytes = bytes.len();
        self.came_last.store(bytes, Relaxed);
        match self.phase() {
            Phase::Idle if self.bodiless.load(Relaxed) => {
                self.received.store(bytes, Relaxed);
                self.enter(Phase::Head);
            }
            // The next head may have begun behind the end of the body.
            Phase::Idle => {
                self.more_received(bytes);
                if !self.pace.is_coming() {
                    self.enter(Phase::Head);
                }
            }
            Phase::Handling => {
                self.all_read.store(false, Relaxed);
                if self.bodiless.load(Relaxed) {
                    self.ahead.store(self.ahead.load(Relaxed) + bytes, Relaxed);
                } else {
                    self.received.store(bytes, Relaxed);
                }
            }
            Phase::Head => self.more_received(bytes),
            Phase::Closing | Phase::Upgraded => {}
            #[cfg(feature = "http2")]
            Phase::Http2 | Phase::Stream => {}
            #[cfg(feature = "tls")]
            Phase::Handshake => {}
        }
    }

    fn more_received(&self, bytes: usize) {
        self.received.store(self.received.load(Relaxed).saturating_add(bytes), Relaxed);
    }

    /// hyper wants to read, and there is nothing. While a request is handled it asks only when it has used up all that
    /// it has read.
    pub(in crate::server) fn nothing_to_read(&self) {
        self.all_read.store(true, Relaxed);
    }

    /// Whether an answer can be held back: the request is answered, and hyper has bytes that came after it, at which it
    /// looks next.
    #[inline]
    pub(in crate::server) fn is_read_ahead(&self) -> bool {
        !self.all_read.load(Relaxed)
            && matches!(self.phase(), Phase::Idle | Phase::Head)
            && !self.send_all.load(Relaxed)
    }

    /// Whether something is held back now. That it is not ends the demand to send it.
    pub(in crate::server) fn set_holds(&self, holds: bool) {
        self.holds.store(holds, Relaxed);
        if !holds {
            self.send_all.store(false, Relaxed);
        }
    }

    pub(in crate::server) fn holds(&self) -> bool {
        self.holds.load(Relaxed)
    }

    /// Nothing is to be held back until all is sent. Whether that is new.
    pub(in crate::server) fn send_all(&self) -> bool {
        !self.send_all.swap(true, Relaxed)
    }

    /// The client has shut down its sending side. Whether to keep that back for a while, so that it gets its answer.
    pub(in crate::server) fn half_closed(&self) -> bool {
        // A body that is waited for will not come any more.
        if self.phase() != Phase::Handling || self.pace.is_awaited() {
            return false;
        }
        self.nothing_to_read();
        if self.half_closed.load(Relaxed) == 0 {
            self.half_closed.store(self.pulse.now().max(1), Relaxed);
        }
        self.overdue() != Some(Overdue::HalfClosed)
    }

    /// Whether the client took what was sent to it. Time that it takes to do so is not time that it is idle.
    pub(in crate::server) fn sent(&self, taken: bool) {
        let stalled = self.stalled.load(Relaxed) != 0;
        if stalled != taken {
            return;
        }
        self.stalled.store(if taken { 0 } else { self.pulse.now().max(1) }, Relaxed);
        #[cfg(feature = "http2")]
        if !taken {
            self.turn_begins();
        }
        if taken && matches!(self.phase(), Phase::Idle | Phase::Head) {
            self.since.store(self.pulse.now(), Relaxed);
        }
    }

    /// Somebody waits until all is sent that is handed over.
    pub(crate) fn is_to_flush(&self) {
        self.flushed.store(false, Relaxed);
    }

    #[inline]
    pub(in crate::server) fn all_flushed(&self) {
        self.flushed.store(true, Relaxed);
    }

    pub(crate) fn has_flushed(&self) -> bool {
        self.flushed.load(Relaxed)
    }

    /// A whole head has come, and is about to be handled. Says how many bytes it can have at most.
    #[inline]
    pub(in crate::server) fn begin(&self, bodiless: bool) -> usize {
        self.used.store(true, Relaxed);
        if bodiless {
            self.pace.none();
        }
        self.bodiless.store(bodiless, Relaxed);
        self.all_read.store(false, Relaxed);
        self.phase.store(Phase::Handling as u8, Relaxed);
        if self.half_closed.load(Relaxed) != 0 {
            self.half_closed.store(self.pulse.now().max(1), Relaxed);
        }
        let most_bytes = self.received.load(Relaxed);
        self.received.store(self.came_last.load(Relaxed), Relaxed);
        most_bytes
    }

    /// The response has been handed over to the last byte, or given up.
    pub(crate) fn answered(&self) {
        if self.phase() != Phase::Handling {
            return;
        }
        let ahead = self.ahead.load(Relaxed);
        if ahead > 0 {
            self.ahead.store(0, Relaxed);
            self.received.store(ahead, Relaxed);
            self.enter(Phase::Head);
        } else if self.bodiless.load(Relaxed) && self.cut.load(Relaxed) {
            // Part of the next head came together with this request.
            self.enter(Phase::Head);
        } else {
            self.enter(Phase::Idle);
        }
        if self.half_closed.load(Relaxed) != 0 {
            self.wake();
        }
    }

    /// Whether a response that is made while the server drains can end the connection: requests that the client sent
    /// together with this one are still answered, within half the grace.
    #[cold]
    #[inline(never)] // asked at the end alone
    pub(in crate::server) fn may_close(&self) -> bool {
        if self.all_read.load(Relaxed) {
            return true;
        }
        let since = self.pulse.drained_since().unwrap_or(u64::MAX);
        self.pulse.now().saturating_sub(since) > self.pulse.times.half_grace
    }

    /// Keeps what is to happen when the connection has changed its protocol.
    pub(in crate::server) fn set_switch(&self, switch: Option<Switch>) {
        self.enter(Phase::Upgraded);
        // The stream is for who has agreed to the change, which may be a service that we know nothing of.
        self.take_unmet();
        *lock(&self.switch) = switch;
    }

    pub(in crate::server) fn take_switch(&self) -> Option<Switch> {
        lock(&self.switch).take()
    }

    pub(in crate::server) fn set_unmet(&self, on: OnUpgrade) {
        *lock(&self.unmet) = Some(on);
    }

    pub(in crate::server) fn take_unmet(&self) -> Option<OnUpgrade> {
        lock(&self.unmet).take()
    }

    /// Wakes whoever can do something about it.
    pub(in crate::server) fn wake(&self) {
        #[cfg(feature = "http2")]
        self.wake_reader();
        self.wake_task();
    }

    /// Wakes the connection's task.
    pub(in crate::server) fn wake_task(&self) {
        if let Some(waker) = self.waker.get() {
            waker.wake_by_ref();
        }
    }
}
