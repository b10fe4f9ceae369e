//! Equal subtrees are one: large applications say the same below each of their resources, and what is small stays near.
//!
//! A node says nothing of the literal that leads to it, and below a shared one rows are counted from where its own begin: what leads to it adds how many come before
//! those. So two nodes are alike if they take the same methods, have children that are alike for the same literals and affixes, and if the same was left aside
//! on the way. What leads back knows its parent, so it is shared only together with that; and so are parameters, which stand behind or below their parents.

use super::draft::Used;
use super::key::is_long;
use super::lengths::{any, longer, shorter};
use super::node::{Words, affix, kind};
use super::places::places;
use crate::text::same;

/// What is found out about a node of the tree when it has grown. All zeros before.
pub(super) type Share = [u32; 5];

/// Which word is which, see [`word!`](super::node::word).
macro_rules! of_share {
    // How many segments come behind this place in what was left aside on the way here, see [`lengths`](super::lengths).
    (left_aside) => {
        0
    };
    // How many segments come behind the node, for each pattern that passes it.
    (lengths) => {
        1
    };
    // How many rows there are here and below.
    (rows) => {
        2
    };
    // How many rows of the parent come before those.
    (before) => {
        3
    };
    // The node that stands for it in the table: itself, if it is there.
    (same) => {
        4
    };
}
pub(super) use of_share;

/// So many nodes, or more, may be worth it.
macro_rules! worth {
    () => {
        1_024
    };
}
pub(super) use worth;

/// Two numbers more in a hash.
macro_rules! hashed {
    ($hash:expr, $a:expr, $b:expr) => {
        ((($hash >> 64) ^ $hash as u64 as u128 ^ $a as u128 ^ (($b as u128) << 32)) * 0xD6E8_FEB8_6659_FD93)
    };
}

/// How many rows there are for the methods of an end. (Most have one, and a call takes const evaluation longer.)
macro_rules! rows_of {
    ($methods:expr) => {
        if $methods & ($methods - 1) == 0 { 1 } else { $methods.count_ones() }
    };
}

