//! Whether a request can be answered at all, by its head: what RFC 9110 and 9112 ask of a server beyond what hyper
//! checks. [`is_plain`], [`judge`].

use std::net::Ipv6Addr;

use http::header::{self, HeaderMap, HeaderValue};
use http::request::Parts;
use http::uri::Authority;
use http::{Method, Uri, Version};
use http_body::Body;

use crate::Limits;
use crate::dispatch::Refused;

/// Whether a head is as nearly all of HTTP/1.1 are, so that nothing in it can be refused: short, for a path and no tunnel, with one
/// good host and no expectation. hyper counts the fields.
///
/// What other requests need stands in functions of its own, so that the code of these lies close together.
#[inline]
pub(super) fn is_plain(head: &Parts, most_bytes: usize, limits: &Limits) -> bool {
    let is_usual = head.version == Version::HTTP_11 && head.method != Method::CONNECT;
    if !is_usual || most_bytes > limits.target.min(limits.header_bytes) {
        return false;
    }
    // One walk, which costs less than to look up each of the names.
    let (mut host, mut is_odd) = (None, false);
    for (name, value) in &head.headers {
        if *name == header::HOST {
            is_odd |= host.is_some();
            host = Some(value);
        } else if *name == header::EXPECT {
            is_odd = true;
        }
    }
    !is_odd && is_path(&head.uri) && host.is_some_and(|host| is_host(host.as_bytes()))
}

/// Why a request is refused, if it is; the first fault in this order. `most_bytes` is how many bytes its head has at most: only if those
/// are too many is it measured. Of a `plain` head (see [`is_plain`]) nothing is judged but whether it may have its body.
pub(super) fn judge(
    plain: bool,
    head: &Parts,
    body: &impl Body,
    most_bytes: usize,
    limits: &Limits,
) -> Result<Expects, Refused> {
    if !plain {
        judge_len(head, most_bytes, limits)?;
        // hyper counts those of HTTP/1.1.
        #[cfg(feature = "http2")]
        if head.version == Version::HTTP_2 && head.headers.len() > limits.header_fields {
            return Err(Refused::TooManyFields(limits.header_fields));
        }
        let hosts = head.headers.get_all(header::HOST).iter().fold(Hosts::None, Hosts::and);
        hosts.judge(head.version, &head.uri)?;
        judge_target(&head.method, &head.uri)?;
    }
    if !body.is_end_stream() {
        judge_content(head, body)?;
    }
    let expects = !plain && head.headers.contains_key(header::EXPECT);
    Ok(Expects(expects && judge_expectation(&head.headers, head.version)?))
}

/// A head that may be too large is measured.
fn judge_len(head: &Parts, most_bytes: usize, limits: &Limits) -> Result<(), Refused> {
    if most_bytes > limits.target && target_len(&head.uri) > limits.target {
        return Err(Refused::TargetTooLong(limits.target));
    }
    if most_bytes > limits.header_bytes && head_len(head) > limits.header_bytes {
        return Err(Refused::HeadTooLarge(limits.header_bytes));
    }
    Ok(())
}

/// Whether the client may wait to be asked for the body.
#[derive(Debug, Clone, Copy)]
pub(super) struct Expects(pub(super) bool);

/// The target names its authority itself: that one counts, and what `Host` says is ignored (RFC 9112, section 3.2.2).
pub(super) fn take_host_from_target(head: &mut Parts) {
    if head.uri.scheme().is_some()
        && let Some(authority) = head.uri.authority()
        && let Ok(host) = HeaderValue::from_str(authority.as_str())
    {
        // Where there is no room for one more, the request is refused for that.
        let _ = head.headers.try_insert(header::HOST, host);
    }
}

/// The `Host` fields of a request.
enum Hosts<'a> {
    None,
    One(&'a HeaderValue),
    Many,
}

impl<'a> Hosts<'a> {
    fn and(self, host: &'a HeaderValue) -> Self {
        match self {
            Self::None => Self::One(host),
            Self::One(_) | Self::Many => Self::Many,
        }
    }

