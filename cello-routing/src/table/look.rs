//! Looking for slashes in many bytes at once.

/// How many bytes there are in a chunk.
pub(super) const CHUNK: usize = 16;

/// How many bytes there are in a window: there is a bit for each.
pub(super) const WINDOW: usize = 64;

/// A bit for each slash in the chunks, which stand at these offsets of a window. `None` if there is a `%` or a byte that is not
/// ASCII.
#[inline(always)]
pub(super) fn look<const N: usize>(chunks: [(&[u8; CHUNK], usize); N]) -> Option<u64> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const LOWS: u64 = ONES * 0x7F;
    const HIGHS: u64 = ONES << 7;
    let (mut slashes, mut high, mut no_percent) = (0, 0, u64::MAX);
    for (chunk, at) in chunks {
        let number = u128::from_le_bytes(*chunk);
        for (word, at) in [(number as u64, at), ((number >> 64) as u64, at + 8)] {
            high |= word;
            // The high bit of each byte that is another, if all are ASCII.
            no_percent &= (word ^ (ONES * b'%' as u64)).wrapping_add(LOWS);
            let no_slash = (word ^ (ONES * b'/' as u64)).wrapping_add(LOWS);
            // The product moves the bit of each byte to the top, without two that meet.
            slashes |= (!no_slash & HIGHS).wrapping_mul(0x0002_0408_1020_4081) >> 56 << (at % WINDOW);
        }
    }
    ((high | !no_percent) & HIGHS == 0).then_some(slashes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slashes_and_odd_bytes_are_seen_wherever_they_are() {
        for byte in 0..=u8::MAX {
            for at in 0..CHUNK {
                let mut chunk = *b"/abc/0.///2/~/$/";
                chunk[at] = byte;
                let slashes = look([(&[b'.'; CHUNK], 41), (&chunk, 3)]);
                assert_eq!(slashes.is_none(), byte == b'%' || !byte.is_ascii(), "{byte} at {at}");
                let expected = (0..CHUNK).fold(0, |bits, i| bits | u64::from(chunk[i] == b'/') << (3 + i));
                assert!(slashes.is_none_or(|slashes| slashes == expected), "{byte} at {at}");
            }
        }
    }
}
