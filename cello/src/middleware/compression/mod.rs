//! Compressed responses: [`Compression`], content codings as RFC 9110 (8.4 and 12.5.3) defines them.

mod accept;
mod coding;
mod encoder;
mod etag;
mod stream;
mod types;

use std::fmt;
use std::future::Future;
use std::ops::ControlFlow;
use std::sync::Arc;

use http::header::{
    ACCEPT_ENCODING, ACCEPT_RANGES, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE,
    HeaderName, HeaderValue,
};
use http::{HeaderMap, Method, StatusCode, request};

pub use coding::Coding;
use encoder::Encoder;
use etag::Asked;
use stream::Compressed;
pub use types::is_compressible;

use super::after::never_waits;
use super::conditional_requests::is_read;
use super::{Middleware, Passing, vary};
use crate::dispatch::{has_no_content, hold_to_length};
use crate::{Body, Error, Response};

/// Content up to this length is compressed in one go, and sent with its length; longer content as it is sent.
const AT_ONCE: usize = 64 * 1024;

/// Compresses responses with gzip or deflate, and with zstd and brotli where the features of these names are on, as far as the
/// client can decode them ([RFC 9110](https://www.rfc-editor.org/rfc/rfc9110), sections 8.4 and 12.5.3).
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
/// - **The client decides**: the coding with the greatest weight in `Accept-Encoding` is used; of those that weigh the
///   same the first of zstd, brotli, gzip, deflate, or of [`codings`](Self::codings). Without the field, or if the client prefers `identity`, the content is sent as it is; also if nothing
///   that it accepts can be had.
/// - **Compressed is** content of a [compressible type](is_compressible) from 1 KiB, and content whose length is not known
///   beforehand. Streams are compressed as they come: what they have given is sent on whenever they wait.
/// - **Left alone are** 1xx, 204, 206 and 304, what has a `Content-Encoding` already, what says `Cache-Control: no-transform`,
///   what carries a digest of its bytes (RFC 9530), and content up to 64 KiB that would not get smaller.
/// - **Header fields** of a compressed response: `Content-Encoding`; `Content-Length` as it is now, or none where the
///   content is compressed as it is sent (beyond 64 KiB, and streams); a strong `ETag` gets the name of the coding, see below;
///   `Accept-Ranges` is removed. A response to `HEAD` has the fields of that to `GET`.
/// - **`Vary: Accept-Encoding`** is on every response that can be compressed, also when this client gets it as it is, and on every
///   304 that does not say `no-transform`: what its content would have been is not known, so that some say it in vain, for images say.
///
/// # Validators
/// A strong `ETag` stands for bytes, and compressed content is other bytes. So `"v7"` is sent as `"v7--gzip"` with content that is
/// compressed from what is at hand, which gives the same bytes each time. When the client asks with that tag in `If-Match` or
/// `If-None-Match`, it reaches the application as `"v7"`: a client that got gzip can change what it has seen. Not so the tag of a coding
/// that a `GET` or `HEAD` does not accept: that content is of no use to it. A 304 names what the client has asked with; to
/// `If-None-Match: *` and to dates, which name none, it has the tag of the content itself. With a stream, whose
/// bytes depend on when it had to wait, the tag becomes a weak one, `W/"v7"`: good for `If-None-Match`, never for
/// `If-Match` (RFC 9110, 8.8.3.2). A tag in `If-Range` stays as it is, so that no range of the plain content is added to compressed
/// content. No tag of the application's own should end with `--gzip` and the like.
///
/// A route that mixes secrets with what the client sent should answer `Cache-Control: no-transform`: over TLS, lengths of compressed
/// content tell an attacker who chooses part of it about the rest (the BREACH attack).
///
/// # Defaults
/// From 1,024 bytes; [`is_compressible`]; all codings that are built in. gzip and deflate at level 4 of 9, which is twice as fast
/// as 6 and gives 2% more; zstd at 3 of 22; brotli at 5 of 11, with a window of 256 KiB for both.
///
/// # Cost
/// A response that is not compressed costs a look at a few fields, and allocates nothing but a `Vary` that has to be merged. For
/// one that is, per coding, with JSON of 32 KiB: the time of its thread, what is left of the content, and the memory that it takes
/// while it is compressed, which grows to the second number with content of 1 MiB.
///
/// | coding | time | left | memory |
/// |---|---|---|---|
/// | zstd, level 3 | 0.2 ms | 17% | 0.6 to 1.8 MB |
/// | brotli, level 5 | 0.9 ms | 14% | 1.6 to 4.6 MB |
/// | gzip and deflate, level 4 | 0.5 ms | 15% | 0.4 MB |
///
/// No more than 32 KiB are compressed before other tasks of the thread get their turn.
#[derive(Clone)]
pub struct Compression {
    levels: [u32; Coding::ALL.len()],
    min_size: u64,
    codings: Vec<Coding>,
    content_types: Arc<dyn Fn(&str) -> bool + Send + Sync>,
}

impl Compression {
    /// With the defaults. The same as `Compression::default()`.
    #[must_use]
    pub fn new() -> Self {
        let mut levels = [0; Coding::ALL.len()];
        for coding in Coding::ALL {
            levels[*coding as usize] = coding.usual_level();
        }
        Self {
            levels,
            min_size: 1024,
            codings: Coding::ALL.to_vec(),
            content_types: Arc::new(is_compressible),
        }
    }

