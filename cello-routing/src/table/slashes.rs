//! Where segments end, for a search that goes back and forth: bytes read one by one are a wrong guess of the processor each time.

use super::cursor::first_slashes;
use super::look::WINDOW;

/// The slashes of a path.
#[derive(Clone, Copy)]
pub(super) struct Slashes<'p> {
    path: &'p [u8],
    /// A bit for each slash in the first window.
    first: u64,
}

impl<'p> Slashes<'p> {
    pub(super) fn of(path: &'p [u8]) -> Self {
        let bits = path.iter().take(WINDOW).rev();
        let one_by_one = || bits.fold(0, |bits, &byte| bits << 1 | u64::from(byte == b'/'));
        let first = if path.len() < 8 { None } else { first_slashes(path) };
        Self { path, first: first.unwrap_or_else(one_by_one) }
    }

    /// Of a path whose first window is looked at already.
    pub(super) fn known(path: &'p [u8], first: u64) -> Self {
        Self { path, first }
    }

    /// The segment after the slash at that place; empty where there is none.
    pub(super) fn segment_after(&self, at: usize) -> &'p [u8] {
        let start = at + 1;
        let ahead = if start < WINDOW { self.first >> start } else { 0 };
        let end = if ahead != 0 {
            start + ahead.trailing_zeros() as usize
        } else {
            let from = start.max(WINDOW);
            let rest = self.path.get(from..).unwrap_or_default();
            rest.iter().position(|&byte| byte == b'/').map_or(self.path.len(), |slash| from + slash)
        };
        self.path.get(start..end).unwrap_or_default()
    }

    /// How many segments there are after the slash at that place. One at the end of the path begins none.
    pub(super) fn segments_after(&self, at: usize) -> usize {
        let start = at + 1;
        if start >= self.path.len() {
            return 0;
        }
        let near = if start < WINDOW { (self.first >> start).count_ones() as usize } else { 0 };
        let further = self.path.get(start.max(WINDOW)..).unwrap_or_default();
        let slashes = near + further.iter().filter(|&&byte| byte == b'/').count();
        slashes + usize::from(self.path.last() != Some(&b'/'))
    }

    /// The last slash before that place.
    pub(super) fn before(&self, at: usize) -> usize {
        if at > WINDOW {
            let further = self.path.get(WINDOW..at).unwrap_or_default();
            if let Some(slash) = further.iter().rposition(|&byte| byte == b'/') {
                return WINDOW + slash;
            }
        }
        let before = self.first & u64::MAX >> (WINDOW - at.clamp(1, WINDOW));
        before.checked_ilog2().unwrap_or(0) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_are_found_forwards_and_backwards() {
        for step in [1, 2, 3, 7, 31, 63, 64, 65, 200].into_iter().skip(if cfg!(miri) { 3 } else { 0 }) {
            // An interpreter takes its time.
            for len in (1..300).step_by(if cfg!(miri) { 67 } else { 1 }) {
                let mut path = [b'a'; 300];
                (0..len).step_by(step).for_each(|at| path[at] = b'/');
                for odd in [b'a', b'%'] {
                    path[len - 1] = if path[len - 1] == b'/' { b'/' } else { odd };
                    let (path, slashes) = (&path[..len], Slashes::of(&path[..len]));
                    for at in (0..len).step_by(step) {
                        let end = (at + 1..len).find(|&end| path[end] == b'/').unwrap_or(len);
                        assert_eq!(
                            slashes.segment_after(at),
                            &path[at + 1..end],
                            "after {at} of {len} by {step}"
                        );
                        let behind = path[at + 1..].strip_suffix(b"/").unwrap_or(&path[at + 1..]);
                        let count = behind.split(|&byte| byte == b'/').count();
                        let count = if at + 1 == len { 0 } else { count };
                        assert_eq!(slashes.segments_after(at), count, "after {at} of {len} by {step}");
                        assert_eq!(
                            slashes.before(at),
                            at.saturating_sub(step),
                            "before {at} of {len} by {step}"
                        );
                    }
                    let last = (0..len).rev().find(|&at| path[at] == b'/').unwrap_or(0);
                    assert_eq!(slashes.before(len), last);
                }
            }
        }
    }
}
