//! The stream of one connection, with limits on time: [`Watched`].

use std::hint::cold_path;
use std::io;
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::task::coop;

use super::held::Held;
use super::life::Open;
#[cfg(feature = "http2")]
use super::preface::Ahead;
use super::refusal::Refusal;
use super::room::Seat;
use super::stream::Stream;
use super::watch::{Overdue, Phase, Watch};

/// The most that is read and thrown away when a connection closes before its client has sent everything.
const MOST_DISCARDED: usize = 8 * 1024 * 1024;

/// A stream that notes what happens on it, and ends when its [`Watch`] says that time has run out:
/// - a head that does not come to its end is answered with 408;
/// - a body that comes too slowly ends with an error, which its reader answers;
/// - an idle connection is closed as if the client had closed it;
/// - a client that does not take its answer is let go;
/// - a client that shuts down its sending side is given time for its answer, after which it counts as gone.
///
/// When the server closes first, it shuts down its sending side and reads on for a while, because bytes that nobody has
/// read would make the system reset the connection, and the answer could be lost on its way.
pub(super) struct Watched {
    stream: Stream,
    watch: Arc<Watch>,
    refusal: Refusal,
    /// The client has sent all that it will.
    at_end: bool,
    closing: Option<Closing>,
    #[cfg(feature = "http2")]
    ahead: Option<Ahead>,
    held: Held,
    _open: (Open, Seat),
}

/// How far the closing of a connection has come.
enum Closing {
    /// A refusal is being made, in this future.
    Asking(Pin<Box<dyn Future<Output = Vec<u8>> + Send>>),
    /// This is still to be sent: from which byte on.
    Refusing(Vec<u8>, usize),
    Flushing,
    /// So many bytes have been discarded.
    Discarding(usize),
    Done,
}

impl Watched {
    pub(super) fn new(stream: Stream, watch: Arc<Watch>, refusal: Refusal, open: (Open, Seat)) -> Self {
        Self {
            stream,
            watch,
            refusal,
            at_end: false,
            closing: None,
            held: Held::default(),
            #[cfg(feature = "http2")]
            ahead: None,
            _open: open,
        }
    }

    /// Answers a head that took too long. hyper has nothing to send at that time.
    fn refuse(&mut self) {
        self.watch.enter(Phase::Closing);
        self.closing = Some(Closing::Asking((self.refusal)()));
    }

    fn sent(&mut self, written: Poll<io::Result<usize>>, next: &[u8]) -> Poll<io::Result<usize>> {
        sent(&mut self.stream, &self.watch, written, next)
    }

