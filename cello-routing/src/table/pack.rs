//! From a draft to the arrays of a table.

use super::key::{edge, is_beyond, is_long};
use super::lengths::{self, any, shorter};
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
    /// The number in the table of each node of the tree.
    pub(super) numbers: &'a mut [u32],
    /// How many segments come behind each node of the tree.
    pub(super) lengths: &'a mut [u32],
    /// As long as the places, see [`put`].
    pub(super) seen: &'a mut [u32],
    /// The nodes of the tree that starts lead to.
    pub(super) targets: &'a mut [u32],
    /// The edge of each key.
    pub(super) edges: &'a mut [u64],
    /// The edges that leave the same node, and what is to stand in their places.
    pub(super) here: Edges<'a>,
}

/// Some edges, and what is to stand in the places of each.
pub(super) struct Edges<'a> {
    pub(super) edges: &'a mut [u64],
    pub(super) values: &'a mut [Slot],
}

/// Packs the nodes, with the child for a plain parameter behind its parent; puts the rows of each end side by side, and all edges into their
/// places. Gives how many places a lookup visits at most.
pub(super) const fn pack<'r>(
    parts: &Parts<'_, 'r>,
    arrays: Arrays<'_, 'r>,
    room: Room<'_>,
    depth_of_starts: u32,
) -> (Starts, usize) {
    let Parts { tree, keys, rows: drafted, segments: drafted_segments } = *parts;
    let Arrays { nodes, more, slots, rows, keys: table_keys, starts: table_starts, segments } = arrays;
    let Room { texts, numbers, lengths, seen, targets, edges: edge_of, here: Edges { edges, values } } = room;
    number(tree, numbers);
    lengths::behind(tree, lengths);
    let (mut key, size) = (0, table_keys.len());
    while key < size {
        let own = keys[key];
        let [_, last, _, len] = own;
        edge_of[key] = edge!(last, len);
        table_keys[key] = own;
        key += 1;
    }

    // The nodes come in the order of their numbers: `first` is the last one that is no plain parameter.
    let (size, mut index, mut first, mut here) = (tree.len(), 0, 0, 0);
    let mut starts =
        Starts { depth: depth_of_starts as usize, words: 2, are_all: depth_of_starts != 0, ..Starts::NONE };
    // The first place stays free, for nodes without literals.
    let (mut used, mut count, mut base, mut most) = (0, 0, 1, 1);
    while index < size {
        // Taken apart at once, in the order of `word!`, and where it is copied to: an index is checked each time.
        let words = tree[here];
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
            edges_here,
        ] = words;
        let number_of_parent = numbers[parent as usize];
        // The root is its own parent, and has no flag yet.
        let above = nodes[number_of_parent as usize][0];
        let mut flags = kind;
        if edges_here != 0 {
            flags |= flag!(HAS_LITERALS) | flag!(HAS_ANY_LITERALS);
        }
        if affixed != 0 {
            flags |= flag!(HAS_AFFIXED);
        }
        if param != 0 {
            flags |= flag!(HAS_PARAM);
        }
        let later = match kind {
            kind!(literal) => above & (flag!(HAS_AFFIXED) | flag!(HAS_PARAM) | flag!(HAS_REST)),
            kind!(affixed) => sibling | above & (flag!(HAS_PARAM) | flag!(HAS_REST)),
            kind!(param) => above & flag!(HAS_REST),
            _ => 0,
        };
        let mut left_aside = 0;
        if above & flag!(LEADS_BACK) != 0 {
            flags |= flag!(LEADS_BACK);
            let [.., before] = more[number_of_parent as usize];
            left_aside = shorter!(before);
        }
        if later != 0 {
            flags |= flag!(LEADS_BACK) | flag!(HAS_LATER);
            // Of children with affixes it is not known.
            left_aside |= if kind == kind!(literal) && later == flag!(HAS_PARAM) {
                lengths[tree[parent as usize][word!(param)] as usize]
            } else {
                any!()
            };
        }
        let end_at = used as u32;
        if end != 0 {
            let row = drafted[end_rows as usize - 1];
            let [bit, route, next] = row;
            // One method or two, the most usual cases, without a call.
            if next == 0 {
                rows[used] = route;
                used += 1;
            } else {
                let row = drafted[next as usize - 1];
                let [other_bit, other, further] = row;
                if further != 0 {
                    used = list(end, end_rows, drafted, rows, used);
                } else if bit < other_bit {
                    rows[used] = route;
                    rows[used + 1] = other;
                    used += 2;
                } else {
                    rows[used] = other;
                    rows[used + 1] = route;
                    used += 2;
                }
            }
        }
        let rest_at = used as u32;
        if rest != 0 {
            flags |= flag!(HAS_REST);
            used = list(rest, rest_rows, drafted, rows, used);
        }
        let mut mask = 0;
        let mut block = 0;
        if edges_here != 0 {
            block = base as u32;
            let (mut edge, mut child) = (0, literals);
            while child != 0 {
                let child_words = tree[child as usize];
                let [_, _, len, _, next, .., key, _] = child_words;
                let mut leads = numbers[child as usize] << 2;
                if is_beyond!(len) {
                    leads |= slot!(LONG);
                }
                values[edge] = [leads, key];
                edges[edge] = edge_of[key as usize];
                edge += 1;
                child = next;
            }
            if edges_here == 1 {
                slots[base] = values[0];
                base += 1;
            } else {
                let (shift, places, visited, by_both) = put(edges, values, keys, edge, slots, base, seen);
                if by_both {
                    flags |= flag!(BY_BOTH);
                }
                flags |= shift << flag!(shift);
                mask = places as u32 - 1;
                base += places;
                if visited > most {
                    most = visited;
                }
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
                let before = tree[parent as usize][word!(reach)];
                texts[here] = text!(texts[parent as usize], before, affixes, first, last, middle);
                if is_start {
                    let words = enough!(reach);
                    if words > starts.words {
                        starts.words = words;
                    }
                    targets[count] = here as u32;
                    count += 1;
                }
            } else if is_start {
                starts.are_all = false;
            }
        }
        nodes[index] = [flags, mask, block, end, end_at];
        let first_affixed = if affixed == 0 { 0 } else { numbers[affixed as usize] };
        let sibling = if kind == kind!(affixed) { numbers[sibling as usize] } else { 0 };
        more[index] = [number_of_parent, first_affixed, sibling, affixes, rest, rest_at, left_aside];
        segments[index] = drafted_segments[here];
        index += 1;
        here = param as usize;
        while here == 0 && index < size {
            first += 1;
            if tree[first][word!(kind)] != kind!(param) {
                here = first;
            }
        }
    }
    if starts.depth != 0 && starts.are_all {
        nodes[0][0] &= !flag!(HAS_LITERALS);
    }

    let visited = pack_starts(
        tree,
        (texts, numbers),
        (targets, count),
        Edges { edges, values },
        (slots, base, seen, table_starts),
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
    Edges { edges, values }: Edges<'_>,
    (slots, base, seen, table_starts): (&mut [Slot], usize, &mut [u32], &mut [u64]),
    starts: &mut Starts,
) -> usize {
    if count == 0 {
        return 0;
    }
    let count_of_words = starts.words;
    // The first is none: where no start is found, there stand zeros.
    let mut at = 1 + count_of_words;
    let mut index = 0;
    while index < count {
        let target = targets[index] as usize;
        let reach = tree[target][word!(reach)];
        let start = words!(&texts[target], reach);
        let (place, mut own, mut word) = (at as u32, [0; 8], 0);
        table_starts[at] = reach as u64;
        at += 1;
        while word < count_of_words {
            own[word] = start[word];
            table_starts[at] = start[word];
            at += 1;
            word += 1;
        }
        edges[index] = start::edge!(own);
        values[index] = [numbers[target] << 2, place];
        index += 1;
    }
    let (shift, places, visited, _) = put(edges, values, &[], count, slots, base, seen);
    starts.places = Block { shift, mask: places as u32 - 1, base: base as u32 };
    visited
}

/// Gives each node of the tree its number in the table: they stay in their order, but a plain parameter comes behind its parent.
const fn number(tree: &[Words], numbers: &mut [u32]) {
    let (mut next, mut index, size) = (0, 0, tree.len());
    while index < size {
        // Those have come with their parents.
        if tree[index][word!(kind)] != kind!(param) {
            let mut here = index;
            loop {
                numbers[here] = next;
                next += 1;
                here = tree[here][word!(param)] as usize;
                if here == 0 {
                    break;
                }
            }
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
