//! The bytes of one connection, whatever they come over: [`Stream`].

use std::io::{self, Write};
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::task::{Context, Poll};

use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
#[cfg(unix)]
use tokio::net::UnixStream;
#[cfg(feature = "tls")]
use tokio_rustls::server::TlsStream;

/// The most bytes that are written without the runtime's account.
const SHORT: usize = 4 * 1024;

/// The bytes of one connection.
#[derive(Debug)]
pub(super) enum Stream {
    Tcp(TcpStream),
    #[cfg(unix)]
    Unix(UnixStream),
    #[cfg(feature = "tls")]
    Tls(Box<TlsStream<TcpStream>>),
}

impl Stream {
    #[cfg(feature = "tls")]
    pub(super) fn is_tls(&self) -> bool {
        matches!(self, Self::Tls(_))
    }

    /// Whether the client has agreed to HTTP/2, or to HTTP/1.1; `None` if nobody has asked it.
    #[cfg(feature = "http2")]
    pub(super) fn has_agreed_to_http2(&self) -> Option<bool> {
        match self {
            #[cfg(feature = "tls")]
            Self::Tls(stream) => Some(stream.get_ref().1.alpn_protocol() == Some(b"h2")),
            _ => None,
        }
    }

    /// Writes a short answer, if there is room for it, as there nearly always is: to ask first costs less than to get ready for a
    /// wait. Of long ones the runtime keeps count, so that one connection leaves time to the others.
    #[inline]
    pub(super) fn write_short(&self, bytes: &[u8]) -> Option<io::Result<usize>> {
        let written = match self {
            Self::Tcp(stream) if bytes.len() <= SHORT => stream.try_write(bytes),
            #[cfg(unix)]
            Self::Unix(stream) if bytes.len() <= SHORT => stream.try_write(bytes),
            _ => return None,
        };
        let is_full = matches!(&written, Err(error) if error.kind() == io::ErrorKind::WouldBlock);
        (!is_full).then_some(written)
    }

    fn socket(&self) -> SockRef<'_> {
        match self {
            Self::Tcp(stream) => SockRef::from(stream),
            #[cfg(unix)]
            Self::Unix(stream) => SockRef::from(stream),
            #[cfg(feature = "tls")]
            Self::Tls(stream) => SockRef::from(stream.get_ref().0),
        }
    }

    /// Whether there are bytes that the runtime has not told us of yet.
    pub(super) fn has_unseen_bytes(&self) -> bool {
        let mut byte = [MaybeUninit::uninit()];
        self.socket().peek(&mut byte).is_ok_and(|bytes| bytes > 0)
    }

    /// Writes where the runtime has not told us of room, which systems tell of only when there is much. How many of the bytes were taken;
    /// `None` if there is no room. What TLS holds goes before them.
    pub(super) fn write_unseen(&mut self, bytes: &[u8]) -> Option<usize> {
        // By the standard library, which asks the system for no signal where the client is gone.
        let mut socket = std::net::TcpStream::from(self.socket().try_clone().ok()?);
        match self {
            #[cfg(feature = "tls")]
            Self::Tls(stream) => {
                let (_, session) = stream.get_mut();
                let mut sent = 0;
                while session.wants_write()
                    && let Ok(more @ 1..) = session.write_tls(&mut socket)
                {
                    sent += more;
                }
                (sent > 0).then(|| session.writer().write(bytes).unwrap_or(0))
            }
            _ => socket.write(bytes).ok(),
        }
    }
}

#[cfg(feature = "tls")]
impl Stream {
    /// Tells the client that nothing was cut off (RFC 8446, section 6.1), if that can be sent at once.
    pub(super) fn say_end(&mut self) {
        let Self::Tls(stream) = self else { return };
        let (stream, session) = stream.get_mut();
        session.send_close_notify();
        while session.wants_write() && session.write_tls(&mut AtOnce(stream)).is_ok_and(|count| count > 0) {}
    }
}

/// A stream to which is written what it takes without a wait.
#[cfg(feature = "tls")]
struct AtOnce<'a>(&'a TcpStream);

#[cfg(feature = "tls")]
impl Write for AtOnce<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.try_write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Does the same with each kind of stream.
macro_rules! each {
    ($stream:expr => $inner:ident, $does:expr) => {
        match $stream {
            Stream::Tcp($inner) => $does,
            #[cfg(unix)]
            Stream::Unix($inner) => $does,
            #[cfg(feature = "tls")]
            Stream::Tls($inner) => $does,
        }
    };
}

impl AsyncRead for Stream {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        each!(self.get_mut() => stream, Pin::new(stream).poll_read(cx, buf))
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        each!(self.get_mut() => stream, Pin::new(stream).poll_write(cx, bytes))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        each!(self.get_mut() => stream, Pin::new(stream).poll_write_vectored(cx, slices))
    }

    fn is_write_vectored(&self) -> bool {
        each!(self => stream, stream.is_write_vectored())
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        each!(self.get_mut() => stream, Pin::new(stream).poll_flush(cx))
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        each!(self.get_mut() => stream, Pin::new(stream).poll_shutdown(cx))
    }
}
