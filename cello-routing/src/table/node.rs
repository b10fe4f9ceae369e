//! The tree of segments, as plain numbers: const evaluation writes and checks an array of numbers at once, but a structure
//! field by field, and an enum even more slowly.

use crate::methods::bit;

/// The words of a node.
///
/// A node stands for the patterns that have the same segments up to here, names erased. It is named by its index; the root
/// is at 0, and since it is nobody's child, 0 stands for "none" wherever a child is meant. Parents come before their
/// children.
pub(super) type Words = [u32; 13];

/// The root of a tree without routes.
pub(super) const NONE: Words = [0; 13];

/// Which word is which. Not constants: at each call, const evaluation looks up each constant with a name that the function
/// mentions.
macro_rules! word {
    (parent) => {
        0
    };
    // One of `kind!`.
    (kind) => {
        1
    };
    // The length of the prefix of an affixed parameter, and in the high half that of the suffix.
    (affixes) => {
        2
    };
    // The hash of the literal or the affixes, low half first.
    (hash) => {
        3
    };
    (hash_high) => {
        4
    };
    // The first child with affixes, in order of precedence.
    (affixed) => {
        5
    };
    // The next child of the same parent with affixes.
    (sibling) => {
        6
    };
    // The child for a plain parameter.
    (param) => {
        7
    };
    // Whether there are children for literals.
    (has_literals) => {
        8
    };
    // The routes whose patterns end here: their methods, and behind them the list of their rows.
    (end) => {
        9
    };
    // The same for the routes whose patterns have a rest parameter here.
    (rest) => {
        11
    };
}

/// How a node is reached from its parent.
macro_rules! kind {
    (root) => {
        0
    };
    (literal) => {
        1
    };
    (affixed) => {
        2
    };
    (param) => {
        3
    };
}

pub(super) use {kind, word};

/// One node, at run time.
#[derive(Clone, Copy)]
pub(super) struct Node<'t>(&'t Words);

impl<'t> Node<'t> {
    pub(super) fn at(tree: &'t [Words], index: u32) -> Option<Self> {
        tree.get(index as usize).map(Self)
    }

    pub(super) const fn parent(self) -> u32 {
        self.0[word!(parent)]
    }

    pub(super) const fn kind(self) -> u32 {
        self.0[word!(kind)]
    }

    pub(super) const fn has_literals(self) -> bool {
        self.0[word!(has_literals)] != 0
    }

    pub(super) const fn hash(self) -> u64 {
        self.0[word!(hash)] as u64 | (self.0[word!(hash_high)] as u64) << 32
    }

    pub(super) const fn affixed(self) -> u32 {
        self.0[word!(affixed)]
    }

    pub(super) const fn sibling(self) -> u32 {
        self.0[word!(sibling)]
    }

    pub(super) const fn param(self) -> u32 {
        self.0[word!(param)]
    }

    pub(super) const fn end(self) -> End {
        End { methods: self.0[word!(end)], first: self.0[word!(end) + 1] }
    }

    pub(super) const fn rest(self) -> End {
        End { methods: self.0[word!(rest)], first: self.0[word!(rest) + 1] }
    }

    /// What stands before the parameter of the segment, and what after it.
    pub(super) fn affixes(self, segment: &[u8]) -> (&[u8], &[u8]) {
        let (prefix, suffix) =
            ((self.0[word!(affixes)] & 0xFFFF) as usize, (self.0[word!(affixes)] >> 16) as usize);
        (
            segment.get(..prefix).unwrap_or_default(),
            segment.get(segment.len().saturating_sub(suffix)..).unwrap_or_default(),
        )
    }
}

/// One method of one route: its bit, the route, and the next one of the same end. That is named by its index and one, so
/// that 0 is the end of the list.
pub(super) type Row = [u32; 3];

/// The routes of one pattern: which methods they take, and the list of their rows.
#[derive(Clone, Copy)]
pub(super) struct End {
    pub(super) methods: u32,
    first: u32,
}

impl End {
    /// The route that takes the method: one for it, one for `GET` if it is `HEAD`, or one for `ANY`.
    pub(super) fn route(self, rows: &[Row], method: u8) -> Option<u32> {
        let own = 1 << method;
        let bit = match self.methods {
            methods if methods & own != 0 => own,
            methods if own == bit!(HEAD) && methods & bit!(GET) != 0 => bit!(GET),
            methods if methods & ANY != 0 => ANY,
            _ => return None,
        };
        let mut next = self.first;
        while let Some(&[method, route, after]) = rows.get((next as usize).checked_sub(1)?) {
            if method == bit {
                return Some(route);
            }
            next = after;
        }
        None
    }
}

const ANY: u32 = 1 << crate::methods::ANY_BIT;
