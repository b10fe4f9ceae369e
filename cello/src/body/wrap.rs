//! What a body may be made of: a foreign body, a stream, another body with a limit.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use http_body::{Body as HttpBody, Frame, SizeHint};

use super::{Body, BodyError};

/// A body that fails once it is longer than it may be, which is asked anew for each piece.
pub(crate) struct Limited<L> {
    body: Body,
    limit: L,
    read: usize,
}

impl<L: Fn() -> usize> Limited<L> {
    pub(crate) fn new(body: Body, limit: L) -> Self {
        Self { body, limit, read: 0 }
    }
}

impl<L: Fn() -> usize + Unpin> HttpBody for Limited<L> {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let this = self.get_mut();
        let frame = ready!(Pin::new(&mut this.body).poll_frame(cx));
        if let Some(Ok(frame)) = &frame {
            let limit = (this.limit)();
            this.read = this.read.saturating_add(frame.data_ref().map_or(0, Bytes::len));
            if this.read > limit {
                this.body = Body::empty();
                return Poll::Ready(Some(Err(BodyError::TooLarge { limit })));
            }
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        HttpBody::size_hint(&self.body)
    }
}

/// Gives a foreign body this crate's error type.
pub(super) struct Mapped<B>(pub(super) Pin<Box<B>>);

impl<B> HttpBody for Mapped<B>
where
    B: HttpBody<Data = Bytes>,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        self.0.as_mut().poll_frame(cx).map_err(BodyError::read)
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.0.size_hint()
    }
}

/// A stream of data as a body.
pub(super) struct Streamed<S>(pub(super) Pin<Box<S>>);

impl<S, B, E> HttpBody for Streamed<S>
where
    S: Stream<Item = Result<B, E>>,
    B: Into<Bytes>,
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let item = ready!(self.0.as_mut().poll_next(cx));
        Poll::Ready(item.map(|item| item.map(|data| Frame::data(data.into())).map_err(BodyError::read)))
    }
}
