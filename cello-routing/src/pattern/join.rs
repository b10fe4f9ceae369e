//! How the prefixes of blueprints and a pattern of their own become one pattern.

use alloc::string::String;

use crate::text::Text;

/// The prefix that a group of routes shares, with those of the groups around it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Prefix<'a> {
    /// The prefix, as [`Pattern::parse_prefix`](crate::Pattern::parse_prefix) takes it.
    pub text: &'a str,
    /// What stands before it.
    pub outer: Option<&'a Self>,
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
/// ```
/// use cello_routing::{Prefix, join};
/// let api = Prefix { text: "/api", outer: None };
/// let users = Prefix { text: "/users/", outer: Some(&api) };
/// assert_eq!(join(Some(&users), "/<id>"), "/api/users/<id>");
/// ```
#[must_use]
pub fn join(prefix: Option<&Prefix<'_>>, pattern: &str) -> String {
    fn push(joined: &mut String, prefix: Option<&Prefix<'_>>) {
        let Some(Prefix { text, outer }) = prefix else { return };
        push(joined, *outer);
        joined.push_str(significant(text));
    }
    let mut joined = String::new();
    push(&mut joined, prefix);
    let own = own(pattern, joined.is_empty());
    joined.push_str(own);
    joined
}

impl<const N: usize> Text<N> {
    /// Pushes what [`join`] gives; const evaluation has no `String`.
    pub(crate) const fn push_joined(&mut self, prefix: Option<&Prefix<'_>>, pattern: &str) {
        let start = self.len();
        self.push_prefixes(prefix);
        self.push(own(pattern, self.len() == start));
    }

    const fn push_prefixes(&mut self, prefix: Option<&Prefix<'_>>) {
        let Some(Prefix { text, outer }) = prefix else { return };
        self.push_prefixes(*outer);
        self.push(significant(text));
    }
}

/// A prefix without the slash at its end.
const fn significant(prefix: &str) -> &str {
    match prefix.as_bytes() {
        [.., b'/'] => prefix.split_at(prefix.len() - 1).0,
        _ => prefix,
    }
}

/// What a pattern adds to the prefixes.
const fn own(pattern: &str, alone: bool) -> &str {
    match pattern.as_bytes() {
        [b'/'] | [b'/', b'?', ..] if !alone => pattern.split_at(1).1,
        _ => pattern,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The joined pattern, which const evaluation must make alike.
    fn joined(prefixes: &[&str], pattern: &str) -> String {
        fn nest(outer: Option<&Prefix<'_>>, prefixes: &[&str], pattern: &str) -> String {
            if let [first, rest @ ..] = prefixes {
                return nest(Some(&Prefix { text: first, outer }), rest, pattern);
            }
            let joined = join(outer, pattern);
            let mut text = Text::<64>::new();
            text.push_joined(outer, pattern);
            assert_eq!(text.as_str(), joined);
            joined
        }
        nest(None, prefixes, pattern)
    }

    #[test]
    fn one_slash_between_two_parts() {
        assert_eq!(joined(&["/api"], "/x"), "/api/x");
        assert_eq!(joined(&["/api/"], "/x"), "/api/x");
        assert_eq!(joined(&["/api", "/v1/", "/users"], "/<id>"), "/api/v1/users/<id>");
    }

    #[test]
    fn a_root_adds_nothing() {
        assert_eq!(joined(&["/api"], "/"), "/api");
        assert_eq!(joined(&["/api/"], "/"), "/api");
        assert_eq!(joined(&["/"], "/x"), "/x");
        assert_eq!(joined(&["/", "/api", "/"], "/x"), "/api/x");
        assert_eq!(joined(&["/api"], "/?<page>"), "/api?<page>");
    }

    #[test]
    fn something_is_always_left() {
        assert_eq!(joined(&["/"], "/"), "/");
        assert_eq!(joined(&["/", "/"], "/"), "/");
        assert_eq!(joined(&[], "/"), "/");
        assert_eq!(joined(&[], "/?<page>"), "/?<page>");
        assert_eq!(joined(&["/"], "/?<page>"), "/?<page>");
    }

    #[test]
    fn the_slash_at_the_end_of_the_pattern_stays() {
        assert_eq!(joined(&["/api"], "/x/"), "/api/x/");
    }
}
