//! What is wrong with a pattern, in words.

use core::fmt;

use super::chars::{contains, is_identifier, is_identifier_byte, is_keyword};
use crate::text::{Text, cut, same, slice};

/// A fault in a pattern: what it is and where.
///
/// It is displayed as a sentence, the pattern with a line of carets under the fault, and a line of help.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct PatternError<'p> {
    /// The pattern as it is written.
    pub pattern: &'p str,
    /// What is wrong.
    pub kind: PatternErrorKind,
    /// The byte offset of the fault in the pattern.
    pub at: usize,
    /// The length of the fault in bytes, 0 where something is missing.
    pub len: usize,
}

/// What can be wrong with a pattern.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum PatternErrorKind {
    /// The pattern does not start with `/`.
    MissingSlash,
    /// The pattern has more than 65,535 bytes.
    TooLong,
    /// Two slashes with nothing between them.
    EmptySegment,
    /// `.` or `..` as a segment.
    DotSegment,
    /// `{id}` or `[id]`.
    Braces,
    /// `:id`.
    ColonName,
    /// `*path`.
    StarName,
    /// `<>` or `<..>`.
    EmptyName,
    /// A name that is no identifier.
    NotIdentifier,
    /// `<id:u64>`.
    TypedName,
    /// A name that is a keyword of Rust.
    KeywordName,
    /// A name that stands in the pattern already.
    RepeatedName,
    /// `<` without its `>`.
    Unclosed,
    /// `>` without its `<`.
    StrayClose,
    /// Two parameters in one segment.
    TwoParams,
    /// More path parameters than [`MAX_PATH_PARAMS`](crate::MAX_PATH_PARAMS).
    TooManyParams,
    /// `<name..>` before the last segment.
    RestNotLast,
    /// A literal before or after a rest parameter in its segment.
    AffixedRest,
    /// `#` and what follows.
    Fragment,
    /// A character that the path of a URI cannot hold.
    IllegalChar,
    /// `%` without two hexadecimal digits.
    MalformedEscape,
    /// An escape of a character that needs none.
    EscapedUnreserved,
    /// An escape in lower case.
    LowercaseEscape,
    /// Escapes that do not decode to UTF-8.
    InvalidUtf8,
    /// `?` or `&` with nothing after it.
    EmptyQueryParam,
    /// Something else than `<name>` in the query.
    NotQueryParam,
    /// More query parameters than [`MAX_QUERY_PARAMS`](crate::MAX_QUERY_PARAMS).
    TooManyQueryParams,
    /// A query in the prefix of a blueprint.
    QueryInPrefix,
    /// A rest parameter in the prefix of a blueprint.
    RestInPrefix,
}

use PatternErrorKind as Kind;

/// The text of one error; what is longer is cut.
pub(crate) type Message = Text<1024>;

