//! Which characters may stand where in a pattern.

/// What a byte means in the path of a pattern.
#[derive(Clone, Copy)]
pub(super) enum Class {
    /// Stands for itself: `pchar` of RFC 3986, 3.3, without the escapes.
    Plain,
    Slash,
    Question,
    Percent,
    Open,
    Close,
    Brace,
    Hash,
    Illegal,
}

pub(super) const fn class(byte: u8) -> Class {
    CLASSES[byte as usize]
}

const CLASSES: [Class; 256] = {
    let mut classes = [Class::Illegal; 256];
    let mut byte = 0;
    while byte < 128 {
        classes[byte] = match byte as u8 {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => Class::Plain,
            b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+' | b',' | b';' | b'=' | b':' | b'@' => {
                Class::Plain
            }
            b'/' => Class::Slash,
            b'?' => Class::Question,
            b'%' => Class::Percent,
            b'<' => Class::Open,
            b'>' => Class::Close,
            b'{' | b'}' => Class::Brace,
            b'#' => Class::Hash,
            _ => Class::Illegal,
        };
        byte += 1;
    }
    classes
};

pub(super) const fn is_identifier_byte(byte: u8) -> bool {
    matches!(byte, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_')
}

/// Whether `name` can be the name of a function's argument. Only ASCII letters are taken.
pub(super) const fn is_identifier(name: &[u8]) -> bool {
    let mut i = 0;
    while i < name.len() {
        if !is_identifier_byte(name[i]) {
            return false;
        }
        i += 1;
    }
    !(name.is_empty() || name[0].is_ascii_digit() || name.len() == 1 && name[0] == b'_' || is_keyword(name))
}

/// The strict and reserved keywords of the 2024 edition.
pub(super) const fn is_keyword(name: &[u8]) -> bool {
    match name.len() {
        2 => matches!(name, b"as" | b"do" | b"fn" | b"if" | b"in"),
        3 => matches!(
            name,
            b"box" | b"dyn" | b"for" | b"gen" | b"let" | b"mod" | b"mut" | b"pub" | b"ref" | b"try" | b"use"
        ),
        4 => matches!(
            name,
            b"else" | b"enum" | b"impl" | b"loop" | b"move" | b"priv" | b"self" | b"Self" | b"true" | b"type"
        ),
        5 => matches!(
            name,
            b"async"
                | b"await"
                | b"break"
                | b"const"
                | b"crate"
                | b"false"
                | b"final"
                | b"macro"
                | b"match"
                | b"super"
                | b"trait"
                | b"where"
                | b"while"
                | b"yield"
        ),
        6 => {
            matches!(name, b"become" | b"extern" | b"return" | b"static" | b"struct" | b"typeof" | b"unsafe")
        }
        7 => matches!(name, b"unsized" | b"virtual"),
        8 => matches!(name, b"abstract" | b"continue" | b"override"),
        _ => false,
    }
}

pub(super) const fn contains(bytes: &[u8], byte: u8) -> bool {
    let mut i = 0;
    while i < bytes.len() {
        if bytes[i] == byte {
            return true;
        }
        i += 1;
    }
    false
}
