//! From method and target to a route, or to the answer for a request that has none.

use std::hint::cold_path;

use cello_routing::{Captures, Lookup, Malformed, MalformedKind, Match, MethodId, Methods, Pattern};
use http::{HeaderValue, Method, StatusCode, Uri, header, request};

use super::refused::Refused;
use super::settings::{Prepared, Shared, TrailingSlash};
use crate::middleware::Scopes;
use crate::problem::shown;
use crate::route::RouteMeta;
use crate::{IntoResponse, Problem, Response};

/// Where a request was routed to.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Routed<'l> {
    /// To a handler: its route, and where the parameters stand below the base path.
    Route {
        route: &'l Prepared,
        captures: &'l Captures,
    },
    /// To the same path with or without its last slash.
    Redirect,
    /// To the answer for `OPTIONS`.
    Options(Methods),
    /// There is no route for the method.
    MethodNotAllowed(Methods),
    /// Nobody knows the method, or it is `CONNECT`.
    NotImplemented,
    NotFound,
    Malformed(Malformed),
    /// The server refuses its head; nothing is looked up.
    Refused(Refused),
}

impl Shared {
    /// Where a request goes. What is found stays in its place, since it would be much to copy.
    #[inline]
    pub(super) fn routed<'l>(&'l self, request: &request::Parts, place: &'l mut Lookup) -> Routed<'l> {
        if !request.extensions.is_empty() {
            cold_path();
            if let Some(refused) = request.extensions.get() {
                return Routed::Refused(*refused);
            }
        }
        self.route(&request.method, &request.uri, place)
    }

    /// Finds the route for a request; its cost is bounded by a number known at compile time, and nothing is allocated.
    pub(crate) fn route<'l>(&'l self, method: &Method, uri: &Uri, place: &'l mut Lookup) -> Routed<'l> {
        // Not for `#[any]` or the fallback either: success would make a tunnel of the connection, which nobody serves.
        if *method == Method::CONNECT {
            return Routed::NotImplemented;
        }
        let id = if *method == Method::GET { Some(MethodId::GET) } else { self.method_of(method) };
        if let Some(path) = self.below_base(uri.path()) {
            self.table.lookup_into(id, path.as_bytes(), place);
            if matches!(place, Lookup::Found(_)) && self.settings.trailing_slash == TrailingSlash::Ignore {
                return self.to_route(place);
            }
        } else {
            let is_of_server = uri.path() == "*" && *method == Method::OPTIONS;
            *place = if is_of_server { Lookup::Options(Methods::OPTIONS) } else { Lookup::NotFound };
        }
        self.judged(method, uri, place)
    }

    /// The route of what is found; by itself, since what borrows from a place in one arm cannot be given back beside one that changes it.
    #[inline]
    fn to_route<'l>(&'l self, found: &'l Lookup) -> Routed<'l> {
        match *found {
            Lookup::Found(Match { route, ref captures, .. }) => {
                Routed::Route { route: self.prepared(route), captures }
            }
            _ => Routed::NotFound, // it is found
        }
    }

    #[inline(never)] // most requests are `GET`
    fn method_of(&self, method: &Method) -> Option<MethodId> {
        self.table.method(method.as_str())
    }

