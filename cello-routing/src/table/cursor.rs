//! Reading a path segment by segment: where its slashes are is looked up in advance, for 64 bytes together.

use core::num::NonZero;

use super::key::Key;
use super::look::{CHUNK, WINDOW, look};
use super::node::is_short;

/// Room for a path that is shorter than a chunk, with zeros behind it.
pub(super) type Short = [u8; CHUNK];

/// The segments of a path without escapes, one after the other.
pub(super) struct Cursor<'p> {
    /// The path, and zeros behind it if it is shorter than a chunk.
    text: &'p [u8],
    /// The length of the path.
    len: usize,
    /// Where the segment starts and ends.
    start: usize,
    end: usize,
    /// A bit for each slash in the window that is not passed yet, and for the end of the path.
    mask: u64,
    /// Where the window starts.
    window: usize,
}

impl<'p> Cursor<'p> {
    /// Stands before the first segment of a path that begins with a slash. `None` if it has a `%` or is not all ASCII. A short
    /// path is copied, so that whole words can be read.
    #[inline(always)]
    pub(super) fn new(path: &'p [u8], short: &'p mut Short) -> Option<Self> {
        let len = path.len();
        let (text, slashes) = if len < CHUNK {
            *short = fill(path);
            (short.as_slice(), look([(short, 0)])?)
        } else {
            // Chunks that overlap say the same.
            let last = len - CHUNK;
            let slashes = if len <= 2 * CHUNK {
                look([0, last].map(|at| (chunk(path, at), at)))?
            } else {
                look([0, CHUNK, last.min(2 * CHUNK), last.min(3 * CHUNK)].map(|at| (chunk(path, at), at)))?
            };
            if len > WINDOW && is_odd_behind(path) {
                return None;
            }
            (path, slashes)
        };
        // The first slash stands before the first segment.
        let end = if len < WINDOW { 1 << len } else { 0 };
        Some(Self { text, len, start: 0, end: 0, mask: slashes & !1 | end, window: 0 })
    }

    /// The path, and maybe zeros behind it.
    #[inline(always)]
    pub(super) fn text(&self) -> &'p [u8] {
        self.text
    }

    /// The segment.
    pub(super) fn segment(&self) -> &'p [u8] {
        self.text.get(self.start..self.end).unwrap_or_default()
    }

    /// Goes on to the next segment. Behind the last one there is none.
    #[inline(always)]
    pub(super) fn advance(&mut self) -> (usize, usize) {
        self.start = self.end + 1;
        let mask = match NonZero::new(self.mask) {
            Some(mask) => mask,
            // By value, so that the cursor need not be in memory.
            None => {
                let (window, mask) = look_further(self.text, self.len, self.window);
                self.window = window;
                mask
            }
        };
        self.end = self.window + mask.trailing_zeros() as usize;
        self.mask = mask.get() & (mask.get() - 1);
        (self.start, self.end)
    }

    /// The key of the segment, which must not be empty. If it is longer than [`EXACT`](super::key::EXACT), that of its first 16
    /// bytes and its last eight.
    #[inline(always)] // it is most of what a lookup does
    pub(super) fn key(&self) -> Key {
        let len = self.end - self.start;
        // What stands before a short segment is no part of it.
        let own = HIGH[len.min(8)];
        let (first, last, middle) = match self.text.get(..self.end) {
            // Without branches: of words, paths have now one and now more.
            Some(text) if text.len() >= 8 => {
                let last = text.len() - 8;
                let read = |at: usize| word(text, last.min(at)) & own;
                (read(self.start), read(last), read(self.start + 8))
            }
            _ => {
                let word = word(self.text, 0) << ((64 - 8 * self.end) % 64) & own;
                (word, word, word)
            }
        };
        Key { first, last, middle, len: len as u32 }
    }
}

/// The key of a whole path, if it is short.
#[inline(always)]
pub(super) fn short_key(path: &[u8]) -> Option<Key> {
    let len = path.len();
    let (first, last) = match (path.first_chunk(), path.last_chunk()) {
        (Some(first), Some(last)) if is_short!(len) => {
            (u64::from_le_bytes(*first), u64::from_le_bytes(*last))
        }
        (Some(_), Some(_)) => return None,
        _ => {
            let text = u128::from_le_bytes(fill(path)) as u64;
            let word = text << ((64 - 8 * len) % 64);
            (word, word)
        }
    };
    Some(Key { first, last, middle: last, len: len as u32 })
}

/// The word at that offset.
#[inline(always)]
fn word(text: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(text.get(at..).and_then(|rest| rest.first_chunk()).copied().unwrap_or_default())
}

