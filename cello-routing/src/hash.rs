//! The hash of literals.
//!
//! Const evaluation computes it too, byte by byte, so it consists of shifts. It pays for a call as for fifty steps, and at
//! each call for each constant with a name that the function mentions: so what is in the way of every segment is a macro.

const LOW: u64 = (1 << 48) - 1;

/// Adds a byte to the hash of those before it. The hash of nothing is 0.
pub(crate) const fn hash_byte(hash: u64, byte: u8) -> u64 {
    ((hash << 8) ^ ((hash >> 40) * 0x9E37_79B1) ^ byte as u64) & LOW
}

/// The hash of a literal of that length, when all bytes are added: the length is the high 16 bits.
pub(crate) const fn whole(hash: u64, len: usize) -> u64 {
    (len as u64) << 48 | hash
}

/// The length of the literal.
macro_rules! len {
    ($hash:expr) => {
        ($hash >> 48) as usize
    };
}
pub(crate) use len;

/// Whether the hash is the literal itself: of two that have it both are that short, and equal.
macro_rules! is_exact {
    ($hash:expr) => {
        $hash >> 48 <= 6
    };
}
pub(crate) use is_exact;

/// Goes on from the hash of a prefix of that length to that of the suffix.
pub(crate) const fn hash_between(hash: u64, prefix: usize) -> u64 {
    ((hash << 11) ^ (hash >> 37) ^ ((prefix as u64 + 1) << 32)) & LOW
}

/// The place of an edge in a table with a power of two of places, one more than `$mask`: of the hash of its literals, and
/// the node that it leaves.
macro_rules! place {
    ($hash:expr, $node:expr, $mask:expr) => {{
        // 128 bits, so that nothing overflows, which const evaluation would check; the middle ones depend on all below.
        let product = $hash as u128 * 0x9E37_79B9_7F4A_7C15 + $node as u128 * 0x66_8659_FD93;
        (product >> 40) as usize & $mask
    }};
}
pub(crate) use place;
