//! What an HTTP/2 connection notes of its streams: [`Streams`].
//!
//! Each stream has a [`Watch`] of its own, as a connection of one request would: its handler and its body have the same
//! limits. The sweep looks at the streams of a connection when it looks at the connection.

use std::sync::atomic::{
    AtomicBool, AtomicU64, AtomicUsize,
    Ordering::{AcqRel, Relaxed},
};
use std::sync::{Arc, Mutex, Weak};
use std::task::Waker;

use slab::Slab;

use super::watch::{Overdue, Phase, Watch};
use crate::lock::lock;

/// The window of a connection, and of each stream unless the client says another (RFC 9113, section 6.9.2).
const FIRST_WINDOW: u64 = 65_535;

/// More bytes of one response than go before it is the turn of the next: those that wait in h2 (see `MOST_WAITING`).
const ROUND: u64 = 128 * 1024;
/// The most that a response may wait for others, in times of the limit for a client that takes nothing.
const MOST_LIMITS: u64 = 10;

/// What an HTTP/2 connection notes of its streams.
#[derive(Debug, Default)]
pub(super) struct Streams {
    open: Mutex<Slab<Weak<Watch>>>,
    /// The stream whose request has been taken, for the task that is made for it next.
    begun: Mutex<Option<Arc<Watch>>>,
    /// Streams whose response is not yet handed over.
    running: AtomicUsize,
    /// Bytes of bodies that have come.
    data: AtomicU64,
    /// Bytes of responses that the client has taken, and when it took the last.
    went: AtomicU64,
    went_at: AtomicU64,
    /// Bytes of responses that have been handed over. Those that were reset before they went out are among them.
    handed: AtomicU64,
    /// Bytes of responses that the client takes in all, beyond the first window.
    granted: AtomicU64,
    /// Bytes of a response that it takes without another word, one more; 0 if it has not said.
    of_stream: AtomicU64,
    /// Since when a header block is on its way; 0 if none is.
    block_since: AtomicU64,
    /// When the client was told that the connection ends; 0 if it was not.
    told_since: AtomicU64,
    /// Whether the client has said anything to that.
    heard: AtomicBool,
}

/// Which stream of which connection.
#[derive(Debug)]
pub(super) struct OfConnection {
    connection: Arc<Watch>,
    key: usize,
    /// What had come on the connection before.
    data_before: u64,
    /// Bytes of the body that have been read.
    read: AtomicU64,
    /// Bytes that have earned it time.
    earned: AtomicU64,
    /// When so many bytes have gone on the connection, the client must have been sent some of this response, if it takes any.
    turn_by: AtomicU64,
    reader: Mutex<Option<Waker>>,
}

/// A stream whose response is not yet handed over.
#[derive(Debug)]
pub(super) struct Running(Arc<Watch>);

impl Running {
    pub(super) fn new(connection: &Arc<Watch>) -> Self {
        if let Some(streams) = connection.streams.get() {
            streams.running.fetch_add(1, AcqRel);
        }
        Self(Arc::clone(connection))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(streams) = self.0.streams.get() {
            self.0.since.store(self.0.pulse.now(), Relaxed);
            streams.running.fetch_sub(1, AcqRel);
        }
    }
}

/// Of a connection.
impl Watch {
    /// From now on the connection carries HTTP/2. Whether its client has said so itself.
    pub(super) fn begin_http2(&self, by_client: bool) {
        let _ = self.streams.set(Box::default());
        self.used.store(by_client, Relaxed);
        self.enter(Phase::Http2);
    }

