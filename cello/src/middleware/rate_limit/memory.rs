//! What has been used, in the memory of one process: [`MemoryStore`].

use std::fmt;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock};
use std::time::{Duration, Instant};

use super::store::MOST_LIMITS;
use super::window::Window;
use super::{Algorithm, Charge, Standing, Store};
use crate::Result;
use crate::lock::lock;

/// How many clients a shard is meant for, and how many it can remember. Clients are spread by chance: that one shard gets
/// twice as many as the others have on average happens less than once in a trillion shards.
const MEANT: usize = 64;
const MOST: usize = 2 * MEANT;
/// How many clients are looked at with each request for what can be given back.
const AT_ONCE: usize = 2;

/// Remembers what clients have used, up to a number of clients.
///
/// # Memory
/// For each client that it is made for there is room for two, each of 32 bytes, and one byte of overhead: **65 bytes for each client
/// at most**, 4.3 MB for the default of 65,536 clients. It grows to that as clients come. Each that is remembered of a
/// [sliding window](super::Limit::sliding_window) takes up to 560 bytes more while its requests count: **78 MB at most** for the default.
/// These bytes are given back bit by bit with later requests. A client counts once for each limit.
///
/// # What is forgotten
/// A client is forgotten for nothing once it has its whole quota again. So nobody is forgotten too early while no more than the
/// given number of clients are short of their whole quota at once. Beyond that, a new client takes the place of that one among about a
/// hundred whose quota would be whole again soonest; who is forgotten so is admitted as if it had used nothing, so it
/// can be over its limit by **what it had used, at most one burst or quota for each time that it is forgotten**. A client is never
/// refused for lack of room.
///
/// Clients are told apart by 128 bits of a hash that nobody outside can compute.
pub struct MemoryStore {
    shards: Box<[Mutex<Shard>]>,
    /// Whose window in a shard is looked at next, to see whether it still counts; written under the shard's lock. It stands here,
    /// since in the shard it would take eight bytes.
    next: Box<[AtomicU8]>,
    hashers: [RandomState; 2],
    /// When it was first asked: times are counted from then.
    began: OnceLock<Instant>,
}

impl MemoryStore {
    /// Remembers this many clients, between some dozens and 2<sup>26</sup>; 65,536 by default.
    pub fn new(clients: usize) -> Self {
        let shards = clients.min(1 << 26).div_ceil(MEANT).max(1);
        Self {
            shards: (0..shards).map(|_| Mutex::default()).collect(),
            next: (0..shards).map(|_| AtomicU8::default()).collect(),
            hashers: Default::default(),
            began: OnceLock::new(),
        }
    }

    /// How many clients are remembered.
    pub fn len(&self) -> usize {
        self.shards.iter().map(|shard| lock(shard).tags.len()).sum()
    }

    /// Whether nobody is remembered.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The most clients that it remembers at once.
    pub fn most(&self) -> usize {
        self.shards.len() * MOST
    }

    fn judge(&self, charges: &mut [Charge<'_>], now: Instant) -> bool {
        let began = *self.began.get_or_init(|| now);
        let now = nanos(now.saturating_duration_since(began));
        let mut locks = Locks::default();
        let mut spots = [Spot::default(); MOST_LIMITS];
        for (spot, charge) in spots.iter_mut().zip(charges.iter()) {
            *spot = self.spot(charge);
        }
        // In the order of the shards, so that two requests never wait for each other.
        let mut order = spots;
        let order = &mut order[..charges.len().min(MOST_LIMITS)];
        order.sort_unstable_by_key(|spot| spot.shard);
        for spot in order {
            locks.take(&self.shards, spot.shard);
        }
        let mut admitted = true;
        for (spot, charge) in spots.iter().zip(charges.iter_mut()) {
            let standing =
                locks.shard(spot.shard).map(|shard| shard.ask(*spot, charge.limit().algorithm(), now));
            charge.stands(standing.unwrap_or_default());
            admitted &= !charge.standing().refuses;
        }
        if !admitted {
            return false;
        }
        for (spot, charge) in spots.iter().zip(charges.iter_mut()) {
            if let (Some(shard), Some(next)) = (locks.shard(spot.shard), self.next.get(spot.shard)) {
                let algorithm = charge.limit().algorithm();
                if let Algorithm::SlidingWindow { .. } = algorithm {
                    shard.give_back(next, now);
                }
                charge.stands(shard.take(*spot, algorithm, now));
            }
        }
        true
    }

    fn spot(&self, charge: &Charge<'_>) -> Spot {
        let [tag, rest] = [0, 1].map(|index| {
            let mut hasher = self.hashers[index].build_hasher();
            hasher.write(charge.limit().as_name().as_bytes());
            // No name holds it.
            hasher.write_u8(0);
            hasher.write(charge.key());
            hasher.finish()
        });
        Spot { shard: (rest as usize) % self.shards.len(), tag, rest }
    }
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new(65_536)
    }
}

impl Store for MemoryStore {
    async fn admit(&self, charges: &mut [Charge<'_>], now: Instant) -> Result<bool> {
        Ok(self.judge(charges, now))
    }

    const WAITS: bool = false;

    fn admit_at_once(&self, charges: &mut [Charge<'_>], now: Instant) -> bool {
        self.judge(charges, now)
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore").field("clients", &self.len()).field("most", &self.most()).finish()
    }
}

/// Where a client is remembered.
#[derive(Clone, Copy, Default)]
struct Spot {
    shard: usize,
    tag: u64,
    rest: u64,
}

/// The shards of one request, each locked once.
#[derive(Default)]
struct Locks<'a>([Option<(usize, MutexGuard<'a, Shard>)>; MOST_LIMITS]);

