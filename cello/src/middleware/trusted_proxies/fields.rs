//! What proxies write: `Forwarded` (RFC 7239), and the `X-Forwarded` fields that came before it.
//!
//! A proxy adds to the end of a list. So the lists are read from the right, and what stands left of a mistake is not looked
//! at: it may be the client's.

use std::borrow::Cow;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use http::{HeaderMap, HeaderName};

use crate::server::is_host;

/// One proxy's word: whose request it got, and how.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Element<'a> {
    pub(super) node: Option<Node>,
    pub(super) is_https: Option<bool>,
    pub(super) host: Option<Cow<'a, [u8]>>,
}

/// Whose request a proxy got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Node {
    /// Without a port, that is 0.
    Address(SocketAddr),
    /// `unknown`, or a name that only the proxy understands.
    Hidden,
}

/// The elements of all fields of this name, from the right.
pub(super) fn from_right<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a [u8]> {
    headers.get_all(name).iter().rev().flat_map(|value| Elements(Some(value.as_bytes())))
}

/// The elements of a list, from the right; empty ones are none (RFC 9110, section 5.6.1).
struct Elements<'a>(Option<&'a [u8]>);

impl<'a> Iterator for Elements<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        loop {
            let rest = self.0?;
            let comma = last_outside_quotes(rest, b',');
            let element = match comma {
                Some(at) => {
                    self.0 = rest.get(..at);
                    rest.get(at + 1..)?
                }
                None => {
                    self.0 = None;
                    rest
                }
            };
            let element = element.trim_ascii();
            if !element.is_empty() {
                return Some(element);
            }
        }
    }
}

fn last_outside_quotes(text: &[u8], wanted: u8) -> Option<usize> {
    let mut quoted = false;
    for (at, byte) in text.iter().enumerate().rev() {
        if *byte == b'"' && !is_escaped(&text[..at]) {
            quoted = !quoted;
        } else if *byte == wanted && !quoted {
            return Some(at);
        }
    }
    None
}

/// Whether what comes next is taken as it is: a backslash stands before it that is not taken so itself.
fn is_escaped(before: &[u8]) -> bool {
    before.iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 1
}

impl<'a> Element<'a> {
    /// An element of `Forwarded` (RFC 7239, section 4); `None` if it is malformed. Pairs may be empty, and a `proto` that is
    /// neither `http` nor `https` says nothing.
    pub(super) fn parse(text: &'a [u8]) -> Option<Self> {
        let mut element = Self::default();
        let (mut has_by, mut has_proto) = (false, false);
        let mut rest = text.trim_ascii_start();
        loop {
            rest = match rest {
                [] => return Some(element),
                [b';', more @ ..] => {
                    rest = more.trim_ascii_start();
                    continue;
                }
                pair => pair,
            };
            let equals = rest.iter().position(|byte| *byte == b'=')?;
            let name = &rest[..equals];
            let (value, after) = value(&rest[equals + 1..])?;
            let is_new = if name.eq_ignore_ascii_case(b"for") {
                element.node.replace(Node::parse(&value, Ports::Quoted)?).is_none()
            } else if name.eq_ignore_ascii_case(b"proto") {
                element.is_https = is_https(&value);
                !std::mem::replace(&mut has_proto, true)
            } else if name.eq_ignore_ascii_case(b"host") {
                is_host(&value).then(|| element.host.replace(value).is_none())?
            } else if name.eq_ignore_ascii_case(b"by") {
                Node::parse(&value, Ports::Quoted)?;
                !std::mem::replace(&mut has_by, true)
            } else {
                is_token(name)
            };
            rest = after.trim_ascii_start();
            if !is_new || !matches!(rest, [] | [b';', ..]) {
                return None;
            }
        }
    }
}

/// A token or a quoted string, and what comes after it.
fn value(text: &[u8]) -> Option<(Cow<'_, [u8]>, &[u8])> {
    let [b'"', quoted @ ..] = text else {
        let end = text.iter().position(|byte| !is_token(&[*byte])).unwrap_or(text.len());
        return (end > 0).then(|| (Cow::Borrowed(&text[..end]), &text[end..]));
    };
    let mut unescaped: Option<Vec<u8>> = None;
    let mut bytes = quoted.iter().enumerate();
    while let Some((at, byte)) = bytes.next() {
        let byte = match byte {
            b'"' => {
                let whole = unescaped.map_or(Cow::Borrowed(&quoted[..at]), Cow::Owned);
                return Some((whole, &quoted[at + 1..]));
            }
            b'\\' => {
                unescaped.get_or_insert_with(|| quoted[..at].to_vec());
                bytes.next()?.1
            }
            byte => byte,
        };
        if let Some(unescaped) = &mut unescaped {
            unescaped.push(*byte);
        }
    }
    None
}

