//! What a client may ask of the server: [`Limits`].

use std::fmt;
use std::time::Duration;

/// The limits in force, on by default. `run` prints them at start.
///
/// What is refused for them passes the application's middleware, so that it is logged and rendered as other problems. The
/// 408 of `header_read` passes it as a request with the method `-` for `/`. Only the 431 for more than `header_fields`
/// fields or more than twice `header_bytes` (no less than 8 KiB) is answered by the connection itself, without a body.
///
#[doc = include_str!("limits.md")]
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
    /// The largest body in bytes; 413 beyond it. 2 MiB by default; [`BodyLimit`](crate::BodyLimit) and `body_limit` in
    /// an attribute override it.
    ///
    /// It holds from where a request is routed, so for all that reads the body: extractors, which answer 413, and middleware
    /// and the [fallback service](crate::App::fallback_service), for which reading fails with
    /// [`BodyError::TooLarge`](crate::BodyError::TooLarge). A middleware that changes the path has the limit of the route
    /// that was found for the path as it came.
    pub body: usize,
    /// The largest body in bytes that is read as [`Json`](crate::Json); 413 beyond it. 1 MiB by default, and never more
    /// than `body`; `body_limit` in an attribute overrides it.
    pub json: usize,
    /// The largest body in bytes that is read as a [`Form`](crate::Form); 413 beyond it, and beyond 1,000 fields. 256 KiB by
    /// default, and never more than `body`; `body_limit` in an attribute overrides it.
    pub form: usize,
    /// The largest header block in bytes, request line included; 431 beyond it. 32 KiB by default.
    pub header_bytes: usize,
    /// The longest target of a request in bytes; 414 beyond it. 8 KiB by default.
    pub target: usize,
    /// The most header fields; 431 beyond it. 100 by default, and never more than 16,384.
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
    /// cancelled. 30 s by default; [`Timeout`](crate::Timeout) and `timeout` in an attribute override it.
    ///
    /// Time in which the body is waited for does not count (it has `body_rate`), nor does the time in which the body of
    /// the response is sent. A handler that is no `async fn`, or `blocking`, cannot be cancelled: it runs on, and its
    /// answer is dropped. Only the server keeps this time: an application that is a service of another one
    /// ([`into_service`](crate::Application::into_service)) has the time of that one.
    pub handler: Duration,
    /// The longest that a client may take nothing of what is sent to it; its connection is closed. 30 s by default.
    ///
    /// Of HTTP/2 a single answer of which nothing is taken is late too, and its stream is reset. What it waits for others that are sent
    /// before it does not count, for up to ten times this long.
    pub write_stall: Duration,
    /// The most connections that are served at once; more wait to be accepted. 10,000 by default.
    pub connections: usize,
    /// The most connections of one address (of one /64 of IPv6) that are served at once; more are closed at once. No
    /// limit by default. Behind a proxy all come from the address of the proxy.
    pub connections_per_address: usize,
    /// The most requests that one HTTP/2 connection may have at once; more are refused (`REFUSED_STREAM`), so that the client
    /// tries again. 100 by default, which is the least that RFC 9113 recommends. Feature `http2`.
    #[cfg(feature = "http2")]
    pub http2_streams: usize,
    /// The most streams that an HTTP/2 client may reset within 30 s, and the most that it may make the server reset by
    /// mistakes; its connection ends (`ENHANCE_YOUR_CALM`). 1,000 by default. Feature `http2`.
    #[cfg(feature = "http2")]
    pub http2_resets: usize,
    /// How often an HTTP/2 client is asked for a sign of life (`PING`); its connection is closed if it gives none within 75 s.
    /// 30 s by default; zero never asks. Feature `http2`.
    #[cfg(feature = "http2")]
    pub http2_keep_alive: Duration,
    /// The longest that the handshake of TLS may take; closed silently. 10 s by default. Feature `tls`.
    #[cfg(feature = "tls")]
    pub tls_handshake: Duration,
    /// How long a client that has shut down its sending side waits for its answer. 30 s by default.
    ///
    /// Such a client may be waiting, or be gone: TCP does not tell which, until something is sent to it. So its handler
    /// runs on for this long, from the shut-down or from the beginning of the request, whichever is later; then the
    /// client counts as gone, the handler is cancelled, and the connection closed without an answer. A client whose
    /// connection is reset is gone at once.
    ///
    /// This is so for HTTP/1.1. An HTTP/2 client says with `GOAWAY` that it will ask no more; one that shuts down its sending side can
    /// neither take more than its windows hold nor answer a `PING`, and counts as gone at once: its streams are cancelled.
    pub half_close: Duration,
    /// How long a server that is told to stop goes on as before, with a [`Readiness`](crate::Readiness) that says no. None by
    /// default: set it to the time in which whoever shares out the requests learns of that.
    pub drain_delay: Duration,
    /// The longest that requests in flight may take to end once the server stops, and the hooks for the stop after
    /// them. 30 s by default.
    pub grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: 2 * 1024 * 1024,
            json: 1024 * 1024,
            form: 256 * 1024,
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
            connections: 10_000,
            connections_per_address: usize::MAX,
            #[cfg(feature = "http2")]
            http2_streams: 100,
            #[cfg(feature = "http2")]
            http2_resets: 1000,
            #[cfg(feature = "http2")]
            http2_keep_alive: Duration::from_secs(30),
            #[cfg(feature = "tls")]
            tls_handshake: Duration::from_secs(10),
            half_close: Duration::from_secs(30),
            drain_delay: Duration::ZERO,
            grace: Duration::from_secs(30),
        }
    }
}

