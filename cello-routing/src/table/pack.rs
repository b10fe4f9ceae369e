//! From a draft to the arrays of a table.

use super::key::{edge, is_beyond, is_long};
use super::node::{KeyWords, Row, Words, kind, word};
use super::packed::{More, Packed, flag};
use super::places::{Block, Slot, put, slot};
use super::start::{self, Starts, Text, enough, is_too_long, text, words};

/// What a table is made of: the tree of a draft, its keys, the rows of its ends, and the segments of its nodes.
pub(super) struct Parts<'a, 'r> {
    pub(super) tree: &'a [Words],
    pub(super) keys: &'a [KeyWords],
    pub(super) rows: &'a [Row],
    pub(super) segments: &'a [&'r str],
}

/// The arrays of a table, of the exact size.
pub(super) struct Arrays<'a, 'r> {
    pub(super) nodes: &'a mut [Packed],
    pub(super) more: &'a mut [More],
    pub(super) slots: &'a mut [Slot],
    pub(super) rows: &'a mut [u32],
    pub(super) keys: &'a mut [KeyWords],
    pub(super) starts: &'a mut [u64],
    pub(super) segments: &'a mut [&'r str],
}

/// Room to reckon in, as long as the nodes.
pub(super) struct Room<'a> {
    /// The text of each node behind literals alone.
    pub(super) texts: &'a mut [Text],
    /// The number in the table of each node of the tree, and the other way round.
    pub(super) numbers: &'a mut [u32],
    pub(super) order: &'a mut [u32],
    /// The nodes of the tree that starts lead to.
    pub(super) targets: &'a mut [u32],
    /// Edges that leave the same node, and what is to stand in their places.
    pub(super) edges: &'a mut [(u64, Slot)],
}

/// Packs the nodes, with the child for a plain parameter behind its parent; puts the rows of each end side by side, and all edges into their
/// places. Gives how many places a lookup visits at most.
#[expect(clippy::manual_rotate, reason = "const evaluation takes longer for a call")]
pub(super) const fn pack<'r>(
    parts: &Parts<'_, 'r>,
    arrays: Arrays<'_, 'r>,
    room: Room<'_>,
    depth_of_starts: u32,
) -> (Starts, usize) {
    let Parts { tree, keys, rows: drafted, segments: drafted_segments } = *parts;
    let Arrays { nodes, more, slots, rows, keys: table_keys, starts: table_starts, segments } = arrays;
    let Room { texts, numbers, order, targets, edges } = room;
    number(tree, numbers, order);

    let (size, mut index) = (tree.len(), 0);
    let mut starts =
        Starts { depth: depth_of_starts as usize, words: 2, are_all: depth_of_starts != 0, ..Starts::NONE };
    // The first place stays free, for nodes without literals.
    let (mut used, mut count, mut base, mut most) = (0, 0, 1, 0);
    while index < size {
        let drafted_as = order[index] as usize;
        // Taken apart at once, in the order of `word!`: an index is checked each time.
        let [
            parent,
            kind,
            affixes,
            affixed,
            sibling,
            param,
            literals,
            end,
            end_rows,
            rest,
            rest_rows,
            reach,
            depth,
            key,
        ] = tree[drafted_as];
        let [_, _, _, any_affixed, _, any_param, _, _, _, any_rest, _, before, ..] = tree[parent as usize];
        let mut flags = kind;
        if literals != 0 {
            flags |= flag!(HAS_LITERALS) | flag!(HAS_ANY_LITERALS);
        }
        if affixed != 0 {
            flags |= flag!(HAS_AFFIXED);
        }
        if param != 0 {
            flags |= flag!(HAS_PARAM);
        }
        let later = match kind {
            kind!(literal) => any_affixed | any_param | any_rest,
            kind!(affixed) => sibling | any_param | any_rest,
            kind!(param) => any_rest,
            _ => 0,
        };
        // The root is its own parent, and has no flag yet.
        let above = nodes[numbers[parent as usize] as usize][0];
        if later != 0 {
            flags |= flag!(LEADS_BACK) | flag!(HAS_LATER);
        } else if above & flag!(LEADS_BACK) != 0 {
            flags |= flag!(LEADS_BACK);
        }
        let end_at = used as u32;
        if end != 0 {
            let [_, route, next] = drafted[end_rows as usize - 1];
            // One method, the most usual case, without a call.
            if next == 0 {
                rows[used] = route;
                used += 1;
            } else {
                used = list(end, end_rows, drafted, rows, used);
            }
        }
        let rest_at = used as u32;
        if rest != 0 {
            flags |= flag!(HAS_REST);
            used = list(rest, rest_rows, drafted, rows, used);
        }
        let (mut mask, mut block) = (0, 0);
        if literals != 0 {
            let (mut edges_here, mut child) = (0, literals);
            while child != 0 {
                let [_, _, len, _, next, .., key] = tree[child as usize];
                let [first, last, ..] = keys[key as usize];
                let long = if is_beyond!(len) { slot!(LONG) } else { 0 };
                edges[edges_here] = (edge!(first, last), [numbers[child as usize] << 2 | long, key]);
                edges_here += 1;
                child = next;
            }
            let (shift, places, visited) = put(edges, edges_here, slots, base);
            flags |= shift << flag!(shift);
            (mask, block) = (places as u32 - 1, base as u32);
            base += places;
            if visited > most {
                most = visited;
            }
        }
        if depth <= depth_of_starts && depth != 0 {
            flags |= above & (flag!(LEADS_BELOW_ROOT) | flag!(NO_START));
            if parent != 0 && later != 0 {
                flags |= flag!(LEADS_BELOW_ROOT);
            }
            if is_long!(affixes) || is_too_long!(reach) {
                flags |= flag!(NO_START);
            }
            let ends_before = depth < depth_of_starts;
            let is_start = if ends_before { end != 0 } else { flags & flag!(LEADS_BELOW_ROOT) == 0 };
            if ends_before && (affixed | param | rest) != 0 {
                starts.are_all = false;
            }
            if flags & flag!(NO_START) == 0 {
                let [first, last, middle, _] = keys[key as usize];
                texts[drafted_as] = text!(texts[parent as usize], before, affixes, first, last, middle);
                if is_start {
                    let words = enough!(reach);
                    if words > starts.words {
                        starts.words = words;
                    }
                    targets[count] = drafted_as as u32;
                    count += 1;
                }
            } else if is_start {
                starts.are_all = false;
            }
        }
        nodes[index] = [flags, mask, block, end, end_at];
        let of_parent = if kind == kind!(affixed) { numbers[sibling as usize] } else { 0 };
        let parent = numbers[parent as usize];
        more[index] = [parent, numbers[affixed as usize], of_parent, affixes, rest, rest_at];
        segments[index] = drafted_segments[drafted_as];
        index += 1;
    }
    if starts.depth != 0 && starts.are_all {
        nodes[0][0] &= !flag!(HAS_LITERALS);
    }

    let mut key = 0;
    while key < table_keys.len() {
        table_keys[key] = keys[key];
        key += 1;
    }
    let visited = pack_starts(
        tree,
        (texts, numbers),
        (targets, count),
        edges,
        (slots, base, table_starts),
        &mut starts,
    );
    (starts, if visited > most { visited } else { most })
}

