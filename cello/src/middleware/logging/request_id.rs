//! The name of one request in the log: [`RequestId`].

use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::Request;

/// Chosen by chance when the process first needs it, so that the ids of two processes differ.
static PROCESS: LazyLock<u64> = LazyLock::new(|| RandomState::new().hash_one(std::process::id()));
static NEXT: AtomicU64 = AtomicU64::new(1);

/// The name of one request, so that what is logged of it can be found: `8c1f60a9b2d4e713-2a`.
///
/// [`Logging`](super::Logging) puts it among the extensions of the request, unless it is there already. It is a number
/// chosen by chance for each process, and a counter: unique, but no secret. What a client sends as an id is not
/// believed.
///
/// ```
/// use cello::prelude::*;
/// use cello::middleware::logging::RequestId;
///
/// #[get("/")]
/// async fn index(extensions: &Extensions) -> String {
///     let id = extensions.get::<RequestId>();
///     id.map_or_else(String::new, RequestId::to_string)
/// }
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct RequestId {
    process: u64,
    number: u64,
}

impl RequestId {
    /// The id of this request, which it gets now if it has none.
    pub(super) fn of(request: &mut Request) -> Self {
        if let Some(id) = request.extensions().get::<Self>() {
            return *id;
        }
        let id = Self { process: *PROCESS, number: NEXT.fetch_add(1, Ordering::Relaxed) };
        request.extensions_mut().insert(id);
        id
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}-{:x}", self.process, self.number)
    }
}

impl fmt::Debug for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
