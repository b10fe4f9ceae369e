//! The hash of literals. It only chooses where to look: equality is always decided by the bytes.

/// Hashes a byte string, eight bytes at a time.
pub(super) const fn hash(mut bytes: &[u8]) -> u64 {
    let mut hasher = Hasher::new();
    while let Some((word, more)) = bytes.split_first_chunk::<8>() {
        hasher.state = mix(hasher.state, u64::from_le_bytes(*word));
        hasher.len += 8;
        bytes = more;
    }
    let mut i = 0;
    while i < bytes.len() {
        hasher.word |= (bytes[i] as u64) << (8 * i);
        i += 1;
    }
    hasher.len += bytes.len() as u64;
    hasher.finish()
}

/// The same hash, fed byte by byte.
pub(super) struct Hasher {
    state: u64,
    word: u64,
    len: u64,
}

impl Hasher {
    pub(super) const fn new() -> Self {
        Self { state: 0x9E37_79B9_7F4A_7C15, word: 0, len: 0 }
    }

    pub(super) const fn push(&mut self, byte: u8) {
        self.word |= (byte as u64) << (8 * (self.len % 8));
        self.len += 1;
        if self.len.is_multiple_of(8) {
            self.state = mix(self.state, self.word);
            self.word = 0;
        }
    }

    pub(super) const fn finish(&self) -> u64 {
        mix(mix(self.state, self.word), self.len)
    }
}

/// The key of an edge: the hash of its literals, and the node that it leaves.
pub(super) const fn edge(hash: u64, node: u32) -> u64 {
    mix(hash, node as u64)
}

/// The place of a key in a table of `len` places, a power of two.
pub(super) const fn place(key: u64, len: usize) -> usize {
    (key >> 32) as usize & (len - 1)
}

pub(super) const fn mix(state: u64, word: u64) -> u64 {
    let product = (state.rotate_left(23) ^ word).wrapping_mul(0xD6E8_FEB8_6659_FD93);
    product ^ product >> 32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fed_byte_by_byte_or_at_once() {
        let text = b"the quick brown fox jumps";
        for len in 0..=text.len() {
            let mut hasher = Hasher::new();
            for &byte in &text[..len] {
                hasher.push(byte);
            }
            assert_eq!(hasher.finish(), hash(&text[..len]), "{len}");
        }
    }

    #[test]
    fn zero_bytes_count() {
        assert_ne!(hash(b"a"), hash(b"a\0"));
        assert_ne!(hash(b""), hash(b"\0"));
    }
}
