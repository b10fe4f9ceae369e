//! What marks the scripts of one page as its own: [`CspNonce`].

use std::convert::Infallible;
use std::fmt;

use super::{Csp, SecurityHeaders};
use crate::middleware::proof::{Around, Has, Named, Of, Through, ValueList};
use crate::state::proof::StateListFor;
use crate::state::{AppState, Given, StateList};
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
/// nonce, whoever asks. A response whose handler does not ask has a policy without a nonce.
///
/// # Caches
/// A page that is kept is shown with the policy that it came with, nonce and all; a 304 has none, so as not to replace it. What two people
/// see with the same nonce, an attacker can see too: such a page says `Cache-Control: no-store`, or `private, no-cache` where it
/// has an [`ETag`](crate::ETag).
///
/// # Where it can be taken
/// A handler that takes it does not compile unless a [`SecurityHeaders`](crate::SecurityHeaders) with such a policy stands around it: that of
/// [`web`](crate::SecurityHeaders::web), of [`strict`](crate::SecurityHeaders::strict), or one that begins with [`Csp::with_nonce`].
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
    type State = Allowed;

    async fn from_request(cx: &mut RequestContext<'_, Self>) -> Result<Self, Infallible> {
        Ok(*cx.exchange.call.facts.nonce())
    }
}

/// Of a policy, or of [`SecurityHeaders`](crate::SecurityHeaders): there is a nonce that handlers can take.
#[derive(Debug, Clone, Copy)]
pub struct WithNonce;

/// Of a policy, or of [`SecurityHeaders`](crate::SecurityHeaders): there is no nonce.
#[derive(Debug, Clone, Copy)]
pub struct NoNonce;

/// Whether there is a nonce.
#[doc(hidden)]
pub trait Nonces: Send + Sync + 'static {
    const HAS: bool;

    /// Whether this has one or another.
    type Or<N: Nonces>: Nonces;
}

impl Nonces for WithNonce {
    const HAS: bool = true;

    type Or<N: Nonces> = Self;
}

impl Nonces for NoNonce {
    const HAS: bool = false;

    type Or<N: Nonces> = N;
}

/// A policy, or `None`.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no content security policy",
    label = "expected a `Csp`, or `None`",
    note = "help: write a policy as `Csp::new().default_src([SELF])`, or as `Csp::with_nonce().script_src([NONCE])`"
)]
pub trait MaybeCsp {
    type Nonce: Nonces;

    fn csp(self) -> Option<Csp<Self::Nonce>>;
}

impl<N: Nonces> MaybeCsp for Csp<N> {
    type Nonce = N;

    fn csp(self) -> Option<Self> {
        Some(self)
    }
}

impl MaybeCsp for Option<Csp> {
    type Nonce = NoNonce;

    fn csp(self) -> Self {
        self
    }
}

/// What [`CspNonce`] needs: a policy that allows it. There is nothing to read.
#[doc(hidden)]
#[derive(Debug)]
pub struct Allowed;

impl StateList for Allowed {
    type Refs<'r> = ();

    fn refs(_: Given<'_>) -> Option<()> {
        Some(())
    }
}

/// Around extractor `E` of `H` stands a policy with a nonce. A state does not mind: the stack has been seen to elsewhere.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{E}` of `{H}` needs a content security policy that allows its nonce, but none stands around it",
    label = "no middleware here has a policy with a nonce",
    note = "help: add `SecurityHeaders::web()` or `SecurityHeaders::strict()` to the application with `.with(...)`, or one whose policy begins with `Csp::with_nonce()`; at a blueprint or route write `with(SecurityHeaders::web() as SecurityHeaders<WithNonce>)`"
)]
pub trait AllowsNonce<E, H> {}

#[diagnostic::do_not_recommend]
impl<S: AppState, E, H> AllowsNonce<E, H> for S {}

#[diagnostic::do_not_recommend]
impl<L: Around, E, H> AllowsNonce<E, H> for Through<L> where <L::Values as ValueList>::All: Has<WithNonce> {}

impl<S: AllowsNonce<E, H>, E, H> StateListFor<S, E, H> for Allowed {}

/// At a blueprint or route, where the type that stands in `with(...)` says nothing of a nonce, the policy has one all the same. No
/// handler can take it: whoever does is told so, and told once.
#[diagnostic::do_not_recommend]
impl Named<SecurityHeaders> for Of<SecurityHeaders<WithNonce>> {}

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
