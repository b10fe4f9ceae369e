//! The codings, by the libraries that have them: [`Encoder`].

use std::io::{self, Write};

use flate2::write::{GzEncoder, ZlibEncoder};

use super::Coding;

/// How far back brotli and zstd look for what repeats, as a power of two: 256 KiB. What they hold grows with it, and
/// zstd allows no more than 8 MiB in HTTP (RFC 9659).
#[cfg(any(feature = "brotli", feature = "zstd"))]
const WINDOW_LOG: u32 = 18;

/// Compresses what is written to it, into a buffer of its own.
pub(super) enum Encoder {
    Gzip(GzEncoder<Vec<u8>>),
    /// "deflate" is the zlib format (RFC 9110, 8.4.1.2), though some senders leave the zlib header out.
    Deflate(ZlibEncoder<Vec<u8>>),
    /// Behind a box: its state is large, and copied with the body otherwise.
    #[cfg(feature = "brotli")]
    Brotli(Box<brotli::CompressorWriter<Vec<u8>>>),
    #[cfg(feature = "zstd")]
    Zstd(zstd::stream::write::Encoder<'static, Vec<u8>>),
}

impl Encoder {
    /// An encoder for content of this length, where it is known.
    #[cfg_attr(
        not(feature = "zstd"),
        expect(unused_variables, reason = "only zstd takes the length, and only it fails")
    )]
    #[cfg_attr(not(feature = "zstd"), expect(clippy::unnecessary_wraps, reason = "the same"))]
    pub(super) fn new(coding: Coding, level: u32, len: Option<u64>) -> io::Result<Self> {
        Ok(match coding {
            Coding::Gzip => Self::Gzip(GzEncoder::new(Vec::new(), flate2::Compression::new(level))),
            Coding::Deflate => Self::Deflate(ZlibEncoder::new(Vec::new(), flate2::Compression::new(level))),
            #[cfg(feature = "brotli")]
            Coding::Brotli => {
                Self::Brotli(Box::new(brotli::CompressorWriter::new(Vec::new(), 4096, level, WINDOW_LOG)))
            }
            #[cfg(feature = "zstd")]
            Coding::Zstd => {
                let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), level.cast_signed())?;
                encoder.window_log(WINDOW_LOG)?;
                encoder.set_pledged_src_size(len)?;
                Self::Zstd(encoder)
            }
        })
    }

    pub(super) fn write(&mut self, data: &[u8]) -> io::Result<()> {
        self.writer().write_all(data)
    }

    /// Brings all that was written into the buffer, so that the client can decode it.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.writer().flush()
    }

    fn writer(&mut self) -> &mut dyn Write {
        match self {
            Self::Gzip(encoder) => encoder,
            Self::Deflate(encoder) => encoder,
            #[cfg(feature = "brotli")]
            Self::Brotli(encoder) => encoder,
            #[cfg(feature = "zstd")]
            Self::Zstd(encoder) => encoder,
        }
    }

    /// Empties the buffer.
    pub(super) fn take(&mut self) -> Vec<u8> {
        std::mem::take(self.buffer())
    }

    pub(super) fn finish(self) -> io::Result<Vec<u8>> {
        match self {
            Self::Gzip(encoder) => encoder.finish(),
            Self::Deflate(encoder) => encoder.finish(),
            #[cfg(feature = "brotli")]
            Self::Brotli(encoder) => Ok(encoder.into_inner()),
            #[cfg(feature = "zstd")]
            Self::Zstd(encoder) => encoder.finish(),
        }
    }

    pub(super) fn buffer(&mut self) -> &mut Vec<u8> {
        match self {
            Self::Gzip(encoder) => encoder.get_mut(),
            Self::Deflate(encoder) => encoder.get_mut(),
            #[cfg(feature = "brotli")]
            Self::Brotli(encoder) => encoder.get_mut(),
            #[cfg(feature = "zstd")]
            Self::Zstd(encoder) => encoder.get_mut(),
        }
    }
}
