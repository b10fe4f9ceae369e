//! The policies that are one word or a few.

use std::time::Duration;

use crate::middleware::fields;

/// `Strict-Transport-Security` ([RFC 6797](https://www.rfc-editor.org/rfc/rfc6797)): browsers that have seen it come by TLS only, for so long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hsts {
    max_age: Duration,
    subdomains: bool,
    preload: bool,
}

impl Hsts {
    /// For two years, this host alone.
    #[must_use]
    pub fn new() -> Self {
        Self { max_age: Duration::from_secs(2 * 365 * 24 * 60 * 60), subdomains: false, preload: false }
    }

    /// How long browsers keep to it, in whole seconds. Zero takes it back; less than a second keeps the application from starting.
    #[must_use]
    pub fn max_age(mut self, max_age: Duration) -> Self {
        self.max_age = max_age;
        self
    }

    /// For all hosts below this one too: each of them must be there by TLS.
    #[must_use]
    pub fn include_subdomains(mut self) -> Self {
        self.subdomains = true;
        self
    }

    /// Agrees that browsers come with it built in, which is hard to take back. It needs the subdomains, and a year at least.
    #[must_use]
    pub fn preload(mut self) -> Self {
        self.preload = true;
        self
    }

    /// # Errors
    /// A sentence.
    pub(super) fn text(&self) -> Result<String, String> {
        let seconds = self.max_age.as_secs();
        if self.preload && !(self.subdomains && seconds >= 365 * 24 * 60 * 60) {
            return Err("HSTS: lists of browsers take only what holds for subdomains and a year at least; add `.include_subdomains()` and a longer `.max_age(..)`, or leave out `.preload()`".to_owned());
        }
        fields::whole_seconds(self.max_age).map_err(|why| format!("HSTS: {why}"))?;
        let subdomains = if self.subdomains { "; includeSubDomains" } else { "" };
        let preload = if self.preload { "; preload" } else { "" };
        Ok(format!("max-age={seconds}{subdomains}{preload}"))
    }
}

impl Default for Hsts {
    fn default() -> Self {
        Self::new()
    }
}

macro_rules! policies {
    ($($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident $text:literal,)+ })+) => { $(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
        }

        impl $name {
            pub(super) fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }
        }
    )+ };
}

policies! {
    /// `X-Frame-Options` (RFC 7034): which pages may show this one in a frame, for browsers that do not know
    /// [`Csp::frame_ancestors`](super::Csp::frame_ancestors).
    FrameOptions {
        /// None.
        Deny "DENY",
        /// Those of the same origin.
        SameOrigin "SAMEORIGIN",
    }

    /// `Referrer-Policy` ([W3C](https://www.w3.org/TR/referrer-policy/)): what other servers learn of the page that sent the browser to them.
    ReferrerPolicy {
        /// Nothing.
        NoReferrer "no-referrer",
        /// Its URL, but nothing on the way from TLS to none.
        NoReferrerWhenDowngrade "no-referrer-when-downgrade",
        /// Its origin.
        Origin "origin",
        /// Its URL within the origin, the origin elsewhere.
        OriginWhenCrossOrigin "origin-when-cross-origin",
        /// Its URL within the origin, nothing elsewhere.
        SameOrigin "same-origin",
        /// Its origin, but nothing on the way from TLS to none.
        StrictOrigin "strict-origin",
        /// Its URL within the origin, the origin elsewhere, nothing on the way from TLS to none.
        StrictOriginWhenCrossOrigin "strict-origin-when-cross-origin",
    }

    /// `Cross-Origin-Opener-Policy` ([HTML](https://html.spec.whatwg.org/#cross-origin-opener-policies)): whether windows of other origins keep a hold on this one.
    OpenerPolicy {
        /// They do not.
        SameOrigin "same-origin",
        /// Only those that this page opens.
        SameOriginAllowPopups "same-origin-allow-popups",
        /// They do.
        UnsafeNone "unsafe-none",
    }

    /// `Cross-Origin-Embedder-Policy` ([HTML](https://html.spec.whatwg.org/#coep)): whether the page loads what has not agreed to it.
    EmbedderPolicy {
        /// It does not.
        RequireCorp "require-corp",
        /// It does, without credentials.
        Credentialless "credentialless",
        /// It does.
        UnsafeNone "unsafe-none",
    }

    /// `Cross-Origin-Resource-Policy` ([Fetch](https://fetch.spec.whatwg.org/#cross-origin-resource-policy-header)): whose pages may load this without asking by CORS.
    ResourcePolicy {
        /// Those of the same origin.
        SameOrigin "same-origin",
        /// Those of the same site, other subdomains included.
        SameSite "same-site",
        /// Everybody's.
        CrossOrigin "cross-origin",
    }
}

