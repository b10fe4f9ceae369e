//! Path patterns: `/users/<id>/files/<path..>?<page>&<filter..>`.

mod chars;
mod code;
mod error;
mod join;
mod part;
mod scan;

pub use code::{Code, Words};
pub(crate) use code::{is_one_word, next_word, segment_kind, segment_place};
pub use error::{PatternError, PatternErrorKind};
pub use join::{Prefix, join};
pub use part::Part;
pub(crate) use scan::{Piece, PieceKind, Scanner};

use crate::text::{same, slice};

/// How many parameters the path of a pattern may have.
pub const MAX_PATH_PARAMS: usize = 16;

/// How many parameters the query of a pattern may have.
pub const MAX_QUERY_PARAMS: usize = 16;

/// A checked path pattern.
///
/// A pattern is `/` and then segments, separated by `/`:
/// - a **literal**, in the normal form of RFC 3986: upper-case escapes, and only where one is needed;
/// - a **parameter** `<name>`, one segment that is not empty, with a literal before or after it or both:
///   `<file>.json`, `v<version>`;
/// - a **rest parameter** `<name..>`, the rest of the path, which may be empty; only as the last segment.
///
/// A slash at the end does not matter for matching. After the path a query may name its parameters:
/// `?<page>&<filter..>`. Names are identifiers that a function's argument can have, and none comes twice.
///
/// ```
/// use cello_routing::{Pattern, Segment};
/// # fn main() -> Result<(), cello_routing::PatternError<'static>> {
/// let pattern = Pattern::parse("/users/<id>/<file>.json?<page>")?;
/// let segments: Vec<_> = pattern.segments().collect();
/// assert_eq!(segments[0], Segment::Literal("users"));
/// assert_eq!(segments[1], Segment::Param { prefix: "", name: "id", suffix: "" });
/// assert_eq!(segments[2], Segment::Param { prefix: "", name: "file", suffix: ".json" });
/// assert_eq!(pattern.path(), "/users/<id>/<file>.json");
/// assert_eq!(pattern.param_index("file"), Some(1));
///
/// let error = Pattern::parse("/users/{id}").unwrap_err();
/// assert_eq!(error.to_string(), "\
/// a parameter is written in angle brackets
///     /users/{id}
///            ^^^^
/// help: write `<id>`");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Pattern<'p> {
    text: &'p str,
    path_len: usize,
    params: usize,
    trailing_slash: bool,
}

/// One segment of a pattern's path.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Segment<'p> {
    /// Text that a path must have here.
    Literal(&'p str),
    /// One segment that is not empty, between two literals that may be.
    Param {
        /// What stands before the parameter in its segment.
        prefix: &'p str,
        /// The parameter's name.
        name: &'p str,
        /// What stands after the parameter in its segment.
        suffix: &'p str,
    },
    /// The rest of the path, which may be empty.
    Rest {
        /// The parameter's name.
        name: &'p str,
    },
}

/// One parameter of a pattern's query.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum QueryParam<'p> {
    /// `<name>`: the value of that key.
    Value(&'p str),
    /// `<name..>`: a structure read from the whole query.
    Struct(&'p str),
}

impl<'p> Pattern<'p> {
    /// Checks `text` against the grammar.
    ///
    /// # Errors
    /// The first fault from the left, with its place and, where there is one, the spelling that was probably
    /// meant.
    pub const fn parse(text: &'p str) -> Result<Self, PatternError<'p>> {
        Self::scan(text, Scanner::new(text))
    }

    /// Checks the prefix of a blueprint: as [`Pattern::parse`], without query and rest parameter.
    ///
    /// # Errors
    /// The first fault from the left.
    pub const fn parse_prefix(text: &'p str) -> Result<Self, PatternError<'p>> {
        Self::scan(text, Scanner::prefix(text))
    }

    const fn scan(text: &'p str, mut scanner: Scanner<'p>) -> Result<Self, PatternError<'p>> {
        loop {
            match scanner.segment() {
                Ok(Some(_)) => {}
                Ok(None) => break,
                Err(error) => return Err(error),
            }
        }
        let path_len = scanner.at();
        loop {
            match scanner.query() {
                Ok(Some(_)) => {}
                Ok(None) => break,
                Err(error) => return Err(error),
            }
        }
        Ok(Self { text, path_len, params: scanner.params(), trailing_slash: scanner.trailing_slash() })
    }

    /// The pattern as it is written.
    #[must_use]
    pub const fn as_str(&self) -> &'p str {
        self.text
    }

    /// The pattern without its query.
    #[must_use]
    pub const fn path(&self) -> &'p str {
        slice(self.text, 0, self.path_len)
    }

    /// Whether the path is written with a slash at its end, which the root alone is not.
    #[must_use]
    pub const fn trailing_slash(&self) -> bool {
        self.trailing_slash
    }

    /// The segments of the path from the left.
    #[must_use]
    pub const fn segments(&self) -> Segments<'p> {
        Segments { text: self.text, scanner: Scanner::new(self.text) }
    }

    /// The path as numbers, the words of a [`Code`], from which a table is built.
    #[must_use]
    pub const fn code(&self) -> Words<'p> {
        Words::new(self.text)
    }

    /// The parameters of the query.
    #[must_use]
    pub const fn query(&self) -> QueryParams<'p> {
        let mut scanner = Scanner::new(self.text);
        while let Ok(Some(_)) = scanner.segment() {}
        QueryParams { text: self.text, scanner }
    }

    /// How many parameters the path has, the rest parameter included.
    #[must_use]
    pub const fn param_count(&self) -> usize {
        self.params
    }

    /// Where among the parameters of the path, counted from 0, the one of that name stands.
    #[must_use]
    pub const fn param_index(&self, name: &str) -> Option<usize> {
        let mut segments = self.segments();
        let mut index = 0;
        while let Some(segment) = segments.next() {
            let Some(other) = segment.name() else { continue };
            if same(other.as_bytes(), name.as_bytes()) {
                return Some(index);
            }
            index += 1;
        }
        None
    }

    /// Whether the query has a parameter of that name.
    #[must_use]
    pub const fn has_query_param(&self, name: &str) -> bool {
        let mut query = self.query();
        while let Some(QueryParam::Value(other) | QueryParam::Struct(other)) = query.next() {
            if same(other.as_bytes(), name.as_bytes()) {
                return true;
            }
        }
        false
    }
}

