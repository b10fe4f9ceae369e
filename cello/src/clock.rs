//! Time, as the application sees it: [`Clock`].

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

/// A source of time that a test can replace.
///
/// The stack asks it ([`App::clock`](crate::App::clock), [`Next::clock`](crate::Next::clock)): rate limits, the durations that are logged and counted. A handler or
/// an extractor that needs it keeps a clone in the state. Times that the server keeps, see [`Limits`](crate::Limits), are Tokio's.
///
/// ```
/// use std::sync::{Arc, Mutex};
/// use std::time::{Duration, Instant};
///
/// use cello::middleware::rate_limit::Limit;
/// use cello::prelude::*;
/// use cello::{Clock, Time};
///
/// /// Stands still until it is moved.
/// #[derive(Clone)]
/// struct ByHand(Arc<Mutex<Instant>>);
///
/// impl Time for ByHand {
///     fn now(&self) -> Instant {
///         *self.0.lock().unwrap()
///     }
/// }
///
/// #[get("/")]
/// async fn index() -> &'static str {
///     "hello"
/// }
///
/// fn app(clock: Clock) -> impl Application {
///     let limit = Limit::token_bucket(1, Duration::from_secs(60));
///     App::new(routes![index]).clock(clock).with(RateLimit::new(limit))
/// }
///
/// let time = ByHand(Arc::new(Mutex::new(Instant::now())));
/// let client = cello::testing::TestClient::new(app(Clock::new(time.clone())));
/// assert_eq!(client.get("/").send().status(), 200);
/// assert_eq!(client.get("/").send().status(), 429);
/// *time.0.lock().unwrap() += Duration::from_secs(60);
/// assert_eq!(client.get("/").send().status(), 200);
/// ```
#[derive(Clone)]
pub struct Clock(Arc<dyn Time>);

/// What a [`Clock`] asks.
#[diagnostic::on_unimplemented(
    message = "`{Self}` tells no time",
    label = "expected a source of time",
    note = "help: implement `cello::Time` for it, or take the clock of the system, `Clock::default()`"
)]
pub trait Time: Send + Sync + 'static {
    /// A point in time that never goes backwards.
    fn now(&self) -> Instant;
}

impl Clock {
    /// The system's clock.
    pub fn system() -> Self {
        Self(Arc::new(System))
    }

    /// A clock of your own.
    pub fn new(time: impl Time) -> Self {
        Self(Arc::new(time))
    }

    /// A point in time that never goes backwards.
    pub fn now(&self) -> Instant {
        self.0.now()
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::system()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}

struct System;

impl Time for System {
    fn now(&self) -> Instant {
        Instant::now()
    }
}
