//! The bytes of an HTTP/2 connection as frames that pass by, and what is not left to h2: [`Framed`].

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::watch::{Overdue, Watch};
use super::watched::Watched;

/// What a client sends before its first frame.
pub(super) const PREFACE: &[u8; 24] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// The window in which resets are counted, in milliseconds.
const RESETS_WITHIN: u64 = 30_000;

/// Kinds of frames and their flags: RFC 9113, section 6.
const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const GOAWAY: u8 = 7;
const WINDOW_UPDATE: u8 = 8;
const CONTINUATION: u8 = 9;
const ACK: u8 = 1;
const END_HEADERS: u8 = 4;
const ENHANCE_YOUR_CALM: u32 = 11;
const INITIAL_WINDOW_SIZE: u16 = 4;

/// A stream that carries HTTP/2. It notes what the limits are kept by, which only the frames tell: whether a header block is
/// on its way, how many bytes of bodies come and go and may go, how often the client resets. Everything else h2 keeps within bounds:
/// header lists, CONTINUATION, empty and small frames, streams, its own resets.
#[derive(Debug)]
pub(super) struct Framed {
    inner: Watched,
    watch: Arc<Watch>,
    coming: Frames,
    going: Frames,
    last_stream: u32,
    resets: Resets,
    numbers: Numbers,
}

#[derive(Debug)]
struct Resets {
    most: usize,
    count: usize,
    since: u64,
}

impl Framed {
    pub(super) fn new(inner: Watched, watch: Arc<Watch>, most_resets: usize) -> Self {
        Self {
            inner,
            watch,
            coming: Frames::after(PREFACE.len()),
            going: Frames::after(0),
            last_stream: 0,
            resets: Resets { most: most_resets, count: 0, since: 0 },
            numbers: Numbers::default(),
        }
    }

    /// Notes what has come. Whether the client is to be sent away for it.
    fn note(&mut self, bytes: &[u8]) -> bool {
        let Self { watch, coming, last_stream, resets, numbers, .. } = self;
        let mut too_much = false;
        coming.pass(bytes, |piece| match piece {
            Piece::Preface => watch.preface_came(),
            Piece::Begin(frame) => match frame.kind {
                HEADERS | CONTINUATION => watch.header_block(true),
                RST_STREAM => too_much |= resets.are_too_many(watch.pulse.now()),
                PING if frame.flags & ACK != 0 => watch.heard(),
                SETTINGS | WINDOW_UPDATE => numbers.have = 0,
                _ => {}
            },
            Piece::Payload(frame, bytes) => match (frame.kind, frame.stream) {
                (DATA, _) => watch.some_data_came(bytes.len()),
                (SETTINGS, 0) => numbers.take(bytes, |[a, b, value @ ..]: [u8; 6]| {
                    if u16::from_be_bytes([a, b]) == INITIAL_WINDOW_SIZE {
                        watch.window_of_streams(u32::from_be_bytes(value));
                    }
                }),
                (WINDOW_UPDATE, 0) => {
                    numbers
                        .take(bytes, |more| watch.window_grows(u32::from_be_bytes(more) & (u32::MAX >> 1)));
                }
                _ => {}
            },
            Piece::End(frame) => {
                if let HEADERS | CONTINUATION = frame.kind
                    && frame.flags & END_HEADERS != 0
                {
                    watch.header_block(false);
                    *last_stream = frame.stream.max(*last_stream);
                }
            }
        });
        too_much
    }

    /// Sends the client away, in good order if no frame of ours is only half sent.
    fn go_away(&mut self) {
        let mut frame = Vec::new();
        if self.going.are_whole() {
            frame.extend_from_slice(&[0, 0, 8, GOAWAY, 0, 0, 0, 0, 0]);
            frame.extend_from_slice(&self.last_stream.to_be_bytes());
            frame.extend_from_slice(&ENHANCE_YOUR_CALM.to_be_bytes());
        }
        self.inner.end_with(frame);
    }

