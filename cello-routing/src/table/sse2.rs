//! Looking for slashes with the instructions that every x86-64 processor has.
#![expect(unsafe_code)]

use core::arch::x86_64::{
    _mm_cmpeq_epi8, _mm_movemask_epi8, _mm_or_si128, _mm_set_epi64x, _mm_set1_epi8, _mm_setzero_si128,
};

use super::look::{Chunk, WINDOW};

#[inline(always)]
pub(super) fn look<const N: usize>(chunks: [(Chunk, usize); N]) -> Option<u64> {
    // SAFETY: all that is asked of the caller is a processor with SSE2, and this is compiled for no other.
    unsafe { look_with(chunks) }
}

#[target_feature(enable = "sse2")]
#[inline]
fn look_with<const N: usize>(chunks: [(Chunk, usize); N]) -> Option<u64> {
    let (slash, percent) = (_mm_set1_epi8(b'/' as i8), _mm_set1_epi8(b'%' as i8));
    let (mut slashes, mut odd) = (0, _mm_setzero_si128());
    for ((low, high), at) in chunks {
        let bytes = _mm_set_epi64x(high as i64, low as i64);
        odd = _mm_or_si128(odd, _mm_or_si128(bytes, _mm_cmpeq_epi8(bytes, percent)));
        slashes |= u64::from(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, slash)) as u32) << (at % WINDOW);
    }
    (_mm_movemask_epi8(odd) == 0).then_some(slashes)
}
