//! What stands in a `with(...)` and can be no middleware.

use super::cursor::{flatten, is_punct, split_commas};
use super::source::may_be_own;
use crate::model::Tokens;
use crate::token::{Delimiter, Ident, Named, TokenTree};

/// `[first, second]` or `(first, second)`, which nobody can make a middleware of.
pub(super) fn is_several(member: &Tokens) -> bool {
    let [TokenTree::Group(group)] = member.0.as_slice() else { return false };
    match group.delimiter() {
        Delimiter::Bracket => true,
        // A closure has commas between its arguments.
        Delimiter::Parenthesis => {
            let inside = flatten(group.stream());
            !inside.iter().any(|token| is_punct(token, '|')) && split_commas(&inside).len() > 1
        }
        Delimiter::Brace | Delimiter::None => false,
    }
}

/// Layers of tower and tower-http. No word that an application would call a middleware of its own by, since where that is declared cannot
/// always be seen.
const LAYERS: &[&str] = &[
    "TraceLayer",
    "CorsLayer",
    "CompressionLayer",
    "DecompressionLayer",
    "TimeoutLayer",
    "RequestBodyLimitLayer",
    "ConcurrencyLimitLayer",
    "SetRequestIdLayer",
    "PropagateRequestIdLayer",
    "SetResponseHeaderLayer",
    "ServiceBuilder",
];

/// Members of the library, and how one of each is made.
const MEMBERS: &[(&str, &str)] = &[
    ("BodyLimit", "BodyLimit::new(1024 * 1024)"),
    ("Compression", "Compression::default()"),
    ("ConcurrencyLimit", "ConcurrencyLimit::new(256)"),
    ("ConditionalRequests", "ConditionalRequests::default()"),
    ("Cors", "Cors::default()"),
    ("Logging", "Logging::default()"),
    ("RateLimit", "RateLimit::per_second(10)"),
    ("RequestIds", "RequestIds::default()"),
    ("SecurityHeaders", "SecurityHeaders::default()"),
    ("Timeout", "Timeout::new(Duration::from_secs(5))"),
];

/// A member of the library by its type alone, and how one is made.
pub(super) fn type_alone(member: &Tokens) -> Option<(&Ident, &'static str)> {
    let [TokenTree::Ident(name)] = member.0.as_slice() else { return None };
    let (_, made) = MEMBERS.iter().find(|(known, _)| name.is(known))?;
    (!may_be_own(name)).then_some((name, made))
}

/// The name of a layer of tower that is not imported, of which rustc would say so as a type and as a value.
pub(super) fn layer(member: &Tokens) -> Option<&Ident> {
    let [TokenTree::Ident(name), rest @ ..] = member.0.as_slice() else { return None };
    let called = rest.is_empty() || rest.first().is_some_and(|token| is_punct(token, ':'));
    (called && name.is_one_of(LAYERS) && !may_be_own(name)).then_some(name)
}
