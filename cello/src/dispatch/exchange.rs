//! One request at its handler: [`Exchange`].

use std::fmt;
use std::sync::OnceLock;

use cello_routing::Captures;
use http::{StatusCode, request};
use percent_encoding::percent_decode_str;

use super::settings::{BodyLimits, Prepared};
use super::{Call, Here};
use crate::Problem;
use crate::extract::{Pairs, pairs};
use crate::route::RouteMeta;

/// The most parameters that a query may have for a handler that reads it.
const MOST_QUERY_PARAMS: usize = 1_000;

/// One request at its handler: its head, its parameters, and what the application shares.
pub struct Exchange<'a> {
    pub(crate) parts: request::Parts,
    pub(crate) call: &'a Call<'a>,
    route: usize,
    captures: &'a Captures,
    /// The parameters of a path that holds escapes; others are read from the path itself.
    decoded: Option<Box<[String]>>,
    query: OnceLock<Vec<(String, Option<String>)>>,
}

impl<'a> Exchange<'a> {
    /// Fails, and gives the head back, if the escapes of a parameter do not decode.
    pub(super) fn new(
        parts: request::Parts,
        call: &'a Call<'a>,
        route: usize,
        captures: &'a Captures,
    ) -> Result<Self, Box<(Problem, request::Parts)>> {
        let mut exchange = Self { parts, call, route, captures, decoded: None, query: OnceLock::new() };
        if call.path().contains('%') {
            let decoded: Option<Box<[String]>> = (0..exchange.captures.len())
                .map(|index| {
                    let raw = exchange.raw(index)?;
                    percent_decode_str(raw).decode_utf8().ok().map(std::borrow::Cow::into_owned)
                })
                .collect();
            let Some(decoded) = decoded else {
                let problem = Problem::new(StatusCode::BAD_REQUEST).with_detail("the path is not UTF-8 text");
                return Err(Box::new((problem, exchange.parts)));
            };
            exchange.decoded = Some(decoded);
        }
        Ok(exchange)
    }

    pub(crate) fn route(&self) -> Option<&'static RouteMeta> {
        self.call.shared.metas.get(self.route)
    }

    pub(super) fn prepared(&self) -> &'a Prepared {
        self.call.shared.prepared(self.route)
    }

    /// What the handler's own messages are told.
    pub(super) fn here(&self) -> Here {
        Here { route: self.route(), request_id: self.parts.extensions.get().copied() }
    }

    pub(crate) fn body_limits(&self) -> BodyLimits {
        self.prepared().body_limits
    }

    /// The path parameter that is the `from_end`-th from the end, decoded.
    pub(crate) fn param(&self, from_end: usize) -> Option<&str> {
        let index = self.captures.len().checked_sub(from_end)?;
        match &self.decoded {
            Some(decoded) => decoded.get(index).map(String::as_str),
            None => self.raw(index),
        }
    }

    fn raw(&self, index: usize) -> Option<&str> {
        let path = self.call.shared.below_base(self.call.path())?;
        path.get(self.captures.get(index)?)
    }

    /// The pairs of the query, decoded.
    pub(crate) fn query(&self) -> Result<&Pairs, Problem> {
        let Some(text) = self.parts.uri.query() else { return Ok(&[]) };
        if let Some(pairs) = self.query.get() {
            return Ok(pairs);
        }
        let read = pairs(text, MOST_QUERY_PARAMS).ok_or_else(|| {
            Problem::new(StatusCode::BAD_REQUEST)
                .with_detail(format!("the query has more than {MOST_QUERY_PARAMS} parameters"))
        })?;
        Ok(self.query.get_or_init(|| read))
    }
}

impl fmt::Debug for Exchange<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchange")
            .field("route", &self.route())
            .field("parts", &self.parts)
            .finish_non_exhaustive()
    }
}

/// The 500 for state that is not there; a compiled application always has it.
#[cold]
pub(crate) fn no_state<T>() -> Problem {
    tracing::error!(target: "cello", "the state for `{}` is missing", std::any::type_name::<T>());
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR)
}

/// The 500 for a parameter that the route does not have; generated code never asks for one.
#[cold]
pub(crate) fn no_param(name: &str) -> Problem {
    tracing::error!(target: "cello", "the route has no parameter `{name}`");
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR)
}