    /// A request has come on a stream.
    pub(super) fn begin_stream(self: &Arc<Self>) -> Arc<Self> {
        let mut watch = Self::new(Arc::clone(&self.pulse), self.peer(), self.is_tls());
        let Some(streams) = self.streams.get() else { return Arc::new(watch) };
        watch.enter(Phase::Stream);
        let key = lock(&streams.open).insert(Weak::new());
        watch.stream = Some(OfConnection {
            connection: Arc::clone(self),
            key,
            data_before: streams.data.load(Relaxed),
            read: AtomicU64::new(0),
            earned: AtomicU64::new(0),
            turn_by: AtomicU64::new(0),
            reader: Mutex::new(None),
        });
        let watch = Arc::new(watch);
        if let Some(place) = lock(&streams.open).get_mut(key) {
            *place = Arc::downgrade(&watch);
        }
        *lock(&streams.begun) = Some(Arc::clone(&watch));
        watch
    }

    /// The stream whose request has just been taken.
    pub(super) fn take_begun(&self) -> Option<Arc<Self>> {
        lock(&self.streams.get()?.begun).take()
    }

    /// Wakes the streams whose time has run out.
    pub(super) fn wake_late_streams(&self) {
        let Some(streams) = self.streams.get() else { return };
        // Those that end here are dropped when the list is free again.
        let open: Vec<Arc<Self>> =
            lock(&streams.open).iter().filter_map(|(_, stream)| stream.upgrade()).collect();
        for stream in open {
            stream.wake_if_overdue();
        }
    }

    /// What has taken too long on the connection itself.
    pub(super) fn http2_overdue(&self) -> Option<Overdue> {
        let (pulse, times) = (&*self.pulse, &self.pulse.times);
        let streams = self.streams.get()?;
        let block = streams.block_since.load(Relaxed);
        if block != 0 && pulse.is_over(block, times.header_read) {
            return Some(Overdue::HeaderBlock);
        }
        if streams.running.load(Relaxed) > 0 {
            return None;
        }
        let since = self.since.load(Relaxed);
        let (since, limit, what) = match streams.told_since.load(Relaxed) {
            0 if self.used.load(Relaxed) => (since, times.idle, Overdue::Parting),
            0 => (since, times.first_byte, Overdue::Idle),
            // The connection ends by itself as soon as its client has taken everything.
            told if streams.heard.load(Relaxed) => (since.max(told), times.write_stall, Overdue::Idle),
            told => (since.max(told), times.drain_linger, Overdue::Idle),
        };
        pulse.is_over(since, limit).then_some(what)
    }

    /// The client is told that the connection ends.
    pub(super) fn parting(&self) {
        if let Some(streams) = self.streams.get() {
            streams.told_since.store(self.pulse.now().max(1), Relaxed);
        }
    }

    /// The client has answered a question.
    pub(super) fn heard(&self) {
        if let Some(streams) = self.streams.get()
            && streams.told_since.load(Relaxed) != 0
        {
            streams.heard.store(true, Relaxed);
        }
    }

    /// The preface has come.
    pub(super) fn preface_came(&self) {
        self.used.store(true, Relaxed);
        self.since.store(self.pulse.now(), Relaxed);
    }

    /// A header block is on its way, or has come.
    pub(super) fn header_block(&self, is_coming: bool) {
        let Some(streams) = self.streams.get() else { return };
        match is_coming {
            true if streams.block_since.load(Relaxed) == 0 => {
                streams.block_since.store(self.pulse.now().max(1), Relaxed);
            }
            true => {}
            false => streams.block_since.store(0, Relaxed),
        }
    }

    /// Bytes of some body have come.
    pub(super) fn some_data_came(&self, bytes: usize) {
        if let Some(streams) = self.streams.get() {
            streams.data.fetch_add(bytes as u64, Relaxed);
        }
    }

    /// So many bytes the client takes of each response without another word.
    pub(super) fn window_of_streams(&self, bytes: u32) {
        if let Some(streams) = self.streams.get() {
            streams.of_stream.store(u64::from(bytes) + 1, Relaxed);
        }
    }

    /// So many bytes more the client takes of all responses.
    pub(super) fn window_grows(&self, bytes: u32) {
        if let Some(streams) = self.streams.get() {
            streams.granted.fetch_add(u64::from(bytes), Relaxed);
        }
    }

