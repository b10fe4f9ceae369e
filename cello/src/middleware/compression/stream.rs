//! A body that is compressed while it is read: [`Compressed`].

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame};

use super::encoder::Encoder;
use crate::{Body, BodyError};

/// The most that one poll compresses, so that other tasks of the thread get their turn: about a millisecond.
const PER_POLL: usize = 32 * 1024;
/// What a frame counts towards it, however short it is.
const PER_FRAME: usize = 64;
/// The size of a frame that is worth sending on before it must be.
const WORTH_SENDING: usize = 8 * 1024;

/// Compresses another body.
///
/// While the other body has more to give at once, its frames are packed together. Once it has to wait, everything so far is
/// brought out, so that the client gets it in time. Its trailers are passed on.
pub(super) struct Compressed {
    inner: Body,
    /// `None` once its last bytes are out.
    encoder: Option<Encoder>,
    /// What is left of a frame.
    input: Bytes,
    /// Whether the encoder may hold back something that it was given.
    holds_back: bool,
    trailers: Option<Frame<Bytes>>,
}

impl Compressed {
    pub(super) fn new(inner: Body, encoder: Encoder) -> Self {
        Self { inner, encoder: Some(encoder), input: Bytes::new(), holds_back: false, trailers: None }
    }

    /// The next step, or `None` once the encoder is done.
    fn step(&mut self, left: &mut usize, cx: &mut Context<'_>) -> Result<Option<Step>, BodyError> {
        let Some(encoder) = &mut self.encoder else { return Ok(None) };
        if *left == 0 {
            return Ok(Some(match encoder.take() {
                out if out.is_empty() => Step::Yield,
                out => Step::Send(out),
            }));
        }
        if !self.input.is_empty() {
            let piece = self.input.split_to(self.input.len().min(*left));
            *left -= piece.len();
            encoder.write(&piece).map_err(failed)?;
            self.holds_back = true;
            let enough = encoder.buffer().len() >= WORTH_SENDING;
            return Ok(Some(if enough { Step::Send(encoder.take()) } else { Step::Again }));
        }
        match Pin::new(&mut self.inner).poll_frame(cx) {
            Poll::Pending if self.holds_back => {
                encoder.flush().map_err(failed)?;
                self.holds_back = false;
                Ok(Some(Step::Send(encoder.take())))
            }
            Poll::Pending => Ok(Some(Step::Wait)),
            Poll::Ready(Some(Ok(frame))) => match frame.into_data() {
                Ok(data) => {
                    *left = left.saturating_sub(PER_FRAME);
                    self.input = data;
                    Ok(Some(Step::Again))
                }
                Err(trailers) => {
                    self.trailers = Some(trailers);
                    self.finish()
                }
            },
            Poll::Ready(Some(Err(error))) => Err(error),
            Poll::Ready(None) => self.finish(),
        }
    }

    fn finish(&mut self) -> Result<Option<Step>, BodyError> {
        let Some(encoder) = self.encoder.take() else { return Ok(None) };
        Ok(Some(Step::Send(encoder.finish().map_err(failed)?)))
    }
}

enum Step {
    Send(Vec<u8>),
    Again,
    /// The other body will wake the task.
    Wait,
    /// Other tasks first.
    Yield,
}

impl HttpBody for Compressed {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let this = self.get_mut();
        let mut left = PER_POLL;
        loop {
            match this.step(&mut left, cx) {
                Ok(Some(Step::Again)) => {}
                Ok(Some(Step::Send(out))) => return Poll::Ready(Some(Ok(Frame::data(out.into())))),
                Ok(Some(Step::Wait)) => return Poll::Pending,
                Ok(Some(Step::Yield)) => {
                    cx.waker().wake_by_ref();
                    return Poll::Pending;
                }
                Ok(None) => return Poll::Ready(this.trailers.take().map(Ok)),
                Err(error) => {
                    // What follows an error would not decode.
                    this.encoder = None;
                    return Poll::Ready(Some(Err(error)));
                }
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.encoder.is_none() && self.trailers.is_none()
    }
}

/// The encoders fail only as the buffer that they write to does, and that one does not.
fn failed(error: std::io::Error) -> BodyError {
    BodyError::Read(error.into())
}
