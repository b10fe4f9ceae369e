//! A client that sees every byte: [`Client`].

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::Duration;

use crate::http2::Frame;

/// The longest that a test waits for bytes.
const PATIENCE: Duration = Duration::from_secs(30);

/// One connection, and what has come on it that nobody has looked at yet.
#[derive(Debug)]
pub struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// A response as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The status code.
    pub status: u16,
    /// The head, without its first line.
    pub head: String,
    /// The body.
    pub body: Vec<u8>,
}

/// What has become of a connection after an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It serves the next request.
    Open,
    /// The server has closed it.
    Closed,
}

impl Reply {
    /// The value of a header field.
    pub fn header(&self, name: &str) -> Option<&str> {
        let fields = self.head.lines().filter_map(|line| line.split_once(':'));
        fields.filter(|(field, _)| field.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim()).next()
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Whether it says that the connection closes.
    pub fn closes(&self) -> bool {
        self.header("connection").is_some_and(|value| value.eq_ignore_ascii_case("close"))
    }
}

impl Client {
    /// A new connection.
    pub fn connect(address: SocketAddr) -> Self {
        Self::try_connect(address).unwrap_or_else(|error| panic!("no connection to {address}: {error}"))
    }

    /// A new connection, where that may fail.
    ///
    /// # Errors
    /// The server does not accept it.
    pub fn try_connect(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        Ok(Self { stream, buffer: Vec::new() })
    }

    /// Sends these bytes.
    pub fn send(&mut self, bytes: impl AsRef<[u8]>) -> &mut Self {
        self.stream.write_all(bytes.as_ref()).unwrap();
        self
    }

    /// Sends these bytes, where that may fail.
    ///
    /// # Errors
    /// The connection is closed.
    pub fn try_send(&mut self, bytes: impl AsRef<[u8]>) -> io::Result<()> {
        self.stream.write_all(bytes.as_ref())
    }

    /// Sends a request without a body.
    pub fn request(&mut self, method: &str, path: &str) -> &mut Self {
        self.send(format!("{method} {path} HTTP/1.1\r\nHost: test\r\n\r\n"))
    }

    /// Sends a GET request and reads the response.
    pub fn get(&mut self, path: &str) -> Reply {
        self.request("GET", path).reply()
    }

    /// Ends the connection at once, as a client that has crashed does.
    ///
    /// # Errors
    /// The system refuses it.
    pub fn reset(self) -> io::Result<()> {
        socket2::SockRef::from(&self.stream).set_linger(Some(Duration::ZERO))
    }

    /// Says that nothing more is sent.
    pub fn finish(&mut self) -> &mut Self {
        self.stream.shutdown(Shutdown::Write).unwrap();
        self
    }

    /// Reads a response.
    pub fn reply(&mut self) -> Reply {
        self.try_reply(true).unwrap()
    }

    /// Reads a response to HEAD: without a body, whatever its head says.
    pub fn reply_to_head(&mut self) -> Reply {
        self.try_reply(false).unwrap()
    }

    /// Reads a response, where that may fail.
    ///
    /// # Errors
    /// It does not come, or not to its end.
    pub fn try_reply(&mut self, with_body: bool) -> io::Result<Reply> {
        let end = loop {
            if let Some(end) = self.buffer.windows(4).position(|window| window == b"\r\n\r\n") {
                break end + 4;
            }
            self.fill()?;
        };
        let head = String::from_utf8_lossy(&self.take(end)).into_owned();
        let (line, head) = head.split_once("\r\n").unwrap_or_default();
        let status = line
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok())
            .ok_or(io::ErrorKind::InvalidData)?;
        let mut reply = Reply { status, head: head.trim_end().to_owned(), body: Vec::new() };
        if with_body && status >= 200 {
            let length =
                reply.header("content-length").map_or(Ok(0), str::parse).map_err(io::Error::other)?;
            while self.buffer.len() < length {
                self.fill()?;
            }
            reply.body = self.take(length);
        }
        Ok(reply)
    }

    /// Reads a frame of HTTP/2.
    ///
    /// # Errors
    /// The connection ended before.
    pub fn frame(&mut self) -> io::Result<Frame> {
        loop {
            if let Some((frame, len)) = Frame::parse(&self.buffer) {
                self.take(len);
                return Ok(frame);
            }
            self.fill()?;
        }
    }

    /// Reads this many bytes.
    pub fn bytes(&mut self, count: usize) -> Vec<u8> {
        while self.buffer.len() < count {
            self.fill().unwrap();
        }
        self.take(count)
    }

    /// Reads until the server closes the connection, and gives what came before.
    ///
    /// # Errors
    /// The connection was reset, or the server does not close it.
    pub fn rest(mut self) -> io::Result<Vec<u8>> {
        self.stream.read_to_end(&mut self.buffer)?;
        Ok(self.buffer)
    }

    /// Whether the server has closed the connection by now.
    pub fn is_closed(&self) -> bool {
        self.stream.set_nonblocking(true).unwrap();
        let peeked = self.stream.peek(&mut [0]);
        self.stream.set_nonblocking(false).unwrap();
        match peeked {
            Ok(bytes) => bytes == 0,
            Err(error) => error.kind() != io::ErrorKind::WouldBlock,
        }
    }

    /// What has become of the connection: it answers one more request, or the server has closed it in good order.
    ///
    /// # Panics
    /// It does neither.
    pub fn fate(mut self) -> Fate {
        // A connection that the server closes may be closed before this is sent.
        let _ = self.try_send("GET / HTTP/1.1\r\nHost: fate\r\n\r\n");
        match self.try_reply(true) {
            Ok(reply) if reply.status == 200 && reply.text() == "hello" => Fate::Open,
            Ok(reply) => panic!("neither open nor closed: {reply:?}"),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof && self.buffer.is_empty() => {
                Fate::Closed
            }
            Err(error) => panic!("neither open nor closed: {error}, {:?}", self.buffer),
        }
    }

    /// The same for a client that has said that it sends nothing more.
    pub fn fate_after_end(self) -> Fate {
        match self.rest() {
            Ok(rest) if rest.is_empty() => Fate::Closed,
            other => panic!("not closed in good order: {other:?}"),
        }
    }

    /// Whether nothing has come that nobody has looked at, and the connection is open.
    pub fn has_nothing(&self) -> bool {
        self.stream.set_nonblocking(true).unwrap();
        let peeked = self.stream.peek(&mut [0]);
        self.stream.set_nonblocking(false).unwrap();
        self.buffer.is_empty() && peeked.is_err_and(|error| error.kind() == io::ErrorKind::WouldBlock)
    }

    /// Sends a GET request and reads the response, where that may fail.
    ///
    /// # Errors
    /// The connection is closed.
    pub fn try_get(&mut self, path: &str) -> io::Result<Reply> {
        self.try_send(format!("GET {path} HTTP/1.1\r\nHost: test\r\n\r\n"))?;
        self.try_reply(true)
    }

    fn fill(&mut self) -> io::Result<()> {
        let mut bytes = [0; 16 * 1024];
        let count = self.stream.read(&mut bytes)?;
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.buffer.extend_from_slice(&bytes[..count]);
        Ok(())
    }

    fn take(&mut self, count: usize) -> Vec<u8> {
        let rest = self.buffer.split_off(count);
        std::mem::replace(&mut self.buffer, rest)
    }
}
