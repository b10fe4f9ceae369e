//! What tells one literal from another at run time: words of eight bytes out of its text, and its length.
//!
//! They are its first eight bytes, the eight behind those, and its last eight, as far as there are so many: texts of at most
//! 24 bytes are equal if their words and lengths are. All words of a text of less than eight bytes are the same, its bytes
//! on top and zeros below.

/// What a table finds a literal by.
///
/// It comes from [`Pattern::code`](crate::Pattern::code); what macros write down of it means nothing else.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Key {
    #[doc(hidden)]
    pub first: u64,
    #[doc(hidden)]
    pub last: u64,
    /// Of a literal that is longer than 24 bytes a hash of this and all behind it.
    #[doc(hidden)]
    pub middle: u64,
    #[doc(hidden)]
    pub len: u32,
}

/// How long a literal can be that its words tell it from all others of its length.
#[cfg(test)]
pub(super) const EXACT: usize = 24;

/// Whether a literal of that length is longer than that.
macro_rules! is_long {
    ($len:expr) => {
        $len > 24
    };
}
pub(super) use is_long;

/// Whether the first and the last word of a literal of that length do not tell it from all others of its length.
macro_rules! is_beyond {
    ($len:expr) => {
        $len > 16
    };
}
pub(super) use is_beyond;

/// A byte more in the hash of a long text.
macro_rules! hashed {
    ($hash:expr, $byte:expr) => {
        (($hash ^ $byte as u64) as u128 * 0x9E37_79B9_7F4A_7C15) as u64
    };
}

/// What edges for a literal of that last word and length are looked for by: the high bits, and the node that they leave, see
/// [`Block`](super::places::Block). Where they tell too few of its edges apart, it is [`edge_of_both`].
///
/// A macro, because const evaluation comes here for every segment, and takes as long for a call as for fifty steps: so it
/// adds, multiplies and rotates in longer numbers, and not by name.
macro_rules! edge {
    ($last:expr, $len:expr) => {{
        let sum = $last as u128 + $len as u128;
        (sum as u64 as u128 * 0x9E37_79B9_7F4A_7C15) as u64
    }};
}

/// The same by the first and the last word.
macro_rules! edge_of_both {
    ($first:expr, $last:expr) => {{
        let sum = $first as u128 + ($last << 21 | $last >> 43) as u128;
        (sum as u64 as u128 * 0x9E37_79B9_7F4A_7C15) as u64
    }};
}
pub(super) use {edge, edge_of_both};

/// What const evaluation looks for a literal of these words by: all of them, since many siblings may begin and end alike.
macro_rules! draft_hash {
    ($first:expr, $last:expr, $middle:expr) => {{
        let product = ($first as u128 + $last as u128 + $middle as u128) * 0x1E37_79B9_7F4A_7C15;
        // Low bits of a word are in the one, high bits in the other.
        (product >> 64 ^ product >> 32) as usize
    }};
}
pub(super) use draft_hash;

impl Key {
    /// The key of a text. (Const evaluation takes a step for each operator and fifty for a call.)
    pub(crate) const fn of(text: &[u8]) -> Self {
        let [a, b, c, d, e, f, g, h, rest @ ..] = text else {
            let (mut word, mut len, mut rest) = (0, 0, text);
            while let [byte, more @ ..] = rest {
                word = word >> 8 | (*byte as u64) << 56;
                len += 1;
                rest = more;
            }
            return Self { first: word, last: word, middle: word, len };
        };
        let low = *a as u64 | (*b as u64) << 8 | (*c as u64) << 16 | (*d as u64) << 24;
        let high = *e as u64 | (*f as u64) << 8 | (*g as u64) << 16 | (*h as u64) << 24;
        let first = low | high << 32;
        let len = text.len() as u32;
        let [.., a, b, c, d, e, f, g, h] = text else { return Self::NONE };
        let low = *a as u64 | (*b as u64) << 8 | (*c as u64) << 16 | (*d as u64) << 24;
        let high = *e as u64 | (*f as u64) << 8 | (*g as u64) << 16 | (*h as u64) << 24;
        let last = low | high << 32;
        let [a, b, c, d, e, f, g, h, rest @ ..] = rest else {
            return Self { first, last, middle: last, len };
        };
        let low = *a as u64 | (*b as u64) << 8 | (*c as u64) << 16 | (*d as u64) << 24;
        let high = *e as u64 | (*f as u64) << 8 | (*g as u64) << 16 | (*h as u64) << 24;
        let mut middle = low | high << 32;
        if is_long!(len) {
            let mut rest = rest;
            while let [byte, more @ ..] = rest {
                middle = hashed!(middle, *byte);
                rest = more;
            }
        }
        Self { first, last, middle, len }
    }

    /// That of an empty text, which no literal has.
    const NONE: Self = Self { first: 0, last: 0, middle: 0, len: 0 };

    /// See [`edge`]; for a node that says so, [`edge_of_both`].
    #[inline(always)]
    pub(super) fn edge(self, of_both: bool) -> u64 {
        if of_both { self.edge_of_both() } else { edge!(self.last, self.len) }
    }

    /// Not inlined, since a choice of values would wait for both.
    #[cold]
    #[inline(never)]
    #[expect(clippy::manual_rotate, reason = "const evaluation takes longer for a call")]
    fn edge_of_both(self) -> u64 {
        edge_of_both!(self.first, self.last)
    }

    /// The key of a text of which the bytes come one by one.
    pub(super) fn of_bytes(bytes: impl Iterator<Item = u8>) -> Self {
        // The last eight bytes, the last one on top.
        let (mut len, mut first, mut last, mut second, mut hash) = (0_u32, 0, 0, 0, 0);
        for byte in bytes {
            last = last >> 8 | u64::from(byte) << 56;
            len += 1;
            match len {
                8 => first = last,
                ..8 | 9..16 => {}
                16 => (second, hash) = (last, last),
                _ => hash = hashed!(hash, byte),
            }
        }
        let (first, middle) = match len {
            ..8 => (last, last),
            8..16 => (first, last),
            _ if is_long!(len) => (first, hash),
            _ => (first, second),
        };
        Self { first, last, middle, len }
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::string::String;

    #[test]
    fn long_is_longer_than_exact() {
        assert_eq!([is_long!(EXACT), is_long!(EXACT + 1)], [false, true]);
    }

    #[test]
    fn all_ways_of_reading_give_the_same_key() {
        let text: String = ('a'..='z').chain('A'..='Z').chain('0'..='9').collect();
        for len in 1..=text.len() {
            let literal = &text[..len];
            let key = Key::of(literal.as_bytes());
            assert_eq!(Key::of_bytes(literal.bytes()), key, "{literal}");
        }
    }

    #[test]
    fn texts_of_one_length_that_differ_have_other_words() {
        for len in 1..=2 * EXACT {
            let text = [b'a'; 2 * EXACT];
            for at in 0..len {
                let mut other = text;
                other[at] = b'b';
                assert_ne!(Key::of(&text[..len]), Key::of(&other[..len]), "{at} of {len}");
            }
        }
    }
}