    /// What is found, where the slash at its end counts or there is no handler.
    #[cold]
    fn judged<'l>(&'l self, method: &Method, uri: &Uri, place: &'l mut Lookup) -> Routed<'l> {
        if self.settings.trailing_slash == TrailingSlash::Strict
            && !matches!(place, Lookup::Found(_))
            && let Some(path) = self.below_base(uri.path())
        {
            self.hold_to_slashes(path, place);
        }
        match *place {
            Lookup::Found(Match { route, ref captures, trailing_slash }) => {
                let route = self.prepared(route);
                let found = Routed::Route { route, captures };
                let is_written = || route.meta.trailing_slash();
                match self.settings.trailing_slash {
                    TrailingSlash::Ignore => found,
                    _ if is_written() == trailing_slash || uri.path() == "/" => found,
                    TrailingSlash::Redirect => Routed::Redirect,
                    TrailingSlash::Strict => Routed::NotFound,
                }
            }
            Lookup::Options(allowed) => Routed::Options(allowed),
            // A path may have moved here for some of its methods only.
            Lookup::MethodNotAllowed(_) | Lookup::UnknownMethod(_) if self.settings.fallback.is_some() => {
                Routed::NotFound
            }
            Lookup::MethodNotAllowed(allowed) => Routed::MethodNotAllowed(allowed),
            Lookup::UnknownMethod(_) => Routed::NotImplemented,
            Lookup::NotFound
                if self.table.method(method.as_str()).is_none() && self.settings.fallback.is_none() =>
            {
                Routed::NotImplemented
            }
            Lookup::NotFound => Routed::NotFound,
            Lookup::Malformed(malformed) => {
                let above = self.below_base(uri.path()).map_or(0, |below| uri.path().len() - below.len());
                Routed::Malformed(Malformed { at: above + malformed.at, ..malformed })
            }
        }
    }

    /// With strict slashes: of the methods that a path has, those whose routes are written with its slash.
    fn hold_to_slashes(&self, path: &str, place: &mut Lookup) {
        if let Lookup::Options(all) | Lookup::MethodNotAllowed(all) | Lookup::UnknownMethod(all) = *place {
            *place = match (self.with_slash_of(path, all), &*place) {
                (None, _) => Lookup::NotFound,
                (Some(allowed), Lookup::Options(_)) => Lookup::Options(allowed),
                (Some(allowed), Lookup::MethodNotAllowed(_)) => Lookup::MethodNotAllowed(allowed),
                (Some(_), _) => Lookup::UnknownMethod(all),
            };
        }
    }

    /// Those of these methods whose routes for the path are written with its slash, if there is any.
    fn with_slash_of(&self, path: &str, all: Methods) -> Option<Methods> {
        let mut allowed = None;
        for name in self.table.names(all) {
            let id = self.table.method(name);
            let Lookup::Found(found) = self.table.lookup_method(id, path.as_bytes()) else { continue };
            let written = self.metas.get(found.route).is_some_and(RouteMeta::trailing_slash);
            if let Some(id) = id
                && (written == found.trailing_slash || path == "/")
            {
                allowed = Some(allowed.unwrap_or(Methods::OPTIONS).with(id.methods()));
            }
        }
        allowed
    }

    /// The path below the base path, if it is there.
    #[inline]
    pub(crate) fn below_base<'p>(&self, path: &'p str) -> Option<&'p str> {
        let base = &self.settings.base_path;
        if base.is_empty() { path.starts_with('/').then_some(path) } else { below(base, path) }
    }

    pub(super) fn methods(&self, methods: Methods) -> Vec<Method> {
        self.table.names(methods).filter_map(|name| name.parse().ok()).collect()
    }

    /// The value of `Allow`.
    pub(crate) fn allow(&self, methods: Methods) -> HeaderValue {
        let names: Vec<_> = self.table.names(methods).collect();
        // Method names are tokens, which every header can hold.
        HeaderValue::try_from(names.join(", ")).unwrap_or(HeaderValue::from_static(""))
    }
}

