//! What [`Cors`](super::Cors) takes several of, by traits that have words of their own for what is none.

use http::Method;
use http::header::{HeaderName, HeaderValue};

use super::OriginText;

/// Names of header fields: every list of texts or of [`HeaderName`]s.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no list of header names",
    label = "expected a list of texts or of `HeaderName`s",
    note = "help: write the names in brackets, also if it is one: `[\"x-token\"]`, `[header::AUTHORIZATION]`. Without `.allow_headers(...)` pages may send all that they ask for"
)]
pub trait HeaderNames {
    #[doc(hidden)]
    fn joined(self) -> Result<HeaderValue, String>;
}

#[diagnostic::do_not_recommend]
impl<I: IntoIterator<Item: AsRef<str>>> HeaderNames for I {
    fn joined(self) -> Result<HeaderValue, String> {
        let mut list = Vec::new();
        for name in self {
            let name = name.as_ref();
            let parsed = HeaderName::from_bytes(name.as_bytes())
                .map_err(|_| format!("CORS: {name:?} is not the name of a header"))?;
            list.push(parsed);
        }
        let list: Vec<&str> = list.iter().map(HeaderName::as_str).collect();
        HeaderValue::try_from(list.join(", ")).map_err(|_| "CORS: too many header names".to_owned())
    }
}

/// Methods: every list of [`Method`]s.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no list of methods",
    label = "expected a list of `Method`s",
    note = "help: write the methods in brackets, also if it is one: `[Method::GET, Method::PUT]`. Without `.allow_methods(...)` those are allowed that a path has"
)]
pub trait Methods {
    #[doc(hidden)]
    fn listed(self) -> Vec<Method>;
}

#[diagnostic::do_not_recommend]
impl<I: IntoIterator<Item = Method>> Methods for I {
    fn listed(self) -> Vec<Method> {
        self.into_iter().collect()
    }
}

/// Origins: every list of [texts](OriginText).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no list of origins",
    label = "expected a list of texts",
    note = "help: one origin is given by `.allow_origin(\"https://app.example\")`, several in brackets, a rule for them by `.allow_origin_fn(...)`"
)]
pub trait OriginTexts {
    #[doc(hidden)]
    type Text: OriginText;

    #[doc(hidden)]
    fn each<T>(self, start: T, add: impl Fn(T, Self::Text) -> T) -> T;
}

#[diagnostic::do_not_recommend]
impl<I: IntoIterator<Item: OriginText>> OriginTexts for I {
    type Text = I::Item;

    fn each<T>(self, start: T, add: impl Fn(T, I::Item) -> T) -> T {
        self.into_iter().fold(start, add)
    }
}
