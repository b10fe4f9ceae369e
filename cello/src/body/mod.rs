//! The body of a request or a response: [`Body`].
//!
//! `wrap` and `reader` have what a body may be made of, `convert` what becomes one, `watch` who is told of its end, `error` why it
//! cannot be read.

mod convert;
mod error;
mod kind;
mod reader;
#[cfg(test)]
mod tests;
mod watch;
mod wrap;

use std::any::Any;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
pub use error::BodyError;
use futures_core::Stream;
use http_body::{Body as HttpBody, Frame, SizeHint};
use tokio::io::AsyncRead;
pub use watch::BodyEnd;

use crate::dispatch::isolate::catch_now;
use crate::error::OneLine;
use crate::seldom::Seldom;
use crate::server::{self, Received};
use kind::Kind;
use reader::Reading;
use watch::Watch;
pub(crate) use wrap::Limited;
use wrap::{Mapped, Streamed};

type Boxed = Pin<Box<dyn HttpBody<Data = Bytes, Error = BodyError> + Send>>;

/// The body of a request or a response: nothing, bytes at hand, or a stream of frames.
///
/// It implements [`http_body::Body`], so that every library that speaks that trait can read and wrap it.
#[derive(Default)]
pub struct Body {
    /// Nearly always [`Kind::Empty`] by the time that a body is dropped.
    kind: Seldom<Kind>,
    watch: Seldom<Option<Box<Watch>>>,
}

/// What a body can be streamed from: any `Stream` of `Result<impl Into<Bytes>, _>`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no stream of the pieces of a body",
    label = "expected a `Stream` of `Result`s",
    note = "help: each item is a `Result` of a piece, such as `Bytes` or `String`, and of an error, such as a `std::io::Error`; an iterator becomes a stream by `iter(...)` of the crate `futures`. What is there at once is an answer by itself"
)]
pub trait Pieces: Stream<Item = Result<<Self as Pieces>::Piece, <Self as Pieces>::Error>> {
    /// What `Ok` holds.
    type Piece: Into<Bytes>;
    /// What `Err` holds.
    type Error: Into<Box<dyn std::error::Error + Send + Sync>>;
}

#[diagnostic::do_not_recommend]
impl<S, B, E> Pieces for S
where
    S: Stream<Item = Result<B, E>>,
    B: Into<Bytes>,
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    type Piece = B;
    type Error = E;
}

/// What a body can be read from: every [`AsyncRead`] of Tokio's, such as a `tokio::fs::File`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read without blocking the thread",
    label = "expected a `tokio::io::AsyncRead`",
    note = "help: open a file with `tokio::fs::File::open(...).await?`; what is at hand, a `String` or a `Vec<u8>`, is an answer by itself"
)]
pub trait Reader: AsyncRead {}

#[diagnostic::do_not_recommend]
impl<R: AsyncRead> Reader for R {}

impl Body {
    /// A body without content.
    #[inline]
    pub const fn empty() -> Self {
        Self::of(Kind::Empty)
    }