/// Finds out which nodes of a tree are alike, and how many nodes and places those take that stand for all: no more than if [each stood
/// alone](each_alone). `table` is a hash table of zeros, with more room
/// than there are nodes. `always` shares what is alike however little it is, for tests.
pub(super) const fn share(
    tree: &[Words],
    segments: &[&str],
    shares: &mut [Share],
    table: &mut [u32],
    used: &mut Used,
    always: bool,
) {
    each_alone(tree, used);
    add_up(tree, shares);
    look_aside(tree, shares);
    // Fewer stay near in any case, and to count rows takes steps.
    if tree.len() < worth!() && !always {
        return;
    }

    let mask = used.mask;
    let mut index = tree.len();
    while index > 0 {
        index -= 1;
        // Children come before their parents here. Of those with affixes, which come when the parent does, the last one in order of precedence comes first.
        let words = tree[index];
        let [_, own_kind, _, affixed, ..] = words;
        let mut here = index;
        let mut child = affixed as usize;
        while child != 0 {
            shares[child][of_share!(same)] = here as u32;
            here = child;
            let [_, _, _, _, next, ..] = tree[child];
            child = next as usize;
        }
        loop {
            let [_, _, _, _, before_here] = shares[here];
            if here == index && own_kind == kind!(affixed) {
                break;
            }
            let words = tree[here];
            let [_, kind, affixes, affixed, sibling, param, literals, end, _, rest, _, _, _, _, edges] =
                words;
            let [left_aside, ..] = shares[here];
            // Most are at the end of all patterns that pass them.
            if affixed | param | literals == 0 && kind != kind!(affixed) && !is_long!(affixes) {
                let hash = hashed!(end as u128 | ((rest as u128) << 32), left_aside, kind) >> 40;
                let mut slot = hash as usize & mask;
                let mut found = table[slot] as usize;
                while found != 0 {
                    let others = tree[found];
                    let [
                        _,
                        other_kind,
                        _,
                        other_affixed,
                        _,
                        other_param,
                        other_literals,
                        other_end,
                        _,
                        other_rest,
                        ..,
                    ] = others;
                    if other_end == end
                        && other_kind == kind
                        && other_rest == rest
                        && shares[found][of_share!(left_aside)] == left_aside
                        && other_affixed | other_param | other_literals == 0
                    {
                        break;
                    }
                    slot = (slot + 1) & mask;
                    found = table[slot] as usize;
                }
                if found == 0 {
                    table[slot] = here as u32;
                    found = here;
                }
                shares[here][of_share!(same)] = found as u32;
                if here == index {
                    break;
                }
                here = before_here as usize;
                continue;
            }
            let [.., same_affixed] = shares[affixed as usize];
            let [.., same_param] = shares[param as usize];
            // Of a child with affixes what comes behind it counts, too.
            let (affixes, sibling, len) = match kind {
                kind!(affixed) => (affixes, shares[sibling as usize][of_share!(same)], 0),
                kind!(literal) => (0, 0, affixes),
                _ => (0, 0, 0),
            };
            let mut found = 0;
            let mut slot = 0;
            // The text of a long literal stands with its node.
            if !is_long!(len) {
                let mut hash = (end as u128 | ((rest as u128) << 32)) * 0x9E37_79B9_7F4A_7C15;
                hash = hashed!(hash, left_aside, affixes);
                hash = hashed!(hash, same_param, same_affixed);
                hash = hashed!(hash, sibling, kind);
                if kind == kind!(affixed) {
                    hash = hash_of_affixes(hash, affixes, segments[here]);
                }
                let mut child = literals;
                while child != 0 {
                    let child_words = tree[child as usize];
                    let [_, _, _, _, next, .., key, _] = child_words;
                    let [.., same] = shares[child as usize];
                    hash = hashed!(hash, key, same);
                    child = next;
                }
                slot = (hash >> 64) as usize & mask;
                found = table[slot] as usize;
                while found != 0 {
                    let others = tree[found];
                    let [
                        _,
                        other_kind,
                        other_affixes,
                        other_affixed,
                        other_sibling,
                        other_param,
                        other_literals,
                        other_end,
                        _,
                        other_rest,
                        _,
                        _,
                        _,
                        _,
                        other_edges,
                    ] = others;
                    let [other_left_aside, ..] = shares[found];
                    if other_end == end
                        && other_rest == rest
                        && other_kind == kind
                        && other_edges == edges
                        && other_left_aside == left_aside
                        && shares[other_param as usize][of_share!(same)] == same_param
                        && shares[other_affixed as usize][of_share!(same)] == same_affixed
                        && (kind != kind!(affixed)
                            || other_affixes == affixes
                                && shares[other_sibling as usize][of_share!(same)] == sibling
                                && have_same_affixes(affixes, segments[found], segments[here]))
                    {
                        let (mut child, mut other) = (literals, other_literals);
                        while child != 0 && other != 0 {
                            let (words, others) = (tree[child as usize], tree[other as usize]);
                            let [_, _, _, _, next, .., key, _] = words;
                            let [_, _, _, _, other_next, .., other_key, _] = others;
                            let [.., same] = shares[child as usize];
                            let [.., other_same] = shares[other as usize];
                            if key != other_key || same != other_same {
                                break;
                            }
                            (child, other) = (next, other_next);
                        }
                        if child == 0 && other == 0 {
                            break;
                        }
                    }
                    slot = (slot + 1) & mask;
                    found = table[slot] as usize;
                }
            }
            if found == 0 {
                found = here;
                if !is_long!(len) {
                    table[slot] = here as u32;
                }
            }
            shares[here][of_share!(same)] = found as u32;
            if here == index {
                break;
            }
            here = before_here as usize;
        }
    }
    let alone = *used;
    stand_for_all(tree, shares, used);
    // There must be less than half as many then.
    if 2 * used.shared_nodes >= tree.len() && !always {
        *used = alone;
        let mut index = 0;
        while index < tree.len() {
            shares[index][of_share!(same)] = index as u32;
            index += 1;
        }
    }
}

