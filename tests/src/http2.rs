//! HTTP/2 as frames: [`H2`], a client that sends what it is told, and sees each frame that comes.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;

/// What a client sends first.
pub const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// Kinds of frames: RFC 9113, section 6.
pub const DATA: u8 = 0;
/// The head of a request or response.
pub const HEADERS: u8 = 1;
/// The priority of a stream, which nobody heeds.
pub const PRIORITY: u8 = 2;
/// The end of a stream.
pub const RST_STREAM: u8 = 3;
/// Settings of one side.
pub const SETTINGS: u8 = 4;
/// A question, and its answer.
pub const PING: u8 = 6;
/// The end of a connection.
pub const GOAWAY: u8 = 7;
/// Room for more bytes.
pub const WINDOW_UPDATE: u8 = 8;
/// The rest of a head.
pub const CONTINUATION: u8 = 9;

/// The flag for the last frame of a stream; of a PING or SETTINGS it says that this is the answer.
pub const END_STREAM: u8 = 1;
/// The flag for the last frame of a head.
pub const END_HEADERS: u8 = 4;

/// Error codes: RFC 9113, section 7.
pub const NO_ERROR: u32 = 0;
/// The client has broken the rules.
pub const PROTOCOL_ERROR: u32 = 1;
/// The server has failed.
pub const INTERNAL_ERROR: u32 = 2;
/// Nothing was done for the request.
pub const REFUSED_STREAM: u32 = 7;
/// The answer is not wanted, or cannot be brought to an end.
pub const CANCEL: u32 = 8;
/// The client does too much of something.
pub const ENHANCE_YOUR_CALM: u32 = 11;

/// The longest that a test waits for a frame.
const PATIENCE: Duration = Duration::from_secs(3600);

/// One frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// What it is.
    pub kind: u8,
    /// Its flags.
    pub flags: u8,
    /// The stream that it belongs to; 0 for the connection.
    pub stream: u32,
    /// What it carries.
    pub payload: Vec<u8>,
}

impl Frame {
    /// The first frame among these bytes, and how many of them it takes.
    pub fn parse(bytes: &[u8]) -> Option<(Self, usize)> {
        let (head, rest) = bytes.split_first_chunk::<9>()?;
        let [a, b, c, kind, flags, stream @ ..] = *head;
        let payload = rest.get(..u32::from_be_bytes([0, a, b, c]) as usize)?.to_vec();
        let len = head.len() + payload.len();
        Some((Self { kind, flags, stream: u32::from_be_bytes(stream), payload }, len))
    }

    /// Whether it is the last of its stream.
    pub fn ends(&self) -> bool {
        matches!(self.kind, DATA | HEADERS) && self.flags & END_STREAM != 0
    }

    /// The status of a response, if this is its head.
    pub fn status(&self) -> Option<u16> {
        (self.kind == HEADERS).then(|| status(&self.payload))?
    }

    /// The number at this place of the payload.
    pub fn number(&self, at: usize) -> u32 {
        self.payload
            .get(at..at + 4)
            .map_or(0, |bytes| bytes.iter().fold(0, |all, byte| all << 8 | u32::from(*byte)))
    }
}

/// The status at the beginning of a header block (RFC 7541) in which nothing is kept in a table.
fn status(block: &[u8]) -> Option<u16> {
    let block = match block {
        [0x20..=0x3f, rest @ ..] => rest, // the size of the table
        block => block,
    };
    match block {
        [indexed @ 0x88..=0x8e, ..] => Some([200, 204, 206, 304, 400, 404, 500][usize::from(indexed - 0x88)]),
        [0x08 | 0x18 | 0x48, 3, a, b, c, ..] => std::str::from_utf8(&[*a, *b, *c]).ok()?.parse().ok(),
        [0x08 | 0x18 | 0x48, len @ 0x82..=0x83, code @ ..] => {
            // Digits in the Huffman code: 0 to 2 have five bits, the others six.
            let bytes = code.get(..usize::from(len & 0x7f))?;
            let (mut bits, mut status) =
                (bytes.iter().fold(0_u32, |all, byte| all << 8 | u32::from(*byte)), 0);
            bits <<= 32 - 8 * bytes.len();
            for _ in 0..3 {
                let (digit, len) = match bits >> 27 {
                    short @ 0..=2 => (short, 5),
                    _ => ((bits >> 26).checked_sub(0b01_1001)? + 3, 6),
                };
                bits <<= len;
                status = status * 10 + u16::try_from(digit).ok()?;
            }
            Some(status)
        }
        _ => None,
    }
}