impl<'l> Routed<'l> {
    /// The route that was found.
    #[inline]
    pub(super) fn route(&self) -> Option<&'l Prepared> {
        match *self {
            Self::Route { route, .. } => Some(route),
            _ => None,
        }
    }

    #[inline]
    pub(super) fn meta(&self) -> Option<&'static RouteMeta> {
        self.route().map(|route| route.meta)
    }

    /// The middleware of the route and its blueprints.
    #[inline]
    pub(super) fn scopes(&self) -> Option<&'l Scopes> {
        self.route()?.scopes.as_ref()
    }

    pub(super) fn is_not_found(&self) -> bool {
        matches!(self, Self::NotFound)
    }

    /// The answer for a request that has no handler.
    pub(super) fn answer(&self, shared: &Shared, method: &Method, uri: &Uri) -> Response {
        let path = uri.path();
        match self {
            Self::Options(methods) => {
                (StatusCode::NO_CONTENT, [(header::ALLOW, shared.allow(*methods))], ()).into_response()
            }
            Self::Redirect => redirected(uri),
            Self::MethodNotAllowed(methods) => {
                let allow = shared.allow(*methods);
                let list = allow.to_str().unwrap_or_default().to_owned();
                Problem::new(StatusCode::METHOD_NOT_ALLOWED)
                    .with_detail(format!("{} takes {list}, not {method}", shown(path)))
                    .with_header(header::ALLOW, allow)
                    .into_response()
            }
            Self::NotImplemented => Problem::new(StatusCode::NOT_IMPLEMENTED)
                .with_detail(format!("this server does not implement the method {}", shown(method.as_str())))
                .into_response(),
            Self::Malformed(malformed) => {
                let what = match malformed.kind {
                    MalformedKind::Escape => "a `%` is not followed by two hexadecimal digits",
                    MalformedKind::Utf8 => "the path is not UTF-8 text",
                };
                Problem::new(StatusCode::BAD_REQUEST)
                    .with_detail(format!("{what}, at byte {} of the path", malformed.at))
                    .into_response()
            }
            Self::Refused(refused) => refused.problem().into_response(),
            Self::NotFound | Self::Route { .. } => Problem::new(StatusCode::NOT_FOUND)
                .with_detail(format!("there is nothing at {}", shown(path)))
                .into_response(),
        }
    }
}

/// The path below this base, if it is there.
#[inline(never)] // few applications have one
fn below<'p>(base: &str, path: &'p str) -> Option<&'p str> {
    match path.strip_prefix(base).or_else(|| after_escaped(base, path))? {
        "" => Some("/"),
        below => below.starts_with('/').then_some(below),
    }
}

/// What follows the base in a path that writes some of it with escapes: those of unreserved characters are the
/// characters, and the case of the digits does not matter, as in the table.
fn after_escaped<'p>(base: &str, path: &'p str) -> Option<&'p str> {
    let (mut base, mut rest) = (base.as_bytes(), path.as_bytes());
    while let [wanted, after @ ..] = base {
        (base, rest) = match (after, rest) {
            ([high, low, after @ ..], [b'%', a, b, rest @ ..]) if *wanted == b'%' => {
                (a.eq_ignore_ascii_case(high) && b.eq_ignore_ascii_case(low)).then_some((after, rest))?
            }
            (_, [b'%', high, low, rest @ ..]) => {
                let digit = |byte: u8| char::from(byte).to_digit(16);
                let byte = u8::try_from(digit(*high)? * 16 + digit(*low)?).ok()?;
                let unreserved = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
                (byte == *wanted && unreserved).then_some((after, rest))?
            }
            (_, [byte, rest @ ..]) if byte == wanted => (after, rest),
            _ => return None,
        };
    }
    path.get(path.len() - rest.len()..)
}

/// 308 to the same target with the last slash of its path added or taken away.
fn redirected(uri: &Uri) -> Response {
    let path = uri.path();
    let other = path.strip_suffix('/').map_or_else(|| format!("{path}/"), str::to_owned);
    let target = match uri.query() {
        Some(query) => format!("{other}?{query}"),
        None => other,
    };
    match HeaderValue::try_from(target) {
        // `//host` leads to another host, and browsers read `/\host` as the same.
        Ok(location) if !matches!(location.as_bytes(), [b'/', b'/' | b'\\', ..]) => {
            (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, location)], ()).into_response()
        }
        _ => Problem::new(StatusCode::NOT_FOUND).into_response(),
    }
}

/// The base path as it is kept: without a slash at its end. No text is no base path, as an unset variable gives it.
pub(crate) fn check_base_path(prefix: &str) -> crate::Result<String> {
    if prefix.is_empty() {
        return Ok(String::new());
    }
    let bad = |why: String| crate::Error::msg(format!("the base path `{prefix}` cannot be used: {why}"));
    let pattern = Pattern::parse_prefix(prefix).map_err(|error| bad(error.to_string()))?;
    if pattern.param_count() > 0 {
        return Err(bad("it holds a parameter; write it out".to_owned()));
    }
    Ok(prefix.trim_end_matches('/').to_owned())
}
