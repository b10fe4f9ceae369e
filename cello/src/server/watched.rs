//! The stream of one connection, with limits on time: [`Watched`].

use std::io;
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::{Duration, SystemTime};

use http::StatusCode;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use super::life::Open;
use super::watch::{Phase, Watch};
use crate::Problem;

/// The most that is read and thrown away when a connection closes before its client has sent everything.
const MOST_DISCARDED: usize = 8 * 1024 * 1024;

/// A stream that notes what happens on it, and ends when its [`Watch`] says that time has run out:
/// - a head that does not come to its end is answered with 408;
/// - an idle connection is closed as if the client had closed it;
/// - a client that shuts down its sending side is given time for its answer, after which it counts as gone.
///
/// When the server closes first, it shuts down its sending side and reads on for a while, because bytes that nobody has
/// read would make the system reset the connection, and the answer could be lost on its way.
#[derive(Debug)]
pub(super) struct Watched {
    stream: TcpStream,
    watch: Arc<Watch>,
    header_read: Duration,
    /// The client has sent all that it will.
    at_end: bool,
    closing: Option<Closing>,
    _open: Open,
}

/// How far the closing of a connection has come.
#[derive(Debug)]
enum Closing {
    /// This is still to be sent: from which byte on.
    Refusing(Vec<u8>, usize),
    Flushing,
    /// So many bytes have been discarded.
    Discarding(usize),
    Done,
}

impl Watched {
    pub(super) fn new(stream: TcpStream, watch: Arc<Watch>, header_read: Duration, open: Open) -> Self {
        Self { stream, watch, header_read, at_end: false, closing: None, _open: open }
    }

    /// The 408 of a head that took too long. hyper has nothing to send at that time.
    fn refuse(&mut self) {
        let unsent = if self.watch.is_stalled() { Vec::new() } else { request_timeout(self.header_read) };
        self.watch.enter(Phase::Closing);
        self.closing = Some(Closing::Refusing(unsent, 0));
    }

    /// Whether there are bytes that the runtime has not told us of yet.
    fn has_unseen_bytes(&self) -> bool {
        let mut byte = [MaybeUninit::uninit()];
        socket2::SockRef::from(&self.stream).peek(&mut byte).is_ok_and(|bytes| bytes > 0)
    }

    /// Sends what is left, says that nothing more comes, and waits for the client to close too. Errors end the wait:
    /// the connection is over in any case.
    fn poll_close(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            let overdue = self.watch.is_overdue();
            let stream = Pin::new(&mut self.stream);
            let next = match self.closing.get_or_insert(Closing::Flushing) {
                Closing::Done => return Poll::Ready(()),
                Closing::Refusing(bytes, sent) => match bytes.get(*sent..) {
                    None | Some([]) => Some(Closing::Flushing),
                    Some(rest) => match stream.poll_write(cx, rest) {
                        Poll::Ready(Ok(more)) if more > 0 => {
                            *sent += more;
                            None
                        }
                        Poll::Ready(_) => Some(Closing::Done),
                        Poll::Pending if overdue => Some(Closing::Done),
                        Poll::Pending => return Poll::Pending,
                    },
                },
                Closing::Flushing => match ready!(stream.poll_shutdown(cx)) {
                    Ok(()) if !self.at_end => {
                        self.watch.enter(Phase::Closing);
                        Some(Closing::Discarding(0))
                    }
                    _ => Some(Closing::Done),
                },
                Closing::Discarding(discarded) => {
                    let mut waste = [MaybeUninit::uninit(); 4096];
                    let mut waste = ReadBuf::uninit(&mut waste);
                    match stream.poll_read(cx, &mut waste) {
                        Poll::Ready(Ok(())) if !waste.filled().is_empty() && *discarded < MOST_DISCARDED => {
                            *discarded += waste.filled().len();
                            None
                        }
                        Poll::Ready(_) => Some(Closing::Done),
                        Poll::Pending if overdue => Some(Closing::Done),
                        Poll::Pending => return Poll::Pending,
                    }
                }
            };
            if next.is_some() {
                self.closing = next;
            }
        }
    }
}

impl AsyncRead for Watched {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if this.closing.is_none() {
            if !this.at_end {
                let before = buf.filled().len();
                match Pin::new(&mut this.stream).poll_read(cx, buf) {
                    Poll::Ready(Ok(())) if buf.filled().len() > before => {
                        this.watch.received(buf.filled().len() - before);
                        return Poll::Ready(Ok(()));
                    }
                    Poll::Ready(Ok(())) => this.at_end = true,
                    Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                    Poll::Pending => {
                        this.watch.nothing_to_read();
                        // What has come while this task had to wait is not late; the runtime will wake us for it.
                        if !this.watch.is_overdue() || this.has_unseen_bytes() {
                            return Poll::Pending;
                        }
                        if this.watch.phase() == Phase::Head {
                            this.refuse();
                        } else {
                            // Nothing of ours is on its way, so nobody needs to be waited for.
                            this.at_end = true;
                            return Poll::Ready(Ok(()));
                        }
                    }
                }
            }
            if this.at_end {
                return if this.watch.half_closed() { Poll::Pending } else { Poll::Ready(Ok(())) };
            }
        }
        ready!(this.poll_close(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncWrite for Watched {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.watch.sent(written.is_ready());
        written
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        self.watch.sent(written.is_ready());
        written
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    /// The orderly end of an HTTP connection; of another protocol, only the end of what is sent.
    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.watch.phase() == Phase::Upgraded {
            return Pin::new(&mut self.stream).poll_shutdown(cx);
        }
        ready!(self.poll_close(cx));
        Poll::Ready(Ok(()))
    }
}

/// The whole response to a head that did not come to its end in time.
fn request_timeout(limit: Duration) -> Vec<u8> {
    let detail = format!("the head of the request did not arrive within {limit:?}");
    let body = serde_json::to_vec(&Problem::new(StatusCode::REQUEST_TIMEOUT).with_detail(detail))
        .unwrap_or_default();
    let date = httpdate::fmt_http_date(SystemTime::now());
    let mut response = format!(
        "HTTP/1.1 408 Request Timeout\r\ncontent-type: application/problem+json\r\ncontent-length: {}\r\n\
         connection: close\r\ndate: {date}\r\n\r\n",
        body.len()
    )
    .into_bytes();
    response.extend_from_slice(&body);
    response
}
