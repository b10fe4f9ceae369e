//! The grammar of patterns, written once: a scanner that hands out one segment at a time and refuses what is
//! wrong.

mod refuse;

use super::chars;
use super::error::{PatternError, PatternErrorKind as Kind};
use super::{MAX_PATH_PARAMS, MAX_QUERY_PARAMS};
use crate::escape;
use crate::text::{cut, same};

/// Reads a pattern from left to right: first [`Scanner::segment`] until it has no more, then
/// [`Scanner::query`].
///
/// Const evaluation pays for each step and dearly for each call, so the loops over bytes call nothing, take
/// slices apart by patterns, and compute on the way what others would need another pass for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scanner<'p> {
    text: &'p str,
    bytes: &'p [u8],
    /// What is read next: a `/` in the path; `?`, `&` or the end after it.
    rest: &'p [u8],
    /// The names so far, those of the path first: their last eight bytes, and where they start and end (in
    /// the high half). Two arrays of numbers, because const evaluation copies those at once.
    names: [u64; MAX_PATH_PARAMS + MAX_QUERY_PARAMS],
    places: [u32; MAX_PATH_PARAMS + MAX_QUERY_PARAMS],
    params: usize,
    query_params: usize,
    trailing_slash: bool,
    prefix: bool,
    /// Whether the slash at the start has been read.
    started: bool,
    /// Whether some segment so far has escapes.
    escaped: bool,
}

/// One segment as byte offsets into the pattern.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Piece {
    pub(crate) kind: PieceKind,
    pub(crate) start: usize,
    /// The name of the parameter; empty for a literal.
    pub(crate) name: Name,
    /// Where the suffix starts; the end for a literal.
    pub(crate) suffix: usize,
    pub(crate) end: usize,
}

/// The name of a parameter as byte offsets into the pattern, without the brackets and dots.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Name {
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// The last eight bytes of the name, to tell most names apart at once.
    packed: u64,
    /// Whether `..` follows.
    pub(crate) rest: bool,
}

