//! Which origins are allowed: [`AnyOrigin`], [`NamedOrigins`].

use std::fmt;
use std::net::Ipv6Addr;

use http::HeaderValue;
use http::uri::Authority;

type Test = Box<dyn Fn(&str) -> bool + Send + Sync>;

/// Any origin may read the responses, without credentials.
#[derive(Debug, Clone, Copy, Default)]
#[non_exhaustive]
pub struct AnyOrigin;

/// The origins that were named, or that a function of yours accepts, may read the responses.
#[derive(Default)]
pub struct NamedOrigins {
    pub(super) exact: Vec<HeaderValue>,
    pub(super) test: Option<Test>,
}

impl fmt::Debug for NamedOrigins {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NamedOrigins")
            .field("exact", &self.exact)
            .field("test", &self.test.is_some())
            .finish()
    }
}

/// The answer to an origin.
#[doc(hidden)]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Allowed: the value of `Access-Control-Allow-Origin`.
    Allowed(HeaderValue),
    /// Not allowed.
    Refused,
    /// The request names no origin, and the answer would depend on it.
    Absent,
}

/// How a [`Cors`](super::Cors) judges origins: [`AnyOrigin`] or [`NamedOrigins`]; no others.
#[diagnostic::on_unimplemented(
    message = "`Cors` cannot judge origins by `{Self}`",
    label = "expected `AnyOrigin` or `NamedOrigins`",
    note = "help: write `Cors::new().allow_origin(...)` for origins by name, or `.allow_origin_fn(...)` to decide by a function"
)]
pub trait Origins: sealed::Sealed + fmt::Debug + Send + Sync + 'static {
    /// A verdict, or less where it is always the same: it is carried along until the response is there.
    #[doc(hidden)]
    type Verdict: Into<Verdict> + Send;

    #[doc(hidden)]
    fn judge(&self, origin: Option<&HeaderValue>) -> Self::Verdict;

    /// Whether the answer depends on the origin of the request.
    #[doc(hidden)]
    const VARIES: bool;

    /// Whether there is an origin that is allowed.
    #[doc(hidden)]
    fn is_empty(&self) -> bool {
        false
    }

    /// Whether pages without an origin are named.
    #[doc(hidden)]
    fn has_null(&self) -> bool {
        false
    }
}

/// Says that credentials can be allowed: not for [`AnyOrigin`].
#[diagnostic::on_unimplemented(
    message = "credentials cannot be allowed to any origin",
    label = "every page on the web could act as the visitor who is logged in here",
    note = "help: name the origins that may use credentials: `Cors::new().allow_origin(\"https://app.example\").allow_credentials()`"
)]
pub trait CanHaveCredentials: Origins {}

#[diagnostic::do_not_recommend]
impl CanHaveCredentials for NamedOrigins {}

/// What an origin is written as: every text.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the text of one origin",
    label = "expected a text such as `\"https://app.example\"`",
    note = "help: several are given by `.allow_origins([...])`, a rule for them by `.allow_origin_fn(...)`"
)]
pub trait OriginText: AsRef<str> {}

#[diagnostic::do_not_recommend]
impl<T: AsRef<str>> OriginText for T {}

/// Says that origins can be allowed by name: not for [`AnyOrigin`], which allows them all.
#[diagnostic::on_unimplemented(
    message = "no origin can be named: `Cors::default()` and `Cors::any_origin()` allow all of them",
    label = "every origin is allowed already",
    note = "help: begin with `Cors::new()`, which allows the origins that are named and no others: `Cors::new().allow_origin(\"https://app.example\")`"
)]
pub trait NamesOrigins: Origins {
    #[doc(hidden)]
    fn named(&mut self) -> &mut NamedOrigins;
}

#[diagnostic::do_not_recommend]
impl NamesOrigins for NamedOrigins {
    fn named(&mut self) -> &mut NamedOrigins {
        self
    }
}

impl Origins for AnyOrigin {
    const VARIES: bool = false;

    type Verdict = Always;

    #[inline]
    fn judge(&self, _: Option<&HeaderValue>) -> Always {
        Always
    }
}

/// The verdict on all origins.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct Always;

impl From<Always> for Verdict {
    #[inline]
    fn from(_: Always) -> Self {
        Self::Allowed(const { HeaderValue::from_static("*") })
    }
}

impl Origins for NamedOrigins {
    const VARIES: bool = true;

    type Verdict = Verdict;

    fn judge(&self, origin: Option<&HeaderValue>) -> Verdict {
        let Some(origin) = origin else { return Verdict::Absent };
        let passes_test = || match (&self.test, origin.to_str()) {
            (Some(test), Ok(origin)) => test(origin),
            _ => false,
        };
        // Browsers write an origin in one way only (WHATWG HTML, "ASCII serialization of an origin").
        if self.exact.contains(origin) || passes_test() {
            Verdict::Allowed(origin.clone())
        } else {
            Verdict::Refused
        }
    }

    fn is_empty(&self) -> bool {
        self.exact.is_empty() && self.test.is_none()
    }

    fn has_null(&self) -> bool {
        self.exact.iter().any(|origin| origin == "null")
    }
}