fn is_token(text: &[u8]) -> bool {
    let may_stand = |byte: &u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte);
    !text.is_empty() && text.iter().all(may_stand)
}

/// `http` or `https`, in any case; `None` for what is neither.
pub(super) fn is_https(text: &[u8]) -> Option<bool> {
    let is = |scheme: &str| text.eq_ignore_ascii_case(scheme.as_bytes());
    (is("https") || is("http")).then(|| is("https"))
}

/// How addresses with colons in them are told from their ports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ports {
    /// As RFC 7239 has it: an IPv6 address stands in brackets.
    Quoted,
    /// As `X-Forwarded-For` is written: an IPv6 address may stand alone, without a port.
    Loose,
}

impl Node {
    /// RFC 7239, section 6; `None` if it is malformed.
    pub(super) fn parse(text: &[u8], ports: Ports) -> Option<Self> {
        let text = std::str::from_utf8(text).ok()?;
        if ports == Ports::Loose
            && let Ok(address) = text.parse::<Ipv6Addr>()
        {
            return Some(Self::address(IpAddr::V6(address), 0));
        }
        let (name, port) = match text.strip_prefix('[').and_then(|text| text.split_once(']')) {
            Some((address, port)) => {
                let address = address.parse::<Ipv6Addr>().ok()?;
                return Some(Self::address(IpAddr::V6(address), port_of(port)?));
            }
            None => text.split_at(text.find(':').unwrap_or(text.len())),
        };
        let port = port_of(port)?;
        let is_hidden = name.eq_ignore_ascii_case("unknown") || is_obfuscated(name);
        if is_hidden {
            return Some(Self::Hidden);
        }
        Some(Self::address(IpAddr::V4(name.parse().ok()?), port))
    }

    fn address(address: IpAddr, port: u16) -> Self {
        Self::Address(SocketAddr::new(address.to_canonical(), port))
    }
}

/// The port of `:4711`; 0 for none, or for one that only the proxy understands.
fn port_of(text: &str) -> Option<u16> {
    match text.strip_prefix(':') {
        None => text.is_empty().then_some(0),
        Some(name) if is_obfuscated(name) => Some(0),
        Some(digits) => {
            let is_number =
                (1..=5).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
            is_number.then(|| digits.parse().ok())?
        }
    }
}

fn is_obfuscated(name: &str) -> bool {
    let may_stand = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    name.len() > 1 && name.starts_with('_') && name.bytes().all(may_stand)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "these are tests")]
mod tests {
    use super::*;

    fn elements(text: &str) -> Vec<&str> {
        Elements(Some(text.as_bytes())).map(|element| std::str::from_utf8(element).unwrap()).collect()
    }

