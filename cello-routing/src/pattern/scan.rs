//! The grammar of patterns, written once: a scanner that hands out one segment at a time and refuses what is wrong.

use super::chars::{self, Class, is_identifier_byte, is_keyword};
use super::error::{PatternError, PatternErrorKind as Kind};
use super::{MAX_PATH_PARAMS, MAX_QUERY_PARAMS};
use crate::escape;
use crate::text::{cut, same};

/// Reads a pattern from left to right: first [`Scanner::segment`] until it has no more, then [`Scanner::query`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scanner<'p> {
    text: &'p str,
    bytes: &'p [u8],
    /// What is read next: a `/` in the path; `?`, `&` or the end after it.
    at: usize,
    /// The names so far as (start, end), those of the path first.
    names: [(u16, u16); MAX_PATH_PARAMS + MAX_QUERY_PARAMS],
    params: usize,
    query_params: usize,
    trailing_slash: bool,
    prefix: bool,
}

/// One segment as byte offsets into the pattern.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Piece {
    pub(crate) kind: PieceKind,
    pub(crate) start: usize,
    /// The name of the parameter, without the brackets and dots; empty for a literal.
    pub(crate) name: (usize, usize),
    /// Where the suffix starts; the end for a literal.
    pub(crate) suffix: usize,
    pub(crate) end: usize,
}

/// One query parameter: the byte offsets of its name, and whether it is written with dots.
#[derive(Clone, Copy, Debug)]
pub(crate) struct QueryPiece {
    pub(crate) name: (usize, usize),
    pub(crate) is_struct: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum PieceKind {
    Literal,
    Param,
    Rest,
}

impl<'p> Scanner<'p> {
    pub(crate) const fn new(text: &'p str) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            at: 0,
            names: [(0, 0); MAX_PATH_PARAMS + MAX_QUERY_PARAMS],
            params: 0,
            query_params: 0,
            trailing_slash: false,
            prefix: false,
        }
    }

    /// The same for the prefix of a blueprint: no query, no rest parameter.
    pub(crate) const fn prefix(text: &'p str) -> Self {
        let mut scanner = Self::new(text);
        scanner.prefix = true;
        scanner
    }

    pub(crate) const fn at(&self) -> usize {
        self.at
    }

    pub(crate) const fn params(&self) -> usize {
        self.params
    }

    pub(crate) const fn trailing_slash(&self) -> bool {
        self.trailing_slash
    }

    /// The next segment of the path, `None` at its end.
    pub(crate) const fn segment(&mut self) -> Result<Option<Piece>, PatternError<'p>> {
        let bytes = self.bytes;
        if self.at == 0 {
            if bytes.is_empty() || bytes[0] != b'/' {
                return Err(self.error(Kind::MissingSlash, 0, 0));
            }
            if bytes.len() > u16::MAX as usize {
                return Err(self.error(Kind::TooLong, 0, 0));
            }
        }
        if self.path_ends(self.at) {
            return Ok(None);
        }
        let start = self.at + 1;
        if self.path_ends(start) {
            self.trailing_slash = self.at != 0;
            self.at = start;
            return Ok(None);
        }
        match bytes[start] {
            b':' => return Err(self.error(Kind::ColonName, start, self.segment_end(start) - start)),
            b'*' => return Err(self.error(Kind::StarName, start, self.segment_end(start) - start)),
            _ => {}
        }

