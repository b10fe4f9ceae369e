//! How much is allowed: [`Limit`].

use std::borrow::Cow;
use std::time::Duration;

use super::Key;
use crate::{Error, Result};

/// One limit: so many requests in so much time, for each key.
///
/// ```
/// use std::time::Duration;
/// use cello::middleware::rate_limit::{Key, Limit};
///
/// // 10 a second on average, up to 50 at once, for each client.
/// let usual = Limit::token_bucket(10, Duration::from_secs(1)).burst(50);
/// // No more than 1,000 in any hour, for each API key.
/// let hourly = Limit::sliding_window(1000, Duration::from_secs(3600)).name("hourly").by(Key::header("x-api-key"));
/// # let _ = (usual, hourly);
/// ```
#[derive(Debug, Clone)]
pub struct Limit {
    name: Cow<'static, str>,
    quota: u32,
    per: Duration,
    algorithm: Algorithm,
    pub(super) key: Key,
}

/// What decides whether a request is within a limit, with what a [`Store`](super::Store) has to know for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Algorithm {
    /// Requests take tokens out of a bucket of `burst` tokens, into which one comes each `interval`.
    TokenBucket {
        /// How many requests may come at once.
        burst: u32,
        /// The time in which one more is earned.
        interval: Duration,
    },
    /// So many requests within the time before each of them.
    SlidingWindow {
        /// How many requests.
        quota: u32,
        /// Within which time.
        window: Duration,
    },
}

impl Limit {
    /// `quota` requests in `per` on average, and so many at once (see [`burst`](Self::burst)), by the client's address.
    ///
    /// **Bound**: in any window of length `t`, no more than `burst + t / interval` are admitted, where `interval` is
    /// `per / quota`, rounded down to a nanosecond. **Never refused** is a client that keeps this bound by itself, such as
    /// one that waits `interval` between its requests. It is the generic cell rate algorithm: one number for each client.
    pub fn token_bucket(quota: u32, per: Duration) -> Self {
        let interval = per.checked_div(quota).unwrap_or_default();
        Self::new(quota, per, Algorithm::TokenBucket { burst: quota, interval })
    }

    /// `quota` requests in any `window`, by the client's address.
    ///
    /// **Bound**: with a quota up to 32, no more than `quota` are admitted in any window of this length. A larger quota is
    /// kept in 32 groups of requests instead of single ones: no more than `quota` are admitted in any window that is shorter
    /// than this one by one part in 31. **Never refused** is a client that makes no more than `quota` requests in any `window`.
    pub fn sliding_window(quota: u32, window: Duration) -> Self {
        Self::new(quota, window, Algorithm::SlidingWindow { quota, window })
    }

    fn new(quota: u32, per: Duration, algorithm: Algorithm) -> Self {
        Self { name: Cow::Borrowed("default"), quota, per, algorithm, key: Key::unsaid() }
    }

    /// How many tokens the bucket holds, and so how many requests may come at once; as many as the quota by default. A sliding
    /// window has no burst other than its quota: this keeps the application from starting there.
    #[must_use]
    pub fn burst(mut self, requests: u32) -> Self {
        self.algorithm = match self.algorithm {
            Algorithm::TokenBucket { interval, .. } => Algorithm::TokenBucket { burst: requests, interval },
            // Nothing is allowed, and `check` says why.
            Algorithm::SlidingWindow { window, .. } => Algorithm::SlidingWindow { quota: 0, window },
        };
        self
    }

    /// The name by which the header fields and problems speak of it; `default` by default. Of several limits in one
    /// [`RateLimit`](super::RateLimit), or in one shared store, each needs another name.
    #[must_use]
    pub fn name(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.name = name.into();
        self
    }

    /// Whose requests are counted together; those of one client address by default.
    #[must_use]
    pub fn by(mut self, key: Key) -> Self {
        self.key = key;
        self
    }

    /// What decides.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Its name.
    pub fn as_name(&self) -> &str {
        &self.name
    }

    /// How it is told to clients: `"default";q=100;w=60` (draft-ietf-httpapi-ratelimit-headers, RateLimit-Policy).
    pub(super) fn policy(&self) -> String {
        let mut policy = format!("\"{}\";q={}", self.name, self.quota);
        // A window is told in whole seconds, or not at all.
        if self.per.subsec_nanos() == 0 {
            policy.push_str(&format!(";w={}", self.per.as_secs()));
        }
        match self.algorithm {
            Algorithm::TokenBucket { burst, .. } if burst != self.quota => {
                policy.push_str(&format!(";cello-burst={burst}"));
            }
            _ => {}
        }
        policy
    }

    /// What it allows, for people.
    pub(super) fn in_words(&self) -> String {
        format!("{} requests in {:?}", self.quota, self.per)
    }

    pub(super) fn check(&self) -> Result<()> {
        let bad = |why: &str| Err(Error::msg(format!("rate limit `{}`: {why}", self.name.escape_debug())));
        let speakable = |byte: u8| (b' '..=b'~').contains(&byte) && byte != b'"' && byte != b'\\';
        if self.name.is_empty() || !self.name.bytes().all(speakable) {
            return bad("a name is printable ASCII without quotes and backslashes, and not empty");
        }
        if let Some(fault) = self.key.fault() {
            return bad(&format!("the header field of its key cannot be named so: {fault}"));
        }
        if self.quota == 0 {
            return bad("a quota of 0 refuses every request; leave the route out instead");
        }
        if self.per.is_zero() || self.per > MOST_TIME {
            return bad("the time of a quota is more than 0 and at most a year");
        }
        match self.algorithm {
            Algorithm::TokenBucket { burst: 0, .. } => bad("a burst of 0 refuses every request"),
            Algorithm::TokenBucket { interval, .. } if interval < Duration::from_micros(1) => {
                bad("more than one request in a microsecond is no limit")
            }
            Algorithm::TokenBucket { burst, interval } if interval.saturating_mul(burst) > MOST_TIME => {
                bad("a burst that takes more than a year to be earned is no burst")
            }
            Algorithm::SlidingWindow { quota: 0, .. } => {
                bad("a sliding window has no burst; take a token bucket, or set its quota")
            }
            _ => Ok(()),
        }
    }
}

/// A year: all times of a limit fit into 64 bits of nanoseconds, with those of its neighbours.
const MOST_TIME: Duration = Duration::from_secs(366 * 24 * 60 * 60);
