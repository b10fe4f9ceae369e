//! What browsers are told to guard against: [`SecurityHeaders`].

mod csp;
mod mark;
mod nonce;
mod policies;

use std::fmt;
use std::marker::PhantomData;

use http::header::{HeaderName, HeaderValue, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS};

use csp::Compiled;
pub use csp::{Csp, NONCE, NONE, SELF, STRICT_DYNAMIC, UNSAFE_EVAL, UNSAFE_INLINE};
#[doc(hidden)]
pub use nonce::{Allowed, AllowsNonce, MaybeCsp, Nonces};
pub use nonce::{CspNonce, NoNonce, WithNonce};
pub use policies::{
    EmbedderPolicy, FrameOptions, Hsts, OpenerPolicy, PermissionsPolicy, ReferrerPolicy, ResourcePolicy,
};

const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");
const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const EMBEDDER_POLICY: HeaderName = HeaderName::from_static("cross-origin-embedder-policy");
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const REPORTING_ENDPOINTS: HeaderName = HeaderName::from_static("reporting-endpoints");

/// Tells browsers to guard pages and answers against other sites.
///
/// ```
/// use cello::prelude::*;
/// use cello::middleware::security_headers::{Csp, Hsts, NONCE, NONE, SELF};
///
/// // What `.enable_security_headers()` gives.
/// let usual = SecurityHeaders::default();
///
/// // Pages whose own scripts bear a nonce, and images from elsewhere.
/// let pages = SecurityHeaders::web()
///     .csp(Csp::with_nonce().default_src([SELF]).script_src([NONCE]).img_src([SELF, "https://images.example"]))
///     .hsts(Hsts::new().include_subdomains());
/// # let _ = (usual, pages);
/// ```
///
/// # What it does
/// Every response gets the fields below, also 404, 405, 500 and those to `OPTIONS`. **What a handler has set stays**, so that one
/// page can have a policy of its own.
///
/// `Strict-Transport-Security` is sent **only over TLS** ([RFC 6797, section 7.2](https://www.rfc-editor.org/rfc/rfc6797#section-7.2)): that of the
/// connection, or that which a trusted proxy tells of ([`TrustedProxies`](crate::TrustedProxies), further out).
///
/// A handler that takes a [`CspNonce`] gets a nonce for its page, which the policy of its response then allows wherever it says [`NONCE`].
/// Where no handler asks, the policy has no nonce; a 304 has no policy that says `NONCE`, so that the page keeps the one that it came with. Whether there is such a policy is part of the type, `N`, so that a handler which asks for a
/// nonce that nothing allows does not compile. Where a handler takes one, the attribute of a blueprint or route says the type as well:
/// `with(SecurityHeaders::web() as SecurityHeaders<WithNonce>)`.
///
/// # Presets
/// | field | [`default()`](Self::default), [`api()`](Self::api) | [`web()`](Self::web) | [`strict()`](Self::strict) |
/// |---|---|---|---|
/// | `X-Content-Type-Options` | `nosniff` | `nosniff` | `nosniff` |
/// | `Strict-Transport-Security` | two years | two years | two years, subdomains too |
/// | `X-Frame-Options` | `DENY` | `SAMEORIGIN` | `DENY` |
/// | `Referrer-Policy` | `no-referrer` | `strict-origin-when-cross-origin` | `no-referrer` |
/// | `Cross-Origin-Resource-Policy` | `same-origin` | `same-origin` | `same-origin` |
/// | `Content-Security-Policy` | `api()` alone: nothing at all | own origin; scripts and styles of it or with the nonce | only what is named; scripts with the nonce alone |
/// | `Permissions-Policy` | | no camera, microphone, geolocation, payment, USB | the same |
/// | `Cross-Origin-Opener-Policy` | | `same-origin` | `same-origin` |
/// | `Cross-Origin-Embedder-Policy` | | | `require-corp` |
///
/// `default()` breaks no page. `Cross-Origin-Resource-Policy` does not hinder pages that [`Cors`](crate::Cors) allows.
///
/// A policy that cannot be sent keeps the application from starting, with a sentence.
///
/// # Cost
/// The values are made once, when the application is put together; each response gets copies that share their text. A
/// policy with a nonce is written anew, in one block of memory.
#[derive(Clone)]
pub struct SecurityHeaders<N = NoNonce> {
    fields: Vec<(HeaderName, HeaderValue)>,
    hsts: Option<HeaderValue>,
    csp: Option<Compiled>,
    report_only: Option<Compiled>,
    /// Names and URLs.
    endpoints: Vec<(String, String)>,
    /// The first mistake in the configuration, reported when the application starts.
    fault: Option<String>,
    nonce: PhantomData<fn() -> N>,
}