    /// RFC 9112, section 3.2: exactly one `Host`, and a valid one. HTTP/1.0 may lack it, and so may HTTP/2 beside
    /// `:authority`, from which it may not differ (RFC 9113, section 8.3.1).
    fn judge(self, version: Version, target: &Uri) -> Result<(), Refused> {
        match self {
            Self::One(host) if !is_host(host.as_bytes()) => Err(Refused::BadHost),
            Self::One(host) if version == Version::HTTP_2 => judge_beside_authority(host, target),
            Self::One(_) => Ok(()),
            Self::Many => Err(Refused::ManyHosts),
            Self::None if version < Version::HTTP_11 => Ok(()),
            Self::None if version == Version::HTTP_2 && target.authority().is_some() => Ok(()),
            Self::None => Err(Refused::NoHost),
        }
    }
}

/// A `Host` of HTTP/2 may stand beside `:authority`.
fn judge_beside_authority(host: &HeaderValue, target: &Uri) -> Result<(), Refused> {
    let differs = |authority: &Authority| !is_same(host.as_bytes(), authority, target.scheme_str());
    if target.authority().is_some_and(differs) { Err(Refused::OtherHost) } else { Ok(()) }
}

/// The form of the target (RFC 9112, section 3.2). That of `CONNECT` is left to the refusal of the method.
fn judge_target(method: &Method, uri: &Uri) -> Result<(), Refused> {
    // HTTP/2 has the asterisk beside an authority.
    let path = uri.path().starts_with('/') || (*method == Method::OPTIONS && uri.path() == "*");
    let good = match (uri.scheme_str(), uri.authority()) {
        (None, None) => path,
        (Some("http" | "https"), Some(authority)) => path && is_host(authority.as_str().as_bytes()),
        _ => false,
    };
    if good || *method == Method::CONNECT { Ok(()) } else { Err(Refused::Target) }
}

/// Whether the target is a path alone.
#[inline]
fn is_path(uri: &Uri) -> bool {
    uri.scheme().is_none() && uri.authority().is_none() && uri.path().starts_with('/')
}

/// hyper has decided how the body is framed; only a chunked one has no length.
fn judge_content(head: &Parts, body: &impl Body) -> Result<(), Refused> {
    if body.size_hint().exact().is_none() && head.version < Version::HTTP_2 && !is_chunked(&head.headers) {
        return Err(Refused::TransferCoding);
    }
    if head.method == Method::TRACE { Err(Refused::TraceWithContent) } else { Ok(()) }
}

/// Whether the body is `chunked` and nothing else: every coding that we do not know would have to be decoded.
fn is_chunked(headers: &HeaderMap) -> bool {
    let mut codings = headers.get_all(header::TRANSFER_ENCODING).iter();
    codings.next().is_some_and(|coding| coding.as_bytes().eq_ignore_ascii_case(b"chunked"))
        && codings.next().is_none()
}

/// RFC 9110, section 10.1.1: only `100-continue` is met. HTTP/1.0 knows no expectations, so that nobody waits there.
#[cold]
fn judge_expectation(headers: &HeaderMap, version: Version) -> Result<bool, Refused> {
    if version < Version::HTTP_11 {
        return Ok(false);
    }
    let mut expected = headers.get_all(header::EXPECT).iter();
    let met = expected.all(|value| value.as_bytes().eq_ignore_ascii_case(b"100-continue"));
    if met { Ok(true) } else { Err(Refused::Expectation) }
}

/// Whether a `Host` names this authority; the port of the scheme may be left out.
fn is_same(host: &[u8], authority: &Authority, scheme: Option<&str>) -> bool {
    let port: &[u8] = if scheme == Some("https") { b":443" } else { b":80" };
    let plain = |host| <[u8]>::strip_suffix(host, port).unwrap_or(host).to_ascii_lowercase();
    plain(host) == plain(authority.as_str().as_bytes())
}

/// A host that is not empty (RFC 9110, section 4.2.1), and perhaps a port: RFC 3986, section 3.2.2 and 3.2.3.
pub(crate) fn is_host(text: &[u8]) -> bool {
    match text.iter().position(|byte| !OF_NAMES[usize::from(*byte)]) {
        None => !text.is_empty(),
        Some(name) => is_host_with_more(text, name),
    }
}

