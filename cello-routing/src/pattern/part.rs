//! Segments as the table wants them: read once, with the keys of their literals.

use super::{Piece, PieceKind, Scanner};
use crate::Key;
use crate::text::slice;

/// One segment of a pattern's path, read: what a table is built from.
///
/// Const evaluation takes microseconds for each byte that it reads. Whoever has read a pattern before it, as a
/// macro has, hands over its parts. They come from [`Pattern::parts`](crate::Pattern::parts); a part made by hand
/// with another key is a segment that no path reaches.
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

/// The parts of a pattern's path from the left, see [`Pattern::parts`](crate::Pattern::parts).
#[derive(Clone, Debug)]
pub struct Parts<'p> {
    pub(super) text: &'p str,
    pub(super) scanner: Scanner<'p>,
}

impl<'p> Parts<'p> {
    /// The next part.
    pub const fn next(&mut self) -> Option<Part<'p>> {
        let Ok(Some(piece)) = self.scanner.segment() else { return None };
        Some(Part::of(self.text, &piece))
    }
}

impl<'p> Iterator for Parts<'p> {
    type Item = Part<'p>;

    fn next(&mut self) -> Option<Part<'p>> {
        Parts::next(self)
    }
}

#[cfg(test)]
mod tests {
    use crate::{Part, Pattern};

    #[test]
    fn parts_say_what_segments_say() {
        let pattern = Pattern::parse("/api/v<version>.json/<id>/<path..>?<page>").unwrap();
        let parts: [Part<'_>; 4] = core::array::from_fn({
            let mut parts = pattern.parts();
            move |_| Parts::next(&mut parts).unwrap()
        });
        assert!(matches!(parts[0], Part::Literal { text: "api", .. }));
        assert!(matches!(
            parts[1],
            Part::Affixed { text: "v<version>.json", name: "version", prefix: 1, suffix: 5, .. }
        ));
        assert_eq!(parts[2], Part::Param { name: "id" });
        assert_eq!(parts[3], Part::Rest { name: "path" });
        assert_eq!(pattern.parts().count(), 4);
        let names = pattern.segments().filter_map(|segment| segment.name());
        assert!(names.eq(pattern.parts().filter_map(|part| part.name())));
    }

    use super::Parts;
}
