//! The straight way down, which nearly every path takes to its end.

use super::Table;
use super::answer::{Match, Pen};
use super::cursor::{Cursor, word};
use super::key::Key;
use super::packed::{Node, flag};
use super::places::slot;
use super::search::{Next, Steps, Stop};

impl Table<'_> {
    /// Goes down as long as there is a child that matches, at each node to the first one in order of precedence. What is rare is left
    /// to [`search`](Self::search): children with affixes, and literals that their words do not tell.
    #[inline(always)]
    pub(super) fn descend<'t, const FAR: bool>(
        &'t self,
        mut path: Cursor<'_, FAR>,
        (mut index, mut node): (u32, Node<'t>),
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
                let place = self.facts.places.of(key.edge(), index);
                let Some(&(mut slot)) = self.slots.get(place) else { break };
                let Some(mut child) = Node::at(self.nodes, slot >> 2) else { break };
                let mut is_literal = child.is_two_words(key, index);
                if !is_literal && slot & slot!(MORE) != 0 {
                    slot = self.slot_further(place, key, index, steps);
                    is_literal = slot != 0;
                    child = Node::at(self.nodes, slot >> 2).unwrap_or(child);
                }
                if is_literal {
                    if slot & slot!(LONG) != 0 && !child.is_middle(key, word(path.text(), start + 8)) {
                        next = Next::Literal;
                        break;
                    }
                    steps.step();
                    (index, node, at) = (slot >> 2, child, end);
                    continue;
                }
                if node.has(flag!(HAS_AFFIXED)) {
                    next = Next::Affixed(node.affixed());
                    break;
                }
            }
            if node.param() == 0 {
                break;
            }
            let Some(child) = Node::at(self.nodes, node.param()) else { break };
            captures.write(&mut found.captures, (start, end));
            steps.step();
            (index, node, at) = (node.param(), child, end);
        }
        captures.finish(&mut found.captures);
        (Stop { index, at, next }, node)
    }

    /// What stands in a place behind that one for a literal of these two words, or 0.
    #[cold]
    #[inline(never)]
    fn slot_further(&self, mut place: usize, key: Key, node: u32, steps: &mut impl Steps) -> u32 {
        for _ in 1..self.facts.probes {
            steps.step();
            place = (place + 1) & self.facts.places.mask;
            let Some(&slot) = self.slots.get(place) else { return 0 };
            match Node::at(self.nodes, slot >> 2) {
                Some(child) if child.is_two_words(key, node) => return slot,
                _ if slot & slot!(MORE) == 0 => return 0,
                _ => {}
            }
        }
        0
    }
}