    fn note_sent<'a>(
        &mut self,
        sent: Poll<io::Result<usize>>,
        slices: impl Iterator<Item = &'a [u8]>,
    ) -> Poll<io::Result<usize>> {
        if let Poll::Ready(Ok(mut left)) = sent {
            let Self { watch, going, .. } = self;
            for slice in slices {
                let bytes = &slice[..left.min(slice.len())];
                left -= bytes.len();
                going.pass(bytes, |piece| {
                    if let Piece::Payload(Frame { kind: DATA, .. }, bytes) = piece {
                        watch.some_data_went(bytes.len());
                    }
                });
            }
        }
        sent
    }
}

impl Resets {
    /// Counts one more.
    fn are_too_many(&mut self, now: u64) -> bool {
        if now.saturating_sub(self.since) > RESETS_WITHIN {
            (self.count, self.since) = (0, now);
        }
        self.count += 1;
        self.count > self.most
    }
}

/// Numbers that a client sends: those of SETTINGS and WINDOW_UPDATE (RFC 9113, sections 6.5.1 and 6.9).
#[derive(Debug, Default)]
struct Numbers {
    bytes: [u8; 6],
    have: usize,
}

impl Numbers {
    /// Takes bytes of a payload, and tells each entry of `N` bytes that is whole.
    fn take<const N: usize>(&mut self, bytes: &[u8], mut tell: impl FnMut([u8; N])) {
        for byte in bytes {
            if let Some(place) = self.bytes.get_mut(self.have) {
                *place = *byte;
            }
            self.have += 1;
            if let (true, Some(entry)) = (self.have == N, self.bytes.first_chunk()) {
                tell(*entry);
                self.have = 0;
            }
        }
    }
}

