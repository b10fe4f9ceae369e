//! The tree of segments: what a draft grows and a frozen table holds.

use crate::methods::ANY_BIT;
use crate::text::cut;

/// One node: the patterns that have the same segments up to here, names erased. Node 0 is the root, which is nobody's child, so 0
/// stands for "none" wherever a child is meant. Parents come before their children.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Node {
    pub(super) parent: u32,
    pub(super) kind: NodeKind,
    /// Where the literal is in the text of the table; for an affixed parameter, its prefix and behind it its suffix.
    pub(super) text: u32,
    pub(super) prefix: u16,
    pub(super) suffix: u16,
    /// The key of the edge from the parent, for literals and affixes.
    pub(super) key: u64,
    /// The first child with affixes, in order of precedence.
    pub(super) affixed: u32,
    /// The next child of the same parent with affixes.
    pub(super) sibling: u32,
    /// The child for a plain parameter.
    pub(super) param: u32,
    /// Whether there are children for literals.
    pub(super) literals: bool,
    /// The routes whose patterns end here.
    pub(super) end: End,
    /// The routes whose patterns have a rest parameter here.
    pub(super) rest: End,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum NodeKind {
    Root,
    Literal,
    Affixed,
    Param,
}

/// The routes of one pattern: which methods they take, and where their rows start. The rows stand in the order of the bits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct End {
    pub(super) methods: u32,
    pub(super) first: u32,
}

impl Node {
    pub(super) const ROOT: Self = Self {
        parent: 0,
        kind: NodeKind::Root,
        text: 0,
        prefix: 0,
        suffix: 0,
        key: 0,
        affixed: 0,
        sibling: 0,
        param: 0,
        literals: false,
        end: End::NONE,
        rest: End::NONE,
    };

    /// The literal, or the prefix of the parameter.
    pub(super) const fn prefix<'t>(&self, text: &'t [u8]) -> &'t [u8] {
        cut(text, self.text as usize, self.text as usize + self.prefix as usize)
    }

    /// The suffix of the parameter.
    pub(super) const fn suffix<'t>(&self, text: &'t [u8]) -> &'t [u8] {
        let start = self.text as usize + self.prefix as usize;
        cut(text, start, start + self.suffix as usize)
    }
}

impl End {
    pub(super) const NONE: Self = Self { methods: 0, first: 0 };

    /// Where the row for that method is: its own, or that of `ANY`.
    pub(super) const fn row(self, method: u8) -> Option<usize> {
        let own = 1 << method;
        if self.methods & own != 0 {
            return Some(self.row_of(own));
        }
        if self.methods & ANY != 0 {
            return Some(self.row_of(ANY));
        }
        None
    }

    pub(super) const fn row_of(self, bit: u32) -> usize {
        self.first as usize + (self.methods & (bit - 1)).count_ones() as usize
    }
}

pub(super) const ANY: u32 = 1 << ANY_BIT;