    /// A body that wraps any other implementation of [`http_body::Body`]. A `Body` stays as it is.
    pub fn new<B>(body: B) -> Self
    where
        B: HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let mut body = Some(body);
        if let Some(own) = (&mut body as &mut dyn Any).downcast_mut::<Option<Self>>() {
            return own.take().unwrap_or_default();
        }
        match body {
            Some(body) => Self::of(Kind::Boxed(Mutex::new(Box::pin(Mapped(Box::pin(body)))))),
            None => Self::empty(),
        }
    }

    /// A body whose frames are the items of a stream. Its length is not known beforehand.
    ///
    /// An error in the stream ends the response early, so that the client sees that it is incomplete.
    pub fn from_stream<S>(stream: S) -> Self
    where
        S: Pieces + Send + 'static,
    {
        Self::of(Kind::Boxed(Mutex::new(Box::pin(Streamed(Box::pin(stream))))))
    }

    /// A body that is read from something, such as a file: no more of it at a time than the client takes. Its length is
    /// not known beforehand; an answer that knows it sets `Content-Length`, to which it is then held.
    ///
    /// An error in reading ends the response early, so that the client sees that it is incomplete.
    ///
    /// ```
    /// use cello::prelude::*;
    ///
    /// #[get("/report")]
    /// async fn report() -> Body {
    ///     let file: &[u8] = b"or a `tokio::fs::File`";
    ///     Body::from_reader(file)
    /// }
    /// # let client = cello::testing::TestClient::new(App::new(routes![report]));
    /// # assert_eq!(client.get("/report").send().text(), "or a `tokio::fs::File`");
    /// ```
    pub fn from_reader(reader: impl Reader + Send + 'static) -> Self {
        Self::of(Kind::Boxed(Mutex::new(Box::pin(Reading::new(reader)))))
    }

    /// What comes on a connection of ours.
    pub(crate) fn received(body: Received) -> Self {
        Self::of(Kind::Received(body))
    }

    /// Calls `hook` once, when this body has been read to its end, has failed, or is dropped.
    ///
    /// This is how a middleware learns when the connection has taken all of a response, which it then writes: the last bytes may
    /// still be on their way. If the body is watched already, both functions are called, the earlier one first; what has been read before
    /// counts for both. One that panics is logged, and harms nothing else.
    #[must_use]
    pub fn on_end(mut self, hook: impl FnOnce(BodyEnd) + Send + Sync + 'static) -> Self {
        self.watch.get_or_insert_default().add(hook);
        self
    }

    /// The same body, which fails with [`BodyError::TooLarge`] once more than `limit` bytes have been read from it.
    #[must_use]
    pub fn limited(self, limit: usize) -> Self {
        if self.exact_len().is_some_and(|len| len <= limit as u64) {
            return self;
        }
        Self::new(Limited::new(self, move || limit))
    }

    /// The number of bytes, where it is known before the body is read.
    #[inline]
    pub fn exact_len(&self) -> Option<u64> {
        HttpBody::size_hint(self).exact()
    }

    /// The content, if it is all at hand: nothing is read from the network. A watched body (see
    /// [`on_end`](Self::on_end)) says `None`, since taking its content would hide that it is sent.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        if self.watch.is_some() { None } else { self.at_hand() }
    }

    /// The content, if it is all at hand, for who looks at it and leaves it where it is.
    pub(crate) fn at_hand(&self) -> Option<&[u8]> {
        match &*self.kind {
            Kind::Empty => Some(&[]),
            Kind::Full(bytes) => Some(bytes),
            Kind::Received(_) | Kind::Boxed(_) | Kind::Cut(_) => None,
        }
    }

    /// Reads the whole body.
    ///
    /// # Errors
    /// When it is longer than `limit` bytes (nothing beyond the limit is kept; a longer `Content-Length` is refused
    /// before reading), or when reading fails.
    pub async fn collect(mut self, limit: usize) -> Result<Bytes, BodyError> {
        if self.is_end_stream() {
            return Ok(Bytes::new());
        }
        if HttpBody::size_hint(&self).lower() > limit as u64 {
            return Err(BodyError::TooLarge { limit });
        }
        let Some(first) = self.next_data().await? else { return Ok(Bytes::new()) };
        if first.len() > limit {
            return Err(BodyError::TooLarge { limit });
        }
        if self.is_end_stream() {
            return Ok(first);
        }
        let Some(second) = self.next_data().await? else { return Ok(first) };
        let mut all = BytesMut::with_capacity(first.len() + second.len());
        all.extend_from_slice(&first);
        let mut next = Some(second);
        while let Some(data) = next {
            if data.len() > limit - all.len() {
                return Err(BodyError::TooLarge { limit });
            }
            all.extend_from_slice(&data);
            next = self.next_data().await?;
        }
        Ok(all.freeze())
    }

    /// The next piece of data, `None` at the end. Trailers are passed over.
    ///
    /// # Errors
    /// When reading fails.
    pub async fn next_data(&mut self) -> Result<Option<Bytes>, BodyError> {
        poll_fn(|cx| self.poll_data(cx)).await.transpose()
    }
}

