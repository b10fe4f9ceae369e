//! Text that const evaluation can write: the wording of errors is computed once, for the compiler and for
//! people at run time.

/// A buffer of at most `N` bytes of text. What does not fit is cut off.
#[derive(Clone, Copy)]
pub(crate) struct Text<const N: usize> {
    bytes: [u8; N],
    len: usize,
}

impl<const N: usize> Text<N> {
    pub(crate) const fn new() -> Self {
        Self { bytes: [0; N], len: 0 }
    }

    /// How many bytes there are.
    pub(crate) const fn len(&self) -> usize {
        self.len
    }

    pub(crate) const fn as_str(&self) -> &str {
        match core::str::from_utf8(self.bytes.split_at(self.len).0) {
            Ok(text) => text,
            Err(_) => "", // not reached: only whole characters are pushed
        }
    }

    pub(crate) const fn push(&mut self, text: &str) {
        let mut len = text.len();
        if len > N - self.len {
            len = N - self.len;
            while !text.is_char_boundary(len) {
                len -= 1;
            }
        }
        let (_, free) = self.bytes.split_at_mut(self.len);
        free.split_at_mut(len).0.copy_from_slice(text.as_bytes().split_at(len).0);
        self.len += len;
    }

    /// Pushes `before`, `text` and `after`, the usual way to quote something in a sentence.
    pub(crate) const fn quote(&mut self, before: &str, text: &str, after: &str) {
        self.push(before);
        self.push(text);
        self.push(after);
    }

    pub(crate) const fn push_number(&mut self, number: usize) {
        if number >= 10 {
            self.push_number(number / 10);
        }
        self.push(slice("0123456789", number % 10, number % 10 + 1));
    }

    /// Pushes `mark` once for each character of `like`.
    pub(crate) const fn push_marks(&mut self, mark: &str, like: &str) {
        let bytes = like.as_bytes();
        let mut i = 0;
        while i < bytes.len() {
            if bytes[i] & 0xC0 != 0x80 {
                self.push(mark);
            }
            i += 1;
        }
    }

    /// Pushes the percent-encoded spelling of `byte`.
    pub(crate) const fn push_escape(&mut self, byte: u8) {
        const DIGITS: &str = "0123456789ABCDEF";
        let (high, low) = ((byte >> 4) as usize, (byte & 15) as usize);
        self.quote("%", slice(DIGITS, high, high + 1), slice(DIGITS, low, low + 1));
    }
}

/// `text[start..end]`, in const evaluation.
pub(crate) const fn slice(text: &str, start: usize, end: usize) -> &str {
    text.split_at(end).0.split_at(start).1
}

/// `bytes[start..end]`, in const evaluation.
pub(crate) const fn cut(bytes: &[u8], start: usize, end: usize) -> &[u8] {
    bytes.split_at(end).0.split_at(start).1
}

/// Whether two byte strings are equal, eight bytes at a time.
pub(crate) const fn same(mut a: &[u8], mut b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    while let (Some((x, more_a)), Some((y, more_b))) =
        (a.split_first_chunk::<8>(), b.split_first_chunk::<8>())
    {
        if u64::from_le_bytes(*x) != u64::from_le_bytes(*y) {
            return false;
        }
        (a, b) = (more_a, more_b);
    }
    let mut i = 0;
    while i < a.len() {
        if a[i] != b[i] {
            return false;
        }
        i += 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cut_at_a_character() {
        let mut text = Text::<5>::new();
        text.push("abcé-");
        assert_eq!(text.as_str(), "abcé");
        text.push("more");
        assert_eq!(text.as_str(), "abcé");
        let mut text = Text::<4>::new();
        text.push("abcé");
        assert_eq!(text.as_str(), "abc");
    }

    #[test]
    fn numbers_marks_and_escapes() {
        let mut text = Text::<64>::new();
        text.push_number(65_035);
        text.push_marks("^", "aé");
        text.push_escape(b' ');
        assert_eq!(text.as_str(), "65035^^%20");
    }

    #[test]
    fn same_compares_every_byte() {
        let text = b"0123456789abcdef012";
        for len in 0..text.len() {
            assert!(same(&text[..len], &text[..len]));
            assert!(!same(&text[..len], &text[..len + 1]));
            for at in 0..len {
                let mut other = *text;
                other[at] = b'!';
                assert!(!same(&text[..len], &other[..len]));
            }
        }
    }
}
