//! What a worker accepts connections from: [`Listener`].

use std::io;
use std::net::SocketAddr;
#[cfg(unix)]
use std::sync::Arc;

use socket2::Socket;
use tokio::net::TcpListener;
#[cfg(unix)]
use tokio::net::UnixListener;

#[cfg(unix)]
use super::socket_file::SocketFile;
use super::stream::Stream;
use super::tls::Acceptor;

/// What a worker accepts connections from.
#[derive(Debug)]
pub(super) struct Listener {
    kind: Kind,
    /// What its connections are encrypted with, if they are.
    tls: Option<Acceptor>,
    /// Whether nobody else holds its socket, so that it ends when it is closed.
    ours: bool,
}

#[derive(Debug)]
enum Kind {
    Tcp(TcpListener),
    #[cfg(unix)]
    Unix(UnixListener, Arc<SocketFile>),
}

impl Listener {
    /// A listener that we have made, for TCP. Within a runtime.
    pub(super) fn tcp(socket: Socket, tls: Option<Acceptor>) -> io::Result<Self> {
        Ok(Self { kind: Kind::Tcp(TcpListener::from_std(socket.into())?), tls, ours: true })
    }

    /// A listener that we have made, on the file system. Within a runtime.
    #[cfg(unix)]
    pub(super) fn unix(socket: Socket, file: Arc<SocketFile>) -> io::Result<Self> {
        Ok(Self { kind: Kind::Unix(UnixListener::from_std(socket.into())?, file), tls: None, ours: true })
    }

    /// A listener of the caller, who may have given it to others too.
    pub(super) fn given(tcp: TcpListener, tls: Option<Acceptor>) -> Self {
        Self { kind: Kind::Tcp(tcp), tls, ours: false }
    }

    pub(super) fn tls(&self) -> Option<&Acceptor> {
        self.tls.as_ref()
    }

    /// The next connection, and the address of its other end if it has one.
    pub(super) async fn accept(&self) -> io::Result<(Stream, Option<SocketAddr>)> {
        match &self.kind {
            Kind::Tcp(listener) => {
                let (stream, peer) = listener.accept().await?;
                // Answers are written whole; without this, the second of two would wait for the client's acknowledgement.
                let _ = stream.set_nodelay(true);
                Ok((Stream::Tcp(stream), Some(peer)))
            }
            #[cfg(unix)]
            Kind::Unix(listener, _) => Ok((Stream::Unix(listener.accept().await?.0), None)),
        }
    }

    /// Lets no more connections enter the queue. Says whether that can be had.
    ///
    /// It holds for the socket, not for this handle of it: what others hold too is left as it is.
    pub(super) fn hold_off_new_connections(&self) -> bool {
        match &self.kind {
            Kind::Tcp(listener) => self.ours && hold_off_new_connections(listener),
            #[cfg(unix)]
            Kind::Unix(_, file) => {
                file.remove();
                true
            }
        }
    }
}

/// Lets the system drop packets that begin a connection, so that the listener's queue can only get shorter but for
/// handshakes that have begun. Their senders try again after a second, when the listener is closed.
#[cfg(target_os = "linux")]
fn hold_off_new_connections(listener: &TcpListener) -> bool {
    use socket2::{SockFilter, SockRef};
    // A classic BPF program, which sees the packet from its TCP header on.
    const FLAGS: u32 = 13; // the byte with SYN (0x02) and ACK (0x10)
    let program = [
        SockFilter::new(0x30, 0, 0, FLAGS),    // load the byte
        SockFilter::new(0x54, 0, 0, 0x12),     // keep SYN and ACK
        SockFilter::new(0x15, 0, 1, 0x02),     // if it is SYN alone:
        SockFilter::new(0x06, 0, 0, 0),        //   drop the packet
        SockFilter::new(0x06, 0, 0, u32::MAX), // else take all of it
    ];
    SockRef::from(listener).attach_filter(&program).is_ok()
}

/// Elsewhere connections cannot be held off: those that wait are accepted, and the listener is closed at once.
#[cfg(not(target_os = "linux"))]
fn hold_off_new_connections(_: &TcpListener) -> bool {
    false
}
