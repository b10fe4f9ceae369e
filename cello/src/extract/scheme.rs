//! [`Scheme`].

use std::convert::Infallible;
use std::fmt;

use super::{FromRequest, RequestContext};
use crate::dispatch::Call;

/// How the client's request came: `https` if it came by TLS, here or, as [`TrustedProxies`](crate::TrustedProxies) believes it, at
/// the proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// In the open.
    Http,
    /// By TLS.
    Https,
}

impl Scheme {
    /// As it stands in a URI: `http` or `https`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }

    pub(crate) fn of(call: &Call<'_>) -> Self {
        if call.is_https() { Self::Https } else { Self::Http }
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromRequest for Scheme {
    type Rejection = Infallible;
    type State = ();

    async fn from_request(cx: &mut RequestContext<'_, Self>) -> Result<Self, Infallible> {
        Ok(Self::of(cx.exchange.call))
    }
}
