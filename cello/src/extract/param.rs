//! Path parameters: [`FromParam`].

use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::num::{
    NonZeroI8, NonZeroI16, NonZeroI32, NonZeroI64, NonZeroI128, NonZeroIsize, NonZeroU8, NonZeroU16,
    NonZeroU32, NonZeroU64, NonZeroU128, NonZeroUsize,
};

use http::StatusCode;

use crate::Problem;
use crate::dispatch::Exchange;
use crate::private::Asker;
use crate::problem::shown;
use crate::route::{Description, ParamMeta};

/// A type that can be read from a path parameter, and from a query parameter.
///
/// ```
/// use cello::prelude::*;
///
/// struct Sku(u32);
///
/// impl FromParam<'_> for Sku {
///     const EXPECTED: &'static str = "an article number such as `A-17`";
///
///     fn from_param(value: &str) -> Option<Self> {
///         value.strip_prefix("A-")?.parse().ok().map(Self)
///     }
/// }
///
/// #[get("/articles/<sku>")]
/// async fn article(sku: Sku) -> String {
///     format!("article {}", sku.0)
/// }
/// ```
///
/// # What a client may put there
/// Values are percent-decoded, of rest parameters too: `..%2f..%2fetc` arrives as `../../etc`, and a plain parameter
/// may hold a slash or a control character. A value is text of the client's, not a file name. Whoever opens files by it looks it
/// up among names that are known, or takes only paths whose [components](std::path::Path::components) are all
/// [`Normal`](std::path::Component::Normal); an implementation of this trait is a good place for that check.
#[diagnostic::on_unimplemented(
    message = "a parameter cannot be read as `{Self}`",
    label = "not a parameter type",
    note = "help: use a number, `bool`, `char`, `&str` or `String`, or implement `cello::FromParam` for it. The rest of a path (`<name..>`) is a text too; an extractor such as `Json<T>` stands in no pattern"
)]
pub trait FromParam<'r>: Sized {
    /// What the value should be, in words for the client: "an integer from 0 to 255".
    const EXPECTED: &'static str;

    /// Reads the value, which is percent-decoded. `None` answers 400 and names the parameter, [`EXPECTED`](Self::EXPECTED)
    /// and the value.
    fn from_param(value: &'r str) -> Option<Self>;

    /// Says what it reads, for documentation.
    fn describe(_description: &mut Description) {}
}

/// A type that a path parameter can have: every [`FromParam`]; `Option<T>`, which is always `Some`, since a path that lacks
/// the parameter is another path; `Result<T, Problem>`, whose faults the handler judges itself.
#[diagnostic::on_unimplemented(
    message = "a parameter cannot be read as `{Self}`",
    label = "not a parameter type",
    note = "help: use a number, `bool`, `char`, `&str` or `String`, or implement `cello::FromParam` for it. The rest of a path (`<name..>`) is a text too; an extractor such as `Json<T>` stands in no pattern"
)]
pub trait FromPath<'r>: Sized {
    /// What the value should be, in words.
    const EXPECTED: &'static str;

    /// Reads the value of the parameter of this name, which is percent-decoded.
    ///
    /// # Errors
    /// The answer for the client.
    fn from_path(name: &'static str, value: &'r str) -> Result<Self, Problem>;

    /// Says what it reads, for documentation.
    fn describe(_description: &mut Description) {}

    /// What a shim calls: of a function with a bound rustc would show the bound too, if the type is none of these. The
    /// parameter is the `from_end`-th from the end, its type is `written` so.
    #[doc(hidden)]
    #[inline]
    fn argument(
        x: Asker<'r>,
        from_end: usize,
        name: &'static str,
        written: &'static str,
    ) -> Result<Self, Problem> {
        param(x.request_for(|| ParamMeta::path(name, written, Self::EXPECTED))?, from_end, name)
    }
}

#[diagnostic::do_not_recommend]
impl<'r, T: FromParam<'r>> FromPath<'r> for T {
    const EXPECTED: &'static str = T::EXPECTED;

    fn from_path(name: &'static str, value: &'r str) -> Result<Self, Problem> {
        T::from_param(value).ok_or_else(|| malformed("path parameter", "path", name, T::EXPECTED, value))
    }

    fn describe(description: &mut Description) {
        T::describe(description);
    }
}

#[diagnostic::do_not_recommend]
impl<'r, T: FromParam<'r>> FromPath<'r> for Option<T> {
    const EXPECTED: &'static str = T::EXPECTED;

    fn from_path(name: &'static str, value: &'r str) -> Result<Self, Problem> {
        FromPath::from_path(name, value).map(Some)
    }

    fn describe(description: &mut Description) {
        T::describe(description);
    }
}

#[diagnostic::do_not_recommend]
impl<'r, T: FromParam<'r>> FromPath<'r> for Result<T, Problem> {
    const EXPECTED: &'static str = T::EXPECTED;

    fn from_path(name: &'static str, value: &'r str) -> Result<Self, Problem> {
        Ok(FromPath::from_path(name, value))
    }

    fn describe(description: &mut Description) {
        T::describe(description);
    }
}

