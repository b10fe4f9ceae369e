//! The body of a request on its way: [`Received`].

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use hyper::body::Incoming;

use super::waker;
use super::watch::Watch;
use crate::BodyError;

/// The most that is read of a body that nobody wants, so that the connection can go on.
const MOST_DRAINED: usize = 64 * 1024;

/// The body of a request: it tells its connection whether it is waited for, and what becomes of it.
///
/// Dropped before its end, what is left of it is read and thrown away, if that is not much; otherwise the connection
/// cannot go on. A client that waits for `100 Continue` is not asked for a body that nobody wants.
#[derive(Debug)]
pub(crate) struct Received {
    /// Until its end.
    incoming: Option<Incoming>,
    watch: Arc<Watch>,
    number: u64,
    /// The client waits to be asked for it.
    waits: bool,
}

impl Received {
    pub(super) fn new(incoming: Incoming, watch: Arc<Watch>, waits: bool) -> Self {
        let number = watch.body_begins();
        Self { incoming: Some(incoming), watch, number, waits }
    }

    pub(crate) fn poll_data(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let Some(incoming) = &mut self.incoming else { return Poll::Ready(None) };
        self.waits = false;
        let frame = ready!(poll(incoming, &self.watch, self.number, cx));
        // After an error nothing is left to be drained, whose end would be taken for a good one.
        if !matches!(frame, Some(Ok(_))) || incoming.is_end_stream() {
            self.incoming = None;
        }
        Poll::Ready(frame)
    }

    pub(crate) fn is_at_end(&self) -> bool {
        self.incoming.is_none()
    }

    pub(crate) fn len(&self) -> SizeHint {
        self.incoming.as_ref().map_or_else(|| SizeHint::with_exact(0), HttpBody::size_hint)
    }
}

impl Drop for Received {
    fn drop(&mut self) {
        let Some(incoming) = self.incoming.take() else { return };
        if incoming.is_end_stream() {
            return; // told already
        }
        // The rest is for h2 to refuse, once the answer is sent: a stream ends without its connection.
        #[cfg(feature = "http2")]
        if self.watch.is_stream() {
            return self.watch.body_ended(self.number);
        }
        let is_little = HttpBody::size_hint(&incoming).lower() <= MOST_DRAINED as u64;
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) if is_little && !self.waits => {
                self.watch.body_let_go(self.number);
                drop(runtime.spawn(drain(incoming, Arc::clone(&self.watch), self.number)));
            }
            _ => self.watch.body_given_up(self.number),
        }
    }
}

/// Reads a body to its end, unless that is too far. It ends with the connection at the latest.
async fn drain(mut incoming: Incoming, watch: Arc<Watch>, number: u64) {
    let mut left = MOST_DRAINED;
    loop {
        match std::future::poll_fn(|cx| poll(&mut incoming, &watch, number, cx)).await {
            None => return,
            Some(Ok(frame)) => match left.checked_sub(frame.data_ref().map_or(0, Bytes::len)) {
                Some(_) if incoming.is_end_stream() => return,
                Some(rest) => left = rest,
                None => break,
            },
            Some(Err(_)) => break,
        }
    }
    watch.body_given_up(number);
}

fn poll(
    incoming: &mut Incoming,
    watch: &Watch,
    number: u64,
    cx: &mut Context<'_>,
) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
    let polled = match watch.waker() {
        None => Pin::new(&mut *incoming).poll_frame(cx),
        Some(task) => {
            let (polled, woken) = waker::hold(task, || Pin::new(&mut *incoming).poll_frame(cx));
            if woken && !incoming.is_end_stream() {
                watch.wake_task();
            }
            polled
        }
    };
    let frame = match polled {
        Poll::Pending => {
            watch.body_awaited(number, cx.waker());
            // No error comes from the connection, which goes on.
            #[cfg(feature = "http2")]
            if watch.is_stream() {
                watch.read_by(cx.waker());
                if watch.body_is_late() {
                    watch.body_given_up(number);
                    watch.cut_off_body();
                    return Poll::Ready(Some(Err(BodyError::TooSlow)));
                }
            }
            return Poll::Pending;
        }
        Poll::Ready(frame) => frame,
    };
    match frame {
        Some(Ok(frame)) => {
            watch.body_came(number, frame.data_ref().map_or(0, Bytes::len), incoming.is_end_stream());
            Poll::Ready(Some(Ok(frame)))
        }
        Some(Err(error)) => {
            // Where the next request begins is not known: the answer says that the connection ends.
            watch.body_given_up(number);
            let slow = watch.body_is_cut_off();
            Poll::Ready(Some(Err(if slow { BodyError::TooSlow } else { BodyError::read(error) })))
        }
        None => {
            watch.body_ended(number);
            Poll::Ready(None)
        }
    }
}
