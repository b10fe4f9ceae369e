//! The tree of segments, as plain numbers: const evaluation writes and checks an array of numbers at once, but a structure
//! field by field, and an enum even more slowly.

/// The words of a node.
///
/// A node stands for the patterns that have the same segments up to here, names erased. It is named by its index; the root
/// is at 0, and since it is nobody's child, 0 stands for "none" wherever a child is meant. Parents come before their
/// children.
pub(super) type Words = [u32; 15];

/// The root of a tree without routes.
pub(super) const NONE: Words = [0; 15];

/// A [`Key`](super::Key): its first, last and middle word, and its length. Literals of the same key have one for all.
pub(super) type KeyWords = [u64; 4];

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
    // The length of a literal. Of an affixed parameter both of `affix!`.
    (affixes) => {
        2
    };
    // The first child with affixes, in order of precedence.
    (affixed) => {
        3
    };
    // The next child of the same parent with affixes, in order of precedence; of a literal, the next one for a literal, in no order.
    (sibling) => {
        4
    };
    // The child for a plain parameter.
    (param) => {
        5
    };
    // The first child for a literal.
    (literals) => {
        6
    };
    // The routes whose patterns end here: their methods, and behind them the list of their rows.
    (end) => {
        7
    };
    // The same for the routes whose patterns have a rest parameter here.
    (rest) => {
        9
    };
    // How long the path to here is, if it is of literals alone; else it is too long for a start.
    (reach) => {
        11
    };
    // How many segments there are to here, if they are all literals: 8 if there are more than 7. Behind a parameter 16, and how
    // many literals stand before the first one.
    (depth) => {
        12
    };
    // Of a literal, which key it has.
    (key) => {
        13
    };
    // How many children for literals there are.
    (edges) => {
        14
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

/// How many bytes stand before the parameter of an affixed node, and how many after it, in one word.
macro_rules! affix {
    (prefix of $word:expr) => {
        ($word & 0xFFFF) as usize
    };
    (suffix of $word:expr) => {
        ($word >> 16) as usize
    };
    (word of $prefix:expr, $suffix:expr) => {
        $prefix as u32 | ($suffix as u32) << 16
    };
}

/// What a node has reached that has a parameter before it.
macro_rules! beyond {
    () => {
        1 << 16
    };
}

/// The deepest that a [start](super::start) can be, and the numbers of [`word!(depth)`](word) that are no depth.
macro_rules! depth {
    (most) => {
        7
    };
    (more) => {
        8
    };
    (param) => {
        16
    };
}

pub(super) use {affix, beyond, depth, kind, word};

/// One method of one route: its bit, the route, and the next one of the same end. That is named by its index and one, so
/// that 0 is the end of the list.
pub(super) type Row = [u32; 3];
