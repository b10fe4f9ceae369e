//! The body as it is: `Bytes`, `String`, [`Body`].

use bytes::Bytes;
use http::StatusCode;

use super::json::no_body;
use super::{FromRequest, RequestContext};
use crate::{Body, BodyError, Problem};

/// The answer for a body that could not be read.
pub(crate) fn rejection(error: &BodyError) -> Problem {
    match error {
        BodyError::TooLarge { limit } => Problem::new(StatusCode::PAYLOAD_TOO_LARGE)
            .with_detail(format!("the body is larger than the limit of {limit} bytes")),
        BodyError::TooSlow => {
            Problem::new(StatusCode::REQUEST_TIMEOUT).with_detail("the body of the request comes too slowly")
        }
        BodyError::Read(_) => {
            Problem::new(StatusCode::BAD_REQUEST).with_detail("the body could not be read to its end")
        }
    }
}

/// The whole body, of any content type.
impl FromRequest for Bytes {
    type Rejection = Problem;
    type State = ();

    const TAKES_BODY: bool = true;

    async fn from_request(cx: &mut RequestContext<'_, Self>) -> Result<Self, Problem> {
        let limit = cx.body_limit();
        cx.take_body().collect(limit).await.map_err(|error| rejection(&error))
    }

    fn is_absent(cx: &RequestContext<'_, Self>) -> bool {
        no_body(cx.headers(), cx.body)
    }
}

/// The whole body as text; what is not UTF-8 is a 400.
impl FromRequest for String {
    type Rejection = Problem;
    type State = ();

    const TAKES_BODY: bool = true;

    async fn from_request(cx: &mut RequestContext<'_, Self>) -> Result<Self, Problem> {
        let limit = cx.body_limit();
        let bytes = cx.take_body().collect(limit).await.map_err(|error| rejection(&error))?;
        let text = Self::from_utf8(bytes.into());
        text.map_err(|_| Problem::new(StatusCode::BAD_REQUEST).with_detail("the body is not UTF-8 text"))
    }

    fn is_absent(cx: &RequestContext<'_, Self>) -> bool {
        no_body(cx.headers(), cx.body)
    }
}

/// The body as a stream, which fails beyond the limit of the route.
impl FromRequest for Body {
    type Rejection = Problem;
    type State = ();

    const TAKES_BODY: bool = true;

    async fn from_request(cx: &mut RequestContext<'_, Self>) -> Result<Self, Problem> {
        let limit = cx.body_limit();
        let body = cx.take_body();
        if http_body::Body::size_hint(&body).lower() > limit as u64 {
            return Err(rejection(&BodyError::TooLarge { limit }));
        }
        Ok(body.limited(limit))
    }

    fn is_absent(cx: &RequestContext<'_, Self>) -> bool {
        no_body(cx.headers(), cx.body)
    }
}
