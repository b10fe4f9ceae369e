//! [`Readiness`].

use std::convert::Infallible;

use http::StatusCode;

use super::{FromRequest, RequestContext};
use crate::{IntoResponse, Problem, Response};

/// Whether the server wants new requests: until it is told to stop. As an answer it is 200 or 503, for whoever shares
/// out the requests among several servers.
///
/// ```
/// use cello::prelude::*;
/// use cello::Readiness;
///
/// #[get("/health/ready")]
/// async fn ready(readiness: Readiness) -> Readiness {
///     readiness
/// }
/// # let client = cello::testing::TestClient::new(App::new(routes![ready]));
/// # assert_eq!(client.get("/health/ready").send().text(), "ready");
/// ```
///
/// It turns when the stop begins; [`Limits::drain_delay`](crate::Limits::drain_delay) is the time in which requests are still
/// taken as before, so that whoever asks can learn of it. Where the application is a service of another server, or
/// in a test, it is always ready.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Readiness {
    is_ready: bool,
}

impl Readiness {
    /// Whether the server wants new requests.
    pub fn is_ready(self) -> bool {
        self.is_ready
    }

    /// The same if this holds too: that the database answers, for example.
    #[must_use]
    pub fn and(self, condition: bool) -> Self {
        Self { is_ready: self.is_ready && condition }
    }
}

impl FromRequest for Readiness {
    type Rejection = Infallible;
    type State = ();

    async fn from_request(cx: &mut RequestContext<'_, Self>) -> Result<Self, Infallible> {
        Ok(Self { is_ready: !cx.is_stopping() })
    }
}

impl IntoResponse for Readiness {
    fn into_response(self) -> Response {
        if self.is_ready {
            return "ready".into_response();
        }
        Problem::new(StatusCode::SERVICE_UNAVAILABLE)
            .with_detail("this server takes no new requests")
            .into_response()
    }
}
