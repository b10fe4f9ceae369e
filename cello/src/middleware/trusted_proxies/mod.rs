//! Requests that proxies bring: [`TrustedProxies`].

mod fields;
mod network;

use std::borrow::Cow;
use std::fmt;
use std::future::Future;
use std::net::IpAddr;
use std::ops::ControlFlow;

use http::header::{FORWARDED, HOST, HeaderName, HeaderValue};
use http::uri::{Authority, Scheme, Uri};
use http::{HeaderMap, request};

use fields::{Element, Node, Ports, from_right};
pub use network::{Network, NotANetwork};

use super::after::never_waits;
use super::{Middleware, Passing, Surroundings};
use crate::dispatch::Forwarded;
use crate::server::is_host;
use crate::{Body, Error, Response};

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const X_FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
const X_FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");

/// Believes the proxies of the networks that you name about whose requests they bring, and nobody else.
///
/// ```
/// use cello::prelude::*;
///
/// // What `.enable_trusted_proxies()` gives: a proxy on the same machine.
/// let same_machine = TrustedProxies::default();
///
/// // A load balancer in front of proxies, which write `Forwarded`.
/// let cluster = TrustedProxies::new().network("10.20.0.0/16").network("2001:db8:1::/48").forwarded();
/// # let _ = (same_machine, cluster);
/// ```
///
/// # What follows
/// - **The address of the client**: [`ClientAddr`](crate::ClientAddr), [`Next::client_addr`](crate::Next::client_addr), rate limits.
/// - **The scheme**: [`Scheme`](crate::extract::Scheme), [`Next::scheme`](crate::Next::scheme), and with it what is only sent over TLS.
/// - **The host**: the request's `Host` field becomes the one that the client asked for, and the authority of its target,
///   where it has one.
///
/// # Whom it believes
/// If the other end of the connection is in one of the networks, the list is read **from the right**, since each proxy adds to
/// its end: the last element is the word of the proxy that has connected. If the address in it is that of a trusted proxy
/// too, the element before it counts, and so on. The first address that is not trusted is the client, and what stands left of it is
/// whatever that client has written. The list may be spread over several fields.
///
/// What is malformed is not believed, nor is anything left of it: the client is then the last proxy that is known. So it is with
/// `unknown` and with names that only the proxy understands (`_gazonk`).
///
/// Of `Forwarded` ([RFC 7239](https://www.rfc-editor.org/rfc/rfc7239)), `proto` and `host` count as far left as elements are believed. Of
/// `X-Forwarded-Proto` and `X-Forwarded-Host`, where there is more than one value, the last counts.
///
/// **One kind only.** A proxy that writes one kind of field passes the other as the client has sent it. So only those count
/// that you choose, and your proxy has to set or remove every one of them: a proxy that sets `X-Forwarded-For` alone is followed
/// with [`ignore_scheme`](Self::ignore_scheme) and [`ignore_host`](Self::ignore_host).
///
/// # Defaults
/// | | [`default()`](Self::default) | [`new()`](Self::new) |
/// |---|---|---|
/// | networks | `127.0.0.0/8`, `::1` | those that you name; at least one |
/// | fields | `X-Forwarded-For`, `X-Forwarded-Proto`, `X-Forwarded-Host` | the same |
///
/// Put it first, outside of everything that asks for the client. A network that cannot be understood, or that is all of the
/// internet, keeps the application from starting, with a sentence.
///
/// # Cost
/// A comparison with each network. Nothing is allocated unless a trusted proxy names a host.
#[derive(Clone)]
pub struct TrustedProxies {
    networks: Vec<Network>,
    unix_sockets: bool,
    fields: Fields,
    scheme: bool,
    host: bool,
    /// The first mistake in the configuration, reported when the application starts.
    fault: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fields {
    Forwarded,
    XForwarded,
}

impl TrustedProxies {
    /// Trusts only the networks that are named next, of which there must be one at least.
    #[must_use]
    pub fn new() -> Self {
        Self {
            networks: Vec::new(),
            unix_sockets: false,
            fields: Fields::XForwarded,
            scheme: true,
            host: true,
            fault: None,
        }
    }

    /// Trusts proxies of one more network, or at one more address: `10.0.0.0/8`, `2001:db8::/32`, `192.0.2.7`.
    #[must_use]
    pub fn network(mut self, network: &str) -> Self {
        match network.parse::<Network>() {
            Ok(network) if network.is_everything() => {
                let fault = format!(
                    "trusted proxies: {network} is everybody, so that any client could say who it is; name the networks of the proxies"
                );
                self.fault.get_or_insert(fault);
            }
            Ok(network) => self.networks.push(network),
            Err(error) => {
                self.fault.get_or_insert(format!("trusted proxies: {error}"));
            }
        }
        self
    }

    /// Trusts proxies of the networks that are private by definition, as containers and clusters have them: `10.0.0.0/8`,
    /// `172.16.0.0/12`, `192.168.0.0/16` (RFC 1918) and `fc00::/7` (RFC 4193). Whoever else is in them is trusted too.
    #[must_use]
    pub fn private_networks(self) -> Self {
        let private = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"];
        private.into_iter().fold(self, Self::network)
    }

    /// Trusts whoever comes without an address: through a Unix socket ([`App::also_listen_unix`](crate::App::also_listen_unix)).
    #[must_use]
    pub fn unix_sockets(mut self) -> Self {
        self.unix_sockets = true;
        self
    }