impl<'p> Segment<'p> {
    /// The name of the parameter, if this is one.
    #[must_use]
    pub const fn name(&self) -> Option<&'p str> {
        match self {
            Self::Literal(_) => None,
            Self::Param { name, .. } | Self::Rest { name } => Some(name),
        }
    }

    /// How many bytes of the pattern this segment takes.
    #[must_use]
    pub const fn written_len(&self) -> usize {
        match self {
            Self::Literal(text) => text.len(),
            Self::Param { prefix, name, suffix } => prefix.len() + name.len() + suffix.len() + 2,
            Self::Rest { name } => name.len() + 4,
        }
    }

    /// How many bytes after the start of the segment the name of the parameter starts.
    #[must_use]
    pub const fn name_offset(&self) -> Option<usize> {
        match self {
            Self::Literal(_) => None,
            Self::Param { prefix, .. } => Some(prefix.len() + 1),
            Self::Rest { .. } => Some(1),
        }
    }
}

/// The segments of a pattern's path, see [`Pattern::segments`].
#[derive(Clone, Debug)]
pub struct Segments<'p> {
    text: &'p str,
    scanner: Scanner<'p>,
}

impl<'p> Segments<'p> {
    /// The next segment.
    pub const fn next(&mut self) -> Option<Segment<'p>> {
        let Ok(Some(piece)) = self.scanner.segment() else { return None };
        let name = slice(self.text, piece.name.start, piece.name.end);
        Some(match piece.kind {
            PieceKind::Literal => Segment::Literal(slice(self.text, piece.start, piece.end)),
            PieceKind::Param => Segment::Param {
                prefix: slice(self.text, piece.start, piece.name.start - 1),
                name,
                suffix: slice(self.text, piece.suffix, piece.end),
            },
            PieceKind::Rest => Segment::Rest { name },
        })
    }

    /// The byte offset in the pattern at which the next segment starts, if there is one.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.scanner.at() + 1
    }
}

impl<'p> Iterator for Segments<'p> {
    type Item = Segment<'p>;

    fn next(&mut self) -> Option<Segment<'p>> {
        Segments::next(self)
    }
}

/// The query parameters of a pattern, see [`Pattern::query`].
#[derive(Clone, Debug)]
pub struct QueryParams<'p> {
    text: &'p str,
    scanner: Scanner<'p>,
}

impl<'p> QueryParams<'p> {
    /// The next parameter.
    pub const fn next(&mut self) -> Option<QueryParam<'p>> {
        let Ok(Some(piece)) = self.scanner.query() else { return None };
        let name = slice(self.text, piece.start, piece.end);
        Some(if piece.rest { QueryParam::Struct(name) } else { QueryParam::Value(name) })
    }

    /// The byte offset in the pattern at which the name of the next parameter starts, if there is one.
    #[must_use]
    pub const fn name_offset(&self) -> usize {
        self.scanner.at() + 2
    }
}

impl<'p> Iterator for QueryParams<'p> {
    type Item = QueryParam<'p>;

    fn next(&mut self) -> Option<QueryParam<'p>> {
        QueryParams::next(self)
    }
}

impl<'p> QueryParam<'p> {
    /// The parameter's name.
    #[must_use]
    pub const fn name(&self) -> &'p str {
        match self {
            Self::Value(name) | Self::Struct(name) => name,
        }
    }
}
