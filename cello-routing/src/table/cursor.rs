//! Reading a path segment by segment: where its slashes are is looked up in advance, for 64 bytes together.

use core::num::NonZero;

use super::key::Key;
use super::look::{CHUNK, WINDOW, look};
use super::start::Start;

/// A path that is not longer than a chunk, and zeros behind it.
pub(super) struct Short([u8; CHUNK]);

impl Short {
    /// From words that overlap: copying bytes by number takes longer.
    #[inline(always)]
    pub(super) fn of(path: &[u8]) -> Self {
        let len = path.len();
        let (low, high) = if let (Some(head), Some(tail)) = (path.first_chunk(), path.last_chunk()) {
            // Of eight bytes none is left, and no word can be shifted that far at once.
            let half = 64_usize.wrapping_sub(4 * len) % 64;
            (u64::from_le_bytes(*head), u64::from_le_bytes(*tail) >> half >> half)
        } else if let (Some(head), Some(tail)) = (path.first_chunk(), path.last_chunk()) {
            let behind = u64::from(u32::from_le_bytes(*tail)) << (8 * (len - 4) % 64);
            (u64::from(u32::from_le_bytes(*head)) | behind, 0)
        } else {
            (path.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte)), 0)
        };
        Self((u128::from(low) | u128::from(high) << 64).to_le_bytes())
    }

    /// Its key as a whole.
    #[inline(always)]
    pub(super) fn key(&self, len: usize) -> Key {
        let text = u128::from_le_bytes(self.0);
        let (first, last) = match len.checked_sub(8) {
            Some(more) => (text as u64, (text >> (8 * more % 128)) as u64),
            None => ((text as u64) << ((64 - 8 * len) % 64), (text as u64) << ((64 - 8 * len) % 64)),
        };
        Key { first, last, middle: last, len: len as u32 }
    }

    /// Its words as a start.
    #[inline(always)]
    pub(super) fn start(&self) -> Start<true> {
        let text = u128::from_le_bytes(self.0);
        let (low, high) = (text as u64, (text >> 64) as u64);
        Start([low, high, low, high, low, high, low, high])
    }
}

/// The segments of a path without escapes, one after the other.
///
/// A segment ends at a slash, or at the end of the path; a slash at the end of the path is its end.
pub(super) struct Cursor<'p> {
    /// The path, and zeros behind it if it is short.
    text: &'p [u8],
    /// The length of the path.
    len: usize,
    /// The slash before the next segment, or where the last one ends.
    at: usize,
    /// A bit for each end of a segment in the window that is not passed yet.
    mask: u64,
    /// Where the window starts.
    window: usize,
    /// The mask of the second window.
    behind: u64,
}

impl<'p> Cursor<'p> {
    /// Stands before the first segment of a path that begins with a slash. `None` if it has a `%` or is not all ASCII.
    #[inline(always)]
    pub(super) fn new(path: &'p [u8]) -> Option<Self> {
        let last = path.len().checked_sub(CHUNK)?;
        // Chunks that overlap say the same.
        let (slashes, behind) = if path.len() <= 2 * CHUNK {
            (look([0, last].map(|at| (chunk(path, at), at)))?, 0)
        } else {
            let chunks = [0, CHUNK, last.min(2 * CHUNK), last.min(3 * CHUNK)];
            let slashes = look(chunks.map(|at| (chunk(path, at), at)))?;
            (slashes, if path.len() > WINDOW { look_behind(path)? } else { 0 })
        };
        Some(Self::over(path, path.len(), slashes, behind))
    }

    /// The same for a short path of that length.
    #[inline(always)]
    pub(super) fn short(short: &'p Short, len: usize) -> Option<Self> {
        Some(Self::over(&short.0, len, look([(&short.0, 0)])?, 0))
    }

    #[inline(always)]
    fn over(text: &'p [u8], len: usize, slashes: u64, behind: u64) -> Self {
        // The first slash stands before the first segment.
        let mask = slashes & !1 | end_after(slashes, len);
        Self { text, len, at: 0, mask, window: 0, behind }
    }

