//! Links to routes: [`Link`].

use std::fmt::{self, Display, Write};
use std::ops::Deref;

use http::HeaderValue;
use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};

/// What a path segment cannot hold as it is (RFC 3986, section 3.3: anything but `pchar`).
const SEGMENT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'`')
    .add(b'{')
    .add(b'}')
    .add(b'/')
    .add(b'%')
    .add(b'[')
    .add(b']')
    .add(b'^')
    .add(b'|')
    .add(b'\\');
/// The same for a rest parameter, which keeps its slashes.
const REST: &AsciiSet = &SEGMENT.remove(b'/');
/// What a component of a query cannot hold as it is.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What can stand in a link: everything that has a text.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand in a link",
    label = "a parameter without a text",
    note = "help: implement `std::fmt::Display` for it: what it writes is what stands in the path, and what `FromParam` reads"
)]
pub trait LinkValue: Display {}

#[diagnostic::do_not_recommend]
impl<T: Display + ?Sized> LinkValue for T {}

/// The path to a route, made by the `path` function of its handler, percent-encoded.
///
/// ```
/// # use cello::prelude::*;
/// #[get("/users/<name>")]
/// async fn user(name: &str) -> String { name.to_owned() }
///
/// assert_eq!(user::path("J. Doe"), "/users/J.%20Doe");
/// assert_eq!(user::path("a/b").query("page", 2), "/users/a%2Fb?page=2");
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Link(String);

impl Link {
    /// An empty one, for a pattern of this length.
    pub(crate) fn with_room(pattern: usize) -> Self {
        /// What parameters may be longer than their names.
        const SPARE: usize = 16;
        Self(String::with_capacity(pattern + SPARE))
    }

    pub(crate) fn from_text(text: String) -> Self {
        Self(text)
    }

    pub(crate) fn text(&mut self, text: &str) {
        self.0.push_str(text);
    }

    /// The same path where it would be read as another host: a rest parameter at the root may begin with a slash.
    pub(crate) fn on_this_host(self) -> Self {
        match self.0.strip_prefix("//") {
            Some(rest) => Self(format!("/%2F{rest}")),
            None => self,
        }
    }

    pub(crate) fn parameter(&mut self, value: &dyn Display, rest: bool) {
        // Writing to a string does not fail; a `Display` that fails leaves what it wrote.
        let _ = write!(Encoder { out: &mut self.0, set: if rest { REST } else { SEGMENT } }, "{value}");
    }

    /// Adds a query parameter, percent-encoded.
    #[must_use]
    pub fn query(mut self, name: &str, value: impl Display) -> Self {
        self.0.push(if self.0.contains('?') { '&' } else { '?' });
        let _ = write!(Encoder { out: &mut self.0, set: QUERY }, "{name}");
        self.0.push('=');
        let _ = write!(Encoder { out: &mut self.0, set: QUERY }, "{value}");
        self
    }

    /// The link as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

struct Encoder<'a> {
    out: &'a mut String,
    set: &'static AsciiSet,
}

impl Write for Encoder<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            self.out.push_str(text);
            return Ok(());
        }
        self.out.extend(utf8_percent_encode(text, self.set));
        Ok(())
    }
}

impl Deref for Link {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Link {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl From<Link> for String {
    fn from(link: Link) -> Self {
        link.0
    }
}

impl From<Link> for HeaderValue {
    fn from(link: Link) -> Self {
        // All that is not visible ASCII has been encoded, the pattern's own text included.
        Self::try_from(link.0).unwrap_or(Self::from_static("/"))
    }
}

impl PartialEq<str> for Link {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for Link {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}