/// A name with a port behind it, or what else begins with this many bytes of a name.
#[inline(never)] // not in the way of a name alone
fn is_host_with_more(text: &[u8], name: usize) -> bool {
    match text.get(name + 1..) {
        Some(port) if text.get(name) == Some(&b':') => name > 0 && is_port(port),
        _ => is_other_host(text),
    }
}

/// A name with escapes, or an address in brackets.
fn is_other_host(text: &[u8]) -> bool {
    let (host_is_good, port) = match text {
        [b'[', literal @ ..] => match literal.iter().position(|byte| *byte == b']') {
            Some(end) => (is_address(&literal[..end]), &literal[end + 1..]),
            None => return false,
        },
        name => {
            let end = name.iter().position(|byte| *byte == b':').unwrap_or(name.len());
            (is_name(&name[..end]), &name[end..])
        }
    };
    host_is_good
        && match port {
            [] => true,
            [b':', digits @ ..] => is_port(digits),
            _ => false,
        }
}

/// The bytes of a name but `%`, by their values: a host is judged for every request.
const OF_NAMES: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < table.len() {
        let known = b"-._~!$&'()*+,;=";
        let mut at = 0;
        while at < known.len() {
            table[known[at] as usize] = true;
            at += 1;
        }
        table[byte] |= (byte as u8).is_ascii_alphanumeric() && byte < 128;
        byte += 1;
    }
    table
};

fn is_name(name: &[u8]) -> bool {
    let mut rest = name;
    loop {
        match rest {
            [] => return true,
            [byte, after @ ..] if OF_NAMES[usize::from(*byte)] => rest = after,
            [b'%', high, low, after @ ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                rest = after;
            }
            _ => return false,
        }
    }
}

/// What stands in brackets: an IPv6 address, or one of a version to come.
fn is_address(literal: &[u8]) -> bool {
    if let [b'v' | b'V', future @ ..] = literal {
        let Some(dot) = future.iter().position(|byte| *byte == b'.') else { return false };
        let (version, address) = (&future[..dot], &future[dot + 1..]);
        let may_stand = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:".contains(byte);
        return !version.is_empty()
            && version.iter().all(u8::is_ascii_hexdigit)
            && !address.is_empty()
            && address.iter().all(may_stand);
    }
    std::str::from_utf8(literal).is_ok_and(|text| text.parse::<Ipv6Addr>().is_ok())
}

/// Digits, perhaps none, that make a number which a port can have.
fn is_port(digits: &[u8]) -> bool {
    let number = digits.iter().try_fold(0_u32, |number, byte| {
        let digit = char::from(*byte).to_digit(10)?;
        Some(number * 10 + digit).filter(|number| *number <= u32::from(u16::MAX))
    });
    number.is_some()
}

/// The bytes of a head as it is usually written: one space between its parts, and the blank line at its end.
fn head_len(head: &Parts) -> usize {
    let line = head.method.as_str().len() + target_len(&head.uri) + "  HTTP/1.1\r\n".len();
    let fields = head.headers.iter().map(|(name, value)| name.as_str().len() + value.len() + ": \r\n".len());
    line + fields.sum::<usize>() + "\r\n".len()
}

fn target_len(uri: &Uri) -> usize {
    let scheme = uri.scheme_str().map_or(0, |scheme| scheme.len() + "://".len());
    let authority = uri.authority().map_or(0, |authority| authority.as_str().len());
    scheme + authority + uri.path_and_query().map_or(0, |path| path.as_str().len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_told_from_what_is_none() {
        for host in [
            "test",
            "test:80",
            "test:",
            "10.0.0.1:65535",
            "[::1]",
            "[::1]:8000",
            "[v1.a:b]",
            "a_b",
            "%41",
            "a.b.",
            "a,b",
        ] {
            assert!(is_host(host.as_bytes()), "{host}");
        }
        for host in [
            "",
            ":80",
            "a b",
            "user@test",
            "test/",
            "test:80:90",
            "test:x",
            "test:65536",
            "test:-1",
            "[::1",
            "[]",
            "[v1.]",
            "[::1]x",
            "::1",
            "%4",
            "%zz",
            "a\"b",
            "test:99999999999",
            "a\\b",
            "\u{e9}",
        ] {
            assert!(!is_host(host.as_bytes()), "{host}");
        }
    }
}