    /// The slash before the next segment, or where the last one ends.
    #[inline(always)]
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// The path, and maybe zeros behind it.
    #[inline(always)]
    pub(super) fn text(&self) -> &'p [u8] {
        self.text
    }

    /// Where the next segment starts and ends, if there is one.
    #[inline(always)]
    pub(super) fn advance(&mut self) -> Option<(usize, usize)> {
        let start = self.at + 1;
        let mask = match NonZero::new(self.mask) {
            Some(mask) => mask,
            None if self.len < WINDOW => return None,
            // By value, so that the cursor need not be in memory.
            None => {
                let (window, mask) = look_further(self.text, self.len, self.window, self.behind)?;
                self.window = window;
                mask
            }
        };
        self.at = self.window + mask.trailing_zeros() as usize;
        self.mask = mask.get() & (mask.get() - 1);
        Some((start, self.at))
    }

    /// Where the segment of that number ends, counted from 1, or the last one in the window, and the mask of those behind it.
    /// `None` if there is none in the window. Only before the first segment.
    #[inline(always)]
    pub(super) fn ahead(&self, number: usize) -> Option<(usize, u64)> {
        let mut mask = NonZero::new(self.mask)?;
        for _ in 1..number {
            mask = NonZero::new(mask.get() & (mask.get() - 1)).unwrap_or(mask);
        }
        Some((mask.trailing_zeros() as usize, mask.get() & (mask.get() - 1)))
    }

    /// Goes to where [`ahead`](Self::ahead) has looked.
    #[inline(always)]
    pub(super) fn pass(&mut self, end: usize, mask: u64) {
        (self.at, self.mask) = (end, mask);
    }

    /// The words of all before that place, which is in the first window.
    #[inline(always)]
    pub(super) fn start<const LONG: bool>(&self, end: usize) -> Option<Start<LONG>> {
        let text = self.text.get(..end.max(CHUNK))?;
        let own = LOW[end.min(CHUNK)];
        let words = |chunk: &[u8; CHUNK]| {
            let chunk = u128::from_le_bytes(*chunk) & own;
            (chunk as u64, (chunk >> 64) as u64)
        };
        let (a, b) = words(text.first_chunk()?);
        let (c, d) = words(text.last_chunk()?);
        let ((mut e, mut f), (mut g, mut h)) = ((0, 0), (0, 0));
        if LONG {
            let last = text.len() - CHUNK;
            (e, f) = words(text.get(last.min(CHUNK)..)?.first_chunk()?);
            (g, h) = words(text.get(last.min(2 * CHUNK)..)?.first_chunk()?);
        }
        Some(Start([a, b, c, d, e, f, g, h]))
    }

    /// The first and the last word of the [`Key`] of a segment, which must not be empty.
    #[inline(always)] // it is most of what a lookup does
    pub(super) fn words(&self, start: usize, end: usize) -> (u64, u64) {
        // What stands before a short segment is no part of it.
        let own = HIGH[(end - start).min(8)];
        match self.text.get(..end) {
            Some(text) if text.len() >= 8 => {
                let last = text.len() - 8;
                (word(text, last.min(start)) & own, word(text, last) & own)
            }
            _ => {
                let word = word(self.text, 0) << ((64 - 8 * end) % 64) & own;
                (word, word)
            }
        }
    }
}

/// The bit for the end of the path, if it is in the window and no slash stands before it.
#[inline(always)]
fn end_after(slashes: u64, len: usize) -> u64 {
    let end = if len < WINDOW { 1 << len } else { 0 };
    end & !(slashes << 1)
}

/// The word at that offset.
#[inline(always)]
fn word(text: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(text.get(at..).and_then(|rest| rest.first_chunk()).copied().unwrap_or_default())
}

/// The next window in which a segment ends, and its mask.
#[cold]
#[inline(never)]
fn look_further(text: &[u8], len: usize, mut at: usize, behind: u64) -> Option<(usize, NonZero<u64>)> {
    if at == 0
        && let Some(mask) = NonZero::new(behind)
    {
        return Some((WINDOW, mask));
    }
    loop {
        at += WINDOW;
        if at >= len {
            let ends = at == len && text.last() != Some(&b'/');
            return ends.then_some((len, NonZero::<u64>::MIN));
        }
        let whole = at.min(len - WINDOW);
        let slashes = look(window(text, whole)).unwrap_or_default() >> (at - whole);
        if let Some(mask) = NonZero::new(slashes | end_after(slashes, len - at)) {
            return Some((at, mask));
        }
    }
}