/// The bytes of a frame.
pub fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let mut bytes = u32::try_from(payload.len()).unwrap().to_be_bytes()[1..].to_vec();
    bytes.extend_from_slice(&[kind, flags]);
    bytes.extend_from_slice(&stream.to_be_bytes());
    bytes.extend_from_slice(payload);
    bytes
}

/// A header block, each field literally and kept in no table.
pub fn block(fields: &[(&str, &str)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (name, value) in fields {
        bytes.push(0);
        text(name, &mut bytes);
        text(value, &mut bytes);
    }
    bytes
}

fn text(text: &str, bytes: &mut Vec<u8>) {
    if text.len() < 127 {
        bytes.push(u8::try_from(text.len()).unwrap());
    } else {
        bytes.push(127);
        let mut rest = text.len() - 127;
        while rest > 127 {
            bytes.push(u8::try_from(rest % 128).unwrap() | 128);
            rest /= 128;
        }
        bytes.push(u8::try_from(rest).unwrap());
    }
    bytes.extend_from_slice(text.as_bytes());
}

/// The header block of a request.
pub fn request(method: &str, path: &str, more: &[(&str, &str)]) -> Vec<u8> {
    let head = [(":method", method), (":scheme", "http"), (":authority", "test"), (":path", path)];
    block(&[&head, more].concat())
}

/// What a client begins with: the preface, and settings with these besides. The server keeps no header fields for it.
pub fn opening(settings: &[(u16, u32)]) -> Vec<u8> {
    let mut payload = Vec::new();
    for (name, value) in [&[(1, 0)], settings].concat() {
        payload.extend_from_slice(&name.to_be_bytes());
        payload.extend_from_slice(&value.to_be_bytes());
    }
    [PREFACE, &frame(SETTINGS, 0, 0, &payload)].concat()
}

/// A whole `GET`.
pub fn get(stream: u32, path: &str) -> Vec<u8> {
    frame(HEADERS, END_HEADERS | END_STREAM, stream, &request("GET", path, &[]))
}

/// The head of a `POST`.
pub fn post(stream: u32, path: &str) -> Vec<u8> {
    frame(HEADERS, END_HEADERS, stream, &request("POST", path, &[]))
}

/// The end of a stream with this code.
pub fn reset(stream: u32, code: u32) -> Vec<u8> {
    frame(RST_STREAM, 0, stream, &code.to_be_bytes())
}

/// What came on a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status; 0 for none.
    pub status: u16,
    /// The body, as far as it came.
    pub body: String,
    /// The code with which the stream was reset, if it was.
    pub reset: Option<u32>,
}

/// A client of HTTP/2 that does nothing by itself but to acknowledge settings and pings.
#[derive(Debug)]
pub struct H2<S = TcpStream> {
    stream: S,
    buffer: Vec<u8>,
    /// Whether pings are answered, and not given.
    pub answers_pings: bool,
}

impl H2 {
    /// A new connection.
    pub async fn connect(address: SocketAddr) -> Self {
        Self::connect_with(address, &[]).await
    }

    /// A new connection with these settings.
    pub async fn connect_with(address: SocketAddr, settings: &[(u16, u32)]) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let mut client = Self::on(stream);
        client.send(opening(settings)).await;
        client
    }

    /// A new connection on which nothing is sent yet.
    pub async fn connect_silently(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self::on(stream)
    }
}

