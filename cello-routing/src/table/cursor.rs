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

/// The segments of a path without escapes, one after the other. `FAR` is whether it reaches beyond the first window, which few do:
/// there is code for each.
///
/// A segment ends at a slash, or at the end of the path; a slash at the end of the path is its end.
pub(super) struct Cursor<'p, const FAR: bool> {
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
    /// A bit for each slash in the first window.
    slashes: u64,
}

impl<'p> Cursor<'p, false> {
    /// Stands before the first segment of a path of at least eight bytes, and less than a window. `None` if it does not begin with a
    /// slash, has a `%`, or is not all ASCII.
    #[inline(always)]
    pub(super) fn new(path: &'p [u8]) -> Option<Self> {
        let slashes = first_slashes(path)?;
        // Not from the slashes, so that it is known before they are.
        let end = u64::from(path.last() != Some(&b'/')) << (path.len() % WINDOW);
        Self::over(path, path.len(), slashes, slashes | end, 0)
    }

    /// The same for a path of that length, which is less than eight.
    #[inline(always)]
    pub(super) fn short(short: &'p Short, len: usize) -> Option<Self> {
        let slashes = look([(u64::from_le_bytes(short.0), 0), (0, 8)], [])?;
        Self::over(&short.0, len, slashes, slashes | end_after(slashes, len), 0)
    }
}

impl<'p> Cursor<'p, true> {
    /// The same for a path of a window and more.
    #[inline(always)]
    pub(super) fn far(path: &'p [u8]) -> Option<Self> {
        let slashes = look_at(path, 0)?;
        Self::over(path, path.len(), slashes, slashes, look_behind(path)?)
    }
}

impl<'p, const FAR: bool> Cursor<'p, FAR> {
    #[inline(always)]
    fn over(text: &'p [u8], len: usize, slashes: u64, ends: u64, behind: u64) -> Option<Self> {
        // The first slash stands before the first segment.
        (slashes & 1 != 0).then_some(Self { text, len, at: 0, mask: ends & !1, window: 0, behind, slashes })
    }

    /// The slash before the next segment, or where the last one ends.
    #[inline(always)]
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// Whether there is certainly no segment left.
    #[inline(always)]
    pub(super) fn is_done(&self) -> bool {
        !FAR && self.mask == 0
    }

    /// A bit for each slash in the first window.
    #[inline(always)]
    pub(super) fn slashes(&self) -> u64 {
        self.slashes
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
            None if !FAR => return None,
            None => match NonZero::new(self.behind) {
                Some(mask) => {
                    (self.window, self.behind) = (WINDOW, 0);
                    mask
                }
                // The end of the path was in one of the two windows.
                None if self.len < 2 * WINDOW => return None,
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
        // What stands before a short segment is no part of it. (Not from a table: what is looked up is waited for.)
        let own = u64::MAX << ((start.wrapping_sub(end) << 3) % 64);
        let own = select_unpredictable(end - start < 8, own, u64::MAX);
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
    // What overlaps says the same. Where there is nothing, there are zeros: how long a path is can hardly be guessed.
    let whole = select_unpredictable(path.len() < CHUNK, &[0; CHUNK][..], path);
    let (second, last) = ((path.len() - 8).min(8), whole.len() - CHUNK);
    let chunks = [CHUNK, 2 * CHUNK, 3 * CHUNK].map(|at| (chunk(whole, at.min(last)), at.min(last)));
    look([(word(path, 0), 0), (word(path, second), second)], chunks)
}

/// The bit for the end of a path that is shorter than a window, if no slash stands before it.
#[inline(always)]
fn end_after(slashes: u64, len: usize) -> u64 {
    1 << (len % WINDOW) & !(slashes << 1)
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
        let slashes = look_at(text, whole).unwrap_or_default() >> (at - whole);
        let end = if at == whole { 0 } else { end_after(slashes, len - at) };
        if let Some(mask) = NonZero::new(slashes | end) {
            return Some((at, mask));
        }
    }
}

/// The mask of the second window, if there is nothing odd behind the first one and the path is not longer than 4 GiB.
#[inline(always)]
fn look_behind(path: &[u8]) -> Option<u64> {
    let more = path.len() - WINDOW;
    if more >= WINDOW {
        return look_far(path);
    }
    // A window that ends where the path does, and of that what is behind the first one: no word can be shifted by all its bits.
    let slashes = look_at(path, more)? >> 1 >> (WINDOW - 1 - more);
    let before = u64::from(path.get(WINDOW - 1) == Some(&b'/'));
    Some(slashes | 1 << more & !(slashes << 1 | before))
}

#[cold]
#[inline(never)]
fn look_far(path: &[u8]) -> Option<u64> {
    u32::try_from(path.len()).ok()?;
    let second = look_at(path, WINDOW)?;
    let mut at = 2 * WINDOW;
    while at < path.len() {
        look_at(path, at.min(path.len() - WINDOW))?;
        at += WINDOW;
    }
    Some(second)
}

/// A bit for each slash in the window at that offset.
#[inline(always)]
fn look_at(text: &[u8], at: usize) -> Option<u64> {
    let [first, second] = [0, 8].map(|offset| (word(text, at + offset), offset));
    look([first, second], [16, 32, 48].map(|offset| (chunk(text, at + offset), offset)))
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

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use crate::table::key::{EXACT, Key};
    use std::string::String;

    /// A cursor of either kind.
    enum Any<'p> {
        Near(Cursor<'p, false>),
        Far(Cursor<'p, true>),
    }

    impl Any<'_> {
        fn advance(&mut self) -> Option<(usize, usize)> {
            match self {
                Self::Near(cursor) => cursor.advance(),
                Self::Far(cursor) => cursor.advance(),
            }
        }

        fn text(&self) -> &[u8] {
            match self {
                Self::Near(cursor) => cursor.text(),
                Self::Far(cursor) => cursor.text(),
            }
        }

        fn words(&self, start: usize, end: usize) -> (u64, u64) {
            match self {
                Self::Near(cursor) => cursor.words(start, end),
                Self::Far(cursor) => cursor.words(start, end),
            }
        }
    }

    fn cursor<'p>(path: &'p [u8], short: &'p Short) -> Option<Any<'p>> {
        match path.len() {
            ..8 => Cursor::short(short, path.len()).map(Any::Near),
            8..WINDOW => Cursor::new(path).map(Any::Near),
            _ => Cursor::far(path).map(Any::Far),
        }
    }

    #[test]
    fn segments_end_at_slashes_and_at_the_end_of_the_path() {
        let mut path = String::from("/");
        // An interpreter takes its time.
        for len in 1..if cfg!(miri) { 80 } else { 300 } {
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
        for len in (1..=EXACT).step_by(if cfg!(miri) { 5 } else { 1 }) {
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
        // An interpreter takes its time.
        let step = if cfg!(miri) { 13 } else { 1 };
        for len in (1..200).step_by(step) {
            for at in (0..len).step_by(step) {
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