/// Reads an origin as it is configured, or says in a sentence why no browser would ever send it so.
pub(super) fn parse(origin: &str) -> Result<HeaderValue, String> {
    let bad = |why: &str| format!("CORS: the origin {origin:?} cannot be allowed: {why}");
    if origin == "null" {
        return Ok(HeaderValue::from_static("null"));
    }
    if origin.contains('*') {
        return Err(bad("origins are compared whole; say `Cors::any_origin()` for all, \
             or test them with `allow_origin_fn`"));
    }
    let Some((scheme, authority)) = origin.split_once("://") else {
        return Err(bad("an origin is written `scheme://host` or `scheme://host:port`"));
    };
    let well_formed = |scheme: &str| {
        scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
    };
    if !well_formed(scheme) {
        return Err(bad("its scheme is none"));
    }
    if authority.ends_with('/') && authority.matches('/').count() == 1 {
        return Err(bad("an origin has no slash at its end"));
    }
    if authority.contains(['/', '?', '#', '\\']) {
        return Err(bad("an origin has no path, no query and no fragment"));
    }
    if authority.contains('@') {
        return Err(bad("an origin has no user name"));
    }
    if !origin.is_ascii() {
        return Err(bad("browsers write such a host in its ASCII form (`xn--...`)"));
    }
    if origin.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Err(bad("browsers write it in lower case"));
    }
    let Ok(parsed) = authority.parse::<Authority>() else { return Err(bad("its host is none")) };
    let host = parsed.host();
    if host.is_empty() {
        return Err(bad("it has no host"));
    }
    if let Some(literal) = host.strip_prefix('[') {
        let literal = literal.strip_suffix(']').unwrap_or_default();
        let Ok(address) = literal.parse() else { return Err(bad("its host is none")) };
        let written = as_browsers_write(address);
        if written != literal {
            return Err(bad(&format!("browsers write its host `[{written}]`")));
        }
    }
    let port = authority.strip_prefix(host).unwrap_or_default();
    match (scheme, port) {
        (_, "") => {}
        ("http", ":80") | ("https", ":443") => {
            return Err(bad("browsers leave the default port of its scheme out"));
        }
        _ if parsed.port_u16().is_none() || port.starts_with(":0") => return Err(bad("its port is none")),
        _ => {}
    }
    HeaderValue::from_str(origin).map_err(|_| bad("it cannot stand in a header field"))
}

/// WHATWG URL, "IPv6 serializer": no part of it as an IPv4 address.
fn as_browsers_write(address: Ipv6Addr) -> String {
    match (address.to_ipv4_mapped(), address.segments()) {
        (Some(_), [.., high, low]) => format!("::ffff:{high:x}:{low:x}"),
        _ => address.to_string(),
    }
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::AnyOrigin {}
    impl Sealed for super::NamedOrigins {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_as_browsers_write_them_are_taken() {
        for origin in [
            "https://a.example",
            "http://localhost:3000",
            "http://127.0.0.1:8080",
            "http://[::1]:3000",
            "http://[2001:db8::1]",
            "http://[::ffff:c000:201]",
            "https://xn--bcher-kva.example",
            "https://a.example:8443",
            "http://a.example:443",
            "chrome-extension://abcdefghijklmnop",
            "tauri://localhost",
            "null",
        ] {
            assert_eq!(parse(origin).as_ref().map(HeaderValue::as_bytes), Ok(origin.as_bytes()), "{origin}");
        }
    }

    #[test]
    fn origins_that_no_browser_sends_are_refused_with_the_reason() {
        for (origin, reason) in [
            ("https://a.example/", "no slash at its end"),
            ("https://a.example/app", "no path"),
            ("https://a.example/app/", "no path"),
            ("https://a.example?x", "no query"),
            ("https://a.example#x", "no fragment"),
            ("a.example", "`scheme://host`"),
            ("localhost:3000", "`scheme://host`"),
            ("", "`scheme://host`"),
            ("//a.example", "`scheme://host`"),
            ("://a.example", "scheme is none"),
            ("1http://a.example", "scheme is none"),
            ("https://", "host"),
            ("https://:80", "host"),
            ("https://A.example", "lower case"),
            ("HTTPS://a.example", "lower case"),
            ("https://bücher.example", "xn--"),
            ("https://a.example:443", "default port"),
            ("http://a.example:80", "default port"),
            ("https://a.example:", "port is none"),
            ("https://a.example:08", "port is none"),
            ("https://a.example:99999", "none"),
            ("https://a.example:http", "none"),
            ("https://me@a.example", "no user name"),
            ("https://*.example", "allow_origin_fn"),
            ("*", "Cors::any_origin()"),
            ("https://a b.example", "host is none"),
            ("https://a.example\r\nx: y", "host is none"),
            ("http://[0:0:0:0:0:0:0:1]:3000", "`[::1]`"),
            ("http://[2001:db8::0:1]", "`[2001:db8::1]`"),
            ("http://[::ffff:192.0.2.1]", "`[::ffff:c000:201]`"),
            ("http://[abc]", "host is none"),
            ("http://[::1%25eth0]", "host is none"),
        ] {
            let refused = parse(origin).err().unwrap_or_default();
            assert!(refused.contains(reason), "{origin:?}: {refused}");
        }
    }

    #[test]
    fn named_origins_are_compared_whole() {
        let origins = NamedOrigins { exact: vec![HeaderValue::from_static("https://a.example")], test: None };
        let judge = |origin| origins.judge(Some(&HeaderValue::from_static(origin)));
        assert_eq!(
            judge("https://a.example"),
            Verdict::Allowed(HeaderValue::from_static("https://a.example"))
        );
        for other in [
            "https://a.example.evil",
            "https://b.a.example",
            "http://a.example",
            "https://a.exampl",
            "null",
            "",
        ] {
            assert_eq!(judge(other), Verdict::Refused, "{other}");
        }
        assert_eq!(origins.judge(None), Verdict::Absent);
    }
}
