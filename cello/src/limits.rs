//! What a client may ask of the server: [`Limits`].

use std::fmt;
use std::time::Duration;

/// The limits in force, on by default. `run` prints them at start.
///
/// What is refused for them passes the application's middleware, so that it is logged and rendered as other problems,
/// but for what is no whole request: the 408 of `header_read`, and the 431 for more than `header_fields` fields or more
/// than twice `header_bytes` (no less than 8 KiB), are answered by the connection itself.
///
/// ```
/// use cello::Limits;
///
/// let limits = Limits::default().body(64 * 1024);
/// assert_eq!(limits.body, 64 * 1024);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// The largest body in bytes; 413 beyond it. 2 MiB by default; `body_limit` in an attribute overrides it.
    ///
    /// It holds from where a request is routed, so for all that reads the body: extractors, which answer 413, and middleware
    /// and the [fallback service](crate::App::fallback_service), for which reading fails with
    /// [`BodyError::TooLarge`](crate::BodyError::TooLarge). A middleware that changes the path has the limit of the route
    /// that was found for the path as it came.
    pub body: usize,
    /// The largest header block in bytes, request line included; 431 beyond it. 32 KiB by default.
    pub header_bytes: usize,
    /// The most header fields; 431 beyond it. 100 by default.
    pub header_fields: usize,
    /// The longest a client may take for the head of a request, from its first byte; 408 beyond it. 10 s by default.
    pub header_read: Duration,
    /// The longest a connection may stay open without a request, before its first and between two. 75 s by default.
    pub idle: Duration,
    /// How long a client that has shut down its sending side waits for its answer. 30 s by default.
    ///
    /// Such a client may be waiting, or be gone: TCP does not tell which, until something is sent to it. So its handler
    /// runs on for this long, from the shut-down or from the beginning of the request, whichever is later; then the
    /// client counts as gone, the handler is cancelled, and the connection closed without an answer. A client whose
    /// connection is reset is gone at once.
    pub half_close: Duration,
    /// The longest that requests in flight may take to end once the server stops. 30 s by default.
    pub grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: 2 * 1024 * 1024,
            header_bytes: 32 * 1024,
            header_fields: 100,
            header_read: Duration::from_secs(10),
            idle: Duration::from_secs(75),
            half_close: Duration::from_secs(30),
            grace: Duration::from_secs(30),
        }
    }
}

macro_rules! setters {
    ($($name:ident: $type:ty),+ $(,)?) => { $(
        #[doc = concat!("The same with another [`", stringify!($name), "`](Self#structfield.", stringify!($name), ").")]
        #[must_use]
        pub fn $name(mut self, $name: $type) -> Self {
            self.$name = $name;
            self
        }
    )+ };
}

impl Limits {
    setters! {
        body: usize,
        header_bytes: usize,
        header_fields: usize,
        header_read: Duration,
        idle: Duration,
        half_close: Duration,
        grace: Duration,
    }
}

/// As `run` prints them at start.
impl fmt::Display for Limits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { body, header_bytes, header_fields, header_read, idle, half_close, grace } = self;
        write!(
            f,
            "body {}, header {} and {header_fields} fields, header read {header_read:?}, idle {idle:?}, \
             half-close {half_close:?}, grace {grace:?}",
            Size(*body),
            Size(*header_bytes),
        )
    }
}

/// A number of bytes in the largest unit that divides it.
struct Size(usize);

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const KIB: usize = 1024;
        const MIB: usize = 1024 * KIB;
        match self.0 {
            n if n >= MIB && n.is_multiple_of(MIB) => write!(f, "{} MiB", n / MIB),
            n if n >= KIB && n.is_multiple_of(KIB) => write!(f, "{} KiB", n / KIB),
            n => write!(f, "{n} B"),
        }
    }
}