/// Reads the path parameter that is the `from_end`-th from the end.
fn param<'r, T: FromPath<'r>>(
    exchange: &'r Exchange<'r>,
    from_end: usize,
    name: &'static str,
) -> Result<T, Problem> {
    let value = exchange.param(from_end).ok_or_else(|| crate::dispatch::no_param(name))?;
    T::from_path(name, value)
}

/// The 400 for a parameter that does not parse.
#[cold]
pub(crate) fn malformed(what: &str, place: &str, name: &str, expected: &str, value: &str) -> Problem {
    let found = if value.is_empty() { "nothing".to_owned() } else { shown(value) };
    Problem::new(StatusCode::BAD_REQUEST)
        .with_detail(format!("{what} `{name}` should be {expected}, not {found}"))
        .with_error(format!("should be {expected}, not {found}"), format!("{place}/{name}"))
}

macro_rules! parsed {
    ($($type:ty: $expected:literal),+ $(,)?) => { $(
        impl FromParam<'_> for $type {
            const EXPECTED: &'static str = $expected;

            fn from_param(value: &str) -> Option<Self> {
                value.parse().ok()
            }
        }
    )+ };
}

parsed! {
    u8: "an integer from 0 to 255",
    u16: "an integer from 0 to 65535",
    u32: "an integer from 0 to 4294967295",
    u64: "an integer from 0 to 18446744073709551615",
    u128: "an integer from 0 to 340282366920938463463374607431768211455",
    usize: "an integer from 0 up",
    i8: "an integer from -128 to 127",
    i16: "an integer from -32768 to 32767",
    i32: "an integer from -2147483648 to 2147483647",
    i64: "an integer from -9223372036854775808 to 9223372036854775807",
    i128: "an integer of at most 128 bits",
    isize: "an integer",
    NonZeroU8: "an integer from 1 to 255",
    NonZeroU16: "an integer from 1 to 65535",
    NonZeroU32: "an integer from 1 to 4294967295",
    NonZeroU64: "an integer from 1 to 18446744073709551615",
    NonZeroU128: "an integer from 1 to 340282366920938463463374607431768211455",
    NonZeroUsize: "an integer from 1 up",
    NonZeroI8: "an integer from -128 to 127, not 0",
    NonZeroI16: "an integer from -32768 to 32767, not 0",
    NonZeroI32: "an integer from -2147483648 to 2147483647, not 0",
    NonZeroI64: "an integer from -9223372036854775808 to 9223372036854775807, not 0",
    NonZeroI128: "an integer of at most 128 bits, not 0",
    NonZeroIsize: "an integer, not 0",
    bool: "`true` or `false`",
    char: "a single character",
    String: "text",
    IpAddr: "an IP address",
    Ipv4Addr: "an IPv4 address",
    Ipv6Addr: "an IPv6 address",
    SocketAddr: "an IP address with a port",
}

macro_rules! finite {
    ($($type:ty)+) => { $(
        /// Infinities and NaN are refused.
        impl FromParam<'_> for $type {
            const EXPECTED: &'static str = "a number";

            fn from_param(value: &str) -> Option<Self> {
                value.parse().ok().filter(|number: &$type| number.is_finite())
            }
        }
    )+ };
}

finite! { f32 f64 }

impl<'r> FromParam<'r> for &'r str {
    const EXPECTED: &'static str = "text";

    fn from_param(value: &'r str) -> Option<Self> {
        Some(value)
    }
}

impl<'r> FromParam<'r> for Cow<'r, str> {
    const EXPECTED: &'static str = "text";

    fn from_param(value: &'r str) -> Option<Self> {
        Some(Cow::Borrowed(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_outside_their_range_are_refused() {
        assert_eq!(u8::from_param("255"), Some(255));
        assert_eq!(u8::from_param("256"), None);
        assert_eq!(u8::from_param(""), None);
        assert_eq!(NonZeroU8::from_param("0"), None);
        assert_eq!(f64::from_param("1e3"), Some(1000.0));
        assert_eq!(f64::from_param("inf"), None);
        assert_eq!(f64::from_param("NaN"), None);
    }

    #[test]
    fn the_message_names_parameter_range_and_value() {
        let problem = malformed("path parameter", "path", "id", <u8 as FromParam>::EXPECTED, "seven");
        assert_eq!(
            problem.detail(),
            Some("path parameter `id` should be an integer from 0 to 255, not `seven`")
        );
        assert_eq!(problem.errors()[0].pointer, "path/id");
    }

    #[test]
    fn a_long_value_is_shortened_and_control_characters_are_escaped() {
        let value = format!("\u{1b}[31m{}", "x".repeat(500));
        let problem = malformed("path parameter", "path", "id", <u8 as FromParam>::EXPECTED, &value);
        let detail = problem.detail().unwrap_or_default();
        assert!(detail.len() < 200 && detail.contains("...") && !detail.contains('\u{1b}'), "{detail}");
    }
}
