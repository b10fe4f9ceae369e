//! Raw bytes in, exact status and fate of the connection out: [`Raw`].

use std::net::SocketAddr;

use crate::{Client, Fate};

/// A server, asked with raw bytes.
#[derive(Debug, Clone, Copy)]
pub struct Raw(pub SocketAddr);

impl Raw {
    /// Sends these bytes on a new connection; the status of the answer, and what has become of the connection.
    ///
    /// # Panics
    /// The answer did not say so.
    pub fn ask(self, bytes: impl AsRef<[u8]>) -> (u16, Fate) {
        let mut client = Client::connect(self.0);
        let is_old = bytes.as_ref().windows(8).any(|bytes| bytes == b"HTTP/1.0");
        let reply = client.send(bytes).reply();
        let fate = client.fate();
        let said = match reply.header("connection") {
            None if is_old => Fate::Closed,
            Some("close") => Fate::Closed,
            _ => Fate::Open,
        };
        assert_eq!(said, fate, "{reply:?}");
        (reply.status, fate)
    }

    /// Each of these requests has this status, and this becomes of its connection.
    ///
    /// # Panics
    /// One has another.
    pub fn all<B: AsRef<[u8]>>(self, requests: impl IntoIterator<Item = B>, status: u16, fate: Fate) {
        for request in requests {
            let request = request.as_ref();
            assert_eq!(self.ask(request), (status, fate), "{}", request.escape_ascii());
        }
    }

    /// Each of these requests is answered, and its connection goes on.
    pub fn good<B: AsRef<[u8]>>(self, requests: impl IntoIterator<Item = B>) {
        self.all(requests, 200, Fate::Open);
    }

    /// Each of these requests is refused with 400, and its connection is closed.
    pub fn bad<B: AsRef<[u8]>>(self, requests: impl IntoIterator<Item = B>) {
        self.all(requests, 400, Fate::Closed);
    }
}
