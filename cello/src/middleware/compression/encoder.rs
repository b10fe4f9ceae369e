//! The codings, by flate2: [`Encoder`].

use std::io::{self, Write};

use flate2::write::{GzEncoder, ZlibEncoder};

use super::Coding;

/// Compresses what is written to it, into a buffer of its own.
pub(super) enum Encoder {
    Gzip(GzEncoder<Vec<u8>>),
    /// "deflate" is the zlib format (RFC 9110, 8.4.1.2), though some senders leave the zlib header out.
    Deflate(ZlibEncoder<Vec<u8>>),
}

impl Encoder {
    pub(super) fn new(coding: Coding, level: u32) -> Self {
        let level = flate2::Compression::new(level);
        match coding {
            Coding::Gzip => Self::Gzip(GzEncoder::new(Vec::new(), level)),
            Coding::Deflate => Self::Deflate(ZlibEncoder::new(Vec::new(), level)),
        }
    }

    pub(super) fn write(&mut self, data: &[u8]) -> io::Result<()> {
        match self {
            Self::Gzip(encoder) => encoder.write_all(data),
            Self::Deflate(encoder) => encoder.write_all(data),
        }
    }

    /// Brings all that was written into the buffer, so that the client can decode it.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Gzip(encoder) => encoder.flush(),
            Self::Deflate(encoder) => encoder.flush(),
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
        }
    }

    pub(super) fn buffer(&mut self) -> &mut Vec<u8> {
        match self {
            Self::Gzip(encoder) => encoder.get_mut(),
            Self::Deflate(encoder) => encoder.get_mut(),
        }
    }
}
