//! The way of a lookup through the tree, wherever it leads.

use super::Table;
use super::answer::Match;
use super::key::{Key, is_long};
use super::node::{KeyWords, kind};
use super::packed::{Beside, Node, flag};
use super::places::{Slot, slot};
use super::segment::Reading;
use super::slashes::Slashes;

/// Counts the steps of a lookup, or does not.
pub(super) trait Steps {
    fn step(&mut self);
}

impl Steps for () {
    #[inline(always)]
    fn step(&mut self) {}
}

impl Steps for usize {
    #[inline(always)]
    fn step(&mut self) {
        *self += 1;
    }
}

/// What is tried next at a node, in order of precedence. A rest parameter comes last and has no node.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Next {
    Literal,
    /// The child with affixes of that number; the plain parameter, if that is 0.
    Affixed(u32),
    Nothing,
}

/// Where a walk has come to: a node, and where the rows begin from which its own are counted; the slash before the segment that is looked at there, or
/// the end of the path; and what is tried next.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stop {
    pub(super) index: u32,
    pub(super) rows: u32,
    pub(super) at: usize,
    pub(super) next: Next,
}

impl Stop {
    pub(super) const ROOT: Self = Self { index: 0, rows: 0, at: 0, next: Next::Literal };
}

impl Table<'_> {
    /// Finds the route of the highest precedence that takes the method, or else the methods of all routes that
    /// match the path. Goes on from where [`descend`](Self::descend) has come to.
    ///
    /// This is a depth-first walk that takes the children of each node in order of precedence. It needs no stack:
    /// a dead end leads back to the parent, whose next choice follows from the kind of the child. What is [shared](super::share) leads nowhere back.
    #[inline(never)]
    pub(super) fn search<R: Reading>(
        &self,
        method: u8,
        path: &[u8],
        slashes: Slashes<'_>,
        Stop { mut index, mut rows, mut at, mut next }: Stop,
        found: &mut Match,
        steps: &mut impl Steps,
    ) -> Result<(), u32> {
        // How many segments there are behind the slash at `at`.
        let (mut allowed, mut left) = (0, slashes.segments_after(at));
        while let Some(mut node) = Node::at(self.nodes, index) {
            let mut beside = self.beside(index);
            let segment = slashes.segment_after(at);
            let child = match segment {
                [] => None,
                _ => self.step_down::<R>((node, index), (segment, at + 1), next, found, steps),
            };
            if let Some((child, before)) = child {
                steps.step();
                (index, rows) = (child, rows + before);
                at += 1 + segment.len();
                left = left.saturating_sub(1);
                next = Next::Literal;
                continue;
            }

            // `/x` and `/x/` end here, but not `/x//`.
            if at + 1 >= path.len() {
                match node.end(rows).route(self.rows, method) {
                    Some(route) => {
                        found.ends(route, at, path.len());
                        return Ok(());
                    }
                    None => allowed |= node.end(rows).methods(),
                }
            }
            match beside.rest(rows).route(self.rows, method) {
                Some(route) => {
                    found.takes_rest(route, at, path.len());
                    return Ok(());
                }
                None => allowed |= beside.rest(rows).methods(),
            }

            if !node.has(flag!(LEADS_BACK)) || !beside.leads_back(left) {
                break;
            }
            // Up to where there is a choice left.
            while !node.has(flag!(HAS_LATER)) {
                if node.kind() == kind!(root) {
                    return Err(allowed);
                }
                if node.kind() != kind!(literal) {
                    found.captures.pop();
                }
                at = slashes.before(at);
                left += 1;
                let Some(parent) = Node::at(self.nodes, beside.parent()) else { return Err(allowed) };
                (node, beside) = (parent, self.beside(beside.parent()));
            }
            next = match node.kind() {
                kind!(root) => break,
                kind!(literal) => Next::Affixed(self.beside(beside.parent()).affixed()),
                kind!(affixed) => Next::Affixed(beside.sibling()),
                _ => Next::Nothing,
            };
            if node.kind() != kind!(literal) {
                found.captures.pop();
            }
            index = beside.parent();
            at = slashes.before(at);
            left += 1;
        }
        Err(allowed)
    }

    /// The next child of the node that matches the segment, which is not empty and starts at `start`, and how many rows come before those that its
    /// own are counted from.
    fn step_down<R: Reading>(
        &self,
        (node, index): (Node<'_>, u32),
        (segment, start): (&[u8], usize),
        next: Next,
        found: &mut Match,
        steps: &mut impl Steps,
    ) -> Option<(u32, u32)> {
        let mut affixed = match next {
            Next::Literal => self.beside(index).affixed(),
            Next::Affixed(child) => child,
            Next::Nothing => return None,
        };
        if matches!(next, Next::Literal)
            && node.has(flag!(HAS_ANY_LITERALS))
            && let Some(key) = R::key(segment, self.facts.longest_literal)
        {
            let matches = |literal: &[u8]| R::skip(segment, literal) == Some(segment.len());
            let child = self.literal(key, node, matches, steps);
            if child.is_some() {
                return child;
            }
        }
        while affixed != 0 {
            steps.step();
            let child = self.beside(affixed);
            let (prefix, suffix) = child.affixes(self.segment(affixed));
            if let (Some(before), Some(after)) = (R::skip(segment, prefix), R::skip_back(segment, suffix))
                && before + after < segment.len()
            {
                found.captures.push(start + before, start + segment.len() - after);
                return Some((affixed, 0));
            }
            affixed = child.sibling();
        }
        if !node.has(flag!(HAS_PARAM)) {
            return None;
        }
        found.captures.push(start, start + segment.len());
        Some((index + 1, 0))
    }

    #[inline(always)]
    pub(super) fn beside(&self, index: u32) -> Beside<'_> {
        self.more.get(index as usize).map_or(Beside::NONE, Beside)
    }

    /// The child for that literal, and how many rows come before those that its own are counted from. The first place belongs to the step that entered the node.
    #[inline(never)]
    pub(super) fn literal(
        &self,
        key: Key,
        node: Node<'_>,
        matches: impl Fn(&[u8]) -> bool,
        steps: &mut impl Steps,
    ) -> Option<(u32, u32)> {
        let own = [key.first, key.last, key.middle, key.len.into()];
        let mut place = node.places().of(key.edge(node.has(flag!(BY_BOTH))));
        for _ in 0..self.facts.probes {
            let slot = self.slots.get(place)?;
            let index = slot[0] >> 2;
            if self.key_at(slot) == Some(&own) && (!is_long!(key.len) || matches(self.segment(index))) {
                return Some((index, self.count(place)));
            }
            if slot[0] & slot!(MORE) == 0 {
                return None;
            }
            steps.step();
            place = node.places().after(place);
        }
        None
    }

    /// The key of the literal that stands there: that of none, if none does.
    #[inline(always)]
    pub(super) fn key_at(&self, [_, key]: &Slot) -> Option<&KeyWords> {
        self.keys.get(*key as usize)
    }
}
