//! How the prefixes of blueprints and a pattern of their own become one pattern.

/// The length of what [`join`] writes.
#[must_use]
pub const fn joined_len(prefixes: &[&str], pattern: &str) -> usize {
    let mut len = 0;
    let mut i = 0;
    while i < prefixes.len() {
        len += significant(prefixes[i]).len();
        i += 1;
    }
    len + own(pattern, len == 0).len()
}

/// Joins the prefixes, outermost first, and the pattern: a slash at the end of a prefix is dropped, and so is
/// the slash of a pattern for the prefix itself.
///
/// | prefix | pattern | joined |
/// |---|---|---|
/// | `/api` | `/` | `/api` |
/// | `/api` | `/x` | `/api/x` |
/// | `/api/` | `/x/` | `/api/x/` |
/// | `/api` | `/?<page>` | `/api?<page>` |
/// | `/` | `/x` | `/x` |
/// | `/` | `/` | `/` |
///
/// Each part must have been parsed on its own. The joined pattern is parsed again by whoever uses it; a name
/// that comes twice is found then.
///
/// ```
/// const PREFIXES: &[&str] = &["/api", "/users/"];
/// const JOINED: [u8; cello_routing::joined_len(PREFIXES, "/<id>")] = cello_routing::join(PREFIXES, "/<id>");
/// assert_eq!(&JOINED, b"/api/users/<id>");
/// ```
///
/// # Panics
/// If `N` is not [`joined_len`].
#[must_use]
#[expect(
    clippy::panic,
    reason = "a wrong length is a mistake in the calling code, found by const evaluation"
)]
pub const fn join<const N: usize>(prefixes: &[&str], pattern: &str) -> [u8; N] {
    if N != joined_len(prefixes, pattern) {
        panic!("the length of the array is not that of the joined pattern");
    }
    let mut joined = [0; N];
    join_into(&mut joined, 0, prefixes, pattern);
    joined
}

/// Writes what [`join`] gives into `out` from `at` on, and gives the offset behind it.
///
/// # Panics
/// If `out` is too short; [`joined_len`] says how long it must be.
pub const fn join_into(out: &mut [u8], at: usize, prefixes: &[&str], pattern: &str) -> usize {
    let mut end = at;
    let mut i = 0;
    while i < prefixes.len() {
        end = append(out, end, significant(prefixes[i]));
        i += 1;
    }
    append(out, end, own(pattern, end == at))
}

/// A prefix without the slash at its end.
const fn significant(prefix: &str) -> &[u8] {
    match prefix.as_bytes() {
        [start @ .., b'/'] => start,
        all => all,
    }
}

/// What a pattern adds to the prefixes.
const fn own(pattern: &str, alone: bool) -> &[u8] {
    match pattern.as_bytes() {
        [b'/'] if !alone => &[],
        [b'/', query @ ..] if !alone && query[0] == b'?' => query,
        all => all,
    }
}

/// Byte by byte: const evaluation takes longer to call functions for slices than to copy a few bytes.
const fn append(joined: &mut [u8], mut end: usize, mut part: &[u8]) -> usize {
    while let [byte, rest @ ..] = part {
        joined[end] = *byte;
        end += 1;
        part = rest;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    macro_rules! joined {
        ($prefixes:expr, $pattern:expr => $expected:expr) => {
            const LEN: usize = joined_len(&$prefixes, $pattern);
            assert_eq!(core::str::from_utf8(&join::<LEN>(&$prefixes, $pattern)), Ok($expected));
        };
    }

    #[test]
    fn one_slash_between_two_parts() {
        {
            joined!(["/api"], "/x" => "/api/x");
        }
        {
            joined!(["/api/"], "/x" => "/api/x");
        }
        {
            joined!(["/api", "/v1/", "/users"], "/<id>" => "/api/v1/users/<id>");
        }
    }

    #[test]
    fn a_root_adds_nothing() {
        {
            joined!(["/api"], "/" => "/api");
        }
        {
            joined!(["/api/"], "/" => "/api");
        }
        {
            joined!(["/"], "/x" => "/x");
        }
        {
            joined!(["/", "/api", "/"], "/x" => "/api/x");
        }
        {
            joined!(["/api"], "/?<page>" => "/api?<page>");
        }
    }

    #[test]
    fn something_is_always_left() {
        {
            joined!(["/"], "/" => "/");
        }
        {
            joined!(["/", "/"], "/" => "/");
        }
        {
            joined!([], "/" => "/");
        }
        {
            joined!([], "/?<page>" => "/?<page>");
        }
        {
            joined!(["/"], "/?<page>" => "/?<page>");
        }
    }

    #[test]
    fn the_slash_at_the_end_of_the_pattern_stays() {
        {
            joined!(["/api"], "/x/" => "/api/x/");
        }
    }
}
