//! Reading a path segment by segment: where its slashes are is looked up in advance, for 64 bytes together.

use core::hint::select_unpredictable;
use core::num::NonZero;

use super::look::{CHUNK, Chunk, WINDOW, look};

/// A path of less than eight bytes, and zeros behind it.
pub(super) struct Short([u8; 8]);

impl Short {
    /// From words that overlap: copying bytes by number takes longer.
    #[inline(always)]
    pub(super) fn of(path: &[u8]) -> Self {
        let word = if let (Some(head), Some(tail)) = (path.first_chunk(), path.last_chunk()) {
            let behind = u64::from(u32::from_le_bytes(*tail)) << (8 * (path.len() - 4) % 64);
            u64::from(u32::from_le_bytes(*head)) | behind
        } else {
            path.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte))
        };
        Self(word.to_le_bytes())
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
    /// The mask of the second window, until it is reached.
    behind: u64,
}

impl<'p> Cursor<'p> {
    /// Stands before the first segment of a path of at least eight bytes. `None` if it does not begin with a slash, has a `%`,
    /// or is not all ASCII.
    #[inline(always)]
    pub(super) fn new(path: &'p [u8]) -> Option<Self> {
        let len = path.len();
        let slashes = first_slashes(path)?;
        let behind = if len > WINDOW { look_behind(path)? } else { 0 };
        Self::over(path, len, slashes, behind)
    }

    /// The same for a path of that length, which is less.
    #[inline(always)]
    pub(super) fn short(short: &'p Short, len: usize) -> Option<Self> {
        let slashes = look([((u64::from_le_bytes(short.0), 0), 0)])?;
        Self::over(&short.0, len, slashes, 0)
    }

    #[inline(always)]
    fn over(text: &'p [u8], len: usize, slashes: u64, behind: u64) -> Option<Self> {
        // The first slash stands before the first segment.
        let mask = slashes & !1 | end_after(slashes, len);
        (slashes & 1 != 0).then_some(Self { text, len, at: 0, mask, window: 0, behind })
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
            None => match NonZero::new(self.behind) {
                Some(mask) => {
                    (self.window, self.behind) = (WINDOW, 0);
                    mask
                }
                // The end of the path was in one of the two windows.
                None if self.len < 2 * WINDOW && self.len != WINDOW => return None,
                // By value, so that the cursor need not be in memory.
                None => {
                    let (window, mask) = look_further(self.text, self.len, self.window)?;
                    self.window = window;
                    mask
                }
            },
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

    /// The first and the last word of the [`Key`](super::key::Key) of a segment, which must not be empty.
    #[inline(always)] // it is most of what a lookup does
    pub(super) fn words(&self, start: usize, end: usize) -> (u64, u64) {
        // What stands before a short segment is no part of it.
        let own = OWN[(end - start) % 128];
        if end < 8 {
            let word = word(self.text, 0) << ((64 - 8 * end) % 64) & own;
            return (word, word);
        }
        let Some(text) = self.text.get(..end) else { return (0, 0) };
        let last = end - 8;
        (word(text, last.min(start)) & own, word(text, last) & own)
    }
}

/// A bit for each slash in the first window of a path of at least eight bytes. `None` if there is something odd in it.
#[inline(always)]
pub(super) fn first_slashes(path: &[u8]) -> Option<u64> {
    // Chunks that overlap say the same. Where there is none, there are zeros: how long a path is can hardly be guessed.
    let whole = select_unpredictable(path.len() < CHUNK, &[0; CHUNK][..], path);
    let last = whole.len() - CHUNK;
    let chunks = [CHUNK, 2 * CHUNK, 3 * CHUNK].map(|at| (chunk(whole, at.min(last)), at.min(last)));
    look([(head(path)?, 0), chunks[0], chunks[1], chunks[2]])
}

/// The bit for the end of the path, if it is in the window and no slash stands before it.
#[inline(always)]
fn end_after(slashes: u64, len: usize) -> u64 {
    let end = if len < WINDOW { 1 << len } else { 0 };
    end & !(slashes << 1)
}

/// The word at that offset.
#[inline(always)]
pub(super) fn word(text: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(text.get(at..).and_then(|rest| rest.first_chunk()).copied().unwrap_or_default())
}

/// The next window in which a segment ends, and its mask.
#[cold]
#[inline(never)]
fn look_further(text: &[u8], len: usize, mut at: usize) -> Option<(usize, NonZero<u64>)> {
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

/// A word of the last bytes, as many as there are in a segment. (What is longer than there are words here is no literal that is
/// looked for by these.)
static OWN: [u64; 128] = {
    let mut words = [u64::MAX; 128];
    words[0] = 0;
    let mut bytes = 1;
    while bytes < 8 {
        words[bytes] = u64::MAX << (64 - 8 * bytes);
        bytes += 1;
    }
    words
};

/// The mask of the second window, if there is nothing odd behind the first one and the path is not longer than 4 GiB.
#[inline(always)]
fn look_behind(path: &[u8]) -> Option<u64> {
    let more = path.len() - WINDOW;
    if more > WINDOW {
        return look_far(path);
    }
    let slashes = look(window(path, more))? >> (WINDOW - more);
    Some(slashes | end_after(slashes, more))
}

#[cold]
#[inline(never)]
fn look_far(path: &[u8]) -> Option<u64> {
    u32::try_from(path.len()).ok()?;
    let second = look(window(path, WINDOW))?;
    let mut at = 2 * WINDOW;
    while at < path.len() {
        look(window(path, at.min(path.len() - WINDOW)))?;
        at += WINDOW;
    }
    Some(second)
}

/// The chunks of the window at that offset, and where in it they are.
#[inline(always)]
fn window(text: &[u8], at: usize) -> [(Chunk, usize); WINDOW / CHUNK] {
    [0, 16, 32, 48].map(|offset| (chunk(text, at + offset), offset))
}

#[inline(always)]
fn chunk(text: &[u8], at: usize) -> Chunk {
    match text.get(at..).and_then(|rest| rest.first_chunk::<CHUNK>()) {
        Some(chunk) => {
            let chunk = u128::from_le_bytes(*chunk);
            (chunk as u64, (chunk >> 64) as u64)
        }
        None => (0, 0),
    }
}

/// The first chunk of a path of at least eight bytes, and zeros behind it if it is shorter.
#[inline(always)]
fn head(path: &[u8]) -> Option<Chunk> {
    let at = (path.len() - 8).min(8);
    // Of eight bytes none is left, and no word can be shifted that far at once.
    let half = 4 * (8 - at);
    Some((u64::from_le_bytes(*path.first_chunk()?), word(path, at) >> half >> half))
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use crate::table::key::{EXACT, Key};
    use std::string::String;

    fn cursor<'p>(path: &'p [u8], short: &'p Short) -> Option<Cursor<'p>> {
        if path.len() < 8 { Cursor::short(short, path.len()) } else { Cursor::new(path) }
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
    fn short_paths_have_zeros_behind_them() {
        let text = b"/health";
        for len in 0..=text.len() {
            let short = Short::of(&text[..len]);
            assert_eq!([&short.0[..len], &short.0[len..]], [&text[..len], &[0; 8][len..]]);
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
                    let none = odd || at == 0;
                    assert_eq!(cursor(&path[..len], &short).is_none(), none, "{byte} at {at} of {len}");
                }
            }
        }
    }
}