    /// The proxies write `Forwarded` (RFC 7239): that alone counts, not the `X-Forwarded` fields.
    #[must_use]
    pub fn forwarded(mut self) -> Self {
        self.fields = Fields::Forwarded;
        self
    }

    /// Does not believe what is said of the scheme.
    #[must_use]
    pub fn ignore_scheme(mut self) -> Self {
        self.scheme = false;
        self
    }

    /// Does not believe what is said of the host.
    #[must_use]
    pub fn ignore_host(mut self) -> Self {
        self.host = false;
        self
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.networks.iter().any(|network| network.contains(address))
    }

    /// What the proxies say that are believed, of client and scheme, and of the host.
    fn believed<'a>(&self, headers: &'a HeaderMap) -> (Forwarded, Option<Cow<'a, [u8]>>) {
        match self.fields {
            Fields::Forwarded => self.follow(from_right(headers, &FORWARDED).map(Element::parse)),
            Fields::XForwarded => {
                let node = |text| {
                    Some(Element { node: Some(Node::parse(text, Ports::Loose)?), ..Element::default() })
                };
                let (forwarded, _) = self.follow(from_right(headers, &X_FORWARDED_FOR).map(node));
                let proto = from_right(headers, &X_FORWARDED_PROTO).next();
                let host = from_right(headers, &X_FORWARDED_HOST).next().filter(|host| is_host(host));
                (
                    Forwarded { is_https: proto.and_then(fields::is_https), ..forwarded },
                    host.map(Cow::Borrowed),
                )
            }
        }
    }

    /// Follows the chain of proxies to the first that is not trusted: the client.
    fn follow<'a>(
        &self,
        elements: impl Iterator<Item = Option<Element<'a>>>,
    ) -> (Forwarded, Option<Cow<'a, [u8]>>) {
        let (mut forwarded, mut host) = (Forwarded::default(), None);
        for element in elements.map_while(|element| element) {
            forwarded.is_https = element.is_https.or(forwarded.is_https);
            host = element.host.or(host);
            let Some(Node::Address(address)) = element.node else { break };
            forwarded.client = Some(address);
            if !self.trusts(address.ip()) {
                break;
            }
        }
        (forwarded, host)
    }
}

impl Default for TrustedProxies {
    /// A proxy on the same machine.
    fn default() -> Self {
        Self::new().network("127.0.0.0/8").network("::1")
    }
}

impl Middleware for TrustedProxies {
    never_waits!();

    #[inline]
    fn enter<'a>(
        &'a self,
        head: &mut request::Parts,
        _: &mut Body,
        passing: Passing<'a>,
    ) -> ControlFlow<Response, impl FnOnce(&'a Self, Passing<'a>, &mut Response) + Send + use<'a>> {
        let call = passing.call;
        if call.peer().map_or(self.unix_sockets, |peer| self.trusts(peer.ip())) {
            let (mut forwarded, host) = self.believed(&head.headers);
            forwarded.is_https = forwarded.is_https.filter(|_| self.scheme);
            let host = host.filter(|_| self.host).and_then(|host| HeaderValue::from_bytes(&host).ok());
            call.facts.accept_forwarded(forwarded);
            if let Some(host) = host {
                set_host(head, host);
            }
        }
        ControlFlow::Continue(|_: &Self, _: Passing<'a>, _: &mut Response| {})
    }

    fn check(&self) -> crate::Result<()> {
        if let Some(fault) = &self.fault {
            return Err(Error::msg(fault.clone()));
        }
        if self.networks.is_empty() && !self.unix_sockets {
            return Err(Error::msg(
                "trusted proxies: no network is named; name one with `.network(\"10.0.0.0/8\")`",
            ));
        }
        Ok(())
    }

    /// Whoever asks for trusted proxies then finds that there are none, which is safe.
    fn is_off_within(around: &mut Surroundings) {
        around.proxies_are_off = true;
    }

    fn check_within(&self, around: &mut Surroundings) -> crate::Result<()> {
        if std::mem::replace(&mut around.has_trusted_proxies, true) {
            return Err(Error::msg(format!(
                "trusted proxies: two stand {}, and the inner one would judge what the outer one has believed; name all networks in one",
                around.place()
            )));
        }
        if let Some(limit) = &around.limit_by_client {
            return Err(Error::msg(format!(
                "trusted proxies: the rate limit `{limit}` stands further out, and would count each proxy as one client; put the trusted \
                 proxies first"
            )));
        }
        Ok(())
    }
}

/// Makes it the request as the client has sent it to this host.
fn set_host(head: &mut request::Parts, host: HeaderValue) {
    if head.uri.authority().is_some() {
        // One that the target cannot have, for an escape in its name, is none: the two would be of different hosts.
        let Some(target) = target_at(head, &host) else { return };
        head.uri = target;
    }
    head.headers.insert(HOST, host);
}

/// Its target, of which the authority is another.
fn target_at(head: &request::Parts, host: &HeaderValue) -> Option<Uri> {
    let mut parts = head.uri.clone().into_parts();
    parts.authority = Some(Authority::try_from(host.as_bytes()).ok()?);
    // A target of CONNECT has neither scheme nor path.
    if parts.path_and_query.is_some() && parts.scheme.is_none() {
        parts.scheme = Some(Scheme::HTTP);
    }
    Uri::from_parts(parts).ok()
}

impl fmt::Debug for TrustedProxies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TrustedProxies")
            .field("networks", &self.networks)
            .field("unix_sockets", &self.unix_sockets)
            .field("fields", &self.fields)
            .field("scheme", &self.scheme)
            .field("host", &self.host)
            .finish_non_exhaustive()
    }
}
