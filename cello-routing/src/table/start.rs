//! The start of a path, found in one step: so many literals, one after the other, are looked up as one text.
//!
//! How many is one number for the table, the one that saves most routes most segments; one alone is looked up like any other. Paths with fewer
//! segments, all of them literals, are found the same way. Literals come before anything else, so that nothing of higher precedence is passed over.

use super::Table;
use super::cursor::{Cursor, word};
use super::draft::Used;
use super::node::depth;
use super::packed::Node;
use super::places::{Block, Slot, slot};
use super::search::Steps;

/// What const evaluation finds out about the starts of a table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Starts {
    /// How many segments a start has; 0 if there are none.
    pub(super) depth: usize,
    /// How many of their [`words`] are looked at: 2, 3, 4, 6 or 8, so that there is code for each.
    pub(super) words: usize,
    /// Whether a path that has none of them can begin with a literal nevertheless.
    pub(super) are_all: bool,
    /// The places that lead to them.
    pub(super) places: Block,
}

impl Starts {
    /// None, and whether a path can begin with a literal is not known.
    pub(super) const NONE: Self = Self { depth: 0, words: 2, are_all: false, places: Block::NONE };
}

impl Used {
    /// How many segments a start has, as many as stand before the first parameter of most patterns; and how many starts there are at
    /// most.
    pub(super) const fn starts(&self) -> (usize, usize) {
        let (mut best, mut depth) = (depth!(most), 1);
        while depth <= depth!(most) {
            if self.ends_at[depth + depth!(param)] > self.ends_at[best + depth!(param)] {
                best = depth;
            }
            depth += 1;
        }
        let (mut starts, mut before) = (self.literals_at[best], 1);
        while before < best {
            starts += self.ends_at[before];
            before += 1;
        }
        if starts == 0 || best == 1 { (0, 0) } else { (best, starts) }
    }
}

/// The text of a start, of at most 63 bytes, and room behind it.
pub(super) type Text = [u128; 6];

/// The longest start: where it ends must be seen in the first window.
macro_rules! is_too_long {
    ($reach:expr) => {
        $reach > 63
    };
}
pub(super) use is_too_long;

/// The text of a node behind literals alone: that of its parent, a slash, and the segment of these words. A macro as
/// [`edge`](super::key::edge) is.
macro_rules! text {
    ($parent:expr, $before:expr, $len:expr, $first:expr, $last:expr, $middle:expr) => {{
        let (low, high) = match $len {
            ..8 => (($first >> (64 - 8 * $len)) as u128, 0),
            8..16 => ($first as u128 | ($last as u128) << (8 * $len - 64), 0),
            _ => ($first as u128 | ($middle as u128) << 64, $last as u128 >> (192 - 8 * $len)),
        };
        let (low, high) = (low << 8 | b'/' as u128, high << 8 | low >> 120);
        let (at, shift) = (($before / 16) as usize, $before % 16 * 8);
        let mut text = $parent;
        text[at] |= low << shift;
        text[at + 1] |= high << shift;
        if shift != 0 {
            text[at + 1] |= low >> (128 - shift);
            text[at + 2] |= high >> (128 - shift);
        }
        text
    }};
}
pub(super) use text;

/// The words of a start as a lookup compares them: eight bytes each, one behind the other, as long as there are so many before
/// the last eight, which are all others. Those of less than eight bytes have zeros behind them. A macro too.
macro_rules! words {
    ($text:expr, $reach:expr) => {{
        let [a, b, c, d, ..] = *$text;
        let before = if $reach < 8 { 0 } else { $reach - 8 };
        let (index, shift) = ((before / 16) as usize, before % 16 * 8);
        let mut last = $text[index] >> shift;
        if shift > 64 {
            last |= $text[index + 1] << (128 - shift);
        }
        let mut words = [last as u64; 8];
        words[0] = a as u64;
        if before > 8 {
            words[1] = (a >> 64) as u64;
        }
        if before > 16 {
            words[2] = b as u64;
            if before > 24 {
                words[3] = (b >> 64) as u64;
            }
            if before > 32 {
                words[4] = c as u64;
            }
            if before > 40 {
                words[5] = (c >> 64) as u64;
            }
            if before > 48 {
                words[6] = d as u64;
            }
        }
        words
    }};
}
pub(super) use words;

/// How many words are enough for starts of that length.
macro_rules! enough {
    ($reach:expr) => {
        match $reach {
            ..17 => 2,
            ..25 => 3,
            ..33 => 4,
            ..49 => 6,
            _ => 8,
        }
    };
}
pub(super) use enough;

/// Where a start is looked for, by its words, those that are not looked at being 0: the high bits are the number of the place. A
/// macro as [`edge`](super::key::edge) is.
macro_rules! edge {
    ($words:expr) => {{
        let [a, b, c, d, e, f, g, h] = $words;
        // The processor does these side by side.
        let even = a as u128
            + (c << 21 | c >> 43) as u128
            + (e << 43 | e >> 21) as u128
            + (g << 11 | g >> 53) as u128;
        let odd = b as u128
            + (d << 21 | d >> 43) as u128
            + (f << 43 | f >> 21) as u128
            + (h << 11 | h >> 53) as u128;
        let even = even as u64 as u128 * 0xD6E8_FEB8_6659_FD93;
        let odd = odd as u64 as u128 * 0x9E37_79B9_7F4A_7C15;
        (even as u64 as u128 + odd as u64 as u128) as u64
    }};
}

