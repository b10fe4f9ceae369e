//! The straight way down, which nearly every path takes to its end.

use super::Table;
use super::answer::{Match, Pen};
use super::cursor::{Cursor, word};
use super::key::{Key, is_long};
use super::packed::{Node, flag};
use super::places::{Slot, slot};
use super::search::{Next, Steps, Stop};

impl Table<'_> {
    /// Goes down as long as there is a child that matches, at each node to the first one in order of precedence. What is rare is left
    /// to [`search`](Self::search): children with affixes, and literals that their words do not tell.
    #[inline(always)]
    pub(super) fn descend<'t, const FAR: bool, const SHARED: bool>(
        &'t self,
        mut path: Cursor<'_, FAR>,
        (mut index, mut node, mut rows): (u32, Node<'t>, u32),
        found: &mut Match,
        steps: &mut impl Steps,
    ) -> (Stop, Node<'t>) {
        let (mut at, mut next) = (path.at(), Next::Nothing);
        let mut captures = Pen::default();
        while let Some((start, end)) = path.advance() {
            if start == end {
                break;
            }
            if node.has(flag!(HAS_LITERALS) | flag!(HAS_AFFIXED)) {
                let (first, last) = path.words(start, end);
                let key = Key { first, last, middle: last, len: (end - start) as u32 };
                let mut place = node.places().of(key.edge(node.has(flag!(BY_BOTH))));
                let Some(mut slot) = self.slots.get(place) else { break };
                let mut is_literal = self.is_two_words(slot, key);
                if !is_literal && slot[0] & slot!(MORE) != 0 {
                    let segment = path.text().get(start..end).unwrap_or_default();
                    // No more than a place, which comes back in a register.
                    if let Some(further) = self.place_further(place, segment, node, steps) {
                        let Some(its) = self.slots.get(further) else { break };
                        (slot, place, is_literal) = (its, further, true);
                    }
                }
                if is_literal {
                    let [leads, _] = *slot;
                    if leads & slot!(LONG) != 0 && !self.is_middle(slot, key, word(path.text(), start + 8)) {
                        next = Next::Literal;
                        break;
                    }
                    let Some(child) = Node::at(self.nodes, leads >> 2) else { break };
                    steps.step();
                    if SHARED {
                        rows += self.count(place);
                    }
                    (index, node, at) = (leads >> 2, child, end);
                    continue;
                }
                if node.has(flag!(HAS_AFFIXED)) {
                    next = Next::Affixed(self.beside(index).affixed());
                    break;
                }
            }
            if !node.has(flag!(HAS_PARAM)) {
                break;
            }
            let Some(child) = Node::at(self.nodes, index + 1) else { break };
            captures.write(&mut found.captures, (start, end));
            steps.step();
            (index, node, at) = (index + 1, child, end);
        }
        captures.finish(&mut found.captures);
        (Stop { index, rows, at, next }, node)
    }

    /// How many rows come before those that are counted from where the edge at that place leads.
    #[inline(always)]
    pub(super) fn count(&self, place: usize) -> u32 {
        self.counts.get(place).copied().unwrap_or(0)
    }

    /// Whether a literal stands there that has the first and the last word and the length of that key.
    #[inline(always)]
    fn is_two_words(&self, slot: &Slot, key: Key) -> bool {
        match self.key_at(slot) {
            Some(&[first, last, _, len]) => {
                (first ^ key.first) | (last ^ key.last) | (len ^ u64::from(key.len)) == 0
            }
            None => false,
        }
    }

    /// Whether the middle word of the literal, whose other words are those of the key, is this one, and tells it from all others.
    #[inline(always)]
    fn is_middle(&self, slot: &Slot, key: Key, word: u64) -> bool {
        !is_long!(key.len) && matches!(self.key_at(slot), Some(&[_, _, middle, _]) if middle == word)
    }

    /// The place behind that one for a literal of these two words, if there is one.
    #[cold]
    #[inline(never)]
    fn place_further(
        &self,
        mut place: usize,
        segment: &[u8],
        node: Node<'_>,
        steps: &mut impl Steps,
    ) -> Option<usize> {
        // Not handed over, since it would have to be in memory.
        let key = Key::of(segment);
        for _ in 1..self.facts.probes {
            steps.step();
            place = node.places().after(place);
            match self.slots.get(place) {
                Some(slot) if self.is_two_words(slot, key) => return Some(place),
                Some([leads, _]) if leads & slot!(MORE) != 0 => {}
                _ => break,
            }
        }
        None
    }
}
