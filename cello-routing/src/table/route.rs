//! What a table is frozen from.

use crate::pattern::Code;
use crate::{Methods, Prefix};

/// One row of the application: a pattern, the methods that its handler takes, and where the handler is
/// written.
#[derive(Clone, Copy, Debug)]
pub struct Route<'a> {
    /// What stands before the pattern.
    pub prefix: Option<&'a Prefix<'a>>,
    /// The pattern, without the prefix.
    pub pattern: &'a str,
    /// The standard methods, and [`Methods::ANY`].
    pub methods: Methods,
    /// The names of the other methods, such as `PROPFIND`. Upper and lower case differ.
    pub extension_methods: &'a [&'a str],
    /// The handler, for errors.
    pub origin: Origin<'a>,
}

/// Where a handler is written, for the errors that name it.
#[derive(Clone, Copy, Debug)]
pub struct Origin<'a> {
    /// The module of the handler, or nothing if it stands in `handler` already.
    pub module: &'a str,
    /// The handler, such as `get_user`.
    pub handler: &'a str,
    /// The file, as `file!()` gives it.
    pub file: &'a str,
    /// The line, counted from 1.
    pub line: u32,
    /// The column, counted from 1.
    pub column: u32,
}

impl Route<'_> {
    /// Whether both rows stand at the same place of the source.
    pub(super) const fn same_handler(&self, other: &Self) -> bool {
        let (a, b) = (&self.origin, &other.origin);
        a.line == b.line
            && a.column == b.column
            && crate::text::same(a.file.as_bytes(), b.file.as_bytes())
            && crate::text::same(a.handler.as_bytes(), b.handler.as_bytes())
    }
}

/// What a table needs to know of a route whose pattern somebody has read already, see [`Builder`](super::Builder).
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// The pattern, without the prefix.
    pub code: Code<'a>,
    /// The standard methods, and [`Methods::ANY`].
    pub methods: Methods,
    /// The names of the other methods.
    pub extension_methods: &'a [&'a str],
}
