//! Entity tags: [`ETag`], RFC 9110, section 8.8.3.

use std::fmt;
use std::hash::{DefaultHasher, Hasher};

use http::header::{self, HeaderValue};
use http::response;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use crate::hex::hex;
use crate::respond::ResponseHead;
use crate::{Problem, Result};

/// Names one version of a resource: the value of `ETag` ([RFC 9110](https://www.rfc-editor.org/rfc/rfc9110), section 8.8.3).
///
/// As the first part of a tuple it is the field of the response.
///
/// ```
/// use cello::prelude::*;
///
/// #[get("/note")]
/// async fn note() -> (ETag, &'static str) {
///     (ETag::strong(7), "the seventh version")
/// }
/// # let client = cello::testing::TestClient::new(App::new(routes![note]));
/// # assert_eq!(client.get("/note").send().header("etag"), Some("\"7\""));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ETag(HeaderValue);

impl ETag {
    /// A tag that changes whenever a byte of the content does: `"7"`. Give the number of the version, or a hash. What cannot
    /// stand in a tag is percent-encoded.
    pub fn strong(version: impl fmt::Display) -> Self {
        Self::written("", &version.to_string())
    }

    /// A tag that may stay the same where the content means the same: `W/"7"`. It serves caches; `If-Match` never holds for it.
    pub fn weak(version: impl fmt::Display) -> Self {
        Self::written("W/", &version.to_string())
    }

    /// A strong tag made of the content: its length, and 64 bits of its hash (SipHash, as the standard library has it). The same
    /// in all processes of one build; another version of Rust may make others, which costs clients one more download.
    ///
    /// It tells versions of content apart, and is no proof against somebody who makes two of them on purpose.
    pub fn of_content(content: &[u8]) -> Self {
        Self::made("", content)
    }

    pub(super) fn made(prefix: &str, content: &[u8]) -> Self {
        let mut hasher = DefaultHasher::new();
        hasher.write(content);
        // Written without the machinery of `fmt`: it is done for each response.
        let mut text = [0; 40];
        let mut rest = &mut text[..];
        put(&mut rest, prefix.as_bytes());
        put(&mut rest, b"\"");
        let (digits, count) = hex(content.len() as u64, 1);
        put(&mut rest, &digits[..count]);
        put(&mut rest, b"-");
        put(&mut rest, &hex(hasher.finish(), 16).0);
        put(&mut rest, b"\"");
        let left = rest.len();
        Self::of_ascii(&text[..text.len() - left])
    }

    /// Reads the value of a field.
    pub fn parse(value: &HeaderValue) -> Option<Self> {
        opaque(value.as_bytes()).map(|_| Self(value.clone()))
    }

    /// Whether it is a weak tag.
    pub fn is_weak(&self) -> bool {
        self.0.as_bytes().starts_with(b"W/")
    }

    /// Whether both stand for the same bytes: neither is weak, and they are equal (RFC 9110, 8.8.3.2).
    pub fn matches_strongly(&self, other: &Self) -> bool {
        self.is_strongly(other.0.as_bytes())
    }

    /// Whether both stand for content that means the same: they are equal, weak or not (RFC 9110, 8.8.3.2).
    pub fn matches_weakly(&self, other: &Self) -> bool {
        self.is_weakly(other.0.as_bytes())
    }

    pub(super) fn is_strongly(&self, other: &[u8]) -> bool {
        !self.is_weak() && self.0.as_bytes() == other
    }

    pub(super) fn is_weakly(&self, other: &[u8]) -> bool {
        opaque(self.0.as_bytes()) == opaque(other)
    }

    fn written(prefix: &str, version: &str) -> Self {
        Self::of_ascii(format!("{prefix}\"{}\"", utf8_percent_encode(version, NOT_IN_TAGS)).as_bytes())
    }

    /// Of what is printable ASCII.
    fn of_ascii(text: &[u8]) -> Self {
        Self(HeaderValue::from_bytes(text).unwrap_or(HeaderValue::from_static("\"\"")))
    }
}

/// Writes these bytes, for which there is room.
fn put(room: &mut &mut [u8], bytes: &[u8]) {
    if let Some((place, rest)) = std::mem::take(room).split_at_mut_checked(bytes.len()) {
        place.copy_from_slice(bytes);
        *room = rest;
    }
}

/// What cannot stand in a tag, and what escapes it. Characters beyond ASCII may, but clients differ about them.
const NOT_IN_TAGS: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'%');

/// The part within the quotes; `None` if this is no tag.
fn opaque(tag: &[u8]) -> Option<&[u8]> {
    let quoted = tag.strip_prefix(b"W/").unwrap_or(tag);
    let opaque = quoted.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    let stands = |byte: &u8| *byte == 0x21 || (0x23..=0x7e).contains(byte) || *byte >= 0x80;
    opaque.iter().all(stands).then_some(opaque)
}

impl fmt::Display for ETag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", String::from_utf8_lossy(self.0.as_bytes()))
    }
}

impl From<ETag> for HeaderValue {
    fn from(tag: ETag) -> Self {
        tag.0
    }
}

impl ResponseHead for ETag {
    fn apply(self, head: &mut response::Parts) -> Result<(), Problem> {
        head.headers.insert(header::ETAG, self.0);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_written_and_read() {
        for (tag, text) in [
            (ETag::strong(7), "\"7\""),
            (ETag::weak("v7"), "W/\"v7\""),
            (ETag::strong("a\"b c%d\u{e9}\n"), "\"a%22b%20c%25d%C3%A9%0A\""),
            (ETag::strong(""), "\"\""),
        ] {
            assert_eq!(tag.to_string(), text);
            assert_eq!(ETag::parse(&HeaderValue::from(tag.clone())), Some(tag));
        }
        for text in ["v7", "\"v7", "v7\"", "w/\"v7\"", "W/v7", "\"", "\"a\" \"b\"", "*", ""] {
            assert_eq!(ETag::parse(&HeaderValue::from_static(text)), None, "{text}");
        }
    }

    #[test]
    fn tags_are_compared_as_rfc_9110_tables_it() {
        let tags = |one, other| match (one, other) {
            ("W1", "W1") => (ETag::weak(1), ETag::weak(1)),
            ("W1", "W2") => (ETag::weak(1), ETag::weak(2)),
            ("W1", "1") => (ETag::weak(1), ETag::strong(1)),
            _ => (ETag::strong(1), ETag::strong(1)),
        };
        for (one, other, strongly, weakly) in [
            ("W1", "W1", false, true),
            ("W1", "W2", false, false),
            ("W1", "1", false, true),
            ("1", "1", true, true),
        ] {
            let (one, other) = tags(one, other);
            assert_eq!(one.matches_strongly(&other), strongly);
            assert_eq!(other.matches_strongly(&one), strongly);
            assert_eq!(one.matches_weakly(&other), weakly);
        }
    }

    #[test]
    fn content_makes_a_tag() {
        let tag = ETag::of_content(b"hello");
        assert_eq!(tag, ETag::of_content(b"hello"));
        assert_ne!(tag, ETag::of_content(b"hellp"));
        assert!(!tag.is_weak() && tag.to_string().starts_with("\"5-"));
        for (prefix, len) in [("", 1), ("W/", 0x1f), ("W/", 0x1000)] {
            let content = vec![b'a'; len];
            let mut hasher = DefaultHasher::new();
            hasher.write(&content);
            let shown = format!("{prefix}\"{len:x}-{:016x}\"", hasher.finish());
            assert_eq!(ETag::made(prefix, &content).to_string(), shown);
        }
    }
}
