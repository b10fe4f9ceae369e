//! The start of a path, found in one step: so many literals, one after the other, are looked up as one text.
//!
//! How many is one number for the table, the one that saves most routes most segments. Paths with fewer segments, all
//! of them literals, are found the same way. Literals come before anything else, so that nothing of higher precedence is passed over.

use super::Table;
use super::cursor::{Cursor, Short};
use super::draft::Used;
use super::node::depth;
use super::packed::{Node, Packed};
use super::search::Steps;

/// What const evaluation finds out about the starts of a table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Starts {
    /// How many segments a start has; 0 if there are none.
    pub(super) depth: usize,
    /// Whether some are longer than two chunks.
    pub(super) are_long: bool,
    /// Whether a path that has none of them can begin with a literal nevertheless.
    pub(super) are_all: bool,
}

impl Starts {
    /// None, and whether a path can begin with a literal is not known.
    pub(super) const NONE: Self = Self { depth: 0, are_long: false, are_all: false };
}

impl Used {
    /// How many segments a start has, as many as stand before the first parameter of most patterns; and how many starts there are at
    /// most. Of one segment there are none: it is found as well without.
    pub(super) const fn starts(&self) -> (usize, usize) {
        let (mut best, mut depth) = (depth!(most), 0);
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
        if best < 2 || starts == 0 { (0, 0) } else { (best, starts) }
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

/// The words of a start as a lookup compares them, of four chunks that overlap: the first one, the last one, and two between. A
/// macro too.
macro_rules! words {
    ($text:expr, $reach:expr) => {{
        let text = $text;
        let last = if $reach < 16 { 0 } else { $reach - 16 };
        let (index, shift) = ((last / 16) as usize, last % 16 * 8);
        let mut chunk = text[index] >> shift;
        if shift != 0 {
            chunk |= text[index + 1] << (128 - shift);
        }
        let second = if last < 16 { chunk } else { text[1] };
        let third = if last < 32 { chunk } else { text[2] };
        [
            text[0] as u64,
            (text[0] >> 64) as u64,
            chunk as u64,
            (chunk >> 64) as u64,
            second as u64,
            (second >> 64) as u64,
            third as u64,
            (third >> 64) as u64,
        ]
    }};
}
pub(super) use words;

/// Where a start is looked for, by its words, whether there are long ones, and its length: the high bits are the number of the
/// place. A macro as [`edge`](super::key::edge) is.
macro_rules! edge {
    ($words:expr, $are_long:expr, $len:expr) => {{
        let [a, b, c, d, e, f, g, h] = $words;
        // The processor does these side by side.
        let (mut even, mut odd) =
            (a as u128 + (c << 21 | c >> 43) as u128, b as u128 + (d << 21 | d >> 43) as u128);
        if $are_long {
            even += (e << 43 | e >> 21) as u128 + (g << 11 | g >> 53) as u128;
            odd += (f << 43 | f >> 21) as u128 + (h << 11 | h >> 53) as u128;
        }
        let even = even as u64 as u128 * 0xD6E8_FEB8_6659_FD93;
        let odd = odd as u64 as u128 * 0x9E37_79B9_7F4A_7C15;
        (even as u64 as u128 + odd as u64 as u128 + $len as u128 * 0xC2B2_AE3D_27D4_EB4F) as u64
    }};
}

pub(super) use edge;

impl Table<'_> {
    /// Goes to the end of the start that the path has, if it has one. None ends at `none`.
    #[inline(always)]
    pub(super) fn start(
        &self,
        path: &mut Cursor<'_>,
        none: usize,
        steps: &mut impl Steps,
    ) -> Option<(u32, Node<'_>)> {
        let starts = &self.facts.starts;
        let (end, mask) = path.ahead(starts.depth)?;
        if end == none {
            return None;
        }
        let found = match starts.are_long {
            false => self.start_of(&path.start::<false>(end)?, end, steps),
            true => self.start_of(&path.start::<true>(end)?, end, steps),
        };
        if found.is_some() {
            path.pass(end, mask);
        }
        found
    }

    /// What ends at a short path as a whole, if there are no parameters in it.
    #[inline(always)]
    pub(super) fn short(&self, path: &Short, len: usize, steps: &mut impl Steps) -> Option<Node<'_>> {
        if self.facts.has_shorts {
            return self.whole(path.key(len), steps);
        }
        let starts = &self.facts.starts;
        if starts.depth == 0 {
            return None;
        }
        let words = path.start();
        let found = match starts.are_long {
            false => self.start_of(&Start::<false>(words.0), len, steps),
            true => self.start_of(&words, len, steps),
        };
        found.map(|(_, node)| node)
    }

    #[inline(always)]
    fn start_of<const LONG: bool>(
        &self,
        start: &Start<LONG>,
        len: usize,
        steps: &mut impl Steps,
    ) -> Option<(u32, Node<'_>)> {
        let mut place = (start.edge(len) >> (self.facts.places.shift % 64)) as usize;
        steps.step();
        let mut slot = *self.slots.get(place)?;
        for _ in 0..self.facts.probes {
            let index = slot >> 1;
            let node = Node::at(self.nodes, index)?;
            if node.start_len() == len
                && self.nodes.get(node.sibling() as usize).is_some_and(|words| start.is(words))
            {
                return Some((index, node));
            }
            if slot & 1 == 0 {
                return None;
            }
            steps.step();
            place = (place + 1) % self.slots.len();
            slot = *self.slots.get(place)?;
        }
        None
    }
}

/// The words of a start, see [`words`]; the last four are 0 if it is not `LONG`.
pub(super) struct Start<const LONG: bool>(pub(super) Packed);

impl<const LONG: bool> Start<LONG> {
    #[inline(always)]
    #[expect(clippy::manual_rotate, reason = "const evaluation takes longer for a call")]
    fn edge(&self, len: usize) -> u64 {
        edge!(self.0, LONG, len)
    }

    #[inline(always)]
    fn is(&self, words: &Packed) -> bool {
        let differs = |index: usize| self.0[index] ^ words[index];
        let mut different = differs(0) | differs(1) | differs(2) | differs(3);
        if LONG {
            different |= differs(4) | differs(5) | differs(6) | differs(7);
        }
        different == 0
    }
}
