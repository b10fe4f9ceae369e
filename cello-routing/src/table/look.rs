//! Looking for slashes in many bytes at once.

/// How many bytes there are in a chunk.
pub(super) const CHUNK: usize = 16;

/// How many bytes there are in a window: there is a bit for each.
pub(super) const WINDOW: usize = 64;

/// The bytes of a chunk: the first eight, and the others.
pub(super) type Chunk = (u64, u64);

/// A bit for each slash in the words and chunks, which stand at these offsets of a window. `None` if there is a `%` or a byte that is not
/// ASCII.
#[inline(always)]
pub(super) fn look<const N: usize>(words: [(u64, usize); 2], chunks: [(Chunk, usize); N]) -> Option<u64> {
    #[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
    {
        super::sse2::look(words, chunks)
    }
    #[cfg(not(all(target_arch = "x86_64", target_feature = "sse2")))]
    {
        look_words(words, chunks)
    }
}

/// The same without instructions for it.
#[cfg(any(test, not(all(target_arch = "x86_64", target_feature = "sse2"))))]
#[inline(always)]
pub(super) fn look_words<const N: usize>(
    words: [(u64, usize); 2],
    chunks: [(Chunk, usize); N],
) -> Option<u64> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const LOWS: u64 = ONES * 0x7F;
    const HIGHS: u64 = ONES << 7;
    let (mut slashes, mut high, mut no_percent) = (0, 0, u64::MAX);
    let chunks = chunks.iter().flat_map(|&((low, behind), at)| [(low, at), (behind, at + 8)]);
    for (word, at) in words.into_iter().chain(chunks) {
        high |= word;
        // The high bit of each byte that is another, if all are ASCII.
        no_percent &= (word ^ (ONES * b'%' as u64)).wrapping_add(LOWS);
        let no_slash = (word ^ (ONES * b'/' as u64)).wrapping_add(LOWS);
        // The product moves the bit of each byte to the top, without two that meet.
        slashes |= (!no_slash & HIGHS).wrapping_mul(0x0002_0408_1020_4081) >> 56 << (at % WINDOW);
    }
    ((high | !no_percent) & HIGHS == 0).then_some(slashes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slashes_and_odd_bytes_are_seen_wherever_they_are() {
        // An interpreter takes its time.
        for byte in (0..=u8::MAX).filter(|byte| !cfg!(miri) || byte % 16 == 15 || b"%./".contains(byte)) {
            for at in 0..CHUNK {
                let mut chunk = *b"/abc/0.///2/~/$/";
                chunk[at] = byte;
                let words = |chunk: &[u8; CHUNK]| {
                    let chunk = u128::from_le_bytes(*chunk);
                    (chunk as u64, (chunk >> 64) as u64)
                };
                let (low, high) = words(&chunk);
                for (words, chunks) in [
                    ([(low, 3), (high, 11)], [(words(&[b'.'; CHUNK]), 41)]),
                    ([(0, 30), (words(&[b'.'; CHUNK]).0, 22)], [((low, high), 3)]),
                ] {
                    let slashes = look(words, chunks);
                    assert_eq!(look_words(words, chunks), slashes);
                    assert_eq!(slashes.is_none(), byte == b'%' || !byte.is_ascii(), "{byte} at {at}");
                    let expected =
                        (0..CHUNK).fold(0, |bits, i| bits | u64::from(chunk[i] == b'/') << (3 + i));
                    assert!(slashes.is_none_or(|slashes| slashes == expected), "{byte} at {at}");
                }
            }
        }
    }
}