impl PatternErrorKind {
    /// What is wrong, as a sentence without the pattern.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::MissingSlash => "a pattern starts with `/`",
            Self::TooLong => "a pattern has at most 65535 bytes",
            Self::EmptySegment => "a segment of a pattern is not empty: `//` would never match",
            Self::DotSegment => "`.` and `..` are no segments: clients resolve them before they send a path",
            Self::Braces => "a parameter is written in angle brackets",
            Self::ColonName => "a parameter is written in angle brackets, not with a colon",
            Self::StarName => "the rest of a path is written `<name..>`, not with a star",
            Self::EmptyName => "a parameter needs a name, that of the argument that takes it",
            Self::NotIdentifier => {
                "the name of a parameter is that of the argument that takes it: ASCII letters, digits and `_`"
            }
            Self::TypedName => {
                "the type of a parameter stands at the argument that takes it, not in the pattern"
            }
            Self::KeywordName => {
                "the name of a parameter is that of the argument that takes it, and this is a keyword"
            }
            Self::RepeatedName => "this name stands in the pattern already; path and query share their names",
            Self::Unclosed => "this `<` has no `>`",
            Self::StrayClose => "this `>` has no `<`",
            Self::TwoParams => "one segment holds at most one parameter",
            Self::TooManyParams => "the path of a pattern has at most 16 parameters",
            Self::RestNotLast => "a rest parameter takes everything that follows, so it is the last segment",
            Self::AffixedRest => "a rest parameter is a whole segment, with nothing before or after it",
            Self::Fragment => "a fragment never reaches a server",
            Self::IllegalChar => "the path of a URI cannot hold this character",
            Self::MalformedEscape => "`%` is followed by two hexadecimal digits",
            Self::EscapedUnreserved => "this character needs no escape, and means the same without",
            Self::LowercaseEscape => "an escape is written in upper case",
            Self::InvalidUtf8 => "these escapes do not decode to UTF-8",
            Self::EmptyQueryParam => "a query parameter is missing here",
            Self::NotQueryParam => {
                "a query parameter is written `<name>`, alone between `?`, `&` and the end"
            }
            Self::TooManyQueryParams => "the query of a pattern has at most 16 parameters",
            Self::QueryInPrefix => "a prefix has no query: it belongs to the patterns below it",
            Self::RestInPrefix => "a prefix has no rest parameter: nothing could follow it",
        }
    }
}