macro_rules! setters {
    ($($(#[$when:meta])? $name:ident: $type:ty),+ $(,)?) => { $(
        $(#[$when])?
        #[doc = concat!("The same with another [`", stringify!($name), "`](Self#structfield.", stringify!($name), ").")]
        #[must_use]
        pub fn $name(mut self, $name: $type) -> Self {
            self.$name = $name;
            self
        }
    )+ };
}

impl Limits {
    /// The defaults, to be changed.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    setters! {
        body: usize,
        json: usize,
        form: usize,
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
        connections: usize,
        connections_per_address: usize,
        #[cfg(feature = "http2")]
        http2_streams: usize,
        #[cfg(feature = "http2")]
        http2_resets: usize,
        #[cfg(feature = "http2")]
        http2_keep_alive: Duration,
        #[cfg(feature = "tls")]
        tls_handshake: Duration,
        half_close: Duration,
        drain_delay: Duration,
        grace: Duration,
    }
}

/// As `run` prints them at start.
impl fmt::Display for Limits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { body, json, form, header_bytes, target, header_fields, .. } = self;
        let Self { first_byte, header_read, body_rate, body_grace, handler, idle, write_stall, .. } = self;
        let Self { connections, connections_per_address, half_close, drain_delay, grace, .. } = self;
        let (body, json, form) = (Size(*body), Size(*json), Size(*form));
        let (header_bytes, target) = (Size(*header_bytes), Size(*target));
        write!(
            f,
            "body {body}, json {json}, form {form}, header {header_bytes} and {header_fields} fields, "
        )?;
        write!(f, "target {target}, first byte {first_byte:?}, header read {header_read:?}, ")?;
        match body_rate {
            0 => write!(f, "body rate unlimited, ")?,
            rate => write!(f, "body rate {rate} B/s after {body_grace:?}, ")?,
        }
        write!(f, "handler {handler:?}, write stall {write_stall:?}, idle {idle:?}, ")?;
        write!(f, "connections {connections}")?;
        if *connections_per_address < *connections {
            write!(f, " and {connections_per_address} per address")?;
        }
        #[cfg(feature = "http2")]
        {
            let Self { http2_streams, http2_resets, http2_keep_alive, .. } = self;
            write!(
                f,
                ", HTTP/2: {http2_streams} streams, {http2_resets} resets, keep-alive {http2_keep_alive:?}"
            )?;
        }
        #[cfg(feature = "tls")]
        write!(f, ", TLS handshake {:?}", self.tls_handshake)?;
        write!(f, ", half-close {half_close:?}, drain delay {}, grace {grace:?}", Time(*drain_delay))
    }
}

/// A time that may be none at all.
struct Time(Duration);

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_zero() { f.write_str("none") } else { write!(f, "{:?}", self.0) }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_every_limit_with_its_default_and_the_banner_prints_it() {
        let defaults = Limits::default();
        let (debug, printed) =
            (format!("{defaults:?}"), defaults.clone().connections_per_address(7).to_string());
        let fields = debug.trim_start_matches("Limits { ").trim_end_matches(" }").split(", ");
        let mut count = 0;
        for (name, value) in fields.filter_map(|field| field.split_once(": ")) {
            let row =
                include_str!("limits.md").lines().find(|line| line.starts_with(&format!("| `{name}` |")));
            let row = row.unwrap_or_else(|| panic!("the table lacks `{name}`"));
            let shown = match value.parse::<usize>() {
                Ok(usize::MAX) => "none".to_owned(),
                Ok(_) if name == "body_rate" => format!("{value} B/s"),
                Ok(number) if number < 1024 || name == "connections" || name == "http2_resets" => {
                    value.to_owned()
                }
                Ok(number) => Size(number).to_string(),
                Err(_) if value == "0ns" => "none".to_owned(),
                Err(_) => value.to_owned(),
            };
            assert!(row.replace(',', "").contains(&format!("| {shown} |")), "{row}: {shown}");
            let in_print = match name {
                "connections_per_address" => "7 per address",
                "drain_delay" => "drain delay none",
                _ => &shown,
            };
            assert!(printed.contains(in_print), "{name}: {printed}");
            count += 1;
        }
        let of_features = 3 * usize::from(cfg!(feature = "http2")) + usize::from(cfg!(feature = "tls"));
        assert_eq!(count, 18 + of_features, "{debug}");
    }
}
