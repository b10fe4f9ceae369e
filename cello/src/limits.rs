//! What a client may ask of the server: [`Limits`].

use std::fmt;
use std::time::Duration;

/// The limits in force, on by default. `run` prints them at start.
///
/// What is refused for them passes the application's middleware, so that it is logged and rendered as other problems. The
/// 408 of `header_read` passes it as a request with the method `-` for `/`. Only the 431 for more than `header_fields`
/// fields or more than twice `header_bytes` (no less than 8 KiB) is answered by the connection itself, without a body.
///
/// Times are kept by a coarse clock, so that no request sets a timer: what is late is noticed up to half a second late. It
/// tells Tokio's time, which a test can stop (`#[tokio::test(start_paused = true)]`).
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
    /// The longest target of a request in bytes; 414 beyond it. 8 KiB by default.
    pub target: usize,
    /// The most header fields; 431 beyond it. 100 by default.
    pub header_fields: usize,
    /// The longest a new connection may stay silent; it is closed silently. 10 s by default.
    pub first_byte: Duration,
    /// The longest a client may take for the head of a request, from its first byte; 408 beyond it. 10 s by default.
    pub header_read: Duration,
    /// The longest a connection may stay open without a request after its last one; it is closed silently. 75 s by
    /// default.
    pub idle: Duration,
    /// How fast a body must come, in bytes for each second in which it is waited for; 408 below it. 240 by default, 0
    /// for no limit.
    ///
    /// Only time counts in which the server waits for the client: a handler that reads slowly is its own affair. Bytes
    /// that come faster earn time for a pause, up to 30 s.
    pub body_rate: usize,
    /// How long a body may be waited for before it must have come at the rate. 5 s by default.
    pub body_grace: Duration,
    /// The longest that a handler may take to answer, guards and extractors included; 503 past it, and the handler is
    /// cancelled. 30 s by default; `timeout` in an attribute overrides it.
    ///
    /// Time in which the body is waited for does not count (it has `body_rate`), nor does the time in which the body of
    /// the response is sent. A handler that is no `async fn`, or `blocking`, cannot be cancelled: it runs on, and its
    /// answer is dropped. Only the server keeps this time: an application that is a service of another one
    /// ([`into_service`](crate::Application::into_service)) has the time of that one.
    pub handler: Duration,
    /// The longest that a client may take nothing of what is sent to it; its connection is closed. 30 s by default.
    pub write_stall: Duration,
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
            target: 8 * 1024,
            header_fields: 100,
            first_byte: Duration::from_secs(10),
            header_read: Duration::from_secs(10),
            idle: Duration::from_secs(75),
            body_rate: 240,
            body_grace: Duration::from_secs(5),
            handler: Duration::from_secs(30),
            write_stall: Duration::from_secs(30),
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
        target: usize,
        header_fields: usize,
        first_byte: Duration,
        header_read: Duration,
        idle: Duration,
        body_rate: usize,
        body_grace: Duration,
        handler: Duration,
        write_stall: Duration,
        half_close: Duration,
        grace: Duration,
    }
}

/// As `run` prints them at start.
impl fmt::Display for Limits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            body,
            header_bytes,
            target,
            header_fields,
            first_byte,
            header_read,
            idle,
            body_rate,
            body_grace,
            handler,
            write_stall,
            half_close,
            grace,
        } = self;
        write!(
            f,
            "body {}, header {} and {header_fields} fields, target {}, first byte {first_byte:?}, header read {header_read:?}, \
             body {body_rate} B/s after {body_grace:?}, handler {handler:?}, idle {idle:?}, \
             write stall {write_stall:?}, half-close {half_close:?}, grace {grace:?}",
            Size(*body),
            Size(*header_bytes),
            Size(*target),
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