impl Body {
    #[inline]
    const fn of(kind: Kind) -> Self {
        Self { kind: Seldom::new(kind), watch: Seldom::new(None) }
    }

    /// Drops what there is of it. Nearly all requests have none.
    #[inline]
    pub(crate) fn clear(&mut self) {
        if self.watch.is_some() || !self.is_none() {
            *self = Self::empty();
        }
    }

    /// Whether there is none, as of nearly all requests: no more than a glance.
    #[inline]
    pub(crate) fn is_none(&self) -> bool {
        matches!(*self.kind, Kind::Empty)
    }

    /// Nothing of it is to be sent, which is as it should be: who watches it is told that it is complete.
    pub(crate) fn set_aside(mut self) {
        if let Some(watch) = &mut *self.watch {
            watch.end(true);
        }
    }

    /// This connection sends it, and is to know when it is handed over to the last byte, or given up: at once if it is no longer than
    /// `most` bytes, since it then goes with the head, else when it is dropped, after all who watch it. It is taken in pieces of `most`
    /// bytes, but for what comes from a client, which is bounded by what is read of that at once.
    #[inline]
    pub(crate) fn send_by(&mut self, connection: &Arc<server::Watch>, most: usize) {
        if self.as_bytes().is_some_and(|bytes| bytes.len() <= most) {
            connection.answered();
        } else {
            self.send_watched_by(connection, most);
        }
    }

    #[inline(never)] // most bodies are short
    fn send_watched_by(&mut self, connection: &Arc<server::Watch>, most: usize) {
        // hyper states the length that a foreign body says it has. Where it has less, what came before the break is to be sent.
        let stated = if matches!(*self.kind, Kind::Boxed(_)) { self.exact_len() } else { None };
        let watch = self.watch.get_or_insert_default();
        watch.send_by(Arc::clone(connection), most);
        if let Some(len) = stated {
            watch.hold_to(len);
        }
    }

    /// It is sent behind a head that says that it has so many bytes.
    pub(crate) fn hold_to(&mut self, len: u64) {
        self.watch.get_or_insert_default().hold_to(len);
    }

    /// The next frame, with `most` bytes of data or fewer.
    #[inline]
    pub(crate) fn poll_piece(
        &mut self,
        cx: &mut Context<'_>,
        most: usize,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        // Nearly all bodies are at hand and short. Nothing is left of it, so that nothing has to be dropped.
        if let Kind::Full(bytes) = &*self.kind
            && (1..=most).contains(&bytes.len())
            && self.watch.is_none()
            && let Kind::Full(bytes) = std::mem::take(&mut *self.kind)
        {
            return Poll::Ready(Some(Ok(Frame::data(bytes))));
        }
        self.poll_any_piece(cx, most)
    }

    fn poll_any_piece(
        &mut self,
        cx: &mut Context<'_>,
        most: usize,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        if let Some(watch) = &mut *self.watch
            && watch.is_broken()
        {
            return watch.poll_broken().map(|broken| broken.map(Err));
        }
        let frame = match &mut *self.kind {
            Kind::Empty => None,
            Kind::Full(bytes) if bytes.is_empty() => None,
            Kind::Full(bytes) => Some(Ok(Frame::data(bytes.split_to(most.min(bytes.len()))))),
            Kind::Received(received) => ready!(received.poll_data(cx)),
            Kind::Boxed(body) => {
                let body = body.get_mut().unwrap_or_else(PoisonError::into_inner);
                match catch_now(|| body.as_mut().poll_frame(cx)) {
                    Ok(frame) => self.cut(ready!(frame), most),
                    // This body has failed; whatever else its connection carries goes on.
                    Err(panic) => {
                        let failed = std::mem::take(&mut *self.kind);
                        let _ = catch_now(|| drop(failed));
                        tracing::error!(target: "cello", "a body panicked: {}", OneLine(panic.message()));
                        Some(Err(BodyError::read("the stream behind it panicked")))
                    }
                }
            }
            Kind::Cut(cut) => {
                let (rest, then) = &mut **cut;
                let piece = rest.split_to(most.min(rest.len()));
                if rest.is_empty() {
                    *self.kind = std::mem::take(then);
                }
                Some(Ok(Frame::data(piece)))
            }
        };
        match &mut *self.watch {
            Some(watch) => watch.note(frame, cx),
            None => Poll::Ready(frame),
        }
    }