        let mut piece = Piece { kind: PieceKind::Literal, start, name: (0, 0), suffix: start, end: start };
        let mut escaped = false;
        let mut i = start;
        while i < bytes.len() {
            match chars::class(bytes[i]) {
                Class::Plain => i += 1,
                Class::Slash | Class::Question => break,
                Class::Percent => {
                    if let Err(error) = self.escape(i) {
                        return Err(error);
                    }
                    escaped = true;
                    i += 3;
                }
                Class::Open => {
                    let (name, rest, after) = match self.name(i) {
                        Ok(name) => name,
                        Err(error) => return Err(error),
                    };
                    if !matches!(piece.kind, PieceKind::Literal) {
                        return Err(self.error(Kind::TwoParams, start, self.segment_end(after) - start));
                    }
                    if self.params == MAX_PATH_PARAMS {
                        return Err(self.error(Kind::TooManyParams, i, after - i));
                    }
                    if let Err(error) = self.record(name) {
                        return Err(error);
                    }
                    self.params += 1;
                    piece.kind = if rest { PieceKind::Rest } else { PieceKind::Param };
                    piece.name = name;
                    piece.suffix = after;
                    i = after;
                }
                Class::Close | Class::Brace | Class::Hash | Class::Illegal => return Err(self.illegal(i)),
            }
        }
        piece.end = i;
        self.at = i;
        if let Err(error) = self.check(&mut piece, escaped) {
            return Err(error);
        }
        Ok(Some(piece))
    }

    /// The next query parameter, `None` at the end.
    pub(crate) const fn query(&mut self) -> Result<Option<QueryPiece>, PatternError<'p>> {
        let bytes = self.bytes;
        if self.at == bytes.len() {
            return Ok(None);
        }
        if self.prefix {
            return Err(self.error(Kind::QueryInPrefix, self.at, bytes.len() - self.at));
        }
        let start = self.at + 1;
        let mut end = start;
        while end < bytes.len() && bytes[end] != b'&' {
            if bytes[end] == b'#' {
                return Err(self.error(Kind::Fragment, end, bytes.len() - end));
            }
            end += 1;
        }
        if start == end {
            return Err(self.error(Kind::EmptyQueryParam, self.at, 1));
        }
        if bytes[start] != b'<' {
            return Err(self.error(Kind::NotQueryParam, start, end - start));
        }
        let (name, rest, after) = match self.name(start) {
            Ok(name) => name,
            Err(error) => return Err(error),
        };
        if after != end {
            return Err(self.error(Kind::NotQueryParam, start, end - start));
        }
        if self.query_params == MAX_QUERY_PARAMS {
            return Err(self.error(Kind::TooManyQueryParams, start, end - start));
        }
        if let Err(error) = self.record(name) {
            return Err(error);
        }
        self.query_params += 1;
        self.at = end;
        Ok(Some(QueryPiece { name, is_struct: rest }))
    }

    /// What only a whole segment shows.
    const fn check(&self, piece: &mut Piece, escaped: bool) -> Result<(), PatternError<'p>> {
        let (bytes, start, end) = (self.bytes, piece.start, piece.end);
        if start == end {
            return Err(self.error(Kind::EmptySegment, start - 1, 2));
        }
        match piece.kind {
            PieceKind::Literal => {
                piece.suffix = end;
                if bytes[start] == b'.' && (end - start == 1 || end - start == 2 && bytes[start + 1] == b'.')
                {
                    return Err(self.error(Kind::DotSegment, start, end - start));
                }
            }
            PieceKind::Param => {}
            PieceKind::Rest => {
                if start + 1 != piece.name.0 || piece.suffix != end {
                    return Err(self.error(Kind::AffixedRest, start, end - start));
                }
                if self.prefix {
                    return Err(self.error(Kind::RestInPrefix, start, end - start));
                }
                if !self.path_ends(end) {
                    return Err(self.error(Kind::RestNotLast, start, end - start));
                }
            }
        }
        if escaped {
            let prefix = if matches!(piece.kind, PieceKind::Literal) { end } else { piece.name.0 - 1 };
            if let Some(at) = escape::invalid_utf8(cut(bytes, start, prefix)) {
                return Err(self.error(Kind::InvalidUtf8, start + at, prefix - start - at));
            }
            if let Some(at) = escape::invalid_utf8(cut(bytes, piece.suffix, end)) {
                return Err(self.error(Kind::InvalidUtf8, piece.suffix + at, end - piece.suffix - at));
            }
        }
        Ok(())
    }

    /// The name in the brackets that open at `at`, whether `..` follows it, and the offset after the brackets.
    const fn name(&self, at: usize) -> Result<((usize, usize), bool, usize), PatternError<'p>> {
        let bytes = self.bytes;
        let start = at + 1;
        let mut identifier = true;
        let mut end = start;
        while end < bytes.len() && is_identifier_byte(bytes[end]) {
            end += 1;
        }
        let mut close = end;
        while close < bytes.len() && bytes[close] != b'>' {
            if matches!(bytes[close], b'/' | b'<' | b'?' | b'&') {
                return Err(self.error(Kind::Unclosed, at, close - at));
            }
            close += 1;
        }
        if close == bytes.len() {
            return Err(self.error(Kind::Unclosed, at, close - at));
        }
        let rest = close >= start + 2 && bytes[close - 1] == b'.' && bytes[close - 2] == b'.';
        let name_end = if rest { close - 2 } else { close };
        if name_end != end || end > start && bytes[start].is_ascii_digit() {
            identifier = false;
        }
        let len = close + 1 - at;
        if start == name_end {
            return Err(self.error(Kind::EmptyName, at, len));
        }
        if !identifier || end == start + 1 && bytes[start] == b'_' {
            let typed = chars::contains(cut(bytes, start, name_end), b':');
            let kind = if typed { Kind::TypedName } else { Kind::NotIdentifier };
            return Err(self.error(kind, at, len));
        }
        if is_keyword(cut(bytes, start, end)) {
            return Err(self.error(Kind::KeywordName, at, len));
        }
        Ok(((start, end), rest, close + 1))
    }

    /// Remembers a name, unless it is there already.
    const fn record(&mut self, name: (usize, usize)) -> Result<(), PatternError<'p>> {
        let count = self.params + self.query_params;
        let mut i = 0;
        while i < count {
            let (start, end) = (self.names[i].0 as usize, self.names[i].1 as usize);
            if same(cut(self.bytes, start, end), cut(self.bytes, name.0, name.1)) {
                return Err(self.error(Kind::RepeatedName, name.0, name.1 - name.0));
            }
            i += 1;
        }
        self.names[count] = (name.0 as u16, name.1 as u16);
        Ok(())
    }

    /// The escape at `at` must be in normal form.
    const fn escape(&self, at: usize) -> Result<(), PatternError<'p>> {
        let Some(byte) = escape::decode(self.bytes, at) else {
            let end = self.segment_end(at);
            let len = if end - at < 3 { end - at } else { 3 };
            return Err(match self.text.is_char_boundary(at + len) {
                true => self.error(Kind::MalformedEscape, at, len),
                false => self.error(Kind::MalformedEscape, at, 1),
            });
        };
        if escape::is_unreserved(byte) {
            return Err(self.error(Kind::EscapedUnreserved, at, 3));
        }
        if self.bytes[at + 1].is_ascii_lowercase() || self.bytes[at + 2].is_ascii_lowercase() {
            return Err(self.error(Kind::LowercaseEscape, at, 3));
        }
        Ok(())
    }

    /// The character at `at` has no place in a path.
    const fn illegal(&self, at: usize) -> PatternError<'p> {
        let bytes = self.bytes;
        let (kind, len) = match bytes[at] {
            b'>' => (Kind::StrayClose, 1),
            b'#' => (Kind::Fragment, bytes.len() - at),
            b'{' => {
                let mut end = at;
                while end < bytes.len() && !matches!(bytes[end], b'}' | b'/') {
                    end += 1;
                }
                (Kind::Braces, if end < bytes.len() && bytes[end] == b'}' { end + 1 - at } else { end - at })
            }
            b'}' => (Kind::Braces, 1),
            _ => {
                let mut end = at + 1;
                while !self.text.is_char_boundary(end) {
                    end += 1;
                }
                (Kind::IllegalChar, end - at)
            }
        };
        self.error(kind, at, len)
    }

    const fn path_ends(&self, at: usize) -> bool {
        at == self.bytes.len() || self.bytes[at] == b'?'
    }

    const fn segment_end(&self, mut at: usize) -> usize {
        while at < self.bytes.len() && !matches!(self.bytes[at], b'/' | b'?') {
            at += 1;
        }
        at
    }

    const fn error(&self, kind: Kind, at: usize, len: usize) -> PatternError<'p> {
        PatternError { pattern: self.text, kind, at, len }
    }
}
