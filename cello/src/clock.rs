//! Time, as the application sees it: [`Clock`].

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

/// A source of time that a test can replace.
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
