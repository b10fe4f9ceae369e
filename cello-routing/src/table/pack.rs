//! From a draft to the arrays of a table.

use super::key::{edge, is_beyond, is_long};
use super::node::{KeyWords, Row, Words, kind, word};
use super::packed::{More, Packed, flag};
use super::places::{Block, Slot, put, slot};
use super::share::{Share, of_share};
use super::start::{self, Starts, Text, enough, is_too_long, text, words};

/// What a table is made of: the tree of a draft, what its nodes share, its keys, the rows of its ends, and the segments of its nodes.
pub(super) struct Parts<'a, 'r> {
    pub(super) tree: &'a [Words],
    pub(super) shares: &'a [Share],
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
    pub(super) counts: &'a mut [u32],
    pub(super) segments: &'a mut [&'r str],
}

/// Room to reckon in, as long as the nodes of the tree.
pub(super) struct Room<'a> {
    /// The text of each node behind literals alone.
    pub(super) texts: &'a mut [Text],
    /// The number in the table of each node of the tree that is in it.
    pub(super) numbers: &'a mut [u32],
    /// Where the rows of each node of the tree start, and where those start that they are counted from.
    pub(super) rows_at: &'a mut [(u32, u32)],
    /// What keeps starts from passing each node, by [`mark!`].
    pub(super) marks: &'a mut [u32],
    /// As long as the places, see [`put`].
    pub(super) seen: &'a mut [u32],
    /// The nodes of the tree that starts lead to.
    pub(super) targets: &'a mut [u32],
    /// The edge of each key.
    pub(super) edges: &'a mut [u64],
    /// How many rows come before those that are counted from where it leads; and for a long literal, whose key another one may have, from its node of
    /// that number, which is never shared.
    pub(super) befores: &'a mut [u32],
    pub(super) befores_of_long: &'a mut [u32],
    /// The edges that leave the same node, and what is to stand in their places.
    pub(super) here: Edges<'a>,
}

/// Some edges, and what is to stand in the places of each.
pub(super) struct Edges<'a> {
    pub(super) edges: &'a mut [u64],
    pub(super) values: &'a mut [Slot],
}

/// Why a start cannot pass a node, or not lead to it.
macro_rules! mark {
    // It is too long.
    (NO_START) => {
        1
    };
    // Something was left aside on the way, not at the root.
    (LEADS_BELOW_ROOT) => {
        2
    };
}