/// How many nodes and places there are if each node stands for itself.
pub(super) const fn each_alone(tree: &[Words], used: &mut Used) {
    let (size, mut index, mut places_of_all) = (tree.len(), 0, 0);
    while index < size {
        let words = tree[index];
        let [.., edges] = words;
        if edges != 0 {
            places_of_all += 1 << places(edges as usize);
        }
        index += 1;
    }
    (used.shared_nodes, used.shared_places, used.is_shared) = (size, places_of_all, false);
}

/// Which nodes stand for those that are like them, and how many these and their places are.
const fn stand_for_all(tree: &[Words], shares: &mut [Share], used: &mut Used) {
    let (mut index, mut nodes, mut places_of_all) = (0, 0, 0);
    while index < tree.len() {
        let words = tree[index];
        let [parent, kind, .., edges] = words;
        let [left_aside, _, _, _, mut same] = shares[index];
        if left_aside != 0 || kind == kind!(affixed) || kind == kind!(param) {
            let [.., same_above] = shares[parent as usize];
            same = if same_above == parent { index as u32 } else { 0 };
            shares[index][of_share!(same)] = same;
        }
        if same == index as u32 {
            nodes += 1;
            if edges != 0 {
                places_of_all += 1 << places(edges as usize);
            }
        }
        index += 1;
    }
    (used.shared_nodes, used.shared_places, used.is_shared) = (nodes, places_of_all, true);
}

/// From the leaves to the root: how many segments and rows come behind each node.
const fn add_up(tree: &[Words], shares: &mut [Share]) {
    let mut index = tree.len();
    while index > 0 {
        index -= 1;
        let words = tree[index];
        let [parent, _, _, _, _, _, _, end, _, rest, ..] = words; // see `word!`
        let [_, mut lengths, mut rows, _, _] = shares[index];
        if end != 0 {
            lengths |= 1;
            rows += rows_of!(end);
        }
        if rest != 0 {
            lengths = any!();
            rows += rest.count_ones();
        }
        shares[index] = [0, lengths, rows, 0, 0];
        if index != 0 {
            let [_, lengths_above, rows_above, _, _] = shares[parent as usize];
            shares[parent as usize] = [0, lengths_above | longer!(lengths), rows_above + rows, 0, 0];
        }
    }
}

/// From the root to the leaves: what was left aside on the way to each node, and how many rows of its parent come before its own: first those of the parent
/// itself, then those of the plain parameter, of children with affixes, and of literals. Each node stands for itself.
const fn look_aside(tree: &[Words], shares: &mut [Share]) {
    let mut index = 0;
    while index < tree.len() {
        let words = tree[index];
        let [_, _, _, affixed, _, param, literals, end, _, rest, ..] = words;
        if affixed | param | literals != 0 {
            let [left_aside, ..] = shares[index];
            let above = shorter!(left_aside);
            let mut before = 0;
            if end != 0 {
                before += rows_of!(end);
            }
            let mut aside = above;
            if rest != 0 {
                before += rest.count_ones();
                aside = any!();
            }
            if param != 0 {
                let [_, lengths, rows, ..] = shares[param as usize];
                shares[param as usize] = [aside, lengths, rows, before, param];
                before += rows;
                aside |= lengths;
            }
            let mut child = affixed;
            while child != 0 {
                let [_, _, _, _, next, ..] = tree[child as usize];
                let [_, lengths, rows, ..] = shares[child as usize];
                // Which lengths those with affixes leave aside is not known.
                let own = if next | param | rest != 0 { any!() } else { above };
                shares[child as usize] = [own, lengths, rows, before, child];
                before += rows;
                child = next;
            }
            if affixed != 0 {
                aside = any!();
            }
            child = literals;
            while child != 0 {
                let [_, _, _, _, next, ..] = tree[child as usize];
                let [_, lengths, rows, ..] = shares[child as usize];
                shares[child as usize] = [aside, lengths, rows, before, child];
                before += rows;
                child = next;
            }
        }
        index += 1;
    }
}

