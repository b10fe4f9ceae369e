//! The bytes of one connection, whatever they come over: [`Stream`].

use std::io;
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
#[cfg(unix)]
use tokio::net::UnixStream;

/// The bytes of one connection.
#[derive(Debug)]
pub(super) enum Stream {
    Tcp(TcpStream),
    #[cfg(unix)]
    Unix(UnixStream),
}

impl Stream {
    /// Whether there are bytes that the runtime has not told us of yet.
    pub(super) fn has_unseen_bytes(&self) -> bool {
        let socket = match self {
            Self::Tcp(stream) => socket2::SockRef::from(stream),
            #[cfg(unix)]
            Self::Unix(stream) => socket2::SockRef::from(stream),
        };
        let mut byte = [MaybeUninit::uninit()];
        socket.peek(&mut byte).is_ok_and(|bytes| bytes > 0)
    }
}

/// Does the same with each kind of stream.
macro_rules! each {
    ($stream:expr => $inner:ident, $does:expr) => {
        match $stream {
            Stream::Tcp($inner) => $does,
            #[cfg(unix)]
            Stream::Unix($inner) => $does,
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