/// Packs the nodes, those that are alike once, with the child for a plain parameter behind its parent; puts the rows of each end side by side, and all
/// edges into their places. Gives how many places a lookup visits at most.
pub(super) const fn pack<'r>(
    parts: &Parts<'_, 'r>,
    arrays: Arrays<'_, 'r>,
    room: Room<'_>,
    depth_of_starts: u32,
) -> (Starts, usize) {
    let Parts { tree, shares, keys, rows: drafted, segments: drafted_segments } = *parts;
    let Arrays { nodes, more, slots, rows, keys: table_keys, starts: table_starts, counts, segments } =
        arrays;
    let Room {
        texts,
        numbers,
        rows_at,
        marks,
        seen,
        targets,
        edges: edge_of,
        befores,
        befores_of_long,
        here: Edges { edges, values },
    } = room;
    let (mut key, size) = (0, table_keys.len());
    while key < size {
        let own = keys[key];
        let [_, last, _, len] = own;
        edge_of[key] = edge!(last, len);
        table_keys[key] = own;
        key += 1;
    }

    let is_shared = !counts.is_empty();
    // What each node of the tree has for itself: its rows, its number, and what starts make of it.
    let mut starts =
        Starts { depth: depth_of_starts as usize, words: 2, are_all: depth_of_starts != 0, ..Starts::NONE };
    let (size, mut index, mut next_number, mut count) = (tree.len(), 0, 0, 0);
    while index < size {
        // Taken apart at once, in the order of `word!`: an index is checked each time.
        let words = tree[index];
        let [
            parent,
            kind,
            affixes,
            affixed,
            _,
            param,
            _,
            end,
            end_rows,
            rest,
            rest_rows,
            reach,
            depth,
            key,
            _,
        ] = words;
        let [left_aside, _, _, before, same] = shares[index];
        if same == index as u32 && kind != kind!(param) {
            let mut here = index;
            loop {
                numbers[here] = next_number;
                next_number += 1;
                here = tree[here][word!(param)] as usize;
                if here == 0 {
                    break;
                }
            }
        }
        let (rows_above, first_above) = rows_at[parent as usize];
        let own_rows = rows_above + before;
        let is_alone = is_shared && kind == kind!(literal) && left_aside == 0;
        rows_at[index] = (own_rows, if is_alone { own_rows } else { first_above });
        let mut used = own_rows as usize;
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
        if rest != 0 {
            list(rest, rest_rows, drafted, rows, used);
        }
        if depth <= depth_of_starts && depth != 0 {
            let mut mark = marks[parent as usize];
            if parent != 0 && left_aside != 0 {
                let [_, _, _, affixed, _, param, _, _, _, rest, ..] = tree[parent as usize];
                if affixed | param | rest != 0 {
                    mark |= mark!(LEADS_BELOW_ROOT);
                }
            }
            if is_long!(affixes) || is_too_long!(reach) {
                mark |= mark!(NO_START);
            }
            marks[index] = mark;
            let ends_before = depth < depth_of_starts;
            // What leads back is in the table only behind the one that stands for its parent, and no start leads there.
            let is_there = same != 0;
            let is_start =
                if ends_before { end != 0 && is_there } else { mark & mark!(LEADS_BELOW_ROOT) == 0 };
            if ends_before && ((affixed | param | rest) != 0 || !is_there) {
                starts.are_all = false;
            }
            if mark & mark!(NO_START) == 0 {
                let [first, last, middle, _] = keys[key as usize];
                let before = tree[parent as usize][word!(reach)];
                texts[index] = text!(texts[parent as usize], before, affixes, first, last, middle);
                if is_start {
                    let words = enough!(reach);
                    if words > starts.words {
                        starts.words = words;
                    }
                    targets[count] = index as u32;
                    count += 1;
                }
            } else if is_start {
                starts.are_all = false;
            }
        }
        index += 1;
    }

    // What is in the table. The first place stays free, for nodes without literals.
    let (mut head, mut number, mut base, mut most) = (0, 0, 1, 1);
    while head < size {
        let mut here = head;
        let mut is_next =
            shares[head][of_share!(same)] == head as u32 && tree[head][word!(kind)] != kind!(param);
        while is_next {
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
                _,
                rest,
                _,
                _,
                _,
                _,
                edges_here,
            ] = words;
            let [left_aside, ..] = shares[here];
            let (own_rows, first_rows) = rows_at[here];
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
            if left_aside != 0 {
                flags |= flag!(LEADS_BACK);
                let later = match kind {
                    kind!(literal) => above & (flag!(HAS_AFFIXED) | flag!(HAS_PARAM) | flag!(HAS_REST)),
                    kind!(affixed) => sibling | above & (flag!(HAS_PARAM) | flag!(HAS_REST)),
                    _ => above & flag!(HAS_REST),
                };
                if later != 0 {
                    flags |= flag!(HAS_LATER);
                }
            }
            let end_at = own_rows - first_rows;
            let mut rest_at = end_at;
            if rest != 0 {
                flags |= flag!(HAS_REST);
                rest_at += end.count_ones();
            }
            let mut mask = 0;
            let mut block = 0;
            if edges_here != 0 {
                block = base as u32;
                let (mut edge, mut child) = (0, literals);
                while child != 0 {
                    let child_words = tree[child as usize];
                    let [_, _, len, _, next, .., key, _] = child_words;
                    let [.., same] = shares[child as usize];
                    let to = numbers[same as usize];
                    let mut leads = to << 2;
                    if is_beyond!(len) {
                        leads |= slot!(LONG);
                    }
                    values[edge] = [leads, key];
                    if is_shared {
                        let (_, first_of_child) = rows_at[child as usize];
                        let before = first_of_child - first_rows;
                        if is_long!(len) {
                            befores_of_long[to as usize] = before;
                        } else {
                            befores[key as usize] = before;
                        }
                    }
                    edges[edge] = edge_of[key as usize];
                    edge += 1;
                    child = next;
                }
                let mut place = base;
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
                while is_shared && place < base {
                    let [leads, key] = slots[place];
                    if key != 0 {
                        let [_, _, _, len] = keys[key as usize];
                        counts[place] = if is_long!(len) {
                            befores_of_long[leads as usize >> 2]
                        } else {
                            befores[key as usize]
                        };
                    }
                    place += 1;
                }
            }
            nodes[number] = [flags, mask, block, end, end_at];
            let first_affixed = if affixed == 0 { 0 } else { numbers[affixed as usize] };
            let sibling = if kind == kind!(affixed) { numbers[sibling as usize] } else { 0 };
            more[number] = [number_of_parent, first_affixed, sibling, affixes, rest, rest_at, left_aside];
            segments[number] = drafted_segments[here];
            number += 1;
            here = param as usize;
            is_next = here != 0;
        }
        head += 1;
    }
    if starts.depth != 0 && starts.are_all {
        nodes[0][0] &= !flag!(HAS_LITERALS);
    }

    let visited = pack_starts(
        (tree, shares),
        (texts, numbers, rows_at),
        (targets, count),
        Edges { edges, values },
        (slots, base, seen, table_starts, counts),
        &mut starts,
    );
    (starts, if visited > most { visited } else { most })
}

/// Writes the starts down, which lead to the first `count` targets, and puts them into their places. Gives how many places a lookup visits at
/// most.
#[expect(clippy::manual_rotate, reason = "const evaluation takes longer for a call")]
const fn pack_starts(
    (tree, shares): (&[Words], &[Share]),
    (texts, numbers, rows_at): (&[Text], &[u32], &[(u32, u32)]),
    (targets, count): (&[u32], usize),
    Edges { edges, values }: Edges<'_>,
    (slots, base, seen, table_starts, counts): (&mut [Slot], usize, &mut [u32], &mut [u64], &mut [u32]),
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
        let [.., same] = shares[target];
        values[index] = [numbers[same as usize] << 2, place];
        index += 1;
    }
    let (shift, places, visited, _) = put(edges, values, &[], count, slots, base, seen);
    let mut place = base;
    while !counts.is_empty() && place < base + places {
        let [_, at] = slots[place];
        if at != 0 {
            let (_, first_rows) = rows_at[targets[at as usize / (1 + count_of_words) - 1] as usize];
            counts[place] = first_rows;
        }
        place += 1;
    }
    starts.places = Block { shift, mask: places as u32 - 1, base: base as u32 };
    visited
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
