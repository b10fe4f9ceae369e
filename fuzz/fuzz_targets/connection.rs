//! Any bytes on a connection: nothing panics, nothing hangs, memory is bounded, and what comes back is HTTP.
//!
//! The first byte says whether the client stays when it has sent everything, and in how many pieces it sends.
#![no_main]

use cello_fuzz::talk;
use libfuzzer_sys::{Corpus, fuzz_target};

fuzz_target!(|bytes: &[u8]| -> Corpus {
    let Some((how, bytes)) = bytes.split_first() else { return Corpus::Reject };
    let received = talk(bytes, usize::from(how >> 1) + 1, how & 1 == 1);
    if received.starts_with(b"HTTP/1.") {
        assert!(received.get(9..12) != Some(b"500"), "{}", received.escape_ascii());
    } else {
        // Nothing, or HTTP/2, which begins with a frame of settings on stream 0.
        let is_http2 = received.get(3..9).is_some_and(|rest| matches!(rest, [4, 0, 0, 0, 0, 0]));
        assert!(received.is_empty() || is_http2, "{}", received.escape_ascii());
    }
    Corpus::Keep
});
