//! Why a pattern is refused. These functions are apart from the others, which const evaluation enters faster
//! the fewer variables they have.

use super::Scanner;
use crate::pattern::chars;
use crate::pattern::error::{PatternError, PatternErrorKind as Kind};
use crate::text::cut;

impl<'p> Scanner<'p> {
    /// Why what the bracket at `at` opens is no name.
    pub(super) const fn bad_name(&self, at: usize) -> PatternError<'p> {
        let bytes = self.bytes;
        let mut close = at + 1;
        while close < bytes.len() && bytes[close] != b'>' {
            if matches!(bytes[close], b'/' | b'<' | b'?' | b'&') {
                return self.error(Kind::Unclosed, at, close - at);
            }
            close += 1;
        }
        if close == bytes.len() {
            return self.error(Kind::Unclosed, at, close - at);
        }
        let kind = match cut(bytes, at + 1, close) {
            b"" | b".." => Kind::EmptyName,
            name if chars::contains(name, b':') => Kind::TypedName,
            _ => Kind::NotIdentifier,
        };
        self.error(kind, at, close + 1 - at)
    }

    /// The character at `at` has no place in a path.
    pub(super) const fn illegal(&self, at: usize) -> PatternError<'p> {
        let bytes = self.bytes;
        let (kind, len) = match bytes[at] {
            b'>' => (Kind::StrayClose, 1),
            b'#' => (Kind::Fragment, bytes.len() - at),
            // `/[id]`, where routes are files.
            open if open == b'{' || (open == b'[' && at > 0 && bytes[at - 1] == b'/') => {
                let close = if open == b'{' { b'}' } else { b']' };
                let mut end = at;
                while end < bytes.len() && bytes[end] != close && bytes[end] != b'/' {
                    end += 1;
                }
                (Kind::Braces, if end < bytes.len() && bytes[end] == close { end + 1 - at } else { end - at })
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

    pub(super) const fn segment_end(&self, mut at: usize) -> usize {
        while at < self.bytes.len() && !matches!(self.bytes[at], b'/' | b'?') {
            at += 1;
        }
        at
    }

    pub(super) const fn error(&self, kind: Kind, at: usize, len: usize) -> PatternError<'p> {
        PatternError { pattern: self.text, kind, at, len }
    }
}
