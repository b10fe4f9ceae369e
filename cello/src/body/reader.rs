//! A body that is read from something: [`Reading`].

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame};
use tokio::io::{AsyncRead, ReadBuf};

use super::BodyError;

/// The most bytes that are read at once.
const PIECE: usize = 16 * 1024;

/// The bytes of a reader as a body, read as they are sent.
pub(super) struct Reading<R> {
    reader: Pin<Box<R>>,
    buffer: Box<[u8]>,
    ended: bool,
}

impl<R> Reading<R> {
    pub(super) fn new(reader: R) -> Self {
        Self { reader: Box::pin(reader), buffer: vec![0; PIECE].into(), ended: false }
    }
}

impl<R: AsyncRead> HttpBody for Reading<R> {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let this = self.get_mut();
        if this.ended {
            return Poll::Ready(None);
        }
        let mut buffer = ReadBuf::new(&mut this.buffer);
        if let Err(error) = ready!(this.reader.as_mut().poll_read(cx, &mut buffer)) {
            this.ended = true;
            return Poll::Ready(Some(Err(BodyError::read(error))));
        }
        let bytes = buffer.filled();
        this.ended = bytes.is_empty();
        Poll::Ready((!bytes.is_empty()).then(|| Ok(Frame::data(Bytes::copy_from_slice(bytes)))))
    }

    fn is_end_stream(&self) -> bool {
        self.ended
    }
}