/// A hash with the texts of the affixes.
const fn hash_of_affixes(mut hash: u128, affixes: u32, text: &str) -> u128 {
    let (prefix, suffix) = (affix!(prefix of affixes), affix!(suffix of affixes));
    let text = text.as_bytes();
    let mut at = 0;
    while at < text.len() {
        if at < prefix || at >= text.len() - suffix {
            hash = hashed!(hash, text[at], 0);
        }
        at += 1;
    }
    hash
}

const fn have_same_affixes(affixes: u32, a: &str, b: &str) -> bool {
    let (prefix, suffix) = (affix!(prefix of affixes), affix!(suffix of affixes));
    let (a, b) = (a.as_bytes(), b.as_bytes());
    same(a.split_at(prefix).0, b.split_at(prefix).0)
        && same(a.split_at(a.len() - suffix).1, b.split_at(b.len() - suffix).1)
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::super::{Lookup, Origin, Route, TableBuf};
    use crate::Methods;
    use std::{format, string::String, vec::Vec};

    const BELOW: [(&str, Methods); 8] = [
        ("", Methods::GET.with(Methods::POST)),
        ("/search", Methods::GET),
        ("/<id>", Methods::GET.with(Methods::DELETE)),
        ("/<id>/history", Methods::GET),
        ("/<id>/items/<item>/parts", Methods::GET),
        ("/exports/<file>.csv", Methods::GET),
        ("/files/<path..>", Methods::PUT),
        ("/files", Methods::GET),
    ];

    fn patterns(resources: usize) -> Vec<(String, Methods)> {
        let below =
            |resource| BELOW.map(|(below, methods)| (format!("/api/resource-{resource}{below}"), methods));
        (0..resources).flat_map(below).collect()
    }

    fn routes(patterns: &[(String, Methods)]) -> Vec<Route<'_>> {
        let origin = Origin { module: "", handler: "", file: "", line: 0, column: 0 };
        let route =
            |(pattern, methods)| Route { prefix: None, pattern, methods, extension_methods: &[], origin };
        patterns.iter().map(|row| route((row.0.as_str(), row.1))).collect()
    }

    #[test]
    #[cfg_attr(miri, ignore = "too much for an interpreter")]
    fn what_is_said_below_each_resource_stands_in_the_table_once() {
        let patterns = patterns(200);
        let routes = routes(&patterns);
        let buffer = TableBuf::freeze(&routes).unwrap();
        // The root, `api`, and what one resource has, of which `history` and `parts` are alike.
        assert_eq!((buffer.nodes.len(), buffer.counts.len()), (2 + 10 - 1, buffer.slots.len()));
        for (index, (pattern, methods)) in patterns.iter().enumerate() {
            let path = pattern.replace("<id>", "7").replace("<item>", "seven").replace("<file>", "all");
            let path = path.replace("<path..>", "a/b");
            let all = [
                ("GET", Methods::GET),
                ("POST", Methods::POST),
                ("PUT", Methods::PUT),
                ("DELETE", Methods::DELETE),
            ];
            for (method, _) in all.into_iter().filter(|&(_, method)| methods.contains(method)) {
                let Lookup::Found(found) = buffer.table().lookup(method, path.as_bytes()) else {
                    panic!("{method} {path} is not found")
                };
                assert_eq!(found.route, index, "{method} {path}");
            }
        }
    }

    #[test]
    fn small_tables_share_nothing() {
        let patterns = patterns(20);
        let routes = routes(&patterns);
        let buffer = TableBuf::freeze(&routes).unwrap();
        assert_eq!((buffer.nodes.len(), buffer.counts.len()), (2 + 20 * 10, 0));
    }
}
