//! The codings: [`Coding`].

use std::ops::RangeInclusive;

/// A content coding (RFC 9110, 8.4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Coding {
    /// `gzip`, RFC 1952.
    Gzip,
    /// `deflate`: the zlib format, RFC 1950.
    Deflate,
    /// `br`, RFC 7932.
    #[cfg(feature = "brotli")]
    Brotli,
    /// `zstd`, RFC 8878, with a window as RFC 9659 wants it.
    #[cfg(feature = "zstd")]
    Zstd,
}

impl Coding {
    /// All that are built in, in the order in which they are preferred: zstd takes the least time, brotli leaves the least
    /// to send.
    pub(super) const ALL: &'static [Self] = &[
        #[cfg(feature = "zstd")]
        Self::Zstd,
        #[cfg(feature = "brotli")]
        Self::Brotli,
        Self::Gzip,
        Self::Deflate,
    ];

    /// The coding of that name in `Accept-Encoding`; `x-gzip` is an old name of gzip.
    pub(super) fn named(name: &str) -> Option<Self> {
        if name.eq_ignore_ascii_case("x-gzip") {
            return Some(Self::Gzip);
        }
        Self::ALL.iter().copied().find(|coding| name.eq_ignore_ascii_case(coding.name()))
    }

    /// Its name, as `Content-Encoding` has it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Deflate => "deflate",
            #[cfg(feature = "brotli")]
            Self::Brotli => "br",
            #[cfg(feature = "zstd")]
            Self::Zstd => "zstd",
        }
    }

    pub(super) const fn levels(self) -> RangeInclusive<u32> {
        match self {
            Self::Gzip | Self::Deflate => 1..=9,
            #[cfg(feature = "brotli")]
            Self::Brotli => 0..=11,
            #[cfg(feature = "zstd")]
            Self::Zstd => 1..=22,
        }
    }

    pub(super) const fn usual_level(self) -> u32 {
        match self {
            Self::Gzip | Self::Deflate => 4,
            #[cfg(feature = "brotli")]
            Self::Brotli => 5,
            #[cfg(feature = "zstd")]
            Self::Zstd => 3,
        }
    }
}
