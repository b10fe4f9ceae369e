//! Sets of request methods (RFC 9110, 9).

use core::fmt;

/// The bits of methods that const evaluation meets at every route, where a constant with a name costs it a lookup.
macro_rules! bit {
    (GET) => {
        1
    };
    (HEAD) => {
        2
    };
}
pub(crate) use bit;

/// A set of methods: the standard nine, [`Methods::ANY`], and in the answers of a table the extension methods
/// that it knows.
///
/// ```
/// use cello_routing::Methods;
/// const BOTH: Methods = Methods::GET.with(Methods::POST);
/// assert!(BOTH.contains(Methods::GET) && !BOTH.contains(Methods::HEAD));
/// assert_eq!(Methods::standard("PATCH"), Some(Methods::PATCH));
/// assert_eq!(Methods::standard("patch"), None); // methods are case-sensitive
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Methods(pub(crate) u32);

impl Methods {
    /// No method at all.
    pub const NONE: Self = Self(0);
    /// `GET`; a route for it answers `HEAD` too, where the pattern has no other route for that.
    pub const GET: Self = Self(bit!(GET));
    /// `HEAD`.
    pub const HEAD: Self = Self(bit!(HEAD));
    /// `POST`.
    pub const POST: Self = Self(1 << 2);
    /// `PUT`.
    pub const PUT: Self = Self(1 << 3);
    /// `PATCH` (RFC 5789).
    pub const PATCH: Self = Self(1 << 4);
    /// `DELETE`.
    pub const DELETE: Self = Self(1 << 5);
    /// `OPTIONS`.
    pub const OPTIONS: Self = Self(1 << 6);
    /// `CONNECT`.
    pub const CONNECT: Self = Self(1 << 7);
    /// `TRACE`.
    pub const TRACE: Self = Self(1 << 8);
    /// Every method, known or not, that has no handler of its own for the pattern.
    pub const ANY: Self = Self(1 << ANY_BIT);

    /// The standard method of that name.
    #[must_use]
    pub const fn standard(name: &str) -> Option<Self> {
        Some(match name.as_bytes() {
            b"GET" => Self::GET,
            b"HEAD" => Self::HEAD,
            b"POST" => Self::POST,
            b"PUT" => Self::PUT,
            b"PATCH" => Self::PATCH,
            b"DELETE" => Self::DELETE,
            b"OPTIONS" => Self::OPTIONS,
            b"CONNECT" => Self::CONNECT,
            b"TRACE" => Self::TRACE,
            _ => return None,
        })
    }

    /// The methods of both sets.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The methods of this set that are not in the other.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether every method of `other` is in this set. [`Methods::ANY`] is a member like the others and
    /// stands only for itself.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The set that a number stands for: see [`Methods::bits`].
    #[must_use]
    pub const fn from_bits(bits: u32) -> Self {
        Self(bits)
    }

    /// The set as a number, which macros hand over to [`Methods::from_bits`]. What the bits mean may change with each version.
    #[must_use]
    pub const fn bits(self) -> u32 {
        self.0
    }
}

/// One method that a table knows: a standard one, or an extension method that some route takes.
/// From [`Table::method`](crate::Table::method); that of an extension method is of no use with another table.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct MethodId(pub(crate) u8);

impl MethodId {
    /// `GET`: every table knows it by this.
    pub const GET: Self = Self(Methods::GET.bits().trailing_zeros() as u8);

    /// The set of this method alone.
    #[must_use]
    pub const fn methods(self) -> Methods {
        Methods(1 << self.0)
    }
}

/// The names of the methods in a set, always in the same order: the standard ones as [`Methods`] lists them,
/// then the extension methods in the order in which the routes name them first. [`Methods::ANY`] has no name
/// and is left out.
#[derive(Clone, Debug)]
pub struct MethodNames<'t> {
    bits: u32,
    extensions: &'t [&'t str],
}

impl<'t> MethodNames<'t> {
    pub(crate) const fn new(methods: Methods, extensions: &'t [&'t str]) -> Self {
        Self { bits: methods.0 & !(1 << ANY_BIT), extensions }
    }

    /// The next name.
    pub const fn next(&mut self) -> Option<&'t str> {
        while self.bits != 0 {
            let bit = self.bits.trailing_zeros() as usize;
            self.bits &= self.bits - 1;
            if bit < STANDARD.len() {
                return Some(STANDARD[bit]);
            }
            if bit - STANDARD.len() < self.extensions.len() {
                return Some(self.extensions[bit - STANDARD.len()]);
            }
        }
        None
    }
}

impl<'t> Iterator for MethodNames<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        MethodNames::next(self)
    }
}

/// Lists the standard names; an extension method is shown by its number, since only the table knows its name.
impl fmt::Debug for Methods {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut set = f.debug_set();
        for bit in 0..32 {
            if self.0 & 1 << bit == 0 {
                continue;
            }
            match STANDARD.get(bit) {
                Some(name) => set.entry(&format_args!("{name}")),
                None if bit == ANY_BIT as usize => set.entry(&format_args!("ANY")),
                None => set.entry(&format_args!("extension {}", bit - STANDARD.len())),
            };
        }
        set.finish()
    }
}

/// How many distinct extension methods the routes of one table may name.
pub const MAX_EXTENSION_METHODS: usize = 20;

/// The standard methods in the order of their bits.
pub(crate) const STANDARD: [&str; 9] =
    ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE"];

/// The bit of [`Methods::ANY`].
pub(crate) const ANY_BIT: u8 = 31;

/// Whether `name` is a token (RFC 9110, 5.6.2), as a method's name must be.
#[must_use]
pub const fn is_token(name: &str) -> bool {
    let bytes = name.as_bytes();
    let mut i = 0;
    while i < bytes.len() {
        let legal = bytes[i].is_ascii_alphanumeric()
            || matches!(
                bytes[i],
                b'!' | b'#'
                    | b'$'
                    | b'%'
                    | b'&'
                    | b'\''
                    | b'*'
                    | b'+'
                    | b'-'
                    | b'.'
                    | b'^'
                    | b'_'
                    | b'`'
                    | b'|'
                    | b'~'
            );
        if !legal {
            return false;
        }
        i += 1;
    }
    !bytes.is_empty()
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::{format, vec::Vec};

    #[test]
    fn names_and_bits_agree() {
        for (bit, name) in STANDARD.iter().enumerate() {
            assert_eq!(Methods::standard(name), Some(Methods(1 << bit)), "{name}");
            assert_eq!(MethodNames::new(Methods(1 << bit), &[]).collect::<Vec<_>>(), [*name]);
        }
    }

    #[test]
    fn names_come_in_a_fixed_order_without_any() {
        let set = Methods::ANY.with(Methods::DELETE).with(Methods(1 << 9)).with(Methods::GET);
        assert_eq!(MethodNames::new(set, &["PROPFIND"]).collect::<Vec<_>>(), ["GET", "DELETE", "PROPFIND"]);
        assert_eq!(format!("{set:?}"), "{GET, DELETE, extension 0, ANY}");
    }

    #[test]
    fn tokens() {
        assert!(is_token("PROPFIND") && is_token("M-SEARCH") && is_token("get"));
        assert!(!is_token("") && !is_token("A B") && !is_token("A/B") && !is_token("É"));
    }
}
