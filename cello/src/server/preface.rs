//! What protocol a client speaks, by the first bytes that it sends: [`Watched::speaks_http2`].

use std::future::poll_fn;
use std::io;
use std::pin::Pin;

use tokio::io::{AsyncRead, ReadBuf};

use super::frames::PREFACE;
use super::watched::Watched;

/// As much as is read at first; most requests fit.
const FIRST_READ: usize = 4 * 1024;

/// Bytes that have been read to look at them, and are read once more.
#[derive(Debug)]
pub(super) struct Ahead {
    bytes: Vec<u8>,
    taken: usize,
}

impl Ahead {
    /// Gives them again; says whether that was all.
    pub(super) fn read(&mut self, buf: &mut ReadBuf<'_>) -> bool {
        let rest = &self.bytes[self.taken..];
        let count = rest.len().min(buf.remaining());
        buf.put_slice(&rest[..count]);
        self.taken += count;
        self.taken == self.bytes.len()
    }
}

impl Watched {
    /// Whether the client begins with the preface of HTTP/2. No request of HTTP/1.1 does: `PRI` is kept for it
    /// (RFC 9113, section 11.6). What has been read is read again by whoever serves the connection.
    ///
    /// # Errors
    /// The connection is over: the client was too slow, or is gone.
    pub(super) async fn speaks_http2(&mut self) -> io::Result<bool> {
        let (mut bytes, mut len) = (vec![0; FIRST_READ], 0);
        let is_http2 = loop {
            let more = poll_fn(|cx| {
                let mut buf = ReadBuf::new(&mut bytes[len..]);
                Pin::new(&mut *self).poll_read(cx, &mut buf).map_ok(|()| buf.filled().len())
            })
            .await?;
            len += more;
            if bytes[..len].starts_with(PREFACE) {
                break true;
            }
            if more == 0 || !PREFACE.starts_with(&bytes[..len]) {
                break false;
            }
        };
        bytes.truncate(len);
        if len > 0 {
            self.read_again(Ahead { bytes, taken: 0 });
        }
        Ok(is_http2)
    }
}