/// Writes the starts down, which lead to the first `count` targets, and puts them into their places. Gives how many places a lookup visits at
/// most.
#[expect(clippy::manual_rotate, reason = "const evaluation takes longer for a call")]
const fn pack_starts(
    tree: &[Words],
    (texts, numbers): (&[Text], &[u32]),
    (targets, count): (&[u32], usize),
    edges: &mut [(u64, Slot)],
    (slots, base, table_starts): (&mut [Slot], usize, &mut [u64]),
    starts: &mut Starts,
) -> usize {
    if count == 0 {
        return 0;
    }
    // The first is none: where no start is found, there stand zeros.
    let mut at = 1 + starts.words;
    let mut index = 0;
    while index < count {
        let target = targets[index] as usize;
        let reach = tree[target][word!(reach)];
        let mut start = words!(&texts[target], reach);
        table_starts[at] = reach as u64;
        let mut word = 0;
        while word < 8 {
            if word < starts.words {
                table_starts[at + 1 + word] = start[word];
            } else {
                start[word] = 0;
            }
            word += 1;
        }
        edges[index] = (start::edge!(start), [numbers[target] << 2, at as u32]);
        at += 1 + starts.words;
        index += 1;
    }
    let (shift, places, visited) = put(edges, count, slots, base);
    starts.places = Block { shift, mask: places as u32 - 1, base: base as u32 };
    visited
}

/// Gives each node of the tree its number in the table: they stay in their order, but a plain parameter comes behind its parent.
const fn number(tree: &[Words], numbers: &mut [u32], order: &mut [u32]) {
    let (mut next, mut index) = (0, 0);
    while index < tree.len() {
        // Those have come with their parents.
        let mut node = if tree[index][word!(kind)] == kind!(param) { None } else { Some(index) };
        while let Some(here) = node {
            numbers[here] = next;
            order[next as usize] = here as u32;
            next += 1;
            node = match tree[here][word!(param)] {
                0 => None,
                child => Some(child as usize),
            };
        }
        index += 1;
    }
}

/// Puts the rows of one end in the order of their bits. Gives how many rows there are now.
const fn list(methods: u32, first: u32, drafted: &[Row], rows: &mut [u32], used: usize) -> usize {
    let mut next = first;
    while next != 0 {
        let [bit, route, after] = drafted[next as usize - 1];
        rows[used + (methods & (bit - 1)).count_ones() as usize] = route;
        next = after;
    }
    used + methods.count_ones() as usize
}
