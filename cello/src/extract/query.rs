//! Query parameters: [`FromQuery`], [`Query`].

use std::ops::{Deref, DerefMut};

use http::StatusCode;
use serde::de::DeserializeOwned;

use super::param::malformed;
use super::urlencoded::{self, NOT_UTF8, Pairs};
use super::{FromParam, FromRequest, Readable, RequestContext};
use crate::Problem;
use crate::dispatch::Exchange;
use crate::private::Asker;
use crate::route::{Description, ParamMeta};

/// A type that can be read from a query parameter: every [`FromParam`], `Option<T>` for one that may be absent,
/// `Vec<T>` for one that may be repeated, `Result<T, Problem>` for one whose faults the handler judges itself.
#[diagnostic::on_unimplemented(
    message = "a query parameter cannot be read as `{Self}`",
    label = "not a query parameter type",
    note = "help: use a number, `bool`, `&str`, `String`, an `Option` or `Vec` of them, or implement `cello::FromParam` for it; a struct takes the whole query as `?<name..>`, and an extractor such as `Query<T>` stands in no pattern"
)]
pub trait FromQuery<'r>: Sized {
    /// What a value should be, in words.
    const EXPECTED: &'static str;

    /// Reads the values that the query has for one key.
    ///
    /// # Errors
    /// The answer for the client, 400 as a rule: [`QueryValues::missing`] and [`QueryValues::malformed`] make it.
    fn from_query(values: QueryValues<'r>) -> Result<Self, Problem>;

    /// Says what it reads, for documentation.
    fn describe(_description: &mut Description) {}

    /// What a shim calls, see [`FromPath`](super::FromPath).
    #[doc(hidden)]
    #[inline]
    fn argument(x: Asker<'r>, key: &'static str, written: &'static str) -> Result<Self, Problem> {
        query(x.request_for(|| ParamMeta::query(key, written, Self::EXPECTED))?, key)
    }
}

/// The values that a query has for one key, decoded, in their order. As an iterator it passes over what is not UTF-8.
#[derive(Debug, Clone)]
pub struct QueryValues<'r> {
    key: &'static str,
    pairs: PairsOf<'r>,
}

/// The pairs of a query, one after the other. One without escapes is read where it stands.
#[derive(Debug, Clone)]
enum PairsOf<'r> {
    Plain(&'r str),
    Decoded(std::slice::Iter<'r, (String, Option<String>)>),
}

impl<'r> PairsOf<'r> {
    fn of(exchange: &'r Exchange<'r>) -> Result<Self, Problem> {
        Ok(match exchange.plain_query() {
            Some(text) => Self::Plain(text),
            None => Self::Decoded(exchange.query()?.iter()),
        })
    }
}

impl<'r> Iterator for PairsOf<'r> {
    type Item = (&'r str, Option<&'r str>);

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::Plain(text) => {
                let (key, value, rest) = first_pair(text.trim_start_matches('&'))?;
                *text = rest;
                Some((key, Some(value)))
            }
            Self::Decoded(pairs) => pairs.next().map(|(key, value)| (key.as_str(), value.as_deref())),
        }
    }
}

/// Key and value of the first pair, and what follows it. One walk, byte by byte, is faster than searches in texts as short as these.
#[inline]
fn first_pair(text: &str) -> Option<(&str, &str, &str)> {
    if text.is_empty() {
        return None;
    }
    let bytes = text.as_bytes();
    let (mut equals, mut end) = (None, 0);
    while end < bytes.len() && bytes[end] != b'&' {
        if bytes[end] == b'=' && equals.is_none() {
            equals = Some(end);
        }
        end += 1;
    }
    let (pair, rest) = text.split_at(end);
    let (key, value) = equals.map_or((pair, ""), |at| (&pair[..at], &pair[at + 1..]));
    Some((key, value, rest))
}

