//! What tells one literal from another at run time: its text in words of eight bytes.
//!
//! Each byte is combined with `/` by exclusive or, so that the end of a segment, a slash, is a zero byte. No byte of a
//! segment is zero then, and two segments of at most 16 bytes are equal if their first two words are.

/// What a table finds a literal by: its first two words, filled up with zeros, and a hash of all of them.
///
/// It comes from [`Pattern::parts`](crate::Pattern::parts); what macros write down of it means nothing else.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Key {
    #[doc(hidden)]
    pub first: u64,
    #[doc(hidden)]
    pub second: u64,
    #[doc(hidden)]
    pub hash: u64,
}

/// How long a path can be that is copied to be read in words.
pub(super) const SHORT: usize = 128;

/// A path of at most [`SHORT`] bytes, and slashes behind it: eight bytes can be read wherever a segment may start.
pub(super) type Short = [u8; SHORT + 16];

/// How long a literal can be that its first two words tell it from all others.
pub(super) const EXACT: usize = 16;

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = ONES << 7;
const SLASHES: u64 = ONES * b'/' as u64;

impl Key {
    /// The key of a literal. (Const evaluation takes a step for each operator and fifty for a call.)
    pub(crate) const fn of(literal: &str) -> Self {
        let mut words = Words::NONE;
        let mut rest = literal.as_bytes();
        while let [a, b, c, d, e, f, g, h, more @ ..] = rest {
            let low = *a as u64 | (*b as u64) << 8 | (*c as u64) << 16 | (*d as u64) << 24;
            let high = *e as u64 | (*f as u64) << 8 | (*g as u64) << 16 | (*h as u64) << 24;
            words.push((low | high << 32) ^ SLASHES);
            rest = more;
        }
        let (mut word, mut bits) = (0, 0);
        while let [byte, more @ ..] = rest {
            word |= ((*byte ^ b'/') as u64) << bits;
            bits += 8;
            rest = more;
        }
        words.end(word)
    }

    /// The key of a segment of which the bytes come one by one.
    pub(super) fn of_bytes(bytes: impl Iterator<Item = u8>) -> Self {
        let mut words = Words::NONE;
        let (mut word, mut bits) = (0, 0);
        for byte in bytes {
            word |= u64::from(byte ^ b'/') << bits;
            bits += 8;
            if bits == 64 {
                words.push(word);
                (word, bits) = (0, 0);
            }
        }
        words.end(word)
    }

    /// The key of the segment that starts at `start`, before the end of the path, and how long it is.
    #[inline(always)] // it is most of what a lookup does
    pub(super) fn at(path: &Short, start: usize) -> (Self, usize) {
        let start = start % SHORT;
        let (first, second) = (word(path, start), word(path, start + 8));
        let (end, later_end) = (zeros(first), zeros(second));
        // No branches: of words, paths have now one and now two.
        let goes_on = u64::from(end == 0).wrapping_neg();
        let (first, second) = (first & up_to(end), second & up_to(later_end) & goes_on);
        let mut len =
            u64::from(end.trailing_zeros() / 8) + (u64::from(later_end.trailing_zeros() / 8) & goes_on);
        let mut hash = hash(first, second);
        if end | later_end == 0 {
            (len, hash) = longer(path, start, hash);
        }
        (Self { first, second, hash }, len as usize)
    }
}

/// Length and hash of a segment of 16 bytes or more, from the hash of these.
#[cold]
fn longer(path: &Short, start: usize, hash: u64) -> (u64, u64) {
    let mut words = Words { first: 0, second: 0, hash, count: 2 };
    let mut len = EXACT;
    while start + len < SHORT {
        let word = word(path, start + len);
        let end = zeros(word);
        if end != 0 {
            return (len as u64 + u64::from(end.trailing_zeros() / 8), words.end(word & up_to(end)).hash);
        }
        words.push(word);
        len += 8;
    }
    (len as u64, words.end(0).hash)
}