    /// How hard gzip and deflate try, from 1 (fast) to 9 (small); 4 by default. Another number keeps the application from
    /// starting.
    #[must_use]
    pub fn level(self, level: u32) -> Self {
        self.level_of(Coding::Gzip, level).level_of(Coding::Deflate, level)
    }

    /// How hard one coding tries: gzip and deflate from 1 to 9, brotli from 0 to 11, zstd from 1 to 22. Another number keeps
    /// the application from starting.
    ///
    /// From brotli's 10 and zstd's 13 on a level is for content that is compressed once and kept: 32 KiB take tens
    /// of milliseconds, and a stream with zstd at 19 holds 86 MB.
    #[must_use]
    pub fn level_of(mut self, coding: Coding, level: u32) -> Self {
        self.levels[coding as usize] = level;
        self
    }

    /// Leaves content alone that is known to be shorter than so many bytes; 1,024 by default.
    #[must_use]
    pub fn min_size(mut self, bytes: u64) -> Self {
        self.min_size = bytes;
        self
    }

    /// Uses these codings only; of two that the client wants as much, the first. By default zstd, brotli,
    /// gzip, deflate, as far as they are built in.
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
            || has_no_content(status)
            || status == StatusCode::PARTIAL_CONTENT
            || headers.contains_key(CONTENT_ENCODING)
        {
            return false;
        }
        let type_fits = || {
            let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
            content_type.is_some_and(|content_type| (self.content_types)(content_type))
        };
        type_fits()
            && !forbids_transforming(headers)
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
    fn compress(&self, mut response: Response, coding: Coding) -> Response {
        // Of what is compressed nobody can tell that it is too short.
        hold_to_length(&mut response);
        let (mut head, body) = response.into_parts();
        let always_the_same = body.at_hand().is_some();
        let at_hand = body.as_bytes().filter(|bytes| (1..=AT_ONCE).contains(&bytes.len()));
        let body = match at_hand.map(|bytes| (bytes.len(), self.compressed(bytes, coding))) {
            Some((len, Some(compressed))) if compressed.len() < len => {
                head.headers.insert(CONTENT_LENGTH, HeaderValue::from(compressed.len()));
                Body::from(compressed)
            }
            Some(_) => return Response::from_parts(head, body),
            None => match Encoder::new(coding, self.levels[coding as usize], None) {
                Ok(encoder) => {
                    head.headers.remove(CONTENT_LENGTH);
                    Body::new(Compressed::new(body, encoder))
                }
                // There is no memory for it.
                Err(_) => return Response::from_parts(head, body),
            },
        };
        head.headers.insert(CONTENT_ENCODING, HeaderValue::from_static(coding.name()));
        head.headers.remove(ACCEPT_RANGES);
        etag::fit(&mut head.headers, always_the_same.then_some(coding));
        Response::from_parts(head, body)
    }

    fn compressed(&self, bytes: &[u8], coding: Coding) -> Option<Vec<u8>> {
        let mut encoder =
            Encoder::new(coding, self.levels[coding as usize], Some(bytes.len() as u64)).ok()?;
        encoder.write(bytes).ok()?;
        encoder.finish().ok()
    }
}

impl Middleware for Compression {
    const CALLS_OUT: bool = true;

    never_waits!();

    #[inline]
    fn enter<'a>(
        &'a self,
        head: &mut request::Parts,
        _: &mut Body,
        _: Passing<'a>,
    ) -> ControlFlow<Response, impl FnOnce(&'a Self, Passing<'a>, &mut Response) + Send + use<'a>> {
        let wanted = accept::Accepted::of(&head.headers);
        let is_read = is_read(&head.method);
        let asked = Asked::take(&mut head.headers, |coding| !is_read || wanted.accepts(coding));
        let is_head = head.method == Method::HEAD;
        ControlFlow::Continue(move |this: &Self, _: Passing<'a>, response: &mut Response| {
            if response.status() == StatusCode::NOT_MODIFIED {
                // It must name what the 200 would, of which nothing else is known here (RFC 9110, 15.4.5).
                if !forbids_transforming(response.headers()) {
                    vary::add(response.headers_mut(), &[ACCEPT_ENCODING]);
                }
                let preferred = || wanted.preferred(&this.codings);
                asked.answer(response.headers_mut(), |coding| wanted.accepts(coding), preferred);
            }
            if !this.is_eligible(response, is_head) {
                return;
            }
            vary::add(response.headers_mut(), &[ACCEPT_ENCODING]);
            if let Some(coding) = wanted.preferred(&this.codings) {
                *response = this.compress(std::mem::take(response), coding);
            }
        })
    }

    fn check(&self) -> crate::Result<()> {
        for coding in Coding::ALL {
            let (level, levels) = (self.levels[*coding as usize], coding.levels());
            if !levels.contains(&level) {
                let (name, first, last) = (coding.name(), levels.start(), levels.end());
                return Err(Error::msg(format!(
                    "compression: {name} has no level {level}, only {first} to {last}"
                )));
            }
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
            .field("levels", &self.levels)
            .field("min_size", &self.min_size)
            .field("codings", &self.codings)
            .finish_non_exhaustive()
    }
}

/// Digests of the bytes of a response (RFC 9530), which another coding would belie.
const DIGESTS: [HeaderName; 2] =
    [HeaderName::from_static("content-digest"), HeaderName::from_static("repr-digest")];

fn forbids_transforming(headers: &HeaderMap) -> bool {
    headers.get_all(CACHE_CONTROL).iter().any(|value| {
        let Ok(directives) = value.to_str() else { return false };
        directives.split(',').any(|directive| directive.trim().eq_ignore_ascii_case("no-transform"))
    })
}
