//! The load: requests over loopback, from one thread, on blocking connections.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// The longest that an answer may take; a server that hangs must not hang the benchmark.
const PATIENCE: Duration = Duration::from_secs(60);

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Endpoint {
    pub(crate) name: &'static str,
    line: &'static str,
    body: &'static str,
}

/// The endpoints that are compared.
pub(crate) const ENDPOINTS: [Endpoint; 5] = [
    Endpoint { name: "GET / (plain text)", line: "GET / HTTP/1.1", body: "" },
    Endpoint { name: "GET /health/live", line: "GET /health/live HTTP/1.1", body: "" },
    Endpoint { name: "GET /api/v1/users/1", line: "GET /api/v1/users/1 HTTP/1.1", body: "" },
    Endpoint {
        name: "GET /api/v1/products?max_price=50",
        line: "GET /api/v1/products?max_price=50 HTTP/1.1",
        body: "",
    },
    Endpoint {
        name: "POST /api/v1/users",
        line: "POST /api/v1/users HTTP/1.1",
        body: r#"{"name":"Carol","email":"carol@example.com"}"#,
    },
];

/// Who asks, as the header fields tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asker {
    /// A program.
    Program,
    /// A page of another origin.
    Page,
}

impl Endpoint {
    pub(crate) fn request(self, asker: Asker) -> Vec<u8> {
        let Self { line, body, .. } = self;
        let mut request =
            format!("{line}\r\nHost: 127.0.0.1\r\nUser-Agent: cello-bench/1.0\r\nAccept: */*\r\n");
        if asker == Asker::Page {
            request.push_str("Origin: https://app.example\r\nAccept-Encoding: gzip, deflate, br\r\n");
        }
        if !body.is_empty() {
            request.push_str("Content-Type: application/json\r\n");
            request.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        format!("{request}\r\n{body}").into_bytes()
    }
}

/// One connection.
#[derive(Debug)]
pub(crate) struct Client {
    stream: TcpStream,
    /// What has come; the answers in it that have been taken end here.
    buffer: Vec<u8>,
    taken: usize,
}

/// One answer, as far as servers can agree about it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: String,
}

impl Client {
    pub(crate) fn connect(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        Ok(Self { stream, buffer: Vec::with_capacity(16 * 1024), taken: 0 })
    }

    pub(crate) fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.write_all(bytes)
    }

    /// Waits for one answer, and gives where it is in the buffer: its head and its body.
    pub(crate) fn receive(&mut self) -> io::Result<(&[u8], &[u8])> {
        let head = loop {
            let rest = self.buffer.get(self.taken..).unwrap_or_default();
            if let Some(end) = rest.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                break end + 4;
            }
            self.more()?;
        };
        let len = content_length(&self.buffer[self.taken..self.taken + head])?;
        let from = self.taken;
        let (middle, end) = (from + head, from + head + len);
        while self.buffer.len() < end {
            self.more()?;
        }
        self.taken = end;
        Ok((&self.buffer[from..middle], &self.buffer[middle..end]))
    }

    fn more(&mut self) -> io::Result<()> {
        if self.taken == self.buffer.len() {
            self.buffer.clear();
            self.taken = 0;
        }
        let mut bytes = [0; 16 * 1024];
        match self.stream.read(&mut bytes)? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            count => {
                self.buffer.extend_from_slice(&bytes[..count]);
                Ok(())
            }
        }
    }

    /// Asks once.
    pub(crate) fn ask(&mut self, request: &[u8]) -> io::Result<Answer> {
        self.send(request)?;
        let (head, body) = self.receive()?;
        let status = std::str::from_utf8(head).ok().and_then(|head| head.get(9..12)?.parse().ok());
        let status = status.ok_or(io::ErrorKind::InvalidData)?;
        Ok(Answer { status, body: String::from_utf8_lossy(body).into_owned() })
    }

    /// Asks so often, one after the other.
    pub(crate) fn repeat(&mut self, request: &[u8], requests: usize) -> io::Result<()> {
        for _ in 0..requests {
            self.send(request)?;
            is_success(self.receive()?.0)?;
        }
        Ok(())
    }
}

/// Asks on this many connections, `at_once` requests on each at a time, for so long. Gives the answers per second.
pub(crate) fn throughput(
    address: SocketAddr,
    request: &[u8],
    connections: usize,
    at_once: usize,
    length: Duration,
) -> io::Result<f64> {
    let mut clients = (0..connections).map(|_| Client::connect(address)).collect::<io::Result<Vec<_>>>()?;
    let batch = request.repeat(at_once);
    for client in &mut clients {
        client.repeat(request, 10)?;
    }
    // All connections stay busy: each is asked again as soon as its answers have been taken.
    let start = Instant::now();
    for client in &mut clients {
        client.send(&batch)?;
    }
    let mut answers = 0_u32;
    while start.elapsed() < length {
        for client in &mut clients {
            for _ in 0..at_once {
                is_success(client.receive()?.0)?;
            }
            client.send(&batch)?;
        }
        answers += u32::try_from(connections * at_once).unwrap_or(u32::MAX);
    }
    Ok(f64::from(answers) / start.elapsed().as_secs_f64())
}

fn is_success(head: &[u8]) -> io::Result<()> {
    if head.get(9) == Some(&b'2') { Ok(()) } else { Err(io::ErrorKind::InvalidData.into()) }
}

fn content_length(head: &[u8]) -> io::Result<usize> {
    let name = b"content-length: ";
    let at = head.windows(name.len()).position(|bytes| bytes.eq_ignore_ascii_case(name));
    let digits = at.and_then(|at| head.get(at + name.len()..)).unwrap_or_default();
    let digits = digits.split(|byte| *byte == b'\r').next().unwrap_or_default();
    let len = std::str::from_utf8(digits).ok().and_then(|digits| digits.parse().ok());
    len.ok_or_else(|| io::ErrorKind::InvalidData.into())
}