    /// Sends what is held back.
    fn poll_send_held(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Self { stream, watch, held, .. } = self;
        while !held.is_empty() {
            let written = Pin::new(&mut *stream).poll_write(cx, held.rest());
            match ready!(sent(stream, watch, written, held.rest()))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                count => held.sent(count),
            }
        }
        self.watch.set_holds(false);
        Poll::Ready(Ok(()))
    }

    /// Writes to the stream. What an upgraded connection writes is counted by the runtime: its task ends no request, and would leave
    /// no time to the others.
    fn poll_write_now(&mut self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if self.watch.phase() != Phase::Upgraded
            && let Some(written) = self.stream.write_short(bytes)
        {
            return Poll::Ready(written);
        }
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    /// Writes while something is held back, or can be: behind it.
    fn poll_write_behind(&mut self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if self.held.take(bytes) {
            self.watch.set_holds(true);
            return Poll::Ready(Ok(bytes.len()));
        }
        ready!(self.poll_send_held(cx))?;
        let written = self.poll_write_now(cx, bytes);
        self.sent(written, bytes)
    }

    /// Sends what is left, says that nothing more comes, and waits for the client to close too. Errors end the wait:
    /// the connection is over in any case.
    pub(super) fn poll_close(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            let overdue = self.watch.overdue().is_some();
            if !self.held.is_empty() {
                match self.poll_send_held(cx) {
                    Poll::Ready(Ok(())) => {}
                    Poll::Pending if !overdue => return Poll::Pending,
                    Poll::Ready(Err(_)) | Poll::Pending => {
                        self.held = Held::default();
                        self.closing = Some(Closing::Done);
                    }
                }
            }
            let stream = Pin::new(&mut self.stream);
            let next = match self.closing.get_or_insert(Closing::Flushing) {
                Closing::Done => return Poll::Ready(()),
                Closing::Asking(answer) => match answer.as_mut().poll(cx) {
                    Poll::Ready(bytes) => Some(Closing::Refusing(bytes, 0)),
                    Poll::Pending if overdue => Some(Closing::Done),
                    Poll::Pending => return Poll::Pending,
                },
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
                Closing::Flushing => match stream.poll_shutdown(cx) {
                    Poll::Ready(Ok(())) if !self.at_end => {
                        self.watch.enter(Phase::Closing);
                        Some(Closing::Discarding(0))
                    }
                    Poll::Ready(_) => Some(Closing::Done),
                    // The last word of TLS waits for the client to take what is before it, whatever was late until now.
                    Poll::Pending => {
                        self.watch.sent(false);
                        if self.watch.overdue().is_none() {
                            return Poll::Pending;
                        }
                        Some(Closing::Done)
                    }
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

/// What HTTP/2 needs besides.
#[cfg(feature = "http2")]
impl Watched {
    /// These bytes come once more.
    pub(super) fn read_again(&mut self, ahead: Ahead) {
        self.ahead = Some(ahead);
    }

    /// Sends this as the last, and closes.
    pub(super) fn end_with(&mut self, last: Vec<u8>) {
        self.watch.enter(Phase::Closing);
        self.closing = Some(Closing::Refusing(last, 0));
    }

    pub(super) fn has_agreed_to_http2(&self) -> Option<bool> {
        self.stream.has_agreed_to_http2()
    }

    pub(super) fn is_ending(&self) -> bool {
        self.closing.is_some()
    }

    pub(super) fn can_write_pieces(&self) -> bool {
        self.stream.is_write_vectored()
    }

    pub(super) fn poll_write_pieces(
        &mut self,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        let next = slices.iter().find(|slice| !slice.is_empty()).map_or(&[][..], |slice| slice);
        self.sent(written, next)
    }
}

/// Notes whether the client takes what is sent to it, of which these bytes are next, and gives it up if it has not for too long.
fn sent(
    stream: &mut Stream,
    watch: &Watch,
    written: Poll<io::Result<usize>>,
    next: &[u8],
) -> Poll<io::Result<usize>> {
    watch.sent(written.is_ready());
    if written.is_ready() || !watch.is_to_look_for_room() {
        return written;
    }
    cold_path();
    match stream.write_unseen(next) {
        Some(count) => {
            watch.sent(true);
            // All room is to be filled, so that what is free the next time has been taken meanwhile.
            watch.look_for_room();
            if count > 0 {
                return Poll::Ready(Ok(count));
            }
            watch.sent(false);
            Poll::Pending
        }
        None if watch.overdue() == Some(Overdue::Write) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
        None => Poll::Pending,
    }
}

impl AsyncRead for Watched {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        #[cfg(feature = "http2")]
        if let Some(ahead) = &mut this.ahead {
            if ahead.read(buf) {
                this.ahead = None;
            }
            return Poll::Ready(Ok(()));
        }
        if this.closing.is_none() {
            // While a request is answered hyper only looks whether the client is still there, and flushes before it waits: by then the
            // answer may be there, and goes out with those before it.
            if !this.held.is_empty()
                && this.watch.phase() != Phase::Handling
                && let Poll::Ready(Err(error)) = this.poll_send_held(cx)
            {
                return Poll::Ready(Err(error));
            }
            if !this.at_end {
                let before = buf.filled().len();
                match Pin::new(&mut this.stream).poll_read(cx, buf) {
                    Poll::Ready(Ok(())) if buf.filled().len() > before => {
                        this.watch.received(&buf.filled()[before..]);
                        return Poll::Ready(Ok(()));
                    }
                    Poll::Ready(Ok(())) => this.at_end = true,
                    Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                    // The runtime wants others to have their turn, and wakes this task: nothing is said of what there is to read.
                    Poll::Pending if !coop::has_budget_remaining() => return Poll::Pending,
                    Poll::Pending => {
                        this.watch.nothing_to_read();
                        // What has come while this task had to wait is not late; the runtime will wake us for it.
                        let Some(overdue) = this.watch.overdue_as_told() else { return Poll::Pending };
                        if this.stream.has_unseen_bytes() {
                            return Poll::Pending;
                        }
                        match overdue {
                            Overdue::Head => this.refuse(),
                            // The handler reads an error, and can still answer.
                            Overdue::Body => {
                                this.watch.cut_off_body();
                                return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
                            }
                            Overdue::Idle | Overdue::HalfClosed => {
                                // Nothing of ours is on its way, so nobody needs to be waited for.
                                this.at_end = true;
                                return Poll::Ready(Ok(()));
                            }
                            Overdue::Handler | Overdue::Write | Overdue::Closing => return Poll::Pending,
                            #[cfg(feature = "http2")]
                            Overdue::HeaderBlock | Overdue::Parting => return Poll::Pending,
                            #[cfg(feature = "tls")]
                            Overdue::Handshake => return Poll::Pending,
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
        if self.watch.is_read_ahead() || !self.held.is_empty() {
            return self.poll_write_behind(cx, bytes);
        }
        let written = self.poll_write_now(cx, bytes);
        self.sent(written, bytes)
    }

    /// hyper then copies head and body into one buffer. For the short answers of most applications that costs less than
    /// to keep a list of pieces; a large body comes in pieces, which bounds the copy.
    fn is_write_vectored(&self) -> bool {
        false
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if !self.held.is_empty() {
            if self.watch.is_read_ahead() {
                return Poll::Ready(Ok(()));
            }
            ready!(self.poll_send_held(cx))?;
        }
        let flushed = Pin::new(&mut self.stream).poll_flush(cx);
        if flushed.is_ready() {
            self.watch.all_flushed();
        }
        // What is encrypted waits here for the client; elsewhere nothing does.
        #[cfg(feature = "tls")]
        if self.stream.is_tls() {
            return self.sent(flushed.map_ok(|()| 0), &[]).map_ok(|_| ());
        }
        flushed
    }

    /// The orderly end of an HTTP connection; of another protocol, only the end of what is sent.
    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.watch.phase() == Phase::Upgraded {
            ready!(self.poll_send_held(cx))?;
            return Pin::new(&mut self.stream).poll_shutdown(cx);
        }
        ready!(self.poll_close(cx));
        Poll::Ready(Ok(()))
    }
}

impl Drop for Watched {
    /// hyper drops a connection that has failed. The answers before are sent, as far as the client takes them at once, and
    /// TLS says that this is the end.
    fn drop(&mut self) {
        if !self.held.is_empty() {
            let _ = self.poll_send_held(&mut Context::from_waker(Waker::noop()));
        }
        #[cfg(feature = "tls")]
        self.stream.say_end();
    }
}

impl std::fmt::Debug for Watched {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Watched")
            .field("stream", &self.stream)
            .field("watch", &self.watch)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::future::poll_fn;
    use std::time::Duration;

    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::UnixStream;
    use tokio::task::{spawn, yield_now};
    use tokio::time::timeout;

    use super::super::life::Life;
    use super::super::pulse::Pulse;
    use super::super::room::Room;
    use super::*;

    async fn watched(stream: Stream) -> Watched {
        let (limits, life) = (crate::Limits::default(), Life::new());
        let seat = Room::new(&limits).seat(None, std::future::pending()).await.unwrap();
        let open = (life.enter(), seat);
        let watch = Arc::new(Watch::new(Arc::new(Pulse::new(&limits, life)), None, false));
        watch.enter(Phase::Handling);
        Watched::new(stream, watch, Box::new(|| Box::pin(async { Vec::new() })), open)
    }

    /// A short answer is tried without the runtime's account. Where there is no room for it, the runtime has to know of who waits, or nobody
    /// would wake it.
    #[tokio::test]
    async fn a_short_answer_behind_a_full_buffer_is_written_when_there_is_room() {
        let (stream, mut client) = UnixStream::pair().unwrap();
        let mut full = 0;
        stream.writable().await.unwrap();
        while let Ok(count) = stream.try_write(&[b'x'; 4096]) {
            full += count;
        }
        let mut watched = watched(Stream::Unix(stream)).await;
        // In a task of its own, so that nothing but the room wakes it.
        let writing = spawn(async move { watched.write_all(b"answer").await.map(|()| watched) });
        yield_now().await;
        assert!(!writing.is_finished());
        let mut received = vec![0; full];
        client.read_exact(&mut received).await.unwrap();
        let written = timeout(Duration::from_secs(60), writing).await.expect("nobody wakes the writer");
        drop(written.unwrap().unwrap());
        received.clear();
        client.read_to_end(&mut received).await.unwrap();
        assert_eq!(received, b"answer");
    }

    /// A client of TLS that takes nothing more: there is no room for the closure alert either.
    #[cfg(feature = "tls")]
    #[tokio::test(start_paused = true)]
    async fn the_end_of_a_connection_has_its_time_too() {
        use tokio::net::{TcpListener, TcpStream};
        use tokio_rustls::rustls::crypto::ring::default_provider;
        use tokio_rustls::rustls::pki_types::{PrivateKeyDer, ServerName};
        use tokio_rustls::rustls::{ClientConfig, RootCertStore, ServerConfig};
        use tokio_rustls::{TlsAcceptor, TlsConnector};

        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        let certificate = made.cert.der().clone();
        let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
        let mut trusted = RootCertStore::empty();
        trusted.add(certificate.clone()).unwrap();
        let provider = Arc::new(default_provider());
        let client = ClientConfig::builder_with_provider(Arc::clone(&provider));
        let client = client.with_safe_default_protocol_versions().unwrap();
        let client = client.with_root_certificates(trusted).with_no_client_auth();
        let server = ServerConfig::builder_with_provider(provider);
        let server = server.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
        let server = server.with_single_cert(vec![certificate], key).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let tcp = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (accepted, _) = listener.accept().await.unwrap();
        let name = ServerName::try_from("localhost").unwrap();
        let (client, server) = tokio::join!(
            TlsConnector::from(Arc::new(client)).connect(name, tcp),
            TlsAcceptor::from(Arc::new(server)).accept(accepted)
        );
        let (_client, mut server) = (client.unwrap(), server.unwrap());
        // More than all buffers of the system take, of which room may come free at any time.
        let (socket, session) = server.get_mut();
        socket2::SockRef::from(&*socket).set_send_buffer_size(4096).unwrap();
        session.set_buffer_limit(None);
        io::Write::write_all(&mut session.writer(), &vec![b'x'; 16 << 20]).unwrap();

        let mut watched = watched(Stream::Tls(Box::new(server))).await;
        watched.watch.enter(Phase::Idle);
        let crate::Limits { write_stall: stall, idle, .. } = crate::Limits::default();
        let mut closes_after = async |time| {
            tokio::time::advance(time).await;
            watched.watch.pulse.move_on();
            poll_fn(|cx| Poll::Ready(watched.poll_close(cx).is_ready())).await
        };
        // It has been idle for too long by now, which is no reason not to wait for room.
        assert!(!closes_after(idle * 2).await, "there was room");
        assert!(!closes_after(stall / 2).await);
        assert!(closes_after(stall).await, "it waits for ever");
    }

    /// While the server drains, an answer ends the connection once all that the client has sent is read.
    #[tokio::test]
    async fn that_others_have_their_turn_does_not_say_that_all_is_read() {
        let (stream, mut client) = UnixStream::pair().unwrap();
        client.write_all(b"GET").await.unwrap();
        stream.readable().await.unwrap();
        let mut watched = watched(Stream::Unix(stream)).await;
        let mut read = async |spent: bool| {
            poll_fn(|cx| {
                while spent && coop::has_budget_remaining() {
                    if let Poll::Ready(spent) = coop::poll_proceed(cx) {
                        spent.made_progress();
                    }
                }
                let mut bytes = [0; 8];
                let mut buf = ReadBuf::new(&mut bytes);
                let polled = Pin::new(&mut watched).poll_read(cx, &mut buf);
                Poll::Ready((polled.is_pending(), buf.filled().len(), watched.watch.may_close()))
            })
            .await
        };
        assert_eq!(read(true).await, (true, 0, false));
        yield_now().await;
        assert_eq!(read(false).await, (false, 3, false));
        assert_eq!(read(false).await, (true, 0, true));
    }
}