/// `Permissions-Policy` ([W3C](https://www.w3.org/TR/permissions-policy/)): which abilities of the browser the page and its frames may use.
///
/// ```
/// use cello::middleware::security_headers::PermissionsPolicy;
///
/// let policy = PermissionsPolicy::new().deny("camera").allow_self("geolocation").allow("payment", ["https://pay.example"]);
/// # let _ = policy;
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PermissionsPolicy {
    features: Vec<String>,
    fault: Option<String>,
}

impl PermissionsPolicy {
    /// As browsers have it by default.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Nobody may.
    #[must_use]
    pub fn deny(self, feature: &str) -> Self {
        self.feature(feature, "")
    }

    /// The page may, and frames of its origin.
    #[must_use]
    pub fn allow_self(self, feature: &str) -> Self {
        self.feature(feature, "self")
    }

    /// The page may, and frames of these origins (`https://pay.example`).
    #[must_use]
    pub fn allow<'a>(mut self, feature: &str, origins: impl IntoIterator<Item = &'a str>) -> Self {
        let mut list = "self".to_owned();
        for origin in origins {
            let is_origin =
                origin.split_once("://").is_some_and(|(_, host)| !host.is_empty() && !host.contains('/'));
            if !is_origin || !origin.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"\\".contains(&byte)) {
                let fault =
                    format!("permissions policy: {origin:?} is no origin, such as `https://pay.example`");
                self.fault.get_or_insert(fault);
            }
            list.push_str(&format!(" \"{origin}\""));
        }
        self.feature(feature, &list)
    }

    fn feature(mut self, feature: &str, allowed: &str) -> Self {
        if feature.is_empty() || !feature.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-') {
            let fault =
                format!("permissions policy: {feature:?} is no ability of a browser, such as `camera`");
            self.fault.get_or_insert(fault);
        }
        self.features.push(format!("{feature}=({allowed})"));
        self
    }

    /// # Errors
    /// A sentence.
    pub(super) fn text(&self) -> Result<String, String> {
        match &self.fault {
            Some(fault) => Err(fault.clone()),
            None if self.features.is_empty() => {
                Err("permissions policy: no ability is named; name one, or leave the policy out".to_owned())
            }
            None => Ok(self.features.join(", ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hsts_is_written_as_the_rfc_has_it() {
        assert_eq!(Hsts::new().text().as_deref(), Ok("max-age=63072000"));
        let year = Hsts::new().max_age(Duration::from_secs(31_536_000)).include_subdomains();
        assert_eq!(
            year.clone().preload().text().as_deref(),
            Ok("max-age=31536000; includeSubDomains; preload")
        );
        assert!(Hsts::new().preload().text().is_err());
        assert!(year.max_age(Duration::from_secs(60)).preload().text().is_err());
        assert_eq!(Hsts::new().max_age(Duration::ZERO).text().as_deref(), Ok("max-age=0"));
    }

    #[test]
    fn permissions_are_written_as_lists() {
        let policy = PermissionsPolicy::new()
            .deny("camera")
            .allow_self("usb")
            .allow("payment", ["https://a.example", "https://b.example:8443"]);
        let expected =
            r#"camera=(), usb=(self), payment=(self "https://a.example" "https://b.example:8443")"#;
        assert_eq!(policy.text().as_deref(), Ok(expected));
        for bad in ["a.example", "https://a.example/", "https://", "https://a\"b", "https://a b"] {
            assert!(PermissionsPolicy::new().allow("usb", [bad]).text().is_err(), "{bad}");
        }
        assert!(PermissionsPolicy::new().deny("Camera").text().is_err());
        assert!(PermissionsPolicy::new().text().is_err());
    }
}