/// The next window with a slash, or with the end of the path, and what is in it.
#[cold]
#[inline(never)]
fn look_further(text: &[u8], len: usize, mut at: usize) -> (usize, NonZero<u64>) {
    loop {
        at += WINDOW;
        if at >= len {
            return (len, NonZero::<u64>::MIN);
        }
        let whole = at.min(len - WINDOW);
        let mut mask = look(window(text, whole)).unwrap_or_default() >> (at - whole);
        if len - at < WINDOW {
            mask |= 1 << (len - at);
        }
        if let Some(mask) = NonZero::new(mask) {
            return (at, mask);
        }
    }
}

/// A word of the last bytes, so many of them.
const HIGH: [u64; 9] = {
    let mut words = [0; 9];
    let mut bytes = 1;
    while bytes < 9 {
        words[bytes] = u64::MAX << (64 - 8 * bytes);
        bytes += 1;
    }
    words
};

/// Short paths, from words that overlap: copying bytes by number takes longer.
#[inline(always)]
fn fill(path: &[u8]) -> Short {
    let len = path.len();
    let (low, high) = if let (Some(head), Some(tail)) = (path.first_chunk(), path.last_chunk()) {
        (u64::from_le_bytes(*head), u64::from_le_bytes(*tail) >> 1 >> ((127 - 8 * len) % 64))
    } else if let (Some(head), Some(tail)) = (path.first_chunk(), path.last_chunk()) {
        let behind = u64::from(u32::from_le_bytes(*tail)) << (8 * (len - 4) % 64);
        (u64::from(u32::from_le_bytes(*head)) | behind, 0)
    } else {
        (path.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte)), 0)
    };
    (u128::from(low) | u128::from(high) << 64).to_le_bytes()
}

#[cold]
#[inline(never)]
fn is_odd_behind(path: &[u8]) -> bool {
    let mut at = WINDOW;
    while at < path.len() {
        if look(window(path, at.min(path.len() - WINDOW))).is_none() {
            return true;
        }
        at += WINDOW;
    }
    false
}

/// The chunks of the window at that offset, and where in it they are.
fn window(text: &[u8], at: usize) -> [(&[u8; CHUNK], usize); WINDOW / CHUNK] {
    [0, 16, 32, 48].map(|offset| (chunk(text, at + offset), offset))
}

#[inline(always)]
fn chunk(text: &[u8], at: usize) -> &[u8; CHUNK] {
    text.get(at..).and_then(|rest| rest.first_chunk()).unwrap_or(&[0; CHUNK])
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use crate::table::key::EXACT;
    use std::string::String;

    #[test]
    fn segments_end_at_slashes_and_at_the_end_of_the_path() {
        let mut path = String::from("/");
        for len in 1..300 {
            let mut short = Short::default();
            let mut cursor = Cursor::new(path.as_bytes(), &mut short).unwrap();
            assert_eq!(&cursor.text()[..len], path.as_bytes());
            let mut start = 1;
            for segment in path[1..].split('/') {
                assert_eq!(cursor.advance(), (start, start + segment.len()), "{path}");
                start += segment.len() + 1;
            }
            path.push(if len % 7 == 0 || len % 97 < 3 { '/' } else { 'a' });
        }
    }

    #[test]
    fn keys_are_those_of_literals() {
        let text: String = ('a'..='z').chain('A'..='Z').chain('0'..='9').collect();
        for len in 1..=EXACT {
            let literal = &text[..len];
            for before in [0, 1, 2, 3, 5, 6, 7, 8, 9, 15, 40, 70] {
                for after in ["", "/", "/and/some/more/behind/it"] {
                    let path = std::format!("/{}{literal}{after}", "/".repeat(before));
                    let mut short = Short::default();
                    let mut cursor = Cursor::new(path.as_bytes(), &mut short).unwrap();
                    (0..before).for_each(|_| assert_eq!(cursor.advance().0, cursor.end));
                    cursor.advance();
                    assert_eq!(cursor.key(), Key::of(literal.as_bytes()), "{path}");
                }
            }
        }
    }

    #[test]
    fn short_paths_have_the_keys_of_literals() {
        let text = "/health/ready/or/not";
        for len in 1..=text.len() {
            let expected = (len <= 16).then(|| Key::of(&text.as_bytes()[..len]));
            assert_eq!(short_key(&text.as_bytes()[..len]), expected, "{len}");
        }
    }

    #[test]
    fn odd_bytes_are_found_anywhere() {
        for len in 1..200 {
            for at in 0..len {
                for (byte, odd) in [(b'%', true), (0x80, true), (0xFF, true), (b'$', false), (0x7F, false)] {
                    let mut path = [b'/'; 200];
                    path[at] = byte;
                    let mut short = Short::default();
                    let cursor = Cursor::new(&path[..len], &mut short);
                    assert_eq!(cursor.is_none(), odd, "{byte} at {at} of {len}");
                }
            }
        }
    }
}
