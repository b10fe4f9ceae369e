//! Validators of compressed content (RFC 9110, 8.8.3): `"v7"` is `"v7--gzip"` outside, and `"v7"` again inside.

use http::HeaderMap;
use http::header::{ETAG, HeaderName, HeaderValue, IF_MATCH, IF_NONE_MATCH};

use super::super::conditional_requests::elements;
use super::Coding;

/// What stands between a tag and the name of the coding.
const SEPARATOR: &[u8] = b"--";

/// The tags that a client has asked with, where some are of compressed content.
#[derive(Debug)]
pub(super) struct Asked {
    if_none_match: Option<HeaderValue>,
}

impl Asked {
    /// Makes the tags of compressed content those of the content itself, in `If-Match` and `If-None-Match`.
    pub(super) fn take(headers: &mut HeaderMap) -> Self {
        // To look at all names is cheaper than to look up two, which few requests have.
        if !headers.keys().any(|name| *name == IF_MATCH || *name == IF_NONE_MATCH) {
            return Self { if_none_match: None };
        }
        plain(headers, &IF_MATCH);
        Self { if_none_match: plain(headers, &IF_NONE_MATCH) }
    }

    /// Gives a 304 the tag by which the client knows what it has.
    pub(super) fn answer(&self, headers: &mut HeaderMap) {
        let Some(asked) = &self.if_none_match else { return };
        let Some(tag) = headers.get(ETAG) else { return };
        let of_coding = |coding: &Coding| suffixed(tag.as_bytes(), *coding);
        let is_asked = |tag: &Vec<u8>| elements(asked.as_bytes()).any(|element| element == tag);
        let known = Coding::ALL.iter().filter_map(of_coding).find(is_asked);
        if let Some(value) = known.and_then(|tag| HeaderValue::try_from(tag).ok()) {
            headers.insert(ETAG, value);
        }
    }
}

/// Makes the tag of a response fit its content, which is now in a coding that gives the same bytes each time, or in none
/// such.
pub(super) fn fit(headers: &mut HeaderMap, coding: Option<Coding>) {
    let Some(tag) = headers.get(ETAG).map(HeaderValue::as_bytes).filter(|tag| tag.starts_with(b"\"")) else {
        return;
    };
    let fitting = match coding {
        Some(coding) => suffixed(tag, coding),
        None => Some([b"W/", tag].concat()),
    };
    if let Some(value) = fitting.and_then(|tag| HeaderValue::try_from(tag).ok()) {
        headers.insert(ETAG, value);
    }
}

/// The tag of the same content in a coding; `None` of what is no strong tag.
fn suffixed(tag: &[u8], coding: Coding) -> Option<Vec<u8>> {
    let opaque = tag.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    Some([b"\"", opaque, SEPARATOR, coding.name().as_bytes(), b"\""].concat())
}

/// The tag without the name of a coding, if it has one.
fn unsuffixed(tag: &[u8]) -> Option<Vec<u8>> {
    let opaque = tag.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    let own = Coding::ALL
        .iter()
        .find_map(|coding| opaque.strip_suffix(coding.name().as_bytes())?.strip_suffix(SEPARATOR))?;
    Some([b"\"", own, b"\""].concat())
}

/// Makes the tags of a field those of the content itself. Gives the field as it came, if that has changed it.
fn plain(headers: &mut HeaderMap, name: &HeaderName) -> Option<HeaderValue> {
    let field = headers.get(name)?;
    if !elements(field.as_bytes()).any(|element| unsuffixed(element).is_some()) {
        return None;
    }
    // Several fields of one name are one list.
    let fields: Vec<_> = headers.get_all(name).iter().map(HeaderValue::as_bytes).collect();
    let came = fields.join(&b", "[..]);
    let tags: Vec<_> =
        elements(&came).map(|element| unsuffixed(element).unwrap_or_else(|| element.to_vec())).collect();
    let inside = HeaderValue::try_from(tags.join(&b", "[..])).ok()?;
    headers.insert(name, inside);
    HeaderValue::try_from(came).ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "these are tests")]
mod tests {
    use super::*;

    fn map(name: &HeaderName, values: &[&'static str]) -> HeaderMap {
        values.iter().map(|value| (name.clone(), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn tags_of_compressed_content_are_those_of_the_content_inside() {
        for (came, inside) in [
            (&["\"v7--gzip\""][..], "\"v7\""),
            (&["\"v7--deflate\", W/\"v6\""], "\"v7\", W/\"v6\""),
            (&["\"a,b--gzip\" ,\"c\""], "\"a,b\", \"c\""),
            (&["\"a--gzip\"", "\"b\""], "\"a\", \"b\""),
            (&["\"v7\""], "\"v7\""),
            (&["W/\"v7--gzip\""], "W/\"v7--gzip\""),
            (&["\"v7-gzip\""], "\"v7-gzip\""),
            (&["*"], "*"),
            (&["v7--gzip"], "v7--gzip"),
            (&["\"--gzip\""], "\"\""),
            (&["\""], "\""),
            (&[""], ""),
        ] {
            for name in [IF_MATCH, IF_NONE_MATCH] {
                let mut headers = map(&name, came);
                let _ = Asked::take(&mut headers);
                assert_eq!(headers.get(&name).unwrap(), inside);
            }
        }
    }

    #[test]
    fn a_304_names_what_the_client_has() {
        for (asked, tag, expected) in [
            ("\"v7--gzip\"", "\"v7\"", "\"v7--gzip\""),
            ("\"v6\", \"v7--deflate\"", "\"v7\"", "\"v7--deflate\""),
            ("\"v6--gzip\", \"v7\"", "\"v7\"", "\"v7\""),
            ("\"v7\"", "\"v7\"", "\"v7\""),
            ("\"v7--gzip\"", "W/\"v7\"", "W/\"v7\""),
        ] {
            let asked = Asked::take(&mut map(&IF_NONE_MATCH, &[asked]));
            let mut headers = map(&ETAG, &[tag]);
            asked.answer(&mut headers);
            assert_eq!(headers.get(ETAG).unwrap(), expected);
        }
    }

    #[test]
    fn a_tag_fits_what_is_sent() {
        for (tag, coding, expected) in [
            ("\"v7\"", Some(Coding::Gzip), "\"v7--gzip\""),
            ("\"v7\"", None, "W/\"v7\""),
            ("W/\"v7\"", Some(Coding::Gzip), "W/\"v7\""),
            ("no tag", Some(Coding::Gzip), "no tag"),
        ] {
            let mut headers = map(&ETAG, &[tag]);
            fit(&mut headers, coding);
            assert_eq!(headers.get(ETAG).unwrap(), expected);
        }
    }
}