impl<'a> Locks<'a> {
    fn take(&mut self, shards: &'a [Mutex<Shard>], index: usize) {
        if self.shard(index).is_some() {
            return;
        }
        if let Some(free) = self.0.iter_mut().find(|lock| lock.is_none()) {
            *free = shards.get(index).map(|shard| (index, lock(shard)));
        }
    }

    fn shard(&mut self, index: usize) -> Option<&mut Shard> {
        let mut held = self.0.iter_mut().flatten();
        held.find(|(held, _)| *held == index).map(|(_, shard)| &mut **shard)
    }
}

/// A part of the clients. To look through all of their tags is faster than a map, and what it holds is bounded exactly.
#[derive(Default)]
struct Shard {
    tags: Vec<u64>,
    entries: Vec<Entry>,
}

struct Entry {
    rest: u64,
    /// When the client has its whole quota again. It is all that there is to know of a token bucket.
    until: u64,
    window: Option<Box<Window>>,
}

impl Shard {
    fn find(&self, spot: Spot) -> Option<usize> {
        let mut from = 0;
        loop {
            let at = from + self.tags.get(from..)?.iter().position(|tag| *tag == spot.tag)?;
            if self.entries.get(at)?.rest == spot.rest {
                return Some(at);
            }
            from = at + 1;
        }
    }

    /// How a request would stand.
    fn ask(&self, spot: Spot, algorithm: Algorithm, now: u64) -> Standing {
        let entry = self.find(spot).and_then(|at| self.entries.get(at));
        match algorithm {
            Algorithm::TokenBucket { burst, interval } => {
                let until = entry.map_or(now, |entry| entry.until.max(now));
                let refuses = until - now + nanos(interval) > nanos(interval) * u64::from(burst);
                Standing { refuses, ..bucket(until - now, burst, nanos(interval)) }
            }
            Algorithm::SlidingWindow { quota, window } => match entry.and_then(|entry| entry.window.as_ref())
            {
                Some(used) => used.standing(now, quota, nanos(window)),
                None => Standing { refuses: quota == 0, remaining: quota, next: Duration::ZERO },
            },
        }
    }

    /// Gives back the windows of a few whose requests count no more.
    fn give_back(&mut self, next: &AtomicU8, now: u64) {
        let mut at = usize::from(next.load(Ordering::Relaxed));
        for _ in 0..AT_ONCE {
            if let Some(entry) = self.entries.get_mut(at)
                && entry.until <= now
            {
                entry.window = None;
            }
            at = (at + 1) % self.entries.len().max(1);
        }
        // There are at most `MOST`.
        next.store(u8::try_from(at).unwrap_or_default(), Ordering::Relaxed);
    }

    /// Counts a request that is admitted, and tells how its client stands then.
    fn take(&mut self, spot: Spot, algorithm: Algorithm, now: u64) -> Standing {
        let at = self.find(spot).unwrap_or_else(|| self.remember(spot, now));
        let Some(entry) = self.entries.get_mut(at) else { return Standing::default() };
        match algorithm {
            Algorithm::TokenBucket { burst, interval } => {
                entry.until = entry.until.max(now) + nanos(interval);
                bucket(entry.until - now, burst, nanos(interval))
            }
            Algorithm::SlidingWindow { quota, window } => {
                let used = entry.window.get_or_insert_default();
                used.add(now, quota, nanos(window));
                entry.until = now + nanos(window);
                Standing { refuses: false, ..used.standing(now, quota, nanos(window)) }
            }
        }
    }

    /// Makes room for a client, and gives its place.
    fn remember(&mut self, spot: Spot, now: u64) -> usize {
        if self.tags.len() >= MOST {
            self.forget(now);
        }
        // By hand, so that there is never more room than for the most.
        if self.tags.len() == self.tags.capacity() {
            let more = self.tags.len().clamp(4, MOST - self.tags.len());
            self.tags.reserve_exact(more);
            self.entries.reserve_exact(more);
        }
        self.tags.push(spot.tag);
        self.entries.push(Entry { rest: spot.rest, until: now, window: None });
        self.tags.len() - 1
    }

    /// Forgets all who have their whole quota, or, if nobody has, who would have it soonest.
    fn forget(&mut self, now: u64) {
        let soonest = self.entries.iter().map(|entry| entry.until).min().unwrap_or_default().max(now);
        let mut at = 0;
        while let Some(entry) = self.entries.get(at) {
            if entry.until <= soonest {
                self.entries.swap_remove(at);
                self.tags.swap_remove(at);
                if soonest > now {
                    return;
                }
            } else {
                at += 1;
            }
        }
    }
}

/// How a client stands whose bucket is full again after this time.
fn bucket(short_of: u64, burst: u32, interval: u64) -> Standing {
    let missing = short_of.div_ceil(interval.max(1));
    let remaining = u64::from(burst).saturating_sub(missing);
    let next =
        short_of.saturating_sub(missing.saturating_sub(1).min(u64::from(burst).saturating_sub(1)) * interval);
    Standing {
        refuses: false,
        remaining: u32::try_from(remaining).unwrap_or(u32::MAX),
        next: Duration::from_nanos(next),
    }
}

/// A time as the store keeps it: 584 years fit.
fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
