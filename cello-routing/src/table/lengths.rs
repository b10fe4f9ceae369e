//! How many segments patterns have: a dead end leads back only if something that was left aside on the way has as many as the path.
//!
//! A set of lengths is a bit for each: `1 << n` is that of exactly `n` segments. The highest bit is that of so many and all above.

/// The set of a length.
#[inline(always)]
pub(super) const fn set(length: usize) -> u32 {
    1 << if length < 31 { length } else { 31 }
}

/// All lengths, as a rest parameter has them. Macros, as [`edge`](super::key::edge) is one.
macro_rules! any {
    () => {
        u32::MAX
    };
}

/// The lengths with one segment more before them.
macro_rules! longer {
    ($lengths:expr) => {
        $lengths << 1 | $lengths & 0x8000_0000
    };
}

/// The lengths without the first segment.
macro_rules! shorter {
    ($lengths:expr) => {
        $lengths >> 1 | $lengths & 0x8000_0000
    };
}
pub(super) use {any, longer, shorter};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_long_is_only_known_to_be_long() {
        let long = set(31);
        assert_eq!([set(40), longer!(set(30)), longer!(long)], [long; 3]);
        assert_eq!(shorter!(long), set(30) | long);
        assert_eq!([longer!(set(0)), shorter!(set(1)), shorter!(set(0))], [set(1), set(0), 0]);
        assert_eq!([longer!(any!()) | 1, shorter!(any!())], [any!(); 2]);
    }
}