pub(super) use edge;

impl Table<'_> {
    /// Goes to the end of the start that the path has, if it has one.
    #[inline(always)]
    pub(super) fn start<const FAR: bool, const SHARED: bool>(
        &self,
        path: &mut Cursor<'_, FAR>,
        steps: &mut impl Steps,
    ) -> Option<(u32, Node<'_>, u32)> {
        let starts = &self.facts.starts;
        let (end, mask) = path.ahead(starts.depth)?;
        let found = match starts.words {
            2 => self.start_of::<2, 3, FAR, SHARED>(path, end, steps),
            3 => self.start_of::<3, 4, FAR, SHARED>(path, end, steps),
            4 => self.start_of::<4, 5, FAR, SHARED>(path, end, steps),
            6 => self.start_of::<6, 7, FAR, SHARED>(path, end, steps),
            _ => self.start_of::<8, 9, FAR, SHARED>(path, end, steps),
        };
        if found.is_some() {
            path.pass(end, mask);
        }
        found
    }

    #[inline(always)]
    fn start_of<const WORDS: usize, const ALL: usize, const FAR: bool, const SHARED: bool>(
        &self,
        path: &Cursor<'_, FAR>,
        len: usize,
        steps: &mut impl Steps,
    ) -> Option<(u32, Node<'_>, u32)> {
        steps.step();
        let start = Start::<WORDS>::of(path.text(), len)?;
        let mut place = self.facts.starts.places.of(start.edge());
        let mut slot = *self.slots.get(place)?;
        if !self.is_start::<WORDS, ALL>(slot, &start, len) {
            if slot[0] & slot!(MORE) == 0 {
                return None;
            }
            // No more than a place, which comes back in a register.
            place = self.start_further::<WORDS, ALL>(path.text(), len, place, steps)?;
            slot = *self.slots.get(place)?;
        }
        let index = slot[0] >> 2;
        let rows = if SHARED { self.count(place) } else { 0 };
        Some((index, Node::at(self.nodes, index)?, rows))
    }

    /// Whether this place leads to that start.
    #[inline(always)]
    fn is_start<const WORDS: usize, const ALL: usize>(
        &self,
        [_, at]: Slot,
        start: &Start<WORDS>,
        len: usize,
    ) -> bool {
        let own =
            self.starts.get(at as usize..).and_then(|starts| starts.first_chunk::<ALL>()?.split_first());
        own.is_some_and(|(own_len, words)| *own_len == len as u64 && start.is(words))
    }

    /// The place of the start, behind that one.
    #[cold]
    #[inline(never)]
    fn start_further<const WORDS: usize, const ALL: usize>(
        &self,
        text: &[u8],
        len: usize,
        mut place: usize,
        steps: &mut impl Steps,
    ) -> Option<usize> {
        let start = Start::<WORDS>::of(text, len)?;
        for _ in 1..self.facts.probes {
            steps.step();
            place = self.facts.starts.places.after(place);
            let slot = *self.slots.get(place)?;
            if self.is_start::<WORDS, ALL>(slot, &start, len) {
                return Some(place);
            }
            if slot[0] & slot!(MORE) == 0 {
                return None;
            }
        }
        None
    }
}

/// The first [`words`] of a start.
struct Start<const WORDS: usize>([u64; WORDS]);

impl<const WORDS: usize> Start<WORDS> {
    /// Of all of the text before that place, which is in the first window.
    #[inline(always)]
    fn of(text: &[u8], end: usize) -> Option<Self> {
        let text = text.get(..end.max(8))?;
        let (own, last) = (LOW[end.min(8)], text.len() - 8);
        let mut words = [0; WORDS];
        for (index, at) in words.iter_mut().enumerate() {
            *at = word(text, last.min(8 * index)) & own;
        }
        Some(Self(words))
    }

    #[inline(always)]
    #[expect(clippy::manual_rotate, reason = "const evaluation takes longer for a call")]
    fn edge(&self) -> u64 {
        let mut all = [0; 8];
        for (word, own) in all.iter_mut().zip(self.0) {
            *word = own;
        }
        edge!(all)
    }

    #[inline(always)]
    fn is(&self, words: &[u64]) -> bool {
        self.0.iter().zip(words).fold(0, |differs, (own, other)| differs | own ^ other) == 0
    }
}

/// A word of the first bytes, so many of them.
const LOW: [u64; 9] = {
    let mut words = [0; 9];
    let mut bytes = 1;
    while bytes < 9 {
        words[bytes] = u64::MAX >> (64 - 8 * bytes);
        bytes += 1;
    }
    words
};
