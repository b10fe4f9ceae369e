//! Bytes that nobody can foresee: [`bytes`].

use std::cell::RefCell;
use std::fs::File;
use std::hash::{BuildHasher, RandomState};
use std::io::Read;
use std::sync::OnceLock;

/// How many bytes are asked of the system at once.
const AT_ONCE: usize = 1024;

thread_local! {
    /// What the system has given, of which the first bytes have been used.
    static STOCK: RefCell<(usize, [u8; AT_ONCE])> = const { RefCell::new((AT_ONCE, [0; AT_ONCE])) };
}

/// Chosen by the system's generator of secrets, where it has a file for that; each byte is given once.
pub(crate) fn bytes<const N: usize>() -> [u8; N] {
    const { assert!(N <= AT_ONCE, "the stock holds less") };
    STOCK.with_borrow_mut(|(used, stock)| {
        if *used + N > AT_ONCE {
            fill(stock);
            *used = 0;
        }
        let mut taken = [0; N];
        taken.copy_from_slice(&stock[*used..*used + N]);
        stock[*used..*used + N].fill(0);
        *used += N;
        taken
    })
}

/// Fills it from the system, or else from the keys of the standard library's hash tables, which the system has chosen too.
fn fill(stock: &mut [u8]) {
    static SYSTEM: OnceLock<Option<File>> = OnceLock::new();
    let system = SYSTEM.get_or_init(|| File::open("/dev/urandom").ok());
    let filled = system.as_ref().is_some_and(|mut file| file.read_exact(stock).is_ok());
    if !filled {
        by_hash(stock);
    }
}

fn by_hash(stock: &mut [u8]) {
    for (number, chunk) in stock.chunks_mut(8).enumerate() {
        let word = RandomState::new().hash_one(number).to_ne_bytes();
        chunk.copy_from_slice(&word[..chunk.len()]);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_bytes_come_twice() {
        let mut seen = HashSet::new();
        for _ in 0..10_000 {
            assert!(seen.insert(bytes::<16>()));
        }
    }

    #[test]
    fn the_other_source_fills_too() {
        let (mut one, mut other) = ([0; 24], [0; 24]);
        by_hash(&mut one);
        by_hash(&mut other);
        assert_ne!(one, other);
        assert!(one.chunks(8).all(|chunk| chunk != [0; 8]));
    }
}
