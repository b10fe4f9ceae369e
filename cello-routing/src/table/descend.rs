//! The straight way down, which nearly every path takes to its end.

use super::Table;
use super::answer::{Match, Pen};
use super::cursor::Cursor;
use super::key::{Key, TWO_WORDS};
use super::packed::{Node, flag};
use super::search::{Steps, Stop};
use super::segment::{Plain, Reading};

impl Table<'_> {
    /// Goes down as long as there is a child that matches, at each node to the first one in order of precedence.
    #[inline(always)]
    pub(super) fn descend<'t>(
        &'t self,
        mut path: Cursor<'_>,
        (index, mut node): (u32, Node<'t>),
        found: &mut Match,
        steps: &mut impl Steps,
    ) -> (Stop, Node<'t>) {
        let mut stop = Stop { index, at: path.at() };
        let mut captures = Pen::default();
        while let Some((start, end)) = path.advance() {
            if start == end {
                break;
            }
            let mut child = None;
            if node.has(flag!(HAS_LITERALS)) {
                child = self.literal_plain(stop.index, &path, (start, end), steps);
            }
            if child.is_none() {
                let mut range = (start, end);
                let mut index = node.param();
                if node.affixed() != 0 {
                    (index, range) = self.affixed_or_param(node, path.text(), range, steps);
                }
                if index == 0 {
                    break;
                }
                child = Node::at(self.nodes, index).map(|node| (index, node));
                captures.write(&mut found.captures, range);
            }
            let Some((index, next)) = child else { break };
            steps.step();
            (stop, node) = (Stop { index, at: end }, next);
        }
        captures.finish(&mut found.captures);
        (stop, node)
    }

    /// The child for a literal.
    #[inline(always)]
    fn literal_plain(
        &self,
        node: u32,
        path: &Cursor<'_>,
        (start, end): (usize, usize),
        steps: &mut impl Steps,
    ) -> Option<(u32, Node<'_>)> {
        steps.step();
        let (first, last) = path.words(start, end);
        let key = Key { first, last, middle: last, len: (end - start) as u32 };
        // Which text has bytes between its words, and is not longer than all literals?
        if (key.len as usize).wrapping_sub(TWO_WORDS + 1) < self.facts.beyond_two_words {
            return self.literal_further(node, path.text().get(start..end)?, steps);
        }
        let &slot =
            self.slots.get((key.edge_of_two_words(node) >> (self.facts.places.shift % 64)) as usize)?;
        let child = Node::at(self.nodes, slot >> 1)?;
        if child.is_two_words(key, node) {
            return Some((slot >> 1, child));
        }
        if slot & 1 == 0 {
            return None;
        }
        self.literal_further(node, path.text().get(start..end)?, steps)
    }

    #[cold]
    #[inline(never)]
    fn literal_further(&self, node: u32, segment: &[u8], steps: &mut impl Steps) -> Option<(u32, Node<'_>)> {
        let index = self.literal(Key::of(segment), node, |literal| literal == segment, steps);
        Node::at(self.nodes, index).filter(|_| index != 0).map(|node| (index, node))
    }

    /// The child with affixes that matches, or that for a plain parameter, and its range.
    #[inline(never)]
    fn affixed_or_param(
        &self,
        node: Node<'_>,
        text: &[u8],
        (start, end): (usize, usize),
        steps: &mut impl Steps,
    ) -> (u32, (usize, usize)) {
        let segment = text.get(start..end).unwrap_or_default();
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
