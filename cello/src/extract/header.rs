//! Typed header fields: [`Header`], [`FromHeader`].

use std::ops::Deref;

use http::{HeaderName, HeaderValue, StatusCode, header};

use super::{FromRequest, RequestContext};
use crate::Problem;

/// A type that can be read from one header field; [`Header<H>`](Header) extracts it.
///
/// ```
/// use cello::prelude::*;
///
/// struct ApiKey(String);
///
/// impl FromHeader for ApiKey {
///     const NAME: HeaderName = HeaderName::from_static("x-api-key");
///     const EXPECTED: &'static str = "a key of 16 characters";
///
///     fn from_header(value: &HeaderValue) -> Option<Self> {
///         value.to_str().ok().filter(|key| key.len() == 16).map(|key| Self(key.to_owned()))
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a typed header",
    label = "not a typed header",
    note = "help: implement `cello::FromHeader` for it, or take `&HeaderMap`"
)]
pub trait FromHeader: Sized {
    /// The name of the field.
    const NAME: HeaderName;
    /// What its value should be, in words for the client.
    const EXPECTED: &'static str;

    /// Reads the value of the first field of that name. `None` answers with [`refusal`](Self::refusal).
    fn from_header(value: &HeaderValue) -> Option<Self>;

    /// The answer where the field is missing or malformed: a 400 by default, to which the name of the field, what was
    /// expected and what is wrong are added. Credentials answer 401 instead.
    fn refusal() -> Problem {
        Problem::new(StatusCode::BAD_REQUEST)
    }
}

/// A typed header field: absent or malformed it is a 400 that names it, or what [`FromHeader::refusal`] says: 401 for
/// credentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header<H>(pub H);

impl<H: FromHeader + Send> FromRequest for Header<H> {
    type Rejection = Problem;
    type State = ();

    async fn from_request(cx: &mut RequestContext<'_, Self>) -> Result<Self, Problem> {
        let name = H::NAME;
        let problem = |found: &str| {
            let detail = format!("should be {}, {found}", H::EXPECTED);
            H::refusal()
                .with_detail(format!("header field `{name}` {detail}"))
                .with_error(detail, format!("header/{name}"))
        };
        let value = cx.headers().get(&name).ok_or_else(|| problem("and is missing"))?;
        // The value itself may be a credential: it is not repeated.
        H::from_header(value).map(Self).ok_or_else(|| problem("and is not"))
    }

    fn is_absent(cx: &RequestContext<'_, Self>) -> bool {
        !cx.headers().contains_key(H::NAME)
    }
}

impl<H> Deref for Header<H> {
    type Target = H;

    fn deref(&self) -> &H {
        &self.0
    }
}

macro_rules! text_headers {
    ($($(#[$doc:meta])* $type:ident $name:ident $expected:literal),+ $(,)?) => { $(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $type(pub String);

        #[diagnostic::do_not_recommend] // its place in a macro helps nobody
        impl FromHeader for $type {
            const NAME: HeaderName = header::$name;
            const EXPECTED: &'static str = $expected;

            fn from_header(value: &HeaderValue) -> Option<Self> {
                value.to_str().ok().map(|text| Self(text.to_owned()))
            }
        }
    )+ };
}

text_headers! {
    /// `User-Agent` (RFC 9110, section 10.1.5).
    UserAgent USER_AGENT "the name of the client",
    /// `Host` (RFC 9110, section 7.2).
    Host HOST "the host of the request",
    /// `Content-Type` (RFC 9110, section 8.3).
    ContentType CONTENT_TYPE "a media type",
}

/// `Authorization` (RFC 9110, section 11.6.2), with the credentials of one scheme.
#[derive(Clone, PartialEq, Eq)]
pub struct Authorization<S>(pub S);

/// Shows the scheme, never the credentials.
impl<S> std::fmt::Debug for Authorization<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Authorization(..)")
    }
}

/// A bearer token (RFC 6750).
#[derive(Clone, PartialEq, Eq)]
pub struct Bearer(String);

impl Bearer {
    /// The token.
    pub fn token(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Bearer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Bearer(..)")
    }
}

impl FromHeader for Authorization<Bearer> {
    const NAME: HeaderName = header::AUTHORIZATION;
    const EXPECTED: &'static str = "`Bearer` and a token";

    fn from_header(value: &HeaderValue) -> Option<Self> {
        let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
        let token = token.trim();
        (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then(|| Self(Bearer(token.to_owned())))
    }

    /// 401 with the challenge (RFC 6750, section 3).
    fn refusal() -> Problem {
        let challenge = HeaderValue::from_static("Bearer");
        Problem::new(StatusCode::UNAUTHORIZED).with_header(header::WWW_AUTHENTICATE, challenge)
    }
}
