//! Segments as the table wants them: read once, with the keys of their literals.

use super::{Piece, PieceKind};
use crate::Key;
use crate::text::slice;

/// One segment of a pattern's path, read: what a [`Code`](super::Code) says of it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Part<'p> {
    /// A literal.
    Literal {
        /// The literal.
        text: &'p str,
        /// What a table finds it by.
        key: Key,
    },
    /// A parameter with text before it or after it.
    Affixed {
        /// The whole segment as it is written: `v<version>.json`.
        text: &'p str,
        /// The parameter's name.
        name: &'p str,
        /// How many bytes stand before the parameter.
        prefix: usize,
        /// How many bytes stand after the parameter.
        suffix: usize,
    },
    /// A parameter alone in its segment.
    Param {
        /// The parameter's name.
        name: &'p str,
    },
    /// The rest of the path.
    Rest {
        /// The parameter's name.
        name: &'p str,
    },
}

impl<'p> Part<'p> {
    /// The name of the parameter, if this is one.
    #[must_use]
    pub const fn name(&self) -> Option<&'p str> {
        match *self {
            Self::Literal { .. } => None,
            Self::Affixed { name, .. } | Self::Param { name } | Self::Rest { name } => Some(name),
        }
    }

    /// The part that a piece of `pattern` is.
    pub(crate) const fn of(pattern: &'p str, piece: &Piece) -> Self {
        let Piece { start, end, .. } = *piece;
        if let PieceKind::Literal = piece.kind {
            let text = slice(pattern, start, end);
            return Self::Literal { text, key: Key::of(text.as_bytes()) };
        }
        let name = slice(pattern, piece.name.start, piece.name.end);
        let (prefix, suffix) = (piece.name.start - 1 - start, end - piece.suffix);
        match piece.kind {
            PieceKind::Rest => Self::Rest { name },
            _ if prefix == 0 && suffix == 0 => Self::Param { name },
            _ => Self::Affixed { text: slice(pattern, start, end), name, prefix, suffix },
        }
    }
}
