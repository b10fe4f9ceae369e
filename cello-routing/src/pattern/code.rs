//! The path of a pattern, read, as numbers.

use super::{Part, Piece, PieceKind, Scanner};
use crate::Key;
use crate::text::slice;

/// The path of a pattern that somebody has read already, as numbers.
///
/// Const evaluation takes microseconds for each byte that it reads, and the compiler takes longest for structures. So whoever
/// reads a pattern before const evaluation, as a macro does, hands over a list of numbers: [`Pattern::code`](crate::Pattern::code)
/// gives them. They are written as bytes, the lowest first, so that all of them can be one token: a byte string. Other numbers are no pattern: what a table that is made of them finds by them means nothing, or there is none, since making
/// it panics.
///
/// Each segment is one word, which says what the segment is and where it stands in the text, and what belongs to it:
/// the words of a literal's [`Key`] (one for a literal of at most eight bytes, whose words are all the same), the lengths of
/// affixes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Code<'p> {
    /// The pattern.
    pub text: &'p str,
    /// Its path: eight bytes for each number.
    pub bytes: &'p [u8],
}

/// What kind of segment begins with a word.
macro_rules! segment_kind {
    (literal) => {
        0
    };
    (affixed) => {
        1
    };
    (param) => {
        2
    };
    (rest) => {
        3
    };
    (of $word:expr) => {
        $word & 3
    };
}
pub(crate) use segment_kind;

/// Where the segment (of a parameter alone: its name) starts in the text, and how many bytes it has. (Macros, and two of them: const
/// evaluation takes as long for a call, or for making a tuple, as for ten steps.)
macro_rules! segment_place {
    (start of $word:expr) => {
        ($word >> 2 & 0x7FFF_FFFF) as usize
    };
    (len of $word:expr) => {
        ($word >> 33) as usize
    };
}
pub(crate) use segment_place;

/// Takes the next word off the bytes. (A pattern, and on most processors no `from_le_bytes`: each call costs const evaluation as much as
/// the eight bytes.)
macro_rules! next_word {
    ($word:ident, $rest:ident of $bytes:expr, else $otherwise:block) => {
        let &[a, b, c, d, e, f, g, h, ref $rest @ ..] = $bytes else $otherwise;
        #[cfg(target_endian = "little")]
        let $word = u64::from_ne_bytes([a, b, c, d, e, f, g, h]);
        #[cfg(not(target_endian = "little"))]
        let $word = u64::from_le_bytes([a, b, c, d, e, f, g, h]);
    };
}
pub(crate) use next_word;

/// Whether the key of a literal of that length is one word. With the macros above it is all that those who read a code must agree on.
macro_rules! is_one_word {
    ($len:expr) => {
        $len <= 8
    };
}
pub(crate) use is_one_word;

impl<'p> Code<'p> {
    /// The next segment, which is taken away.
    pub const fn next(&mut self) -> Option<Part<'p>> {
        let text = self.text;
        next_word!(word, rest of self.bytes, else { return None });
        let (start, len) = (segment_place!(start of word), segment_place!(len of word));
        let (part, rest) = match segment_kind!(of word) {
            segment_kind!(literal) if is_one_word!(len) => {
                next_word!(word, rest of rest, else { return None });
                let key = Key { first: word, last: word, middle: word, len: len as u32 };
                (Part::Literal { text: slice(text, start, start + len), key }, rest)
            }
            segment_kind!(literal) => {
                next_word!(first, rest of rest, else { return None });
                next_word!(last, rest of rest, else { return None });
                next_word!(middle, rest of rest, else { return None });
                let key = Key { first, last, middle, len: len as u32 };
                (Part::Literal { text: slice(text, start, start + len), key }, rest)
            }
            segment_kind!(affixed) => {
                next_word!(affixes, rest of rest, else { return None });
                let (prefix, suffix) = ((affixes & 0xFFFF_FFFF) as usize, (affixes >> 32) as usize);
                let name = slice(text, start + prefix + 1, start + len - suffix - 1);
                (Part::Affixed { text: slice(text, start, start + len), name, prefix, suffix }, rest)
            }
            segment_kind!(param) => (Part::Param { name: slice(text, start, start + len) }, rest),
            _ => (Part::Rest { name: slice(text, start, start + len) }, rest),
        };
        self.bytes = rest;
        Some(part)
    }

    /// How many segments there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        let (mut code, mut segments) = (*self, 0);
        while code.next().is_some() {
            segments += 1;
        }
        segments
    }

    /// Whether the pattern has a query.
    pub(crate) const fn has_query(&self) -> bool {
        let mut rest = self.text.as_bytes();
        while let [byte, more @ ..] = rest {
            if *byte == b'?' {
                return true;
            }
            rest = more;
        }
        false
    }

    /// Whether there are none: the root.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }
}

