//! The way of a lookup through the tree.

use super::Table;
use super::answer::{Captures, Match};
use super::node::{Node, kind};
use super::segment::Reading;
use crate::hash::{is_exact, place};

/// Counts the steps of a lookup, or does not.
pub(super) trait Steps {
    fn step(&mut self);
}

impl Steps for () {
    fn step(&mut self) {}
}

impl Steps for usize {
    fn step(&mut self) {
        *self += 1;
    }
}

/// What is tried next at a node, in order of precedence. A rest parameter comes last and has no node.
#[derive(Clone, Copy)]
enum Next {
    Literal,
    /// The child with affixes of that number, 0 for none.
    Affixed(u32),
    Param,
    Nothing,
}

/// Finds the route of the highest precedence that takes the method, or else the methods of all routes that
/// match the path.
///
/// This is a depth-first walk that takes the children of each node in order of precedence. It needs no stack:
/// a dead end leads back to the parent, whose next choice follows from the kind of the child.
pub(super) fn search<R: Reading>(
    table: &Table<'_>,
    method: u8,
    path: &[u8],
    steps: &mut impl Steps,
) -> Result<Match, u32> {
    let mut captures = Captures::NONE;
    let mut allowed = 0;
    let mut index = 0;
    // The slash before the segment that is looked at, or the end of the path.
    let mut at = 0;
    let mut next = Next::Literal;
    steps.step();
    while let Some(node) = Node::at(table.tree, index) {
        let segment = segment(path, at);
        let child = match segment {
            [] => None,
            _ => step_down::<R>(table, node, index, segment, at, next, &mut captures, steps),
        };
        if let Some(child) = child {
            steps.step();
            index = child;
            at += 1 + segment.len();
            next = Next::Literal;
            continue;
        }

        // `/x` and `/x/` end here, but not `/x//`.
        if at + 1 >= path.len() {
            match node.end().route(table.rows, method) {
                Some(route) => {
                    let trailing_slash = at != 0 && at < path.len();
                    return Ok(Match { route: route as usize, captures, trailing_slash });
                }
                None => allowed |= node.end().methods,
            }
        }
        match node.rest().route(table.rows, method) {
            Some(route) => {
                captures.push(path.len().min(at + 1), path.len());
                return Ok(Match { route: route as usize, captures, trailing_slash: false });
            }
            None => allowed |= node.rest().methods,
        }

        next = match node.kind() {
            kind!(root) => break,
            kind!(literal) => Next::Affixed(Node::at(table.tree, node.parent()).map_or(0, Node::affixed)),
            kind!(affixed) => Next::Affixed(node.sibling()),
            _ => Next::Nothing,
        };
        if node.kind() != kind!(literal) {
            captures.pop();
        }
        index = node.parent();
        at = path.get(..at).and_then(|before| before.iter().rposition(|&byte| byte == b'/')).unwrap_or(0);
    }
    Err(allowed)
}

/// The next child of the node that matches the segment, which is not empty.
#[expect(
    clippy::too_many_arguments,
    reason = "the state of the walk, which is clearer as local variables there"
)]
fn step_down<R: Reading>(
    table: &Table<'_>,
    node: Node<'_>,
    index: u32,
    segment: &[u8],
    at: usize,
    mut next: Next,
    captures: &mut Captures,
    steps: &mut impl Steps,
) -> Option<u32> {
    let start = at + 1;
    loop {
        match next {
            Next::Literal => {
                if node.has_literals()
                    && let Some(child) = literal::<R>(table, index, segment, steps)
                {
                    return Some(child);
                }
                next = Next::Affixed(node.affixed());
            }
            Next::Affixed(0) => next = Next::Param,
            Next::Affixed(child) => {
                steps.step();
                let node = Node::at(table.tree, child)?;
                let (prefix, suffix) = node.affixes(table.segment(child));
                if let (Some(before), Some(after)) = (R::skip(segment, prefix), R::skip_back(segment, suffix))
                    && before + after < segment.len()
                {
                    captures.push(start + before, start + segment.len() - after);
                    return Some(child);
                }
                next = Next::Affixed(node.sibling());
            }
            Next::Param if node.param() != 0 => {
                captures.push(start, start + segment.len());
                return Some(node.param());
            }
            Next::Param | Next::Nothing => return None,
        }
    }
}

/// The child of the node for that literal.
fn literal<R: Reading>(table: &Table<'_>, index: u32, segment: &[u8], steps: &mut impl Steps) -> Option<u32> {
    let hash = R::hash(segment, table.facts.longest_literal)?;
    let mask = table.slots.len() - 1;
    let mut slot = place!(hash, index, mask);
    for _ in 0..table.facts.probes {
        steps.step();
        let child = *table.slots.get(slot)?;
        if child == 0 {
            return None;
        }
        let node = Node::at(table.tree, child)?;
        if node.hash() == hash
            && node.parent() == index
            && (is_exact!(hash) || R::skip(segment, table.segment(child)) == Some(segment.len()))
        {
            return Some(child);
        }
        slot = (slot + 1) & mask;
    }
    None
}

/// The segment after the slash at `at`; empty where there is none.
fn segment(path: &[u8], at: usize) -> &[u8] {
    let rest = path.get(at + 1..).unwrap_or_default();
    let len = rest.iter().position(|&byte| byte == b'/').unwrap_or(rest.len());
    rest.get(..len).unwrap_or_default()
}