impl Name {
    const NONE: Self = Self { start: 0, end: 0, packed: 0, rest: false };
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
            rest: text.as_bytes(),
            names: [0; MAX_PATH_PARAMS + MAX_QUERY_PARAMS],
            places: [0; MAX_PATH_PARAMS + MAX_QUERY_PARAMS],
            params: 0,
            query_params: 0,
            trailing_slash: false,
            prefix: false,
            started: false,
            escaped: false,
        }
    }

    /// The same for the prefix of a blueprint: no query, no rest parameter.
    pub(crate) const fn prefix(text: &'p str) -> Self {
        let mut scanner = Self::new(text);
        scanner.prefix = true;
        scanner
    }

    /// The offset of what is read next.
    pub(crate) const fn at(&self) -> usize {
        self.bytes.len() - self.rest.len()
    }

    pub(crate) const fn params(&self) -> usize {
        self.params
    }

    pub(crate) const fn trailing_slash(&self) -> bool {
        self.trailing_slash
    }

    /// The next segment of the path, `None` at its end.
    pub(crate) const fn segment(&mut self) -> Result<Option<Piece>, PatternError<'p>> {
        let mut rest = match self.rest {
            [b'/', b'/' | b'?' | b':' | b'*', ..] | [b'/'] => return self.no_segment(),
            [b'/', rest @ ..] => rest,
            _ if self.started => return Ok(None),
            _ => return self.no_segment(),
        };
        self.started = true;
        let start = self.bytes.len() - rest.len();
        let mut piece = Piece { kind: PieceKind::Literal, start, name: Name::NONE, suffix: 0, end: 0 };
        while let [byte, more @ ..] = rest {
            match *byte {
                b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'A'..=b'Z' => {}
                b'/' | b'?' => break,
                b'~' | b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+' | b',' | b';' | b'=' | b':'
                | b'@' => {}
                b'<' => {
                    if let Err(error) = self.param(rest, &mut piece) {
                        return Err(error);
                    }
                    rest = self.rest;
                    continue;
                }
                _ => {
                    // An escape is three bytes of the literal like others, if there is nothing wrong with it.
                    if let Err(error) = self.escape(rest) {
                        return Err(error);
                    }
                }
            }
            rest = more;
        }
        self.rest = rest;
        piece.end = self.bytes.len() - rest.len();
        match piece.kind {
            PieceKind::Literal => piece.suffix = piece.end,
            PieceKind::Param => {}
            PieceKind::Rest => return self.check_rest(piece),
        }
        if self.escaped || piece.end - start < 3 { self.check_literals(piece) } else { Ok(Some(piece)) }
    }

    /// A slash at the end of the path, or what cannot be a segment from its first byte.
    const fn no_segment(&mut self) -> Result<Option<Piece>, PatternError<'p>> {
        let at = self.at();
        let kind = match self.rest {
            [b'/', b'/', ..] => return Err(self.error(Kind::EmptySegment, at, 2)),
            [b'/', b':', ..] => Kind::ColonName,
            [b'/', b'*', ..] => Kind::StarName,
            [b'/', rest @ ..] => {
                self.trailing_slash = self.started;
                self.started = true;
                self.rest = rest;
                return Ok(None);
            }
            _ => return Err(self.error(Kind::MissingSlash, 0, 0)),
        };
        Err(self.error(kind, at + 1, self.segment_end(at + 1) - at - 1))
    }

    /// Takes the parameter that opens at the start of `rest`.
    const fn param(&mut self, rest: &'p [u8], piece: &mut Piece) -> Result<(), PatternError<'p>> {
        let at = self.bytes.len() - rest.len();
        let name = match self.name(rest) {
            Ok(name) => name,
            Err(error) => return Err(error),
        };
        let after = self.at();
        if !matches!(piece.kind, PieceKind::Literal) {
            return Err(self.error(Kind::TwoParams, piece.start, self.segment_end(after) - piece.start));
        }
        if self.params == MAX_PATH_PARAMS {
            return Err(self.error(Kind::TooManyParams, at, after - at));
        }
        if let Err(error) = self.record(name) {
            return Err(error);
        }
        self.params += 1;
        piece.kind = if name.rest { PieceKind::Rest } else { PieceKind::Param };
        piece.name = name;
        piece.suffix = after;
        Ok(())
    }

    /// The name of the next query parameter, with `rest` for a structure (`<filter..>`); `None` at the end.
    pub(crate) const fn query(&mut self) -> Result<Option<Name>, PatternError<'p>> {
        match self.rest {
            [] if self.bytes.len() > u16::MAX as usize => Err(self.error(Kind::TooLong, 0, 0)),
            [] => Ok(None),
            [_, rest @ ..] => self.query_param(rest),
        }
    }

    const fn query_param(&mut self, rest: &'p [u8]) -> Result<Option<Name>, PatternError<'p>> {
        let bytes = self.bytes;
        let start = bytes.len() - rest.len();
        if self.prefix {
            return Err(self.error(Kind::QueryInPrefix, start - 1, rest.len() + 1));
        }
        let mut end = start;
        while end < bytes.len() && bytes[end] != b'&' {
            if bytes[end] == b'#' {
                return Err(self.error(Kind::Fragment, end, bytes.len() - end));
            }
            end += 1;
        }
        if start == end {
            return Err(self.error(Kind::EmptyQueryParam, start - 1, 1));
        }
        if bytes[start] != b'<' {
            return Err(self.error(Kind::NotQueryParam, start, end - start));
        }
        let name = match self.name(rest) {
            Ok(name) => name,
            Err(error) => return Err(error),
        };
        if self.at() != end {
            return Err(self.error(Kind::NotQueryParam, start, end - start));
        }
        if self.query_params == MAX_QUERY_PARAMS {
            return Err(self.error(Kind::TooManyQueryParams, start, end - start));
        }
        if let Err(error) = self.record(name) {
            return Err(error);
        }
        self.query_params += 1;
        Ok(Some(name))
    }

    const fn check_rest(&self, piece: Piece) -> Result<Option<Piece>, PatternError<'p>> {
        let kind = if piece.start + 1 != piece.name.start || piece.suffix != piece.end {
            Kind::AffixedRest
        } else if self.prefix {
            Kind::RestInPrefix
        } else if !matches!(self.rest, [] | [b'?', ..]) {
            Kind::RestNotLast
        } else {
            return Ok(Some(piece));
        };
        Err(self.error(kind, piece.start, piece.end - piece.start))
    }

    /// No dot segment, and escapes of text only.
    const fn check_literals(&self, piece: Piece) -> Result<Option<Piece>, PatternError<'p>> {
        let literal = cut(self.bytes, piece.start, piece.end);
        if matches!(literal, b"." | b"..") {
            return Err(self.error(Kind::DotSegment, piece.start, literal.len()));
        }
        let prefix = if let PieceKind::Literal = piece.kind { piece.end } else { piece.name.start - 1 };
        let parts = [(piece.start, prefix), (piece.suffix, piece.end)];
        let mut part = 0;
        while part < parts.len() {
            let (start, end) = parts[part];
            if let Some(at) = escape::invalid_utf8(cut(self.bytes, start, end)) {
                return Err(self.error(Kind::InvalidUtf8, start + at, end - start - at));
            }
            part += 1;
        }
        Ok(Some(piece))
    }

    /// The name in the brackets that open at the start of `rest`. What follows them is read next.
    const fn name(&mut self, rest: &'p [u8]) -> Result<Name, PatternError<'p>> {
        let len = self.bytes.len();
        let at = len - rest.len();
        let mut rest = skip(rest, 1);
        let mut packed = 0;
        while let [byte, more @ ..] = rest {
            match *byte {
                b'a'..=b'z' | b'_' | b'0'..=b'9' | b'A'..=b'Z' => packed = packed << 8 | *byte as u64, // `pack`
                _ => break,
            }
            rest = more;
        }
        let start = at + 1;
        let end = len - rest.len();
        let dots = match rest {
            [b'>', more @ ..] => {
                self.rest = more;
                false
            }
            [b'.', b'.', b'>', more @ ..] => {
                self.rest = more;
                true
            }
            _ => return Err(self.bad_name(at)),
        };
        if start == end || self.bytes[start].is_ascii_digit() || packed == b'_' as u64 {
            return Err(self.bad_name(at));
        }
        if chars::is_packed_keyword(packed, end - start) {
            return Err(self.error(Kind::KeywordName, at, self.at() - at));
        }
        Ok(Name { start, end, packed, rest: dots })
    }

    /// Remembers a name, unless it is there already.
    const fn record(&mut self, name: Name) -> Result<(), PatternError<'p>> {
        let count = self.params + self.query_params;
        let mut i = 0;
        while i < count {
            let (start, end) = ((self.places[i] & 0xFFFF) as usize, (self.places[i] >> 16) as usize);
            if self.names[i] == name.packed
                && end - start == name.end - name.start
                && same(cut(self.bytes, start, end), cut(self.bytes, name.start, name.end))
            {
                return Err(self.error(Kind::RepeatedName, name.start, end - start));
            }
            i += 1;
        }
        self.names[count] = name.packed;
        self.places[count] = (name.start | name.end << 16) as u32;
        Ok(())
    }

    /// What starts `rest` must be an escape in normal form.
    const fn escape(&mut self, rest: &[u8]) -> Result<(), PatternError<'p>> {
        let at = self.bytes.len() - rest.len();
        if rest[0] != b'%' {
            return Err(self.illegal(at));
        }
        self.escaped = true;
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
}

/// `bytes[len..]`, without a call for each step of it.
const fn skip(mut bytes: &[u8], mut len: usize) -> &[u8] {
    while len >= 8
        && let [_, _, _, _, _, _, _, _, more @ ..] = bytes
    {
        bytes = more;
        len -= 8;
    }
    while len > 0
        && let [_, more @ ..] = bytes
    {
        bytes = more;
        len -= 1;
    }
    bytes
}
