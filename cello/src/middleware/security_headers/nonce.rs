//! What marks the scripts of one page as its own: [`CspNonce`].

use std::convert::Infallible;
use std::fmt;

use crate::{FromRequest, RequestContext};

const LEN: usize = 22;

/// The nonce of one response, which its policy allows: for the `nonce` attribute of the page's own scripts and styles.
///
/// ```
/// use cello::middleware::security_headers::CspNonce;
/// use cello::prelude::*;
///
/// #[get("/")]
/// async fn page(nonce: CspNonce) -> Html<String> {
///     Html(format!("<script nonce=\"{nonce}\">start()</script>"))
/// }
///
/// let client = cello::testing::TestClient::new(App::new(routes![page]).with(SecurityHeaders::web()));
/// let response = client.get("/").send();
/// let policy = response.header("content-security-policy").unwrap();
/// # let nonce = response.text().split('"').nth(1).unwrap();
/// assert!(policy.contains(&format!("'nonce-{nonce}'")));
/// ```
///
/// It is 128 bits that nobody can foresee, in base64url: 22 characters that need no escape in HTML. One response has one
/// nonce, whoever asks. A response whose handler does not ask has a policy without a nonce. A policy that names no
/// [`NONCE`](super::NONCE), or none at all, does not allow it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct CspNonce([u8; LEN]);

impl CspNonce {
    pub(crate) fn make() -> Self {
        const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let mut bits = u128::from_be_bytes(crate::random::bytes());
        let mut text = [0; LEN];
        // Six bits a character; the last has two.
        for char in &mut text {
            *char = ALPHABET[(bits >> 122) as usize];
            bits <<= 6;
        }
        Self(text)
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        // It is made of the alphabet.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for CspNonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Not shown: who knows it can write scripts that the page runs.
impl fmt::Debug for CspNonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CspNonce(..)")
    }
}

impl FromRequest for CspNonce {
    type Rejection = Infallible;
    type State = ();

    async fn from_request(cx: &mut RequestContext<'_, Self>) -> Result<Self, Infallible> {
        Ok(*cx.exchange.call.facts.nonce())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nonce_is_22_characters_of_chance() {
        let (one, other) = (CspNonce::make(), CspNonce::make());
        assert_ne!(one, other);
        let is_good = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        assert!(one.as_str().len() == LEN && one.as_str().bytes().all(is_good), "{one}");
    }
}
