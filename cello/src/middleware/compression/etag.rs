//! Validators of compressed content (RFC 9110, 8.8.3): `"v7"` is `"v7--gzip"` outside, and `"v7"` again inside.

use http::HeaderMap;
use http::header::{ETAG, HeaderName, HeaderValue, IF_MATCH, IF_NONE_MATCH};

use super::super::conditional_requests::elements;
use super::Coding;

/// What stands between a tag and the name of the coding.
const SEPARATOR: &[u8] = b"--";

/// What a client has asked with `If-None-Match`.
#[derive(Debug)]
pub(super) struct Asked {
    if_none_match: Option<HeaderValue>,
}

impl Asked {
    /// Makes the tags of compressed content those of the content itself: all in `If-Match`, and in `If-None-Match` those of codings
    /// that are accepted. What stands for content that the client cannot use is nothing that it has.
    pub(super) fn take(headers: &mut HeaderMap, accepts: impl Fn(Coding) -> bool) -> Self {
        // To look at all names is cheaper than to look up two, which few requests have.
        if !headers.keys().any(|name| *name == IF_MATCH || *name == IF_NONE_MATCH) {
            return Self { if_none_match: None };
        }
        plain(headers, &IF_MATCH, |_| true);
        Self { if_none_match: plain(headers, &IF_NONE_MATCH, accepts) }
    }

    /// Gives a 304 the tag by which the client knows what it has: of what the 200 would have been, if it has asked with that,
    /// else of another coding that is accepted, else of the content itself. A weak tag that it has asked with is of compressed
    /// content too.
    pub(super) fn answer(
        &self,
        headers: &mut HeaderMap,
        accepts: impl Fn(Coding) -> bool,
        preferred: impl FnOnce() -> Option<Coding>,
    ) {
        let Some(asked) = &self.if_none_match else { return };
        let Some(tag) = headers.get(ETAG).map(HeaderValue::as_bytes) else { return };
        let preferred = preferred();
        let is_asked = |tag: &Vec<u8>| elements(asked.as_bytes()).any(|element| element == tag);
        let of = |coding: Option<Coding>| match coding {
            Some(coding) => suffixed(tag, coding),
            None => Some(tag.to_vec()),
        };
        let others = Coding::ALL.iter().copied().filter(|coding| accepts(*coding)).map(Some).chain([None]);
        let weak = preferred.map(|_| [b"W/", tag].concat());
        let known = std::iter::once(preferred).chain(others).filter_map(of).chain(weak).find(is_asked);
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

/// The tag without the name of a coding, if it has one that is stripped.
fn unsuffixed(tag: &[u8], strips: impl Fn(Coding) -> bool) -> Option<Vec<u8>> {
    let opaque = tag.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    let own = Coding::ALL
        .iter()
        .filter_map(|coding| {
            let own = opaque.strip_suffix(coding.name().as_bytes())?.strip_suffix(SEPARATOR)?;
            Some((coding, own))
        })
        .find_map(|(coding, own)| strips(*coding).then_some(own))?;
    Some([b"\"", own, b"\""].concat())
}

/// Makes the tags of a field those of the content itself. Gives the field as it came.
fn plain(headers: &mut HeaderMap, name: &HeaderName, strips: impl Fn(Coding) -> bool) -> Option<HeaderValue> {
    let mut lines = headers.get_all(name).iter();
    let came = match (lines.next()?, lines.next()) {
        (line, None) => line.clone(),
        // Several fields of one name are one list.
        _ => {
            let lines: Vec<_> = headers.get_all(name).iter().map(HeaderValue::as_bytes).collect();
            HeaderValue::try_from(lines.join(&b", "[..])).ok()?
        }
    };
    if elements(came.as_bytes()).any(|element| unsuffixed(element, &strips).is_some()) {
        let inside = elements(came.as_bytes())
            .map(|element| unsuffixed(element, &strips).unwrap_or_else(|| element.to_vec()));
        let inside = inside.collect::<Vec<_>>().join(&b", "[..]);
        headers.insert(name, HeaderValue::try_from(inside).ok()?);
    }
    Some(came)
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
            (&["\"a\"", "\"b--gzip\""], "\"a\", \"b\""),
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
                let _ = Asked::take(&mut headers, |_| true);
                assert_eq!(headers.get(&name).unwrap(), inside);
            }
        }
    }

    #[test]
    fn what_the_client_cannot_decode_is_nothing_that_it_has() {
        let tags = "\"v7--gzip\", \"v7--deflate\"";
        let accepts = |coding| coding == Coding::Deflate;
        let mut headers = map(&IF_NONE_MATCH, &[tags]);
        let _ = Asked::take(&mut headers, accepts);
        assert_eq!(headers.get(IF_NONE_MATCH).unwrap(), "\"v7--gzip\", \"v7\"");
        // To name a version, each of them will do.
        let mut headers = map(&IF_MATCH, &[tags]);
        let _ = Asked::take(&mut headers, accepts);
        assert_eq!(headers.get(IF_MATCH).unwrap(), "\"v7\", \"v7\"");
    }

    #[test]
    fn a_304_names_what_the_client_has() {
        const GZIP: Option<Coding> = Some(Coding::Gzip);
        for (asked, preferred, tag, expected) in [
            ("\"v7--gzip\"", GZIP, "\"v7\"", "\"v7--gzip\""),
            ("\"v6\", \"v7--deflate\"", GZIP, "\"v7\"", "\"v7--deflate\""),
            ("\"v7--deflate\", \"v7--gzip\"", GZIP, "\"v7\"", "\"v7--gzip\""),
            ("\"v7--gzip\", \"v7--deflate\"", Some(Coding::Deflate), "\"v7\"", "\"v7--deflate\""),
            ("\"v7--gzip\", \"v7\"", None, "\"v7\"", "\"v7\""),
            ("\"v7--gzip\", \"v7\"", GZIP, "\"v7\"", "\"v7--gzip\""),
            ("\"v6--gzip\", \"v7\"", GZIP, "\"v7\"", "\"v7\""),
            ("\"v7\"", GZIP, "\"v7\"", "\"v7\""),
            ("\"v7--gzip\"", GZIP, "W/\"v7\"", "W/\"v7\""),
            // A stream that was compressed.
            ("W/\"v7\"", GZIP, "\"v7\"", "W/\"v7\""),
            ("W/\"v6\", W/\"v7\"", GZIP, "\"v7\"", "W/\"v7\""),
            ("W/\"v7\"", None, "\"v7\"", "\"v7\""),
            ("*", GZIP, "\"v7\"", "\"v7\""),
        ] {
            let came = asked;
            let asked = Asked::take(&mut map(&IF_NONE_MATCH, &[asked]), |_| true);
            let mut headers = map(&ETAG, &[tag]);
            asked.answer(&mut headers, |_| true, || preferred);
            assert_eq!(headers.get(ETAG).unwrap(), expected, "{came} {preferred:?}");
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
