//! Whose requests are counted together: [`Key`].

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use http::{HeaderMap, HeaderName};

use crate::Request;
use crate::middleware::Values;

/// What a request is counted by: every text or list of bytes that is its own.
#[diagnostic::on_unimplemented(
    message = "requests cannot be counted by `{Self}`",
    label = "expected a `String`, a `Vec<u8>` or a `&'static str`",
    note = "help: give a text or bytes of its own, as `value.as_bytes().to_vec()` of a `HeaderValue` or `number.to_string()`; the value of a header field is also a key by itself, `Key::header(\"x-api-key\")`"
)]
pub trait KeyBytes: Into<Vec<u8>> {}

#[diagnostic::do_not_recommend]
impl<K: Into<Vec<u8>>> KeyBytes for K {}

/// Whose requests a [`Limit`](super::Limit) counts together.
#[derive(Clone)]
pub struct Key(Kind);

type Function = dyn Fn(&Request) -> Option<Vec<u8>> + Send + Sync;
type OfProvided = dyn Fn(Values<'_>) -> Option<Vec<u8>> + Send + Sync;

#[derive(Clone)]
enum Kind {
    /// That of the client, as long as nobody says anything else.
    Unsaid,
    Client,
    Header(HeaderName),
    Function(Arc<Function>),
    /// What a function makes of a value that a middleware hands on.
    Provided(Arc<OfProvided>),
    Everybody,
    /// Keeps the application from starting.
    Fault(String),
}

impl Key {
    /// The address of the client, as [`TrustedProxies`](crate::TrustedProxies) further out has found it, else of the other end of the
    /// connection. Of IPv6 the network of 64 bits, since one customer has at least all of its addresses. Requests without
    /// an address (over a Unix socket) count as one client.
    pub fn client() -> Self {
        Self(Kind::Client)
    }

    /// The value of a header field; a request without it is counted by the address of its client.
    ///
    /// The client chooses what it writes there. So a limit by a header alone is no limit for who writes another value each
    /// time: have the value checked further out, or add a second limit by [`client`](Self::client).
    ///
    /// A name that is no name of a field keeps the application from starting.
    pub fn header(name: impl TryInto<HeaderName, Error: fmt::Display>) -> Self {
        Self(match name.try_into() {
            Ok(name) => Kind::Header(name),
            Err(error) => Kind::Fault(error.to_string()),
        })
    }

    /// What a function makes of the request: a part of its path, or what has been put into its extensions. A request for which it
    /// gives `None` is not limited by this limit. For a value that a middleware hands on, the user say, there is
    /// [`RateLimit::by_provided`](super::RateLimit::by_provided).
    ///
    /// ```
    /// use cello::middleware::rate_limit::Key;
    ///
    /// #[derive(Clone)]
    /// struct UserName(String); // put into the extensions by whoever checks the password
    ///
    /// let by_user = Key::of(|request| request.extensions().get::<UserName>().map(|name| name.0.clone()));
    /// # let _ = by_user;
    /// ```
    pub fn of<K: KeyBytes>(key: impl Fn(&Request) -> Option<K> + Send + Sync + 'static) -> Self {
        Self(Kind::Function(Arc::new(move |request| key(request).map(Into::into))))
    }

    pub(super) fn unsaid() -> Self {
        Self(Kind::Unsaid)
    }

    pub(super) fn is_unsaid(&self) -> bool {
        matches!(self.0, Kind::Unsaid)
    }

    pub(super) fn is_provided(&self) -> bool {
        matches!(self.0, Kind::Provided(_))
    }

    pub(super) fn provided<T: 'static, K: Into<Vec<u8>>>(
        key: impl Fn(&T) -> Option<K> + Send + Sync + 'static,
    ) -> Self {
        Self(Kind::Provided(Arc::new(move |values| key(values.find()?).map(Into::into))))
    }

    /// All requests together.
    pub fn everybody() -> Self {
        Self(Kind::Everybody)
    }

    /// Whether it is the address of the client, for some requests at least.
    pub(super) fn is_of_client(&self) -> bool {
        matches!(self.0, Kind::Unsaid | Kind::Client | Kind::Header(_))
    }

    pub(super) fn fault(&self) -> Option<&str> {
        match &self.0 {
            Kind::Fault(fault) => Some(fault),
            _ => None,
        }
    }

    /// Whether a function of the application's makes it.
    pub(super) fn is_made(&self) -> bool {
        matches!(self.0, Kind::Function(_) | Kind::Provided(_))
    }

    /// What the function makes of the request, or of what middleware hands on with it.
    pub(super) fn made(&self, request: &Request, provided: Values<'_>) -> Option<Vec<u8>> {
        match &self.0 {
            Kind::Function(function) => function(request),
            Kind::Provided(function) => function(provided),
            _ => None,
        }
    }

    /// The key of a request; `None` of one that is left out, as a function would have it.
    pub(super) fn read<'r>(
        &self,
        headers: &'r HeaderMap,
        client: Option<SocketAddr>,
        made: Option<Vec<u8>>,
    ) -> Option<Bytes<'r>> {
        match &self.0 {
            Kind::Unsaid | Kind::Client => Some(Bytes::of_client(client)),
            Kind::Header(name) => Some(match headers.get(name) {
                Some(value) => Bytes::Borrowed(value.as_bytes()),
                None => Bytes::of_client(client),
            }),
            Kind::Function(_) | Kind::Provided(_) => made.map(Bytes::Owned),
            Kind::Everybody | Kind::Fault(_) => Some(Bytes::Borrowed(b"")),
        }
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Unsaid | Kind::Client => f.write_str("client"),
            Kind::Header(name) => write!(f, "header {name}"),
            Kind::Function(_) => f.write_str("function"),
            Kind::Provided(_) => f.write_str("provided"),
            Kind::Everybody => f.write_str("everybody"),
            Kind::Fault(fault) => write!(f, "fault: {fault}"),
        }
    }
}

