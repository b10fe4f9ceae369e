//! Who wants to know how a body ends: [`Watch`].

use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::Frame;

use super::BodyError;
use crate::dispatch::isolate::catch_now;
use crate::server;

type EndHook = Box<dyn FnOnce(BodyEnd) + Send + Sync>;

/// How a body ended, as told to the function given to [`Body::on_end`](super::Body::on_end).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct BodyEnd {
    /// How many bytes of data were read from it.
    pub bytes: u64,
    /// Whether it was read to its end: `false` if it failed, or if its reader went away before.
    pub complete: bool,
}

/// What has been read from a body, and whom to tell.
pub(super) struct Watch {
    pub(super) sent: u64,
    pub(super) failed: bool,
    hook: Option<EndHook>,
    /// The most bytes that are taken of it at once.
    pub(super) most: usize,
    /// By which connection it is sent, if that is to know when it is gone.
    sender: Option<Sender>,
    /// So many bytes are still to come, if the head says how many there are and the body does not.
    left: Option<u64>,
    /// Why it has broken off, until that is told.
    broken: Option<BodyError>,
}

impl Default for Watch {
    fn default() -> Self {
        Self { sent: 0, failed: false, hook: None, most: usize::MAX, sender: None, left: None, broken: None }
    }
}

impl Watch {
    /// Calls this function too, after those that are there.
    pub(super) fn add(&mut self, hook: impl FnOnce(BodyEnd) + Send + Sync + 'static) {
        self.hook = Some(match self.hook.take() {
            None => Box::new(hook),
            Some(earlier) => Box::new(move |end| {
                tell(earlier, end);
                hook(end);
            }),
        });
    }

    /// This connection sends it, so many bytes at a time at most.
    pub(super) fn send_by(&mut self, connection: Arc<server::Watch>, most: usize) {
        self.most = most;
        self.sender = Some(Sender(connection));
    }

    /// It is to have so many bytes.
    pub(super) fn hold_to(&mut self, len: u64) {
        self.left = Some(len);
    }

    /// Whether more of it is to come, whatever it says itself.
    pub(super) fn is_short(&self) -> bool {
        self.left.is_some_and(|left| left > 0)
    }

    /// Notes what has come of it. Where it breaks off, the connection is to send what it has before it hears of that: hyper gives up
    /// at once, and with it the rest of the answer before.
    pub(super) fn note(
        &mut self,
        frame: Option<Result<Frame<Bytes>, BodyError>>,
        cx: &Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let error = match frame {
            Some(Ok(frame)) => {
                let bytes = frame.data_ref().map_or(0, |data| data.len() as u64);
                self.sent += bytes;
                self.left = self.left.map(|left| left.saturating_sub(bytes));
                return Poll::Ready(Some(Ok(frame)));
            }
            Some(Err(error)) => error,
            None if self.is_short() => BodyError::read("it is shorter than its head says"),
            None => {
                self.end(true);
                return Poll::Ready(None);
            }
        };
        self.failed = true;
        let Some(Sender(connection)) = &self.sender else { return Poll::Ready(Some(Err(error))) };
        connection.is_to_flush();
        self.broken = Some(error);
        cx.waker().wake_by_ref();
        Poll::Pending
    }

    /// Whether it has broken off, which is still to be told.
    pub(super) fn is_broken(&self) -> bool {
        self.broken.is_some()
    }

    /// Why it has broken off, once that can be told.
    pub(super) fn poll_broken(&mut self) -> Poll<Option<BodyError>> {
        let has_flushed = self.sender.as_ref().is_none_or(|Sender(connection)| connection.has_flushed());
        if has_flushed { Poll::Ready(self.broken.take()) } else { Poll::Pending }
    }

    /// Whether somebody is still to be told of the end.
    pub(super) fn is_awaited(&self) -> bool {
        self.hook.is_some()
    }

    pub(super) fn end(&mut self, complete: bool) {
        if let Some(hook) = self.hook.take() {
            tell(hook, BodyEnd { bytes: self.sent, complete: complete && !self.failed });
        }
    }
}

/// Tells a connection that the body which it sends is handed over, or given up.
struct Sender(Arc<server::Watch>);

impl Drop for Sender {
    fn drop(&mut self) {
        self.0.answered();
    }
}

/// A function that panics harms neither the response nor the functions after it; nor the process, when the body is
/// dropped by another panic.
fn tell(hook: EndHook, end: BodyEnd) {
    if let Err(panic) = catch_now(|| hook(end)) {
        tracing::error!(target: "cello", "a function given to `Body::on_end` panicked: {}", crate::error::OneLine(panic.message()));
    }
}