impl<'r> QueryValues<'r> {
    /// The key.
    pub fn key(&self) -> &'static str {
        self.key
    }

    /// Reads the next value. `None` if there is none left.
    ///
    /// # Errors
    /// The problem of a value that does not parse, or is not UTF-8.
    pub fn read<T: FromParam<'r>>(&mut self) -> Option<Result<T, Problem>> {
        let (_, value) = self.pairs.by_ref().find(|(key, _)| *key == self.key)?;
        let Some(value) = value else {
            let problem = Problem::new(StatusCode::BAD_REQUEST)
                .with_detail(format!("query parameter `{}` {NOT_UTF8}", self.key))
                .with_error(NOT_UTF8, format!("query/{}", self.key));
            return Some(Err(problem));
        };
        Some(T::from_param(value).ok_or_else(|| self.malformed(T::EXPECTED, value)))
    }

    /// The problem of a parameter that must be there.
    #[cold]
    pub fn missing(&self, expected: &str) -> Problem {
        Problem::new(StatusCode::BAD_REQUEST)
            .with_detail(format!("query parameter `{}` is missing: it should be {expected}", self.key))
            .with_error(format!("is missing: should be {expected}"), format!("query/{}", self.key))
    }

    /// The problem of a value that does not parse.
    #[cold]
    pub fn malformed(&self, expected: &str, value: &str) -> Problem {
        malformed("query parameter", "query", self.key, expected, value)
    }
}

impl<'r> Iterator for QueryValues<'r> {
    type Item = &'r str;

    fn next(&mut self) -> Option<&'r str> {
        self.pairs.by_ref().filter(|(key, _)| *key == self.key).find_map(|(_, value)| value)
    }
}

/// The first value counts if there are several.
#[diagnostic::do_not_recommend]
impl<'r, T: FromParam<'r>> FromQuery<'r> for T {
    const EXPECTED: &'static str = T::EXPECTED;

    fn from_query(mut values: QueryValues<'r>) -> Result<Self, Problem> {
        values.read().unwrap_or_else(|| Err(values.missing(T::EXPECTED)))
    }

    fn describe(description: &mut Description) {
        T::describe(description);
    }
}

#[diagnostic::do_not_recommend]
impl<'r, T: FromParam<'r>> FromQuery<'r> for Option<T> {
    const EXPECTED: &'static str = T::EXPECTED;

    fn from_query(mut values: QueryValues<'r>) -> Result<Self, Problem> {
        values.read().transpose()
    }

    fn describe(description: &mut Description) {
        T::describe(description);
    }
}

#[diagnostic::do_not_recommend]
impl<'r, T: FromParam<'r>> FromQuery<'r> for Vec<T> {
    const EXPECTED: &'static str = T::EXPECTED;

    fn from_query(mut values: QueryValues<'r>) -> Result<Self, Problem> {
        std::iter::from_fn(|| values.read()).collect()
    }

    fn describe(description: &mut Description) {
        T::describe(description);
    }
}

/// Never rejects: the handler gets the problem as a value, also where the parameter is missing.
#[diagnostic::do_not_recommend]
impl<'r, T: FromParam<'r>> FromQuery<'r> for Result<T, Problem> {
    const EXPECTED: &'static str = T::EXPECTED;

    fn from_query(values: QueryValues<'r>) -> Result<Self, Problem> {
        Ok(FromQuery::from_query(values))
    }

    fn describe(description: &mut Description) {
        T::describe(description);
    }
}

/// Reads the query parameter `key`.
fn query<'r, T: FromQuery<'r>>(exchange: &'r Exchange<'r>, key: &'static str) -> Result<T, Problem> {
    T::from_query(QueryValues { key, pairs: PairsOf::of(exchange)? })
}

/// Reads the whole query into a struct.
pub(crate) fn query_struct<T: DeserializeOwned>(exchange: &Exchange<'_>) -> Result<T, Problem> {
    read(exchange.query()?)
}

fn read<T: DeserializeOwned>(pairs: &Pairs) -> Result<T, Problem> {
    urlencoded::read(pairs)
        .map_err(|fault| fault.problem(StatusCode::BAD_REQUEST, "query parameter", "query/"))
}

/// The query, read into a struct with serde; unknown keys are ignored, a `Vec` field collects repeats.
///
/// A missing or malformed field is a 400 that names it. Inside a handler's pattern `?<filter..>` does the same.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Query<T>(pub T);

impl<T: Readable + Send> FromRequest for Query<T> {
    type Rejection = Problem;
    type State = ();

    async fn from_request(cx: &mut RequestContext<'_, Self>) -> Result<Self, Problem> {
        read(cx.exchange.query()?).map(Self)
    }

    fn is_absent(cx: &RequestContext<'_, Self>) -> bool {
        cx.uri().query().is_none_or(str::is_empty)
    }
}

impl<T> Deref for Query<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for Query<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}
