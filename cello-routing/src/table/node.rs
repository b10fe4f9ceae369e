//! The tree of segments, as plain numbers: const evaluation copies and checks an array of numbers at once,
//! but an array of structures field by field.

use crate::methods::ANY_BIT;
use crate::text::cut;

/// How many words a node takes. A node is named by the offset of its first word; the root is at 0, and since
/// it is nobody's child, 0 stands for "none" wherever a child is meant. Parents come before their children.
pub(super) const WORDS: usize = 12;

/// The offset of the parent.
pub(super) const PARENT: usize = 0;
/// One of the constants of [`kind`].
pub(super) const KIND: usize = 1;
/// Where the literal is in the text of the table; for an affixed parameter, its prefix and behind it its
/// suffix.
pub(super) const TEXT: usize = 2;
/// The length of the literal or prefix, and in the high half that of the suffix.
pub(super) const LENGTHS: usize = 3;
/// The key of the edge from the parent, for literals and affixes.
pub(super) const KEY: usize = 4;
/// The first child with affixes, in order of precedence.
pub(super) const AFFIXED: usize = 5;
/// The next child of the same parent with affixes.
pub(super) const SIBLING: usize = 6;
/// The child for a plain parameter.
pub(super) const PARAM: usize = 7;
/// The routes whose patterns end here: their methods, and where their rows start.
pub(super) const END: usize = 8;
/// The same for the routes whose patterns have a rest parameter here.
pub(super) const REST: usize = 10;

/// How a node is reached from its parent.
pub(super) mod kind {
    pub(in crate::table) const ROOT: u32 = 0;
    pub(in crate::table) const LITERAL: u32 = 1;
    pub(in crate::table) const AFFIXED: u32 = 2;
    pub(in crate::table) const PARAM: u32 = 3;
    /// Added where there are children for literals.
    pub(in crate::table) const HAS_LITERALS: u32 = 4;
}

/// One node: the patterns that have the same segments up to here, names erased.
#[derive(Clone, Copy)]
pub(super) struct Node<'t>(&'t [u32; WORDS]);

impl<'t> Node<'t> {
    pub(super) fn at(words: &'t [u32], offset: u32) -> Option<Self> {
        words.get(offset as usize..)?.first_chunk().map(Self)
    }

    pub(super) const fn parent(self) -> u32 {
        self.0[PARENT]
    }

    pub(super) const fn kind(self) -> u32 {
        self.0[KIND] & !kind::HAS_LITERALS
    }

    pub(super) const fn has_literals(self) -> bool {
        self.0[KIND] & kind::HAS_LITERALS != 0
    }

    pub(super) const fn key(self) -> u32 {
        self.0[KEY]
    }

    pub(super) const fn affixed(self) -> u32 {
        self.0[AFFIXED]
    }

    pub(super) const fn sibling(self) -> u32 {
        self.0[SIBLING]
    }

    pub(super) const fn param(self) -> u32 {
        self.0[PARAM]
    }

    pub(super) const fn end(self) -> End {
        End { methods: self.0[END], first: self.0[END + 1] }
    }

    pub(super) const fn rest(self) -> End {
        End { methods: self.0[REST], first: self.0[REST + 1] }
    }

    /// The literal, or the prefix of the parameter.
    pub(super) const fn prefix<'b>(&self, text: &'b [u8]) -> &'b [u8] {
        let start = self.0[TEXT] as usize;
        cut(text, start, start + (self.0[LENGTHS] & 0xFFFF) as usize)
    }

    /// The suffix of the parameter.
    pub(super) const fn suffix<'b>(&self, text: &'b [u8]) -> &'b [u8] {
        let start = self.0[TEXT] as usize + (self.0[LENGTHS] & 0xFFFF) as usize;
        cut(text, start, start + (self.0[LENGTHS] >> 16) as usize)
    }
}

/// The routes of one pattern: which methods they take, and where their rows start. The rows stand in the
/// order of the bits.
#[derive(Clone, Copy)]
pub(super) struct End {
    pub(super) methods: u32,
    pub(super) first: u32,
}

impl End {
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
