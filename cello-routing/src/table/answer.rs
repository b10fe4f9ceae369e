//! What a lookup finds out.

use core::ops::Range;

use crate::{MAX_PATH_PARAMS, Methods};

/// The answer of a table to a method and a path.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lookup {
    /// A route takes the request.
    Found(Match),
    /// The request is an `OPTIONS` that no route takes, for a path that has others: their methods, `HEAD` and
    /// `OPTIONS` included.
    Options(Methods),
    /// There are routes for the path, but for other methods: these, `HEAD` and `OPTIONS` included.
    MethodNotAllowed(Methods),
    /// There are routes for the path, but the method is neither a standard one nor one that any route names.
    UnknownMethod(Methods),
    /// There is no route for the path.
    NotFound,
    /// The path is no text, whatever the routes.
    Malformed(Malformed),
}

/// The route that takes a request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Match {
    /// The index of the route among those that the table was frozen from.
    pub route: usize,
    /// The parameters of the path, in the order of the pattern.
    pub captures: Captures,
    /// Whether a slash at the end of the path was ignored. A slash that belongs to a rest parameter, and that
    /// of the root, is not.
    pub trailing_slash: bool,
}

impl Match {
    /// What a lookup fills in.
    pub(super) const NONE: Self = Self { route: 0, captures: Captures::NONE, trailing_slash: false };

    /// The route ends behind the segments before `at`, of a path of `len` bytes.
    #[inline(always)]
    pub(super) fn ends(&mut self, route: u32, at: usize, len: usize) {
        self.route = route as usize;
        self.trailing_slash = at != 0 && at < len;
    }

    /// The route takes what is behind the slash at `at` as its rest.
    #[inline(always)]
    pub(super) fn takes_rest(&mut self, route: u32, at: usize, len: usize) {
        self.captures.push(len.min(at + 1), len);
        self.route = route as usize;
    }
}

/// Where in the path the parameters are: byte ranges of the path as given, escapes undecoded.
///
/// Each is UTF-8 when its escapes are decoded, and only that of a rest parameter can be empty.
#[derive(Clone, Copy)]
pub struct Captures {
    /// What is behind the last one means nothing.
    ranges: [(u32, u32); MAX_PATH_PARAMS],
    len: usize,
    have_escapes: bool,
}

impl Captures {
    pub(super) const NONE: Self = Self { ranges: [(0, 0); MAX_PATH_PARAMS], len: 0, have_escapes: false };

    /// How many there are.
    #[must_use]
    #[inline]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    #[must_use]
    #[inline]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Whether there is an escape in any of them, so that they have to be decoded.
    #[must_use]
    #[inline]
    pub const fn have_escapes(&self) -> bool {
        self.have_escapes
    }

    /// Looks for escapes in these parts of the path.
    pub(super) fn look_for_escapes(&mut self, path: &[u8]) {
        let is_in = |range| path.get(range).is_some_and(|part: &[u8]| part.contains(&b'%'));
        let have_escapes = self.iter().any(is_in);
        self.have_escapes = have_escapes;
    }

    /// The range of the parameter of that index, as [`Pattern::param_index`](crate::Pattern::param_index)
    /// counts them.
    #[must_use]
    #[inline]
    pub const fn get(&self, index: usize) -> Option<Range<usize>> {
        if index >= self.len {
            return None;
        }
        let (start, end) = self.ranges[index];
        Some(start as usize..end as usize)
    }

    /// All ranges in order.
    #[inline]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Range<usize>> + '_ {
        self.ranges.iter().take(self.len).map(|&(start, end)| start as usize..end as usize)
    }

    /// Adds a range, whose offsets fit (see `Table::lookup`). No pattern has more parameters than there is
    /// room for.
    #[inline(always)]
    pub(super) fn push(&mut self, start: usize, end: usize) {
        if let Some(range) = self.ranges.get_mut(self.len) {
            *range = (start as u32, end as u32);
            self.len += 1;
        }
    }

    pub(super) fn pop(&mut self) {
        self.len = self.len.saturating_sub(1);
    }
}

/// Writes captures, and how many they are at the end: a number that is in memory all the time is read back each time.
#[derive(Default)]
pub(super) struct Pen {
    len: usize,
}

impl Pen {
    #[inline(always)]
    pub(super) fn write(&mut self, captures: &mut Captures, (start, end): (usize, usize)) {
        if let Some(range) = captures.ranges.get_mut(self.len) {
            *range = (start as u32, end as u32);
            self.len += 1;
        }
    }

    #[inline(always)]
    pub(super) fn finish(self, captures: &mut Captures) {
        captures.len = self.len;
    }
}

impl PartialEq for Captures {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter()) && self.have_escapes == other.have_escapes
    }
}

impl Eq for Captures {}

impl core::fmt::Debug for Captures {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// Why and where a path is no text.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Malformed {
    /// What is wrong.
    pub kind: MalformedKind,
    /// The byte offset in the path.
    pub at: usize,
}

/// What can be wrong with a path.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum MalformedKind {
    /// A `%` that two hexadecimal digits do not follow. The first one is reported, before any other fault.
    Escape,
    /// Bytes that, decoded, are not UTF-8.
    Utf8,
}
