//! [`ClientAddr`].

use std::net::{IpAddr, SocketAddr};

use http::StatusCode;

use super::{FromRequest, RequestContext};
use crate::Problem;

/// The address of the client: the other end of the connection.
///
/// Behind a proxy that is the proxy, unless [`TrustedProxies`](crate::TrustedProxies) says whom to believe about it; the port is
/// then 0 where the proxy does not tell it. Where a request came without a connection, as in a test client that was given no
/// address, extracting it is a 500; take an `Option<ClientAddr>` where that can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ClientAddr(pub SocketAddr);

impl ClientAddr {
    /// The address without the port.
    pub fn ip(&self) -> IpAddr {
        self.0.ip()
    }
}

impl FromRequest for ClientAddr {
    type Rejection = Problem;
    type State = ();

    async fn from_request(cx: &mut RequestContext<'_, Self>) -> Result<Self, Problem> {
        cx.client_addr().map(Self).ok_or_else(|| {
            tracing::error!(target: "cello", "a handler takes `ClientAddr`, and this request came without a connection");
            Problem::new(StatusCode::INTERNAL_SERVER_ERROR)
        })
    }

    fn is_absent(cx: &RequestContext<'_, Self>) -> bool {
        cx.client_addr().is_none()
    }
}
