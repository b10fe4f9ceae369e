//! Compressed responses: [`Compression`], content codings as RFC 9110 (8.4 and 12.5.3) defines them.

mod accept;
mod encoder;
mod stream;
mod types;

use std::fmt;
use std::sync::Arc;

use http::header::{
    ACCEPT_ENCODING, ACCEPT_RANGES, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG,
    HeaderName, HeaderValue,
};
use http::{HeaderMap, Method, StatusCode};

use encoder::Encoder;
use stream::Compressed;
pub use types::is_compressible;

use super::{Handle, Middleware, Next, vary};
use crate::{Body, Error, Request, Response};

/// Content up to this length is compressed in one go, and sent with its length; longer content as it is sent.
const AT_ONCE: usize = 64 * 1024;

/// Compresses responses with gzip or deflate, as far as the client can decode them
/// ([RFC 9110](https://www.rfc-editor.org/rfc/rfc9110), sections 8.4 and 12.5.3).
///
/// ```
/// use cello::prelude::*;
///
/// // What `.enable_compression()` gives.
/// let usual = Compression::default();
///
/// // Harder, and only JSON.
/// let json = Compression::new().level(9).content_types(|content_type| content_type.starts_with("application/json"));
/// # let _ = (usual, json);
/// ```
///
/// # What it does
/// - **The client decides**: the coding with the greatest weight in `Accept-Encoding` is used, gzip before deflate where they
///   weigh the same. Without the field, or if the client prefers `identity`, the content is sent as it is; also if nothing
///   that it accepts can be had.
/// - **Compressed is** content of a [compressible type](is_compressible) from 1 KiB, and content whose length is not known
///   beforehand. Streams are compressed as they come: what they have given is sent on whenever they wait.
/// - **Left alone are** 1xx, 204, 206 and 304, what has a `Content-Encoding` already, what says `Cache-Control: no-transform`,
///   what carries a digest of its bytes (RFC 9530), and content up to 64 KiB that would not get smaller.
/// - **Header fields** of a compressed response: `Content-Encoding`; `Content-Length` as it is now, or none where the
///   content is compressed as it is sent (beyond 64 KiB, and streams); a strong `ETag` becomes a weak one, since the bytes are
///   no longer the same; `Accept-Ranges` is removed. A response to `HEAD` has the fields of that to `GET`.
/// - **`Vary: Accept-Encoding`** is on every response that can be compressed, also when this client gets it as it is, and on 304.
///
/// A route that mixes secrets with what the client sent should answer `Cache-Control: no-transform`: over TLS, lengths of compressed
/// content tell an attacker who chooses part of it about the rest (the BREACH attack).
///
/// # Defaults
/// Level 4 of 9, which is twice as fast as 6 and gives 2% more; from 1,024 bytes; gzip and deflate; [`is_compressible`].
///
/// # Cost
/// A response that is not compressed costs a look at a few fields, and allocates nothing but a `Vary` that has to be merged. One that
/// is costs about 350 KB of memory while it is compressed, and no more than about a millisecond of its thread at a time.
#[derive(Clone)]
pub struct Compression {
    level: u32,
    min_size: u64,
    codings: Vec<Coding>,
    content_types: Arc<dyn Fn(&str) -> bool + Send + Sync>,
}

/// A content coding (RFC 9110, 8.4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Coding {
    /// `gzip`, RFC 1952.
    Gzip,
    /// `deflate`: the zlib format, RFC 1950.
    Deflate,
}

impl Coding {
    const ALL: [Self; 2] = [Self::Gzip, Self::Deflate];

    /// The coding of that name in `Accept-Encoding`; `x-gzip` is an old name of gzip.
    fn named(name: &str) -> Option<Self> {
        if name.eq_ignore_ascii_case("x-gzip") {
            return Some(Self::Gzip);
        }
        Self::ALL.into_iter().find(|coding| name.eq_ignore_ascii_case(coding.name()))
    }

    /// Its name, as `Content-Encoding` has it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Deflate => "deflate",
        }
    }
}

impl Compression {
    /// Level 4, from 1,024 bytes, gzip and deflate, usual types. The same as `Compression::default()`.
    #[must_use]
    pub fn new() -> Self {
        Self {
            level: 4,
            min_size: 1024,
            codings: Coding::ALL.to_vec(),
            content_types: Arc::new(is_compressible),
        }
    }

    /// How hard to try, from 1 (fast) to 9 (small); 4 by default. Another number keeps the application from starting.
    #[must_use]
    pub fn level(mut self, level: u32) -> Self {
        self.level = level;
        self
    }

    /// Leaves content alone that is known to be shorter than so many bytes; 1,024 by default.
    #[must_use]
    pub fn min_size(mut self, bytes: u64) -> Self {
        self.min_size = bytes;
        self
    }

    /// Uses these codings only; of two that the client wants as much, the first. Gzip, then deflate by default.
    #[must_use]
    pub fn codings(mut self, codings: impl IntoIterator<Item = Coding>) -> Self {
        self.codings = codings.into_iter().collect();
        self
    }