impl SecurityHeaders {
    /// Nothing but what is added next.
    #[must_use]
    pub fn none() -> Self {
        Self {
            fields: Vec::new(),
            hsts: None,
            csp: None,
            report_only: None,
            endpoints: Vec::new(),
            fault: None,
            nonce: PhantomData,
        }
    }

    /// For answers that programs read: the default, and a policy under which a browser that shows one of them runs nothing.
    #[must_use]
    pub fn api() -> Self {
        Self::default().csp(Csp::new().default_src([NONE]).frame_ancestors([NONE]))
    }
}

impl SecurityHeaders<WithNonce> {
    /// For pages.
    #[must_use]
    pub fn web() -> Self {
        let csp = Csp::with_nonce()
            .default_src([SELF])
            .script_src([SELF, NONCE])
            .style_src([SELF, NONCE])
            .img_src([SELF, "data:"])
            .object_src([NONE])
            .base_uri([SELF])
            .form_action([SELF])
            .frame_ancestors([SELF]);
        SecurityHeaders::default()
            .frame_options(FrameOptions::SameOrigin)
            .referrer_policy(ReferrerPolicy::StrictOriginWhenCrossOrigin)
            .csp(csp)
            .permissions_policy(no_devices())
            .opener_policy(OpenerPolicy::SameOrigin)
    }

    /// For pages that load nothing of others, and whose scripts all bear the nonce. Such pages are isolated from those of
    /// other origins.
    #[must_use]
    pub fn strict() -> Self {
        let csp = Csp::with_nonce()
            .default_src([NONE])
            .script_src([NONCE, STRICT_DYNAMIC])
            .style_src([SELF, NONCE])
            .img_src([SELF])
            .font_src([SELF])
            .connect_src([SELF])
            .manifest_src([SELF])
            .base_uri([NONE])
            .form_action([SELF])
            .frame_ancestors([NONE]);
        SecurityHeaders::default()
            .hsts(Hsts::new().include_subdomains())
            .csp(csp)
            .permissions_policy(no_devices())
            .opener_policy(OpenerPolicy::SameOrigin)
            .embedder_policy(EmbedderPolicy::RequireCorp)
    }
}

impl<N: Nonces> SecurityHeaders<N> {
    /// `X-Content-Type-Options: nosniff` ([Fetch](https://fetch.spec.whatwg.org/#x-content-type-options-header)): the content is what its type says.
    #[must_use]
    pub fn nosniff(self, on: bool) -> Self {
        self.fixed(X_CONTENT_TYPE_OPTIONS, on.then_some("nosniff"))
    }

    /// `Strict-Transport-Security`, over TLS alone; `None` for none.
    #[must_use]
    pub fn hsts(mut self, hsts: impl Into<Option<Hsts>>) -> Self {
        let text = hsts.into().map(|hsts| hsts.text());
        self.hsts = self.value(text);
        self
    }

    /// `Content-Security-Policy`; `None` for none.
    #[must_use]
    pub fn csp<C: MaybeCsp>(mut self, csp: C) -> SecurityHeaders<C::Nonce> {
        self.csp = self.compiled(csp.csp());
        self.with_type()
    }

    /// `Content-Security-Policy-Report-Only`: what this policy forbids is reported and happens nevertheless. `None` for none. It is
    /// given after [`csp`](Self::csp), if it has a nonce.
    #[must_use]
    pub fn csp_report_only<C: MaybeCsp>(mut self, csp: C) -> SecurityHeaders<N::Or<C::Nonce>> {
        self.report_only = self.compiled(csp.csp());
        self.with_type()
    }

    fn with_type<M>(self) -> SecurityHeaders<M> {
        let Self { fields, hsts, csp, report_only, endpoints, fault, nonce: _ } = self;
        SecurityHeaders { fields, hsts, csp, report_only, endpoints, fault, nonce: PhantomData }
    }

