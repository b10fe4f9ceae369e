//! The straight way down, which nearly every path takes to its end.

use super::Table;
use super::answer::Match;
use super::key::{Key, SHORT, Short, edge};
use super::packed::{Node, flag};
use super::search::{Steps, Stop};
use super::segment::{Plain, Reading};

/// Copies a path that is short. Gives `None` if it is not, or has escapes or anything else than ASCII.
#[inline(always)]
pub(super) fn copy(path: &[u8], short: &mut Short) -> Option<()> {
    if path.len() > SHORT || path.first() != Some(&b'/') {
        return None;
    }
    short.get_mut(..path.len())?.copy_from_slice(path);
    let (low, high) = short.split_first_chunk::<64>()?;
    if has_odd(low) || path.len() > 64 && has_odd(high.first_chunk::<64>()?) {
        return None;
    }
    Some(())
}

/// (In an array of a fixed size, and with numbers instead of truth values, the compiler looks at many bytes at once.)
#[inline(always)]
fn has_odd(bytes: &[u8; 64]) -> bool {
    let mut odd = 0;
    for &byte in bytes {
        odd |= u8::from(byte == b'%') | byte >> 7;
    }
    odd != 0
}

impl Table<'_> {
    /// Goes down as long as there is a child that matches, at each node to the first one in order of precedence.
    #[inline(always)]
    pub(super) fn descend(
        &self,
        path: &Short,
        len: usize,
        found: &mut Match,
        steps: &mut impl Steps,
    ) -> Stop {
        let mut stop = Stop { index: 0, at: 0 };
        steps.step();
        while stop.at + 1 < len
            && let Some(node) = Node::at(self.nodes, stop.index)
        {
            let start = stop.at + 1;
            let (key, length) = Key::at(path, start);
            let end = start + length;
            let mut child = 0;
            if node.has(flag!(HAS_LITERALS)) {
                child = self.literal_short(key, stop.index, path, start, end, steps);
            }
            if child == 0 {
                let mut range = (start, end);
                child = node.param();
                if node.affixed() != 0 {
                    (child, range) = self.affixed_or_param(node, path, range, steps);
                }
                if child == 0 || length == 0 {
                    break;
                }
                found.captures.push(range.0, range.1);
            }
            steps.step();
            stop = Stop { index: child, at: end };
        }
        stop
    }

    /// The child for a literal, 0 if there is none.
    #[inline(always)]
    fn literal_short(
        &self,
        key: Key,
        node: u32,
        path: &Short,
        start: usize,
        end: usize,
        steps: &mut impl Steps,
    ) -> u32 {
        steps.step();
        let edge = edge!(key.hash, node);
        let place = (edge >> (self.facts.places.shift % 64)) as usize;
        let Some(&slot) = self.slots.get(place) else { return 0 };
        let mut goes_on = slot & self.facts.places.more != 0;
        if (slot ^ self.facts.places.tag(edge)) & self.facts.places.tag == 0 {
            let index = slot & self.facts.places.index;
            if let Some(child) = Node::at(self.nodes, index)
                && child.is(key, node)
            {
                if !child.has(flag!(LONG)) {
                    return index;
                }
                goes_on = true;
            }
        }
        if !goes_on {
            return 0;
        }
        let segment = path.get(start..end).unwrap_or_default();
        self.literal(edge, key, node, |literal| literal == segment, steps)
    }

    /// The child with affixes that matches, or that for a plain parameter, and its range.
    #[inline(never)]
    fn affixed_or_param(
        &self,
        node: Node<'_>,
        path: &Short,
        (start, end): (usize, usize),
        steps: &mut impl Steps,
    ) -> (u32, (usize, usize)) {
        let segment = path.get(start..end).unwrap_or_default();
        let mut index = node.affixed();
        while index != 0
            && let Some(child) = Node::at(self.nodes, index)
        {
            steps.step();
            let (prefix, suffix) = child.affixes(self.segment(index));
            if segment.len() > prefix.len() + suffix.len()
                && Plain::skip(segment, prefix).is_some()
                && Plain::skip_back(segment, suffix).is_some()
            {
                return (index, (start + prefix.len(), end - suffix.len()));
            }
            index = child.sibling();
        }
        (node.param(), (start, end))
    }
}