    /// Compresses content of the types for which a function says so, in place of [`is_compressible`]. It gets the value
    /// of `Content-Type`, parameters included; content without a type is left alone.
    #[must_use]
    pub fn content_types(mut self, compressible: impl Fn(&str) -> bool + Send + Sync + 'static) -> Self {
        self.content_types = Arc::new(compressible);
        self
    }

    /// Whether some client would get this response compressed.
    fn is_eligible(&self, response: &Response, is_head: bool) -> bool {
        let headers = response.headers();
        let status = response.status();
        // Most responses are too short, and that costs least to find out.
        if !self.is_long_enough(response, is_head)
            || status.is_informational()
            || WITHOUT_OWN_CONTENT.contains(&status)
            || headers.contains_key(CONTENT_ENCODING)
        {
            return false;
        }
        let type_fits = || {
            let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
            content_type.is_some_and(|content_type| (self.content_types)(content_type))
        };
        type_fits()
            && !headers.get_all(CACHE_CONTROL).iter().any(forbids_transforming)
            && !DIGESTS.iter().any(|name| headers.contains_key(name))
    }

    fn is_long_enough(&self, response: &Response, is_head: bool) -> bool {
        let stated = || response.headers().get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok();
        match response.body().exact_len() {
            // A handler for `HEAD` states the length of what it does not send.
            Some(0) => is_head && stated().is_some_and(|len: u64| len >= self.min_size.max(1)),
            Some(len) => len >= self.min_size,
            None => stated().is_none_or(|len| len >= self.min_size),
        }
    }

    /// Compresses the content, and makes the header fields fit it.
    fn compress(&self, response: Response, coding: Coding) -> Response {
        let (mut head, body) = response.into_parts();
        let at_hand = body.as_bytes().filter(|bytes| (1..=AT_ONCE).contains(&bytes.len()));
        let body = match at_hand.map(|bytes| (bytes.len(), self.compressed(bytes, coding))) {
            Some((len, Some(compressed))) if compressed.len() < len => {
                head.headers.insert(CONTENT_LENGTH, HeaderValue::from(compressed.len()));
                Body::from(compressed)
            }
            Some(_) => return Response::from_parts(head, body),
            None => {
                head.headers.remove(CONTENT_LENGTH);
                Body::new(Compressed::new(body, coding, self.level))
            }
        };
        head.headers.insert(CONTENT_ENCODING, HeaderValue::from_static(coding.name()));
        head.headers.remove(ACCEPT_RANGES);
        weaken_etag(&mut head.headers);
        Response::from_parts(head, body)
    }

    fn compressed(&self, bytes: &[u8], coding: Coding) -> Option<Vec<u8>> {
        let mut encoder = Encoder::new(coding, self.level);
        encoder.write(bytes).ok()?;
        encoder.finish().ok()
    }
}

impl Middleware for Compression {
    async fn handle<'a>(&'a self, request: Request, next: Next<'a, impl Handle>) -> Response {
        let wanted = accept::Accepted::of(request.headers());
        let is_head = *request.method() == Method::HEAD;
        let mut response = next.run(request).await;
        if response.status() == StatusCode::NOT_MODIFIED {
            // It must name what the 200 would, of which nothing else is known here (RFC 9110, 15.4.5).
            vary::add(response.headers_mut(), &[ACCEPT_ENCODING]);
        }
        if !self.is_eligible(&response, is_head) {
            return response;
        }
        vary::add(response.headers_mut(), &[ACCEPT_ENCODING]);
        match wanted.preferred(&self.codings) {
            Some(coding) => self.compress(response, coding),
            None => response,
        }
    }

    fn check(&self) -> crate::Result<()> {
        if !(1..=9).contains(&self.level) {
            return Err(Error::msg(format!("compression: there is no level {}, only 1 to 9", self.level)));
        }
        if self.codings.is_empty() {
            return Err(Error::msg("compression: no coding is left; leave the middleware out instead"));
        }
        Ok(())
    }
}

impl Default for Compression {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Compression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Compression")
            .field("level", &self.level)
            .field("min_size", &self.min_size)
            .field("codings", &self.codings)
            .finish_non_exhaustive()
    }
}

/// The statuses of responses without content, and of those with a part of it.
const WITHOUT_OWN_CONTENT: [StatusCode; 4] = [
    StatusCode::NO_CONTENT,
    StatusCode::RESET_CONTENT,
    StatusCode::PARTIAL_CONTENT,
    StatusCode::NOT_MODIFIED,
];

/// Digests of the bytes of a response (RFC 9530), which another coding would belie.
const DIGESTS: [HeaderName; 2] =
    [HeaderName::from_static("content-digest"), HeaderName::from_static("repr-digest")];

fn forbids_transforming(cache_control: &HeaderValue) -> bool {
    let Ok(directives) = cache_control.to_str() else { return false };
    directives.split(',').any(|directive| directive.trim().eq_ignore_ascii_case("no-transform"))
}

/// A strong validator stands for bytes, and these are other bytes now (RFC 9110, 8.8.1).
fn weaken_etag(headers: &mut HeaderMap) {
    let Some(strong) = headers.get(ETAG).filter(|etag| etag.as_bytes().starts_with(b"\"")) else { return };
    if let Ok(weak) = HeaderValue::from_bytes(&[b"W/", strong.as_bytes()].concat()) {
        headers.insert(ETAG, weak);
    }
}
