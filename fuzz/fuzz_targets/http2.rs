//! Any frames on a connection of HTTP/2: nothing panics, nothing hangs, memory is bounded, and what comes back are frames.
//!
//! Frames are made of the bytes, so that what is found is not only that bytes are no frames: kind, flags, stream, and how much follows
//! of the bytes, which may be less than the frame says.
#![no_main]

use cello_fuzz::talk;
use libfuzzer_sys::{Corpus, fuzz_target};

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const SETTINGS: u8 = 4;
/// A head that is whole and ends its stream, and one whose body follows: `GET /` and `POST /echo`, from the static table of HPACK.
const HEADS: [&[u8]; 2] =
    [&[0x82, 0x84, 0x86, 0x41, 1, b'a'], &[0x83, 0x04, 5, b'/', b'e', b'c', b'h', b'o', 0x86, 0x41, 1, b'a']];

fuzz_target!(|bytes: &[u8]| -> Corpus {
    let Some((how, bytes)) = bytes.split_first() else { return Corpus::Reject };
    let sent = [PREFACE, &frame(SETTINGS, 0, 0, &[]), &frames(bytes)].concat();
    let received = talk(&sent, usize::from(how >> 1) + 1, how & 1 == 1);
    let mut rest = &*received;
    let mut is_first = true;
    while let [a, b, c, kind, _, _, _, _, _, payload @ ..] = rest {
        assert!(!is_first || *kind == SETTINGS, "{}", received.escape_ascii());
        is_first = false;
        let len = u32::from_be_bytes([0, *a, *b, *c]) as usize;
        // The last one may be cut off with its connection.
        rest = payload.get(len..).unwrap_or_default();
    }
    Corpus::Keep
});

/// Frames, each from two bytes that say what it is, and what follows them.
fn frames(mut bytes: &[u8]) -> Vec<u8> {
    let mut frames = Vec::new();
    while let [what, len, rest @ ..] = bytes {
        let (kind, flags) = (what & 0x0f, what >> 4);
        // Few streams, so that frames meet; those of a client are odd.
        let stream = u32::from(len >> 5);
        let (payload, next) = rest.split_at(usize::from(len & 0x1f).min(rest.len()));
        frames.extend(match kind {
            10 => frame(1, 5, stream | 1, HEADS[0]),
            11 => frame(1, 4, stream | 1, HEADS[1]),
            // It says more than there is: what follows is taken for its payload.
            12 => [
                &[0, 0, 64, payload.first().copied().unwrap_or_default(), flags][..],
                &stream.to_be_bytes(),
                payload,
            ]
            .concat(),
            13 => payload.to_vec(),
            _ => frame(kind, flags, stream, payload),
        });
        bytes = next;
    }
    frames
}

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let len = u32::try_from(payload.len()).unwrap_or_default().to_be_bytes();
    [&len[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}
