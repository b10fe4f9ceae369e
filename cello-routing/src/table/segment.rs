//! Comparing the text of a path with literals, with escapes in it and without.

use super::key::Key;
use crate::escape::{decode, is_unreserved};

/// How to read the segments of a path.
pub(super) trait Reading {
    /// The key of the segment in normal form, as that of a literal. May be `None` if it is longer than any literal.
    fn key(segment: &[u8], longest: usize) -> Option<Key>;

    /// How many bytes of `segment` from its start are, in normal form, `literal`.
    fn skip(segment: &[u8], literal: &[u8]) -> Option<usize>;

    /// How many bytes of `segment` from its end are, in normal form, `literal`.
    fn skip_back(segment: &[u8], literal: &[u8]) -> Option<usize>;
}

/// A path without escapes is in normal form.
pub(super) struct Plain;

impl Reading for Plain {
    fn key(segment: &[u8], longest: usize) -> Option<Key> {
        (segment.len() <= longest).then(|| Key::of(segment))
    }

    fn skip(segment: &[u8], literal: &[u8]) -> Option<usize> {
        segment.starts_with(literal).then_some(literal.len())
    }

    fn skip_back(segment: &[u8], literal: &[u8]) -> Option<usize> {
        segment.ends_with(literal).then_some(literal.len())
    }
}

/// A path with escapes, all of them well formed. In normal form an escape of an unreserved character is that
/// character, and the digits of the others are in upper case.
pub(super) struct Escaped;

impl Reading for Escaped {
    fn key(segment: &[u8], longest: usize) -> Option<Key> {
        if segment.len() / 3 > longest {
            return None;
        }
        Some(Key::of_bytes(Normal { segment, at: 0, unit: [0; 3], given: 0, len: 0 }))
    }

    fn skip(segment: &[u8], mut literal: &[u8]) -> Option<usize> {
        let mut i = 0;
        while !literal.is_empty() {
            let (unit, len, raw) = unit(segment, i, *segment.get(i)?);
            literal = literal.strip_prefix(unit.get(..len)?)?;
            i += raw;
        }
        Some(i)
    }

    fn skip_back(segment: &[u8], mut literal: &[u8]) -> Option<usize> {
        let mut end = segment.len();
        while !literal.is_empty() {
            // A `%` three bytes before the end starts an escape, since all escapes are well formed.
            let start = match end.checked_sub(3) {
                Some(start) if segment.get(start) == Some(&b'%') => start,
                _ => end.checked_sub(1)?,
            };
            let (unit, len, _) = unit(segment, start, *segment.get(start)?);
            literal = literal.strip_suffix(unit.get(..len)?)?;
            end = start;
        }
        Some(segment.len() - end)
    }
}

/// The bytes of a segment in normal form.
struct Normal<'s> {
    segment: &'s [u8],
    at: usize,
    /// The bytes of one character or escape, how many are given, and how many there are.
    unit: [u8; 3],
    given: usize,
    len: usize,
}

impl Iterator for Normal<'_> {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        if self.given == self.len {
            let (unit, len, raw) = unit(self.segment, self.at, *self.segment.get(self.at)?);
            self.at += raw;
            (self.unit, self.given, self.len) = (unit, 0, len);
        }
        self.given += 1;
        self.unit.get(self.given - 1).copied()
    }
}

/// The byte or escape at `at` in normal form: its bytes and how many they are, and how many bytes of the
/// segment it takes.
fn unit(segment: &[u8], at: usize, first: u8) -> ([u8; 3], usize, usize) {
    if first != b'%' {
        return ([first, 0, 0], 1, 1);
    }
    match (decode(segment, at), segment.get(at + 1..at + 3)) {
        (Some(byte), _) if is_unreserved(byte) => ([byte, 0, 0], 1, 3),
        (Some(_), Some(&[high, low])) => ([b'%', high.to_ascii_uppercase(), low.to_ascii_uppercase()], 3, 3),
        _ => ([b'%', 0, 0], 1, 1), // not reached: escapes are well formed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normal_form_is_compared() {
        for (raw, normal) in
            [("users", "users"), ("%75sers", "users"), ("a%2fb", "a%2Fb"), ("%7e%2D", "~-"), ("%25", "%25")]
        {
            let (raw, normal) = (raw.as_bytes(), normal.as_bytes());
            assert_eq!(Escaped::key(raw, 8), Plain::key(normal, 8));
            assert_eq!(Escaped::skip(raw, normal), Some(raw.len()));
            assert_eq!(Escaped::skip_back(raw, normal), Some(raw.len()));
        }
    }

    #[test]
    fn affixes_end_between_two_escapes() {
        assert_eq!(Escaped::skip(b"%76%31x", b"v"), Some(3));
        assert_eq!(Escaped::skip_back(b"a%2Ejson", b".json"), Some(7));
        assert_eq!(Escaped::skip(b"%2F", b"%"), None);
        assert_eq!(Escaped::skip(b"%2F", b"%2"), None);
        assert_eq!(Escaped::skip_back(b"%2F", b"F"), None);
        assert_eq!(Escaped::skip_back(b"F", b"2F"), None);
        assert_eq!(Escaped::skip(b"", b"a"), None);
    }
}