    /// The client has taken bytes of some response.
    pub(super) fn some_data_went(&self, bytes: usize) {
        self.since.store(self.pulse.now(), Relaxed);
        if let Some(streams) = self.streams.get() {
            streams.went.fetch_add(bytes as u64, Relaxed);
            streams.went_at.store(self.pulse.now(), Relaxed);
        }
    }
}

/// Of a stream.
impl Watch {
    pub(super) fn is_stream(&self) -> bool {
        self.stream.is_some()
    }

    /// So many bytes of the body were read. Whatever comes on the connection for any stream earns time for each that
    /// waits: who of them gets it is decided by the client, by flow control, and by how large its frames are.
    pub(super) fn data_came(&self, bytes: usize) {
        let Some(stream) = &self.stream else { return };
        let Some(streams) = stream.connection.streams.get() else { return };
        let read = stream.read.fetch_add(bytes as u64, Relaxed) + bytes as u64;
        let came = streams.data.load(Relaxed).saturating_sub(stream.data_before).max(read);
        let before = stream.earned.fetch_max(came, Relaxed);
        if came > before {
            self.pace.earn(came - before, &self.pulse);
        }
    }

    /// So many bytes of the response are handed over, after those `before`. Whether the client takes them in any case. What it grants
    /// single streams is not counted, so that this is said of fewer than it could be.
    pub(super) fn hand_over(&self, bytes: usize, before: u64) -> bool {
        let Some(streams) = self.stream.as_ref().and_then(|stream| stream.connection.streams.get()) else {
            return false;
        };
        let handed = streams.handed.fetch_add(bytes as u64, Relaxed) + bytes as u64;
        let of_stream = streams.of_stream.load(Relaxed).checked_sub(1).unwrap_or(FIRST_WINDOW);
        handed <= FIRST_WINDOW + streams.granted.load(Relaxed) && before + bytes as u64 <= of_stream
    }

    /// The client is to take more of the response, when it has taken what waits before it: h2 sends a piece of each in turn. Those that
    /// are handed over to their end are not running any more, but what waits of them goes out too.
    pub(super) fn turn_begins(&self) {
        if let Some(stream) = &self.stream
            && let Some(streams) = stream.connection.streams.get()
        {
            let others = (streams.running.load(Relaxed) as u64).saturating_mul(ROUND);
            stream.turn_by.store(streams.handed.load(Relaxed).saturating_add(others), Relaxed);
        }
    }

    /// Whether it is the client that takes nothing of the response, which it was to take `since`, and not that others are sent before.
    /// Where little is taken in all, that is not waited for without end.
    pub(super) fn had_its_turn(&self, since: u64) -> bool {
        let Some(stream) = &self.stream else { return true };
        let Some(streams) = stream.connection.streams.get() else { return true };
        let (pulse, limit) = (&self.pulse, self.pulse.times.write_stall);
        streams.went.load(Relaxed) > stream.turn_by.load(Relaxed)
            || pulse.is_over(streams.went_at.load(Relaxed), limit)
            || pulse.is_over(since, limit.saturating_mul(MOST_LIMITS))
    }

    /// Whoever reads the body is to be woken if it does not come.
    pub(super) fn read_by(&self, waker: &Waker) {
        if let Some(stream) = &self.stream {
            let mut reader = lock(&stream.reader);
            if !reader.as_ref().is_some_and(|reader| reader.will_wake(waker)) {
                *reader = Some(waker.clone());
            }
        }
    }

    pub(super) fn wake_reader(&self) {
        if let Some(stream) = &self.stream
            && let Some(reader) = lock(&stream.reader).take()
        {
            reader.wake();
        }
    }

    /// Whether the body comes too slowly, so that its reader gets an error.
    pub(super) fn body_is_late(&self) -> bool {
        self.is_stream() && self.overdue() == Some(Overdue::Body)
    }
}

impl Drop for OfConnection {
    fn drop(&mut self) {
        if let Some(streams) = self.connection.streams.get() {
            lock(&streams.open).try_remove(self.key);
        }
    }
}