    #[test]
    fn lists_are_read_from_the_right() {
        assert_eq!(elements("a, b ,c"), ["c", "b", "a"]);
        assert_eq!(elements(" , a,, "), ["a"]);
        assert_eq!(elements(""), [""; 0]);
        assert_eq!(elements(r#"for="a,b", for=c"#), ["for=c", r#"for="a,b""#]);
        assert_eq!(elements(r#"for="a\",b", for=c"#), ["for=c", r#"for="a\",b""#]);
        assert_eq!(
            elements(r#"for=a, for=b;x="c\\""#),
            [r#"for=b;x="c\\""#, "for=a"],
            "a backslash, escaped"
        );
        assert_eq!(elements(r#"for=a, for=b;x="\\\"c, ""#), [r#"for=b;x="\\\"c, ""#, "for=a"]);
        // A quote that the client has left open takes nothing from what the proxy has added.
        assert_eq!(elements(r#"for="a, for=b"#)[0], "for=b");
    }

    fn node(text: &str) -> Option<String> {
        Some(match Node::parse(text.as_bytes(), Ports::Quoted)? {
            Node::Address(address) => address.to_string(),
            Node::Hidden => "hidden".to_owned(),
        })
    }

    #[test]
    fn nodes_are_those_of_the_rfc() {
        for (text, expected) in [
            ("192.0.2.43", "192.0.2.43:0"),
            ("192.0.2.43:47011", "192.0.2.43:47011"),
            ("[2001:db8:cafe::17]", "[2001:db8:cafe::17]:0"),
            ("[2001:db8:cafe::17]:4711", "[2001:db8:cafe::17]:4711"),
            ("[::ffff:192.0.2.1]", "192.0.2.1:0"),
            ("192.0.2.43:_x1", "192.0.2.43:0"),
            ("unknown", "hidden"),
            ("Unknown", "hidden"),
            ("unknown:4711", "hidden"),
            ("_gazonk", "hidden"),
            ("_hidden:_p", "hidden"),
        ] {
            assert_eq!(node(text).as_deref(), Some(expected), "{text}");
        }
        for bad in [
            "",
            "_",
            "_a b",
            "2001:db8::1",
            "[2001:db8::1",
            "[192.0.2.1]",
            "192.0.2",
            "192.0.2.256",
            "192.0.2.1:",
            "192.0.2.1:65536",
            "192.0.2.1:123456",
            "192.0.2.1:+80",
            "[::1]80",
            "[::1]:",
            "localhost",
            "10.0.0.1 ",
            "010.0.0.1",
            "[fe80::1%eth0]",
        ] {
            assert_eq!(node(bad), None, "{bad}");
        }
        let loose = |text: &str| Node::parse(text.as_bytes(), Ports::Loose);
        assert_eq!(loose("2001:db8::1"), loose("[2001:db8::1]"));
        assert_eq!(loose("10.0.0.1:80"), Some(Node::Address("10.0.0.1:80".parse().unwrap())));
    }

    #[test]
    fn elements_are_those_of_the_rfc() {
        let parse = |text: &'static str| Element::parse(text.as_bytes());
        let element =
            parse(r#"For="[2001:db8::1]:4711";Proto=HTTPS;by=203.0.113.60;host="example.com:8443";ext=x"#);
        let element = element.unwrap();
        assert_eq!(element.node, Some(Node::Address("[2001:db8::1]:4711".parse().unwrap())));
        assert_eq!((element.is_https, element.host.as_deref()), (Some(true), Some(&b"example.com:8443"[..])));
        let spaced = parse("for=192.0.2.1; proto=http ; host=a").unwrap();
        assert_eq!((spaced.is_https, spaced.host.as_deref()), (Some(false), Some(&b"a"[..])));
        let escaped = parse(r#"host="ex\ample.com""#).unwrap();
        assert_eq!(escaped.host.as_deref(), Some(&b"example.com"[..]));
        for empty in ["for=192.0.2.1;", ";for=192.0.2.1", "for=192.0.2.1;;by=_a", "for=192.0.2.1 ; ; "] {
            assert!(parse(empty).unwrap().node.is_some(), "{empty}");
        }
        let other = parse("for=192.0.2.1;proto=wss").unwrap();
        assert!(other.node.is_some() && other.is_https.is_none());
        for bad in [
            "for",
            "for=",
            "=a",
            "for=a b",
            "for=192.0.2.1;for=192.0.2.2",
            "proto=http;proto=https",
            "proto=wss;proto=https",
            "for=[2001:db8::1]",
            "for=192.0.2.1:80",
            r#"for="192.0.2.1"#,
            r#"for="192.0.2.1"x"#,
            r#"host="a\"#,
            "host=a/b",
            r#"host="a b""#,
            "host=\"\"",
            "by=here",
            "fo r=192.0.2.1",
        ] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }

    /// Whatever a client writes, what a proxy adds behind it is found, and nothing panics.
    #[test]
    fn nothing_hides_what_stands_last() {
        let alphabet = br#",";=\ [:]a1.for_%"#;
        let mut seed = 7_u64;
        let mut random = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (seed >> 33) as usize
        };
        for _ in 0..20_000 {
            let text: Vec<u8> = (0..random() % 24).map(|_| alphabet[random() % alphabet.len()]).collect();
            let _ = (Element::parse(&text), Node::parse(&text, Ports::Loose));
            for added in ["for=192.0.2.7", r#"for="[2001:db8::1]:80";proto=https"#] {
                let list = [&text, &b", "[..], added.as_bytes()].concat();
                assert_eq!(Elements(Some(&list)).next(), Some(added.as_bytes()), "{}", list.escape_ascii());
            }
        }
    }
}
