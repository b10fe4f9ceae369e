//! The hash of literals. It only chooses where to look: equality is always decided by the bytes.
//!
//! Const evaluation computes it byte by byte with no calls, so it consists of shifts. Up to nine ASCII
//! characters never collide.

/// Adds a byte to the hash of those before it. The hash of nothing is 0.
pub(crate) const fn hash_byte(hash: u64, byte: u8) -> u64 {
    hash << 7 ^ hash >> 57 ^ byte as u64
}

/// Goes on from the hash of a prefix of that length to that of the suffix.
pub(crate) const fn hash_between(hash: u64, prefix: usize) -> u64 {
    hash << 11 ^ hash >> 53 ^ (prefix as u64 + 1) << 32
}

/// The key of an edge: the hash of its literals, and the node that it leaves.
pub(crate) const fn edge(hash: u64, node: u32) -> u32 {
    let product = (hash ^ 0x9E37_79B9_7F4A_7C15) as u128 * (0xD6E8_FEB8_6659_FD93 ^ node as u64) as u128;
    product as u32 ^ (product >> 64) as u32 ^ (product >> 32) as u32
}

/// The place of a key in a table of `len` places, a power of two.
pub(crate) const fn place(key: u32, len: usize) -> usize {
    key as usize & (len - 1)
}