/// A chunk of the first bytes, so many of them.
const LOW: [u128; CHUNK + 1] = {
    let mut chunks = [0; CHUNK + 1];
    let mut bytes = 1;
    while bytes <= CHUNK {
        chunks[bytes] = u128::MAX >> (128 - 8 * bytes);
        bytes += 1;
    }
    chunks
};

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

/// The mask of the second window, if there is nothing odd behind the first one.
#[cold]
#[inline(never)]
fn look_behind(path: &[u8]) -> Option<u64> {
    let (mut slashes, mut at) = (0, WINDOW);
    while at < path.len() {
        let start = at.min(path.len() - CHUNK);
        let more = look([(chunk(path, start), 0)])? >> (at - start);
        if at < 2 * WINDOW {
            slashes |= more << (at - WINDOW);
        }
        at += CHUNK;
    }
    Some(slashes | end_after(slashes, path.len() - WINDOW))
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

    fn cursor<'p>(path: &'p [u8], short: &'p Short) -> Option<Cursor<'p>> {
        if path.len() <= CHUNK { Cursor::short(short, path.len()) } else { Cursor::new(path) }
    }

    #[test]
    fn segments_end_at_slashes_and_at_the_end_of_the_path() {
        let mut path = String::from("/");
        for len in 1..300 {
            let short = Short::of(path.as_bytes());
            let mut cursor = cursor(path.as_bytes(), &short).unwrap();
            assert_eq!(&cursor.text()[..len], path.as_bytes());
            let mut start = 1;
            for segment in path[1..].strip_suffix('/').unwrap_or(&path[1..]).split('/') {
                if len > 1 {
                    assert_eq!(cursor.advance(), Some((start, start + segment.len())), "{path}");
                }
                start += segment.len() + 1;
            }
            assert_eq!([cursor.advance(), cursor.advance()], [None, None], "{path}");
            path.push(if len % 7 == 0 || len % 97 < 3 { '/' } else { 'a' });
        }
    }

    #[test]
    fn words_are_those_of_literals() {
        let text: String = ('a'..='z').chain('A'..='Z').chain('0'..='9').collect();
        for len in 1..=EXACT {
            let literal = &text[..len];
            for before in [0, 1, 2, 3, 5, 6, 7, 8, 9, 15, 40, 70] {
                for after in ["", "/", "/and/some/more/behind/it"] {
                    let path = std::format!("/{}{literal}{after}", "/".repeat(before));
                    let short = Short::of(path.as_bytes());
                    let mut cursor = cursor(path.as_bytes(), &short).unwrap();
                    (0..before).for_each(|at| assert_eq!(cursor.advance(), Some((at + 1, at + 1))));
                    let (start, end) = cursor.advance().unwrap();
                    let key = Key::of(literal.as_bytes());
                    assert_eq!(cursor.words(start, end), (key.first, key.last), "{path}");
                }
            }
        }
    }

    #[test]
    fn short_paths_have_the_keys_of_literals() {
        let text = b"/health/ready/or";
        for len in 1..=text.len() {
            let short = Short::of(&text[..len]);
            assert_eq!(short.key(len), Key::of(&text[..len]), "{len}");
            assert_eq!([&short.0[..len], &short.0[len..]], [&text[..len], &[0; CHUNK][len..]]);
        }
    }

    #[test]
    fn odd_bytes_are_found_anywhere() {
        for len in 1..200 {
            for at in 0..len {
                for (byte, odd) in [(b'%', true), (0x80, true), (0xFF, true), (b'$', false), (0x7F, false)] {
                    let mut path = [b'/'; 200];
                    path[at] = byte;
                    let short = Short::of(&path[..len]);
                    assert_eq!(cursor(&path[..len], &short).is_none(), odd, "{byte} at {at} of {len}");
                }
            }
        }
    }
}
