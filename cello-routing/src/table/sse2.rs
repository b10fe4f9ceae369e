//! Looking for slashes with the instructions that every x86-64 processor has.
#![expect(unsafe_code)]

use core::arch::x86_64::{
    __m128i, _mm_cmpeq_epi8, _mm_movemask_epi8, _mm_or_si128, _mm_set_epi64x, _mm_set1_epi8, _mm_subs_epi8,
    _mm_xor_si128,
};

use super::look::{Chunk, WINDOW};

#[inline(always)]
pub(super) fn look<const N: usize>(words: [(u64, usize); 2], chunks: [(Chunk, usize); N]) -> Option<u64> {
    // SAFETY: all that is asked of the caller is a processor with SSE2, and this is compiled for no other.
    unsafe { look_with(words, chunks) }
}

#[target_feature(enable = "sse2")]
#[inline]
fn look_with<const N: usize>(
    [(low, low_at), (high, high_at)]: [(u64, usize); 2],
    chunks: [(Chunk, usize); N],
) -> Option<u64> {
    let bytes = _mm_set_epi64x(high as i64, low as i64);
    let (found, mut odd) = (slashes_in(bytes), odd_in(bytes));
    let mut slashes = (found & 0xFF) << (low_at % WINDOW) | (found >> 8) << (high_at % WINDOW);
    for ((low, high), at) in chunks {
        let bytes = _mm_set_epi64x(high as i64, low as i64);
        odd = _mm_or_si128(odd, odd_in(bytes));
        slashes |= slashes_in(bytes) << (at % WINDOW);
    }
    (_mm_movemask_epi8(odd) == 0).then_some(slashes)
}

#[target_feature(enable = "sse2")]
#[inline]
fn slashes_in(bytes: __m128i) -> u64 {
    u64::from(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(b'/' as i8))) as u32)
}

/// The high bit of each byte that is `%` or not ASCII: what is less than 0, or 0 less one.
#[target_feature(enable = "sse2")]
#[inline]
fn odd_in(bytes: __m128i) -> __m128i {
    _mm_subs_epi8(_mm_xor_si128(bytes, _mm_set1_epi8(b'%' as i8)), _mm_set1_epi8(1))
}