    /// `Reporting-Endpoints` ([W3C](https://www.w3.org/TR/reporting-1/)): where violations of policies are reported that name this endpoint.
    #[must_use]
    pub fn reporting_endpoint(mut self, name: &str, url: &str) -> Self {
        let is_name = name.starts_with(|first: char| first.is_ascii_lowercase())
            && name
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-.*".contains(&byte));
        let is_url = (url.starts_with("https://") || url.starts_with('/'))
            && url.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"\\".contains(&byte));
        if !(is_name && is_url) {
            self.fault.get_or_insert(format!(
                "security headers: {name:?} at {url:?} is no endpoint for reports, such as `csp` at `https://reports.example/csp`"
            ));
        }
        if self.endpoints.iter().any(|(known, _)| known == name) {
            self.fault
                .get_or_insert(format!("security headers: two endpoints for reports have the name {name:?}"));
        }
        self.endpoints.push((name.to_owned(), url.to_owned()));
        let all: Vec<_> = self.endpoints.iter().map(|(name, url)| format!("{name}=\"{url}\"")).collect();
        let endpoints = self.value(Some(Ok(all.join(", "))));
        self.set(REPORTING_ENDPOINTS, endpoints)
    }

    /// `X-Frame-Options`; `None` for none.
    #[must_use]
    pub fn frame_options(self, policy: impl Into<Option<FrameOptions>>) -> Self {
        self.fixed(X_FRAME_OPTIONS, policy.into().map(FrameOptions::as_str))
    }

    /// `Referrer-Policy`; `None` for none.
    #[must_use]
    pub fn referrer_policy(self, policy: impl Into<Option<ReferrerPolicy>>) -> Self {
        self.fixed(REFERRER_POLICY, policy.into().map(ReferrerPolicy::as_str))
    }

    /// `Permissions-Policy`; `None` for none.
    #[must_use]
    pub fn permissions_policy(mut self, policy: impl Into<Option<PermissionsPolicy>>) -> Self {
        let value = self.value(policy.into().map(|policy| policy.text()));
        self.set(PERMISSIONS_POLICY, value)
    }

    /// `Cross-Origin-Opener-Policy`; `None` for none.
    #[must_use]
    pub fn opener_policy(self, policy: impl Into<Option<OpenerPolicy>>) -> Self {
        self.fixed(OPENER_POLICY, policy.into().map(OpenerPolicy::as_str))
    }

    /// `Cross-Origin-Embedder-Policy`; `None` for none.
    #[must_use]
    pub fn embedder_policy(self, policy: impl Into<Option<EmbedderPolicy>>) -> Self {
        self.fixed(EMBEDDER_POLICY, policy.into().map(EmbedderPolicy::as_str))
    }

    /// `Cross-Origin-Resource-Policy`; `None` for none.
    #[must_use]
    pub fn resource_policy(self, policy: impl Into<Option<ResourcePolicy>>) -> Self {
        self.fixed(RESOURCE_POLICY, policy.into().map(ResourcePolicy::as_str))
    }

    fn fixed(self, name: HeaderName, value: Option<&'static str>) -> Self {
        self.set(name, value.map(HeaderValue::from_static))
    }

    fn set(mut self, name: HeaderName, value: Option<HeaderValue>) -> Self {
        self.fields.retain(|(known, _)| *known != name);
        self.fields.extend(value.map(|value| (name, value)));
        self
    }

    /// The value of a field, if there is one to send.
    fn value(&mut self, text: Option<Result<String, String>>) -> Option<HeaderValue> {
        let value = text?.and_then(|text| HeaderValue::try_from(text).map_err(|error| error.to_string()));
        self.noted(value)
    }

    fn compiled<M: Nonces>(&mut self, csp: Option<Csp<M>>) -> Option<Compiled> {
        let compiled = csp?.compile();
        self.noted(compiled)
    }

    fn noted<T>(&mut self, made: Result<T, String>) -> Option<T> {
        made.map_err(|fault| self.fault.get_or_insert(format!("security headers: {fault}")).clone()).ok()
    }
}

/// What few pages use, and nobody misses.
fn no_devices() -> PermissionsPolicy {
    let features = ["camera", "microphone", "geolocation", "payment", "usb"];
    features.into_iter().fold(PermissionsPolicy::new(), PermissionsPolicy::deny)
}

impl Default for SecurityHeaders {
    /// What breaks no page and no program.
    fn default() -> Self {
        Self::none()
            .nosniff(true)
            .hsts(Hsts::new())
            .frame_options(FrameOptions::Deny)
            .referrer_policy(ReferrerPolicy::NoReferrer)
            .resource_policy(ResourcePolicy::SameOrigin)
    }
}

impl<N> fmt::Debug for SecurityHeaders<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecurityHeaders")
            .field("fields", &self.fields)
            .field("hsts", &self.hsts)
            .field("csp", &self.csp)
            .field("report_only", &self.report_only)
            .finish_non_exhaustive()
    }
}