/// A key as bytes.
pub(super) enum Bytes<'r> {
    /// The kind of address, which no header value begins with, and the address.
    Address([u8; 9]),
    Borrowed(&'r [u8]),
    Owned(Vec<u8>),
}

impl Bytes<'_> {
    fn of_client(address: Option<SocketAddr>) -> Self {
        let mut bytes = [0; 9];
        match address.map(|address| address.ip().to_canonical()) {
            Some(IpAddr::V4(address)) => {
                bytes[0] = 4;
                bytes[1..5].copy_from_slice(&address.octets());
            }
            Some(IpAddr::V6(address)) => {
                bytes[0] = 6;
                bytes[1..].copy_from_slice(&address.octets()[..8]);
            }
            None => {}
        }
        Self::Address(bytes)
    }

    pub(super) fn as_slice(&self) -> &[u8] {
        match self {
            Self::Address(bytes) => bytes,
            Self::Borrowed(bytes) => bytes,
            Self::Owned(bytes) => bytes,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "these are tests")]
mod tests {
    use super::*;
    use crate::Body;

    fn read(key: &Key, header: Option<&str>, client: Option<&str>) -> Option<Vec<u8>> {
        let mut request = Request::new(Body::empty());
        if let Some(value) = header {
            request.headers_mut().insert("x-api-key", value.parse().unwrap());
        }
        let client = client.map(|client| client.parse().unwrap());
        let made = key.made(&request, Values::default());
        key.read(request.headers(), client, made).map(|key| key.as_slice().to_vec())
    }

    #[test]
    fn addresses_are_one_client_by_network() {
        let client = |address| read(&Key::client(), None, Some(address)).unwrap();
        assert_eq!(client("192.0.2.1:1"), client("192.0.2.1:2"), "ports do not matter");
        assert_ne!(client("192.0.2.1:1"), client("192.0.2.2:1"));
        assert_eq!(client("[2001:db8:1:2::1]:1"), client("[2001:db8:1:2:ffff::9]:1"), "one /64");
        assert_ne!(client("[2001:db8:1:2::1]:1"), client("[2001:db8:1:3::1]:1"));
        assert_eq!(client("[::ffff:192.0.2.1]:1"), client("192.0.2.1:1"), "IPv4 in IPv6 is IPv4");
        assert_ne!(read(&Key::client(), None, None).unwrap(), client("0.0.0.0:1"));
    }

    #[test]
    fn a_header_is_the_key_and_without_it_the_address() {
        let key = Key::header("x-api-key");
        assert_eq!(read(&key, Some("abc"), Some("192.0.2.1:1")).unwrap(), b"abc");
        assert_eq!(read(&key, None, Some("192.0.2.1:1")), read(&Key::client(), None, Some("192.0.2.1:1")));
    }

    #[test]
    fn a_function_may_leave_a_request_out() {
        let key =
            Key::of(|request| request.headers().get("x-api-key").map(|value| value.as_bytes().to_vec()));
        assert_eq!(read(&key, Some("abc"), None).unwrap(), b"abc");
        assert_eq!(read(&key, None, None), None);
        assert_eq!(
            read(&Key::everybody(), Some("abc"), None),
            read(&Key::everybody(), None, Some("[::1]:1"))
        );
    }
}