impl<S> H2<S> {
    /// The stream below.
    pub fn get_mut(&mut self) -> &mut S {
        &mut self.stream
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> H2<S> {
    /// A client on this stream, which sends nothing yet.
    pub fn on(stream: S) -> Self {
        Self { stream, buffer: Vec::new(), answers_pings: true }
    }

    /// Sends these bytes.
    pub async fn send(&mut self, bytes: impl AsRef<[u8]>) -> &mut Self {
        self.try_send(bytes).await.unwrap();
        self
    }

    /// Sends these bytes, where that may fail.
    ///
    /// # Errors
    /// The connection is closed.
    pub async fn try_send(&mut self, bytes: impl AsRef<[u8]>) -> io::Result<()> {
        self.stream.write_all(bytes.as_ref()).await?;
        self.stream.flush().await
    }

    /// The next frame but settings, pings and updates of windows; `None` when the server has closed the connection.
    ///
    /// # Errors
    /// The connection was reset, or ended within a frame.
    pub async fn next(&mut self) -> io::Result<Option<Frame>> {
        loop {
            while let Some((frame, len)) = Frame::parse(&self.buffer) {
                self.buffer.drain(..len);
                match (frame.kind, frame.flags) {
                    (SETTINGS, 0) => drop(self.try_send(self::frame(SETTINGS, 1, 0, &[])).await),
                    (PING, 0) if self.answers_pings => {
                        drop(self.try_send(self::frame(PING, 1, 0, &frame.payload)).await);
                    }
                    (SETTINGS | WINDOW_UPDATE, _) => {}
                    _ => return Ok(Some(frame)),
                }
            }
            let mut bytes = [0; 16 * 1024];
            let count = tokio::time::timeout(PATIENCE, self.stream.read(&mut bytes)).await.unwrap()?;
            if count == 0 {
                let whole = self.buffer.is_empty();
                return if whole { Ok(None) } else { Err(io::ErrorKind::UnexpectedEof.into()) };
            }
            self.buffer.extend_from_slice(&bytes[..count]);
        }
    }

    /// What comes on this stream until it ends; what comes on others is passed over.
    pub async fn answer(&mut self, stream: u32) -> Answer {
        let mut answer = Answer { status: 0, body: String::new(), reset: None };
        loop {
            let frame = self.next().await.unwrap().unwrap_or_else(|| panic!("closed before {stream} ended"));
            if frame.stream != stream {
                assert_ne!(frame.kind, GOAWAY, "{frame:?}");
                continue;
            }
            match frame.kind {
                HEADERS => answer.status = frame.status().unwrap_or(answer.status),
                DATA => answer.body.push_str(&String::from_utf8_lossy(&frame.payload)),
                RST_STREAM => answer.reset = Some(frame.number(0)),
                _ => {}
            }
            if frame.ends() || answer.reset.is_some() {
                return answer;
            }
        }
    }

    /// Sends a `GET`, and gives the status of its answer.
    pub async fn get(&mut self, stream: u32, path: &str) -> u16 {
        self.send(get(stream, path)).await.answer(stream).await.status
    }

    /// The code of the last GOAWAY that comes before the server closes the connection, which it must.
    pub async fn end(mut self) -> Option<u32> {
        let mut code = None;
        loop {
            match self.next().await {
                Ok(Some(frame)) if frame.kind == GOAWAY => code = Some(frame.number(4)),
                Ok(Some(_)) => {}
                Ok(None) => return code,
                Err(error) => panic!("the connection was reset: {error}, {code:?}"),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_is_read() {
        assert_eq!(status(&[0x88]), Some(200));
        assert_eq!(status(&[0x20, 0x8d]), Some(404));
        assert_eq!(status(b"\x08\x03431"), Some(431));
        // 408 and 503, as RFC 7541 codes their digits.
        assert_eq!(status(&[0x08, 0x83, 0b0110_1000, 0b0000_1111, 0b0111_1111]), Some(408));
        assert_eq!(status(&[0x48, 0x83, 0b0110_1100, 0b0000_1100, 0b1111_1111]), Some(503));
    }
}