impl AsyncRead for Framed {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if !this.inner.is_ending() {
            let before = buf.filled().len();
            match Pin::new(&mut this.inner).poll_read(cx, buf) {
                Poll::Ready(Ok(())) if this.note(&buf.filled()[before..]) => {
                    buf.set_filled(before);
                    this.go_away();
                }
                Poll::Pending if this.watch.overdue() == Some(Overdue::HeaderBlock) => this.go_away(),
                read => return read,
            }
        }
        ready!(this.inner.poll_close(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncWrite for Framed {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        // Nothing may follow the last frame; h2 learns of the end when it reads.
        if self.inner.is_ending() {
            return Poll::Pending;
        }
        let sent = Pin::new(&mut self.inner).poll_write(cx, bytes);
        self.note_sent(sent, std::iter::once(bytes))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if self.inner.is_ending() {
            return Poll::Pending;
        }
        let sent = self.inner.poll_write_pieces(cx, slices);
        self.note_sent(sent, slices.iter().map(|slice| &**slice))
    }

    /// The head of a frame and the piece of a body in it stand apart.
    fn is_write_vectored(&self) -> bool {
        self.inner.can_write_pieces()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.inner.is_ending() {
            return Poll::Pending;
        }
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}

/// Frames of one direction, as their bytes pass by.
#[derive(Debug)]
struct Frames {
    /// So many bytes of the preface are still to come.
    preface: usize,
    head: [u8; 9],
    /// So many bytes of the head have come.
    have: usize,
    /// So many bytes of the payload are still to come.
    left: usize,
}

/// The head of a frame.
#[derive(Debug, Clone, Copy)]
struct Frame {
    kind: u8,
    flags: u8,
    stream: u32,
}

/// What passes by.
#[derive(Debug)]
enum Piece<'a> {
    /// The last byte of the preface.
    Preface,
    Begin(Frame),
    /// Bytes of the payload of a frame.
    Payload(Frame, &'a [u8]),
    End(Frame),
}

impl Frames {
    fn after(preface: usize) -> Self {
        Self { preface, head: [0; 9], have: 0, left: 0 }
    }

    /// Whether the last frame that has begun has also ended.
    fn are_whole(&self) -> bool {
        self.have == 0
    }

    fn frame(&self) -> Frame {
        let [_, _, _, kind, flags, stream @ ..] = self.head;
        Frame { kind, flags, stream: u32::from_be_bytes(stream) & (u32::MAX >> 1) }
    }

    fn pass(&mut self, mut bytes: &[u8], mut tell: impl FnMut(Piece<'_>)) {
        if self.preface > 0 {
            let passed = self.preface.min(bytes.len());
            self.preface -= passed;
            bytes = &bytes[passed..];
            if self.preface == 0 {
                tell(Piece::Preface);
            }
        }
        while !bytes.is_empty() {
            if self.have < self.head.len() {
                let passed = (self.head.len() - self.have).min(bytes.len());
                self.head[self.have..][..passed].copy_from_slice(&bytes[..passed]);
                self.have += passed;
                bytes = &bytes[passed..];
                if self.have < self.head.len() {
                    return;
                }
                let [a, b, c, ..] = self.head;
                self.left = usize::from(a) << 16 | usize::from(b) << 8 | usize::from(c);
                tell(Piece::Begin(self.frame()));
            } else {
                let passed = self.left.min(bytes.len());
                self.left -= passed;
                tell(Piece::Payload(self.frame(), &bytes[..passed]));
                bytes = &bytes[passed..];
            }
            if self.left == 0 {
                self.have = 0;
                tell(Piece::End(self.frame()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_told_however_their_bytes_come() {
        let mut bytes = PREFACE.to_vec();
        bytes.extend_from_slice(&[0, 0, 0, 4, 0, 0, 0, 0, 0]);
        bytes.extend_from_slice(&[0, 0, 3, HEADERS, 0, 0, 0, 0, 1, 7, 7, 7]);
        bytes.extend_from_slice(&[0, 0, 1, CONTINUATION, END_HEADERS, 0, 0, 0, 1, 7]);
        bytes.extend_from_slice(&[0, 0, 5, DATA, 1, 0x80, 0, 0, 3, 1, 2, 3, 4, 5]);
        for each in 1..=bytes.len() {
            let mut frames = Frames::after(PREFACE.len());
            let (mut prefaces, mut begun, mut ended, mut data) = (0, Vec::new(), Vec::new(), 0);
            for piece in bytes.chunks(each) {
                frames.pass(piece, |piece| match piece {
                    Piece::Preface => prefaces += 1,
                    Piece::Begin(frame) => begun.push((frame.kind, frame.stream)),
                    Piece::Payload(Frame { kind: DATA, .. }, bytes) => data += bytes.len(),
                    Piece::Payload(..) => {}
                    Piece::End(frame) => ended.push((frame.kind, frame.stream)),
                });
            }
            assert_eq!((prefaces, data), (1, 5), "{each}");
            assert_eq!(begun, [(4, 0), (HEADERS, 1), (CONTINUATION, 1), (DATA, 3)], "{each}");
            assert_eq!(ended, begun, "{each}");
            assert!(frames.are_whole(), "{each}");
            frames.pass(&[0], |_| {});
            assert!(!frames.are_whole(), "{each}");
        }
    }

    #[test]
    fn numbers_are_told_however_their_bytes_come() {
        for each in 1..=12 {
            let (mut numbers, mut told) = (Numbers::default(), Vec::new());
            for piece in [0, 3, 0, 0, 0, 100, 0, 4, 0, 1, 0, 0].chunks(each) {
                numbers
                    .take(piece, |[_, id, value @ ..]: [u8; 6]| told.push((id, u32::from_be_bytes(value))));
            }
            assert_eq!(told, [(3, 100), (4, 65_536)], "{each}");
        }
    }

    #[test]
    fn resets_are_counted_anew_after_a_while() {
        let mut resets = Resets { most: 2, count: 0, since: 0 };
        assert!(!resets.are_too_many(0) && !resets.are_too_many(1) && resets.are_too_many(30_000));
        assert!(!resets.are_too_many(30_001));
    }
}