/// The word at that offset.
#[inline(always)]
fn word(path: &Short, at: usize) -> u64 {
    let bytes = path.get(at..).and_then(|rest| rest.first_chunk());
    u64::from_le_bytes(bytes.copied().unwrap_or([b'/'; 8])) ^ SLASHES
}

/// The high bit of each byte that is zero. Only the lowest is exact.
#[inline(always)]
fn zeros(word: u64) -> u64 {
    word.wrapping_sub(ONES) & !word & HIGHS
}

/// All bits up to the lowest one.
#[inline(always)]
fn up_to(bits: u64) -> u64 {
    bits ^ bits.wrapping_sub(1)
}

/// The words of a segment, one after the other.
struct Words {
    first: u64,
    second: u64,
    hash: u64,
    count: usize,
}

impl Words {
    const NONE: Self = Self { first: 0, second: 0, hash: 0, count: 0 };

    /// Adds a whole word.
    const fn push(&mut self, word: u64) {
        match self.count {
            0 => self.first = word,
            1 => {
                self.second = word;
                self.hash = hash(self.first, word);
            }
            _ => self.hash = mixed(self.hash ^ word),
        }
        self.count += 1;
    }

    /// Adds what is left, which has less than eight bytes.
    const fn end(mut self, word: u64) -> Key {
        match self.count {
            0 => self.hash = hash(word, 0),
            1 => self.hash = hash(self.first, word),
            _ => self.hash = mixed(self.hash ^ word),
        }
        match self.count {
            0 => self.first = word,
            1 => self.second = word,
            _ => {}
        }
        Key { first: self.first, second: self.second, hash: self.hash }
    }
}

/// The hash of one or two words. Its high bits depend on all others.
#[inline(always)]
#[expect(clippy::manual_rotate, reason = "const evaluation takes longer for a call")]
pub(super) const fn hash(first: u64, second: u64) -> u64 {
    // This is `rotate_left` and `wrapping_mul`, without calls.
    ((first ^ (second << 29 | second >> 35)) as u128 * 0xD6E8_FEB8_6659_FD93) as u64
}

const fn mixed(hash: u64) -> u64 {
    let product = (hash as u128 * 0xD6E8_FEB8_6659_FD93) as u64;
    product ^ product >> 32
}

/// Where the edge from a node for a literal of that hash is looked for: the high bits say in which place, others are its
/// tag.
///
/// A macro, because const evaluation comes here for every segment, and takes as long for a call as for fifty steps.
macro_rules! edge {
    ($hash:expr, $node:expr) => {
        ($hash as u128 + $node as u128 * 0x9E37_79B9_7F4A_7C15) as u64
    };
}
pub(super) use edge;

/// Whether these words may be the beginning only of a longer literal.
macro_rules! is_long {
    ($second:expr) => {
        $second >> 56 != 0
    };
}
pub(super) use is_long;

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::string::String;

    #[test]
    fn all_ways_of_reading_give_the_same_key() {
        let text: String = ('a'..='z').chain('A'..='Z').chain('0'..='9').collect();
        for len in 1..=text.len() {
            for start in [1, 9, SHORT - len] {
                let literal = &text[..len];
                let mut path = [b'/'; SHORT + 16];
                path[start..start + len].copy_from_slice(literal.as_bytes());
                assert_eq!(Key::at(&path, start), (Key::of(literal), len), "{literal} at {start}");
                assert_eq!(Key::of_bytes(literal.bytes()), Key::of(literal), "{literal}");
            }
        }
        let path = [b'/'; SHORT + 16];
        assert_eq!(Key::at(&path, 1), (Key::of(""), 0));
    }

    #[test]
    fn short_segments_that_differ_have_other_words() {
        let texts =
            ["a", "a\0", "\0", "aaaaaaaa", "aaaaaaaaa", "aaaaaaaa\0", "abcdefghijklmnop", "abcdefghijklmno"];
        for a in texts {
            for b in texts {
                let (x, y) = (Key::of(a), Key::of(b));
                assert_eq!(a == b, (x.first, x.second) == (y.first, y.second), "{a:?} {b:?}");
            }
        }
    }
}