    fn poll_data(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, BodyError>>> {
        loop {
            match ready!(self.poll_piece(cx, usize::MAX)) {
                None => return Poll::Ready(None),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                Some(Ok(frame)) => {
                    if let Ok(data) = frame.into_data() {
                        return Poll::Ready(Some(Ok(data)));
                    }
                }
            }
        }
    }

    /// Keeps back what a frame has beyond `most` bytes.
    fn cut(
        &mut self,
        frame: Option<Result<Frame<Bytes>, BodyError>>,
        most: usize,
    ) -> Option<Result<Frame<Bytes>, BodyError>> {
        let is_large = |frame: &Frame<Bytes>| frame.data_ref().is_some_and(|data| data.len() > most);
        match frame {
            Some(Ok(frame)) if is_large(&frame) => {
                let mut data = frame.into_data().unwrap_or_default();
                let piece = data.split_to(most);
                *self.kind = Kind::Cut(Box::new((data, std::mem::take(&mut *self.kind))));
                Some(Ok(Frame::data(piece)))
            }
            other => other,
        }
    }
}

impl HttpBody for Body {
    type Data = Bytes;
    type Error = BodyError;

    #[inline]
    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let this = self.get_mut();
        let most = this.watch.as_ref().map_or(usize::MAX, |watch| watch.most);
        this.poll_piece(cx, most)
    }

    #[inline]
    fn is_end_stream(&self) -> bool {
        match &*self.kind {
            Kind::Empty => true,
            Kind::Full(bytes) => bytes.is_empty(),
            other => other.is_at_end() && !self.watch.as_ref().is_some_and(|watch| watch.is_short()),
        }
    }

    #[inline]
    fn size_hint(&self) -> SizeHint {
        match &*self.kind {
            Kind::Empty => SizeHint::with_exact(0),
            Kind::Full(bytes) => SizeHint::with_exact(bytes.len() as u64),
            other => other.len(),
        }
    }
}

impl Drop for Body {
    /// Tells the watcher, and keeps in the panics of a stream that is dropped.
    #[inline]
    fn drop(&mut self) {
        if self.watch.is_some() || matches!(*self.kind, Kind::Boxed(_) | Kind::Cut(_)) {
            self.end();
        }
    }
}

impl Body {
    fn end(&mut self) {
        if self.watch.as_ref().is_some_and(|watch| watch.is_awaited()) {
            // hyper drops a body whose end it knows without asking for the last `None`.
            let complete = self.is_end_stream();
            if let Some(watch) = &mut *self.watch {
                watch.end(complete);
            }
        }
        if let Kind::Boxed(_) | Kind::Cut(_) = *self.kind {
            let stream = std::mem::take(&mut *self.kind);
            let _ = catch_now(|| drop(stream));
        }
    }
}

/// Reads a body as a stream of its data frames; trailers are passed over.
impl Stream for Body {
    type Item = Result<Bytes, BodyError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_data(cx)
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match &*self.kind {
            Kind::Empty => "empty",
            Kind::Full(_) => "full",
            Kind::Received(_) => "incoming",
            Kind::Boxed(_) | Kind::Cut(_) => "stream",
        };
        f.debug_struct("Body").field("kind", &kind).field("len", &self.exact_len()).finish_non_exhaustive()
    }
}