impl PatternError<'_> {
    /// Panics with the whole message: for const evaluation, where the panic is a compile error.
    ///
    /// # Panics
    /// Always.
    #[track_caller] // so that the compiler shows the caller, not this
    #[expect(clippy::panic, reason = "this is what it is for")]
    pub const fn panic(&self) -> ! {
        panic!("{}", self.message().as_str())
    }

    pub(crate) const fn message(&self) -> Message {
        let mut text = Message::new();
        text.push(self.kind.sentence());
        self.push_place(&mut text);
        self.push_help(&mut text);
        text
    }

    /// The pattern, or as much of it as there is room for, and the carets.
    const fn push_place(&self, text: &mut Message) {
        const AROUND: usize = 100;
        let pattern = self.pattern;
        let end_of_fault = self.at + if self.len > AROUND { AROUND } else { self.len };
        let start = boundary(pattern, self.at.saturating_sub(AROUND));
        let end = if end_of_fault + AROUND < pattern.len() {
            boundary(pattern, end_of_fault + AROUND)
        } else {
            pattern.len()
        };
        let fault = slice(pattern, self.at, boundary(pattern, end_of_fault));
        let before = if start > 0 { "..." } else { "" };
        text.quote("\n    ", before, slice(pattern, start, end));
        text.quote(if end < pattern.len() { "..." } else { "" }, "\n    ", "");
        text.push_marks(" ", before);
        text.push_marks(" ", slice(pattern, start, self.at));
        match fault.is_empty() {
            true => text.push("^"),
            false => text.push_marks("^", fault),
        }
    }

    /// The nearest spelling that is right, where it can be known.
    const fn push_help(&self, text: &mut Message) {
        let fault = slice(self.pattern, self.at, self.at + self.len);
        let bytes = fault.as_bytes();
        match self.kind {
            Kind::MissingSlash => self.push_slash_help(text),
            Kind::EmptySegment => text.push("\nhelp: write one `/`"),
            Kind::DotSegment => text.push("\nhelp: leave it out, or write the path that it leads to"),
            Kind::Braces
            | Kind::ColonName
            | Kind::StarName
            | Kind::TypedName
            | Kind::NotIdentifier
            | Kind::NotQueryParam => {
                self.push_name_help(text, fault);
            }
            Kind::EmptyName => match contains(bytes, b'.') {
                true => text.push("\nhelp: write a name before the dots, as in `<path..>`"),
                false => text.push("\nhelp: write a name between the brackets, as in `<id>`"),
            },
            Kind::KeywordName => {
                let end = name_end(bytes);
                text.quote("\nhelp: write `<", slice(fault, 1, end), "_");
                text.quote("", slice(fault, end, fault.len()), "`");
            }
            Kind::RepeatedName => text.push("\nhelp: give one of the two another name"),
            Kind::Unclosed => {
                let name = cut(bytes, 1, name_end(bytes));
                match is_identifier(name) {
                    true => text.quote("\nhelp: write `<", slice(fault, 1, 1 + name.len()), ">`"),
                    false => text.push("\nhelp: close it, or write the character as `%3C`"),
                }
            }
            Kind::StrayClose => {
                text.push("\nhelp: write the character as `%3E`, or put a `<` before the name");
            }
            Kind::TwoParams => {
                text.push("\nhelp: take the whole segment as one parameter and split it in the handler");
            }
            Kind::TooManyParams => {
                text.push("\nhelp: take the end of the path as one rest parameter, `<rest..>`");
            }
            Kind::TooManyQueryParams => text.push("\nhelp: read the query into a structure, `?<query..>`"),
            Kind::RestNotLast => {
                let name = slice(fault, 1, name_end(bytes));
                text.quote("\nhelp: end the pattern here, or write `<", name, ">` for one segment");
            }
            Kind::AffixedRest => text.push("\nhelp: put a `/` before `<`, and nothing after `>`"),
            Kind::Fragment => text.push("\nhelp: leave it out, or write the character as `%23`"),
            Kind::IllegalChar | Kind::MalformedEscape => {
                text.push("\nhelp: write it percent-encoded, `");
                let mut i = 0;
                while i < bytes.len() {
                    match bytes[i] {
                        b'%' if i > 0 => {}
                        byte if i > 0 && byte.is_ascii() => text.push(slice(fault, i, i + 1)),
                        byte => text.push_escape(byte),
                    }
                    i += 1;
                }
                text.push("`");
            }
            Kind::EscapedUnreserved => {
                if let Some(byte) = crate::escape::decode(bytes, 0)
                    && let Ok(character) = core::str::from_utf8(&[byte])
                {
                    text.quote("\nhelp: write `", character, "`");
                }
            }
            Kind::LowercaseEscape => {
                if let Some(byte) = crate::escape::decode(bytes, 0) {
                    text.push("\nhelp: write `");
                    text.push_escape(byte);
                    text.push("`");
                }
            }
            Kind::InvalidUtf8 => {
                text.push("\nhelp: take the segment as a parameter, if its bytes are not text");
            }
            Kind::EmptyQueryParam => {
                text.push("\nhelp: write `<name>`, or leave the character before it out");
            }
            Kind::QueryInPrefix => text.push("\nhelp: write it in the patterns that take it"),
            Kind::RestInPrefix => text.push("\nhelp: write `<name>` for one segment"),
            Kind::TooLong => {}
        }
    }

    /// What else may stand where a path starts: `GET /items`, `http://host/items`, `^/items$`.
    const fn push_slash_help(&self, text: &mut Message) {
        let bytes = self.pattern.as_bytes();
        if let [b'^', ..] = bytes {
            text.push("\nhelp: a pattern is no regular expression: write `/` first, and `<name>` for a part that varies");
            return;
        }
        let mut word = 0;
        while word < bytes.len() && bytes[word].is_ascii_alphabetic() {
            word += 1;
        }
        let (mut start, what) = match tail(bytes, word, 3) {
            b"://" => (word + 3, "the path alone"),
            [b' ', b'/', ..] if word > 0 => (word + 1, "no method, which is the attribute's name"),
            _ => {
                text.quote("\nhelp: write `/", shortened(self.pattern), "`");
                return;
            }
        };
        while start < bytes.len() && bytes[start] != b'/' {
            start += 1;
        }
        text.quote("\nhelp: write ", what, ": `");
        let path = slice(self.pattern, start, self.pattern.len());
        text.quote(if path.is_empty() { "/" } else { "" }, shortened(path), "`");
    }

    /// Finds the name in the spellings of other frameworks: `{id}`, `{id:int}`, `[id]`, `[...path]`, `:id`, `*path`,
    /// `<int:id>`, `<path:file>`.
    const fn push_name_help(&self, text: &mut Message, fault: &str) {
        let bytes = fault.as_bytes();
        let mut start = 0;
        while start < bytes.len() && (bytes[start].is_ascii_digit() || !is_identifier_byte(bytes[start])) {
            start += 1;
        }
        let mut end = start + name_end_from(bytes, start);
        let first = slice(fault, start, end);
        let mut rest =
            contains(bytes, b'*') || same(tail(bytes, end, 2), b"..") || same(tail(bytes, 0, 3), b"[..");
        if end < bytes.len() && bytes[end] == b':' && is_python_converter(first.as_bytes()) {
            rest = rest || same(first.as_bytes(), b"path");
            start = end + 1;
            end = start + name_end_from(bytes, start);
        }
        let name = slice(fault, start, end);
        if !is_identifier(name.as_bytes()) {
            if is_keyword(name.as_bytes()) {
                text.quote("\nhelp: write `<", name, "_>`");
            } else {
                text.push("\nhelp: write `<name>` with the argument's name");
            }
            return;
        }
        if matches!(self.kind, Kind::NotIdentifier)
            && contains(bytes, b'=')
            && contains(slice(self.pattern, 0, self.at).as_bytes(), b'?')
        {
            text.quote(
                "\nhelp: write `<",
                name,
                ">` and let the argument be an `Option`; the default is the handler's: ",
            );
            text.quote("`", name, ".unwrap_or(..)`");
            return;
        }
        if matches!(self.kind, Kind::NotIdentifier) {
            // Everything that no identifier can hold becomes `_`, as most people name the argument.
            text.push("\nhelp: write `<");
            let mut i = start;
            // A name cannot start with a digit, but it can keep those that it has.
            while i > 0 && bytes[i - 1].is_ascii_digit() {
                i -= 1;
            }
            if i < start {
                text.push("_");
            }
            let mut gap = false;
            while i < bytes.len() && bytes[i] != b'>' && !same(tail(bytes, i, 3), b"..>") {
                if is_identifier_byte(bytes[i]) {
                    text.quote(if gap { "_" } else { "" }, slice(fault, i, i + 1), "");
                    gap = false;
                } else {
                    gap = true;
                }
                i += 1;
            }
            let dots = bytes.len() >= 3 && same(cut(bytes, bytes.len() - 3, bytes.len()), b"..>");
            text.push(if dots { "..>`" } else { ">`" });
            return;
        }
        text.quote("\nhelp: write `<", name, if rest { "..>`" } else { ">`" });
        if contains(bytes, b':') && !matches!(self.kind, Kind::ColonName) {
            text.push(" and give the argument its type");
        }
    }
}

impl fmt::Display for PatternError<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message().as_str())
    }
}

impl core::error::Error for PatternError<'_> {}

/// The end of the name that starts after the first byte.
const fn name_end(bytes: &[u8]) -> usize {
    1 + name_end_from(bytes, 1)
}

/// How many bytes from `start` can belong to a name.
const fn name_end_from(bytes: &[u8], start: usize) -> usize {
    let mut end = start;
    while end < bytes.len() && is_identifier_byte(bytes[end]) {
        end += 1;
    }
    end - start
}

/// At most `len` bytes from `start`.
const fn tail(bytes: &[u8], start: usize, len: usize) -> &[u8] {
    let start = if start < bytes.len() { start } else { bytes.len() };
    let end = if start + len < bytes.len() { start + len } else { bytes.len() };
    cut(bytes, start, end)
}

const fn is_python_converter(name: &[u8]) -> bool {
    matches!(name, b"int" | b"str" | b"string" | b"float" | b"path" | b"uuid" | b"any")
}

/// The nearest character boundary at or before `at`.
const fn boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

const fn shortened(text: &str) -> &str {
    if text.len() > 100 { slice(text, 0, boundary(text, 100)) } else { text }
}