/// The words of [`Code`], see [`Pattern::code`](crate::Pattern::code).
#[derive(Clone, Debug)]
pub struct Words<'p> {
    pub(super) text: &'p str,
    pub(super) scanner: Scanner<'p>,
    /// Those of the segment that was read last, and how many of them are given.
    pub(super) segment: ([u64; 4], usize, usize),
}

impl<'p> Words<'p> {
    pub(super) const fn new(text: &'p str) -> Self {
        Self { text, scanner: Scanner::new(text), segment: ([0; 4], 0, 0) }
    }

    /// The next word.
    pub const fn next(&mut self) -> Option<[u8; 8]> {
        let (_, given, count) = self.segment;
        if given == count {
            let Ok(Some(piece)) = self.scanner.segment() else { return None };
            let (words, count) = words_of(self.text, &piece);
            self.segment = (words, 0, count);
        }
        let (words, given, _) = &mut self.segment;
        *given += 1;
        Some(words[*given - 1].to_le_bytes())
    }
}

impl Iterator for Words<'_> {
    type Item = [u8; 8];

    fn next(&mut self) -> Option<[u8; 8]> {
        Words::next(self)
    }
}

const fn word(kind: u64, start: usize, end: usize) -> u64 {
    kind | (start as u64) << 2 | ((end - start) as u64) << 33
}

const fn words_of(text: &str, piece: &Piece) -> ([u64; 4], usize) {
    let Piece { start, end, name, .. } = *piece;
    match (piece.kind, Part::of(text, piece)) {
        (PieceKind::Literal, Part::Literal { key: Key { first, last, middle, len }, .. }) => {
            let words = [word(segment_kind!(literal), start, end), first, last, middle];
            (words, if is_one_word!(len) { 2 } else { 4 })
        }
        (_, Part::Affixed { prefix, suffix, .. }) => {
            let affixes = prefix as u64 | (suffix as u64) << 32;
            ([word(segment_kind!(affixed), start, end), affixes, 0, 0], 2)
        }
        (_, Part::Rest { .. }) => ([word(segment_kind!(rest), name.start, name.end), 0, 0, 0], 1),
        _ => ([word(segment_kind!(param), name.start, name.end), 0, 0, 0], 1),
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::*;
    use crate::Pattern;

    #[test]
    fn code_says_what_segments_say() {
        let text = "/api/v<version>.json/seventeen-letters/eightlet/<id>/<path..>?<page>";
        let pattern = Pattern::parse(text).unwrap();
        let bytes: Vec<u8> = pattern.code().flatten().collect();
        let mut code = Code { text, bytes: &bytes };
        assert_eq!(code.len(), 6);
        let mut pieces = Scanner::new(text);
        for _ in 0..6 {
            let piece = pieces.segment().unwrap().unwrap();
            assert_eq!(code.next(), Some(Part::of(text, &piece)));
        }
        assert_eq!((code.next(), code.is_empty()), (None, true));
        assert_eq!(Pattern::parse("/").unwrap().code().count(), 0);
    }

    #[test]
    fn code_that_breaks_off_ends() {
        let text = "/seventeen-letters";
        let bytes: Vec<u8> = Pattern::parse(text).unwrap().code().flatten().collect();
        for len in 0..bytes.len() {
            assert_eq!(Code { text, bytes: &bytes[..len] }.next(), None);
        }
    }
}
