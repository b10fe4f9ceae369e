//! Where what has been used is kept: [`Store`].

use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::Limit;
use super::key::Bytes;
use crate::Result;

/// The most limits of one [`RateLimit`](super::RateLimit).
pub(super) const MOST_LIMITS: usize = 4;

/// Keeps what each client has used. [`MemoryStore`](super::MemoryStore) does for one process; a store that several processes share
/// implements this.
///
/// ```
/// use std::time::Instant;
/// use cello::middleware::rate_limit::{Charge, MemoryStore, Store};
///
/// /// Counts what it is asked.
/// struct Watched(MemoryStore, std::sync::atomic::AtomicU64);
///
/// impl Store for Watched {
///     async fn admit(&self, charges: &mut [Charge<'_>], now: Instant) -> cello::Result<bool> {
///         self.1.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
///         self.0.admit(charges, now).await
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` keeps no limits",
    label = "expected a store of limits",
    note = "help: take a `MemoryStore`, or implement `cello::middleware::rate_limit::Store` for it"
)]
pub trait Store: Send + Sync + 'static {
    /// Admits a request, if all of its limits do, and tells of each how it [stands](Standing). A request that is refused
    /// uses up nothing.
    ///
    /// `now` is the time of the application's clock. A store outside of the process has a clock of its own.
    ///
    /// # Errors
    /// When it cannot be asked. The error is logged, and the request admitted or refused as
    /// [`RateLimit::refuse_on_failure`](super::RateLimit::refuse_on_failure) says.
    fn admit<'a>(
        &'a self,
        charges: &'a mut [Charge<'_>],
        now: Instant,
    ) -> impl Future<Output = Result<bool>> + Send + 'a;

    /// Whether it may wait for something. One that never does says all that it does in [`admit_at_once`](Self::admit_at_once).
    #[doc(hidden)]
    const WAITS: bool = true;

    /// What a store that never waits does.
    #[doc(hidden)]
    fn admit_at_once(&self, _charges: &mut [Charge<'_>], _now: Instant) -> bool {
        true
    }
}

/// One store for several places.
impl<S: Store> Store for Arc<S> {
    const WAITS: bool = S::WAITS;

    fn admit<'a>(
        &'a self,
        charges: &'a mut [Charge<'_>],
        now: Instant,
    ) -> impl Future<Output = Result<bool>> + Send + 'a {
        S::admit(self, charges, now)
    }

    fn admit_at_once(&self, charges: &mut [Charge<'_>], now: Instant) -> bool {
        S::admit_at_once(self, charges, now)
    }
}

/// One request at one of its limits.
pub struct Charge<'a> {
    limit: &'a Limit,
    key: Bytes<'a>,
    standing: Standing,
}

impl<'a> Charge<'a> {
    /// A request whose key is these bytes.
    pub fn new(limit: &'a Limit, key: &'a [u8]) -> Self {
        Self::of(limit, Bytes::Borrowed(key))
    }

    pub(super) fn of(limit: &'a Limit, key: Bytes<'a>) -> Self {
        Self { limit, key, standing: Standing::default() }
    }

    /// The limit.
    pub fn limit(&self) -> &'a Limit {
        self.limit
    }

    /// Whose request it is, among those that this limit counts apart.
    pub fn key(&self) -> &[u8] {
        self.key.as_slice()
    }

    /// How it stands, as the store has told.
    pub fn standing(&self) -> Standing {
        self.standing
    }

    /// Tells how it stands.
    pub fn stands(&mut self, standing: Standing) {
        self.standing = standing;
    }
}

impl std::fmt::Debug for Charge<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Charge")
            .field("limit", &self.limit.as_name())
            .field("standing", &self.standing)
            .finish_non_exhaustive()
    }
}

/// How a client stands with a limit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Standing {
    /// Whether this limit refuses the request.
    pub refuses: bool,
    /// How many requests are left.
    pub remaining: u32,
    /// The time until one more is left.
    pub next: Duration,
}
