//! What two routes that follow each other have in common need not be read twice: most rows of a blueprint
//! start alike.

use crate::pattern::Scanner;

/// The states of the scanner after each of the first segments of a pattern, and the nodes that they lead to.
#[derive(Debug)]
pub(super) struct Trail<'r> {
    pattern: &'r [u8],
    stops: [Stop<'r>; DEPTH],
    len: usize,
}

#[derive(Clone, Copy, Debug)]
struct Stop<'r> {
    scanner: Scanner<'r>,
    at: usize,
    node: usize,
}

/// How many segments are remembered; further ones are read again.
const DEPTH: usize = 12;

impl<'r> Trail<'r> {
    pub(super) const fn new() -> Self {
        Self { pattern: &[], stops: [Stop { scanner: Scanner::new(""), at: 0, node: 0 }; DEPTH], len: 0 }
    }

    /// Goes back to the last segment that the patterns share.
    pub(super) const fn resume(&mut self, pattern: &'r str) -> (Scanner<'r>, usize) {
        let (mut old, mut new) = (self.pattern, pattern.as_bytes());
        self.pattern = new;
        // Eight bytes at a time, without calls: see `Scanner`.
        while let [a, b, c, d, e, f, g, h, more_old @ ..] = old
            && let [i, j, k, l, m, n, o, p, more_new @ ..] = new
            && *a == *i
            && *b == *j
            && *c == *k
            && *d == *l
            && *e == *m
            && *f == *n
            && *g == *o
            && *h == *p
        {
            (old, new) = (more_old, more_new);
        }
        while let [a, more_old @ ..] = old
            && let [b, more_new @ ..] = new
            && *a == *b
        {
            (old, new) = (more_old, more_new);
        }
        let mut shared = self.pattern.len() - new.len();
        if !matches!(new, [] | [b'/' | b'?', ..]) {
            shared = shared.saturating_sub(1); // what ends here does not end in the new pattern
        }
        while self.len > 0 && (self.stops[self.len - 1].at > shared || pattern.len() > u16::MAX as usize) {
            self.len -= 1;
        }
        if self.len == 0 {
            return (Scanner::new(pattern), 0);
        }
        let stop = &self.stops[self.len - 1];
        (stop.scanner.moved_to(pattern, stop.at), stop.node)
    }

    /// Remembers that the segments up to here lead to `node`.
    pub(super) const fn push(&mut self, scanner: &Scanner<'r>, at: usize, node: usize) {
        if self.len < DEPTH {
            self.stops[self.len] = Stop { scanner: *scanner, at, node };
            self.len += 1;
        }
    }
}
