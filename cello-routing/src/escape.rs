//! Percent-encoding (RFC 3986, 2.1): what an escape means, and where one is malformed.

/// The byte that the two hex digits after the `%` at `at` stand for, if there are two.
pub(crate) const fn decode(bytes: &[u8], at: usize) -> Option<u8> {
    if at + 2 >= bytes.len() {
        return None;
    }
    match (hex(bytes[at + 1]), hex(bytes[at + 2])) {
        (Some(high), Some(low)) => Some(high << 4 | low),
        _ => None,
    }
}

const fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

/// Whether `byte` means the same encoded and not (RFC 3986, 2.3).
pub(crate) const fn is_unreserved(byte: u8) -> bool {
    matches!(byte, b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~')
}

/// The offset of the first `%` that two hex digits do not follow.
pub(crate) const fn malformed_escape(bytes: &[u8]) -> Option<usize> {
    let mut i = 0;
    while i < bytes.len() {
        if bytes[i] == b'%' && decode(bytes, i).is_none() {
            return Some(i);
        }
        i += 1;
    }
    None
}

/// The offset at which `bytes`, decoded, stop being UTF-8. The escapes must be well formed.
pub(crate) const fn invalid_utf8(bytes: &[u8]) -> Option<usize> {
    let mut i = 0;
    while i < bytes.len() {
        let start = i;
        let (first, next) = unit(bytes, i);
        i = next;
        let (mut more, mut low, mut high) = match first {
            0x00..=0x7F => continue,
            0xC2..=0xDF => (1, 0x80, 0xBF),
            0xE0 => (2, 0xA0, 0xBF),
            0xE1..=0xEC | 0xEE..=0xEF => (2, 0x80, 0xBF),
            0xED => (2, 0x80, 0x9F),
            0xF0 => (3, 0x90, 0xBF),
            0xF1..=0xF3 => (3, 0x80, 0xBF),
            0xF4 => (3, 0x80, 0x8F),
            _ => return Some(start),
        };
        while more > 0 {
            if i >= bytes.len() {
                return Some(start);
            }
            let (byte, next) = unit(bytes, i);
            if byte < low || byte > high {
                return Some(start);
            }
            (low, high) = (0x80, 0xBF);
            i = next;
            more -= 1;
        }
    }
    None
}

/// The decoded byte at `at` and the offset after it.
const fn unit(bytes: &[u8], at: usize) -> (u8, usize) {
    if bytes[at] == b'%'
        && let Some(byte) = decode(bytes, at)
    {
        return (byte, at + 3);
    }
    (bytes[at], at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_need_two_hex_digits() {
        assert_eq!(decode(b"%2f", 0), Some(b'/'));
        assert_eq!(decode(b"%2", 0), None);
        assert_eq!(decode(b"%", 0), None);
        assert_eq!(decode(b"%g0", 0), None);
        assert_eq!(malformed_escape(b"/%20/%2"), Some(5));
        assert_eq!(malformed_escape(b"/%20/%%2"), Some(5));
        assert_eq!(malformed_escape(b"/%25"), None);
    }

    /// The validator agrees with the standard library on every one-, two- and three-byte string of
    /// interesting bytes.
    #[test]
    fn utf8_as_the_standard_library_sees_it() {
        const BYTES: [u8; 22] = [
            0, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xED,
            0xEF, 0xF0, 0xF1, 0xF4, 0xF5, 0xFF,
        ];
        // An interpreter takes its time.
        for a in BYTES.into_iter().step_by(if cfg!(miri) { 7 } else { 1 }) {
            for b in BYTES {
                for c in BYTES {
                    for d in BYTES.into_iter().step_by(if cfg!(miri) { 3 } else { 1 }) {
                        let text = [a, b, c, d];
                        let expected = core::str::from_utf8(&text).err().map(|error| error.valid_up_to());
                        assert_eq!(invalid_utf8(&text), expected, "{text:x?}");
                    }
                }
            }
        }
        assert_eq!(invalid_utf8(b"/%C3%A9"), None);
        assert_eq!(invalid_utf8(b"/%C3\xA9"), None);
        assert_eq!(invalid_utf8(b"/a%C3/%A9"), Some(2));
        assert_eq!(invalid_utf8(b"/a%FF"), Some(2));
    }
}
