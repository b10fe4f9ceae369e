//! What is written in other frameworks, where Cello has something else: state, and what is taken of a request.

use crate::diagnostics::Fault;
use crate::model::Argument;
use crate::read::cursor::{flatten, is_ident};
use crate::read::source;
use crate::read::types::{generic, last_segment, mentions, written};
use crate::token::{Ident, Named, Span, TokenTree};

/// What other frameworks hand over to be written to.
pub(super) const RESPONSES: &[&str] = &["Response", "HttpResponse", "ResponseWriter"];

/// State as other frameworks take it: `State(users): State<Users>`, `Extension<Users>`, `web::Data<Users>`. `name` is what the type is
/// called.
pub(super) fn other_state(arg: &Argument, name: &str) -> Option<((Span, Span), Fault)> {
    const NAMES: &[&str] = &["State", "Arc", "Box", "Data"];
    if !NAMES.contains(&name) && !FOREIGN.contains(&name) {
        return None;
    }
    let ty = &arg.ty.0;
    if let (Some(inner), [TokenTree::Ident(outer), TokenTree::Group(inside)]) =
        (generic(ty, "State"), arg.pattern.0.as_slice())
        && outer.is("State")
    {
        let name = match flatten(inside.stream()).as_slice() {
            [TokenTree::Ident(name)] => name.to_string(),
            _ => "state".to_owned(),
        };
        return Some((
            arg.pattern.ends(),
            Fault::StatePattern { name, inner: unshared(owned_state(&inner)) },
        ));
    }
    if let (Some(inner), Some(word)) = (generic(ty, "State"), last_segment(ty))
        && let Some(inner) = inner.strip_prefix('&').filter(|inner| !inner.starts_with('\''))
        && !source::may_be_own(word)
    {
        return Some((arg.ty.ends(), Fault::StateOfReference { ty: written(ty), inner: owned_state(inner) }));
    }
    // No crate but Cello's own could make an extractor of an `Arc`, and nobody does of a `Box<dyn Trait>`.
    let boxed = || generic(ty, "Box").filter(|inner| inner.starts_with("dyn "));
    if let Some(inner) = generic(ty, "Arc").or_else(boxed) {
        return Some((arg.ty.ends(), Fault::SharedByValue { ty: written(ty), inner }));
    }
    let ours =
        |inner, of_request| Fault::ForeignState { ty: written(ty), inner: unshared(inner), of_request };
    let of_web = ty.first().is_some_and(|first| is_ident(first, "web")) || mentions(ty, "actix_web");
    let data = generic(ty, "Data").filter(|inner| of_web || inner.starts_with('&'));
    if let Some(inner) = data {
        return Some((arg.ty.ends(), ours(inner.trim_start_matches('&').to_owned(), false)));
    }
    if !is_foreign(ty) {
        return None;
    }
    if let Some(inner) = generic(ty, "Extension") {
        return Some((arg.ty.ends(), ours(inner, true)));
    }
    if name == "HttpRequest" {
        return Some((arg.ty.ends(), Fault::ForeignRequest { ty: written(ty) }));
    }
    if RESPONSES.contains(&name) {
        return Some((arg.ty.ends(), Fault::ResponseArgument { ty: written(ty) }));
    }
    let injected = generic(ty, "Depends");
    injected.map(|inner| (arg.ty.ends(), Fault::Injected { ty: written(ty), inner }))
}

/// What other frameworks call an extractor: the name, what that is here, and what to write. No word that an application would call a type of
/// its own by, since where that is declared cannot always be seen (a macro that is not given the name).
const EXTRACTORS: &[(&str, &str, &str)] = &[
    ("ConnectInfo", CLIENT, TAKE_CLIENT),
    ("PeerAddr", CLIENT, TAKE_CLIENT),
    ("TypedHeader", "a header field is a `Header`", "write `Header<{}>`"),
    ("BearerAuth", "a token is a header field", "write `Header<Authorization<Bearer>>`"),
    ("CookieJar", COOKIES, TAKE_COOKIES),
    ("OriginalUri", TARGET, TAKE_TARGET),
    ("RawQuery", TARGET, TAKE_TARGET),
    ("RawBody", BODY, TAKE_BODY),
    ("BodyStream", BODY, TAKE_BODY),
    ("Multipart", PARTS, TAKE_PARTS),
    ("UploadFile", PARTS, TAKE_PARTS),
    (
        "WebSocketUpgrade",
        "a connection leaves HTTP by an `Upgrade`",
        "write `cello::Upgrade`, and hand what `on_upgrade` gives to a crate that speaks WebSocket",
    ),
];

const CLIENT: &str = "the address of the client is a `ClientAddr`";
const TAKE_CLIENT: &str = "write `ClientAddr`, whose field `.0` is a `SocketAddr`";
const COOKIES: &str = "cookies are read from their header field";
const TAKE_COOKIES: &str = "take `&HeaderMap`, and read its field `cookie`";
const TARGET: &str = "the target of a request is a `Uri`";
const TAKE_TARGET: &str = "write `&Uri`";
const BODY: &str = "a body that is read as it comes is a `Body`";
const TAKE_BODY: &str = "write `Body`, whose pieces `next_data()` gives";
const PARTS: &str = "a form of several parts is read from the body";
const TAKE_PARTS: &str =
    "write `body: Body`, and give it and its `content-type` to a crate that reads `multipart/form-data`";

/// An extractor by its name elsewhere: `ConnectInfo<SocketAddr>`. `name` is what the type is called.
pub(super) fn other_extractor(ty: &[TokenTree], name: &str) -> Option<Fault> {
    let (_, means, instead) = EXTRACTORS.iter().find(|(known, ..)| *known == name)?;
    if !is_by_another_name(ty) {
        return None;
    }
    let instead = instead.replace("{}", &generic(ty, name).unwrap_or_else(|| "...".to_owned()));
    Some(Fault::ForeignExtractor { ty: written(ty), means, instead })
}

/// The field of a `Header<"user-agent">`, which other frameworks name by its text.
pub(super) fn header_by_text(ty: &[TokenTree]) -> Option<String> {
    let inner = generic(ty, "Header")?;
    let text = inner.strip_prefix('"')?.strip_suffix('"')?;
    (!text.contains('"')).then(|| text.to_lowercase())
}

/// Types of other frameworks that can stand in a signature.
const FOREIGN: &[&str] = &[
    "Path",
    "Extension",
    "HttpRequest",
    "Depends",
    "Response",
    "HttpResponse",
    "ResponseWriter",
    "Responder",
    "Reply",
];

/// Whether a type that has the name of a type of another framework is not one of the user's own.
pub(super) fn is_foreign(ty: &[TokenTree]) -> bool {
    last_segment(ty).is_one_of(FOREIGN) && is_by_another_name(ty)
}

/// Whether a type that is called so elsewhere is meant: by the path of a framework, or since the user has none of that name.
pub(super) fn is_by_another_name(ty: &[TokenTree]) -> bool {
    is_another(ty, source::may_be_own)
}

/// Whether what everybody knows as an extractor is one: unless the file shows a type of the user's own, for a glob import seldom brings one.
pub(super) fn is_known(ty: &[TokenTree]) -> bool {
    is_another(ty, source::is_own)
}

fn is_another(ty: &[TokenTree], is_own: fn(&Ident) -> bool) -> bool {
    let Some(name) = last_segment(ty) else { return false };
    match ty.iter().find_map(|token| if let TokenTree::Ident(first) = token { Some(first) } else { None }) {
        Some(first) if !first.is(&name.to_string()) => {
            source::is_framework(&first.to_string()) && !source::is_own(first)
        }
        _ => !is_own(name),
    }
}

/// What is shared where somebody writes a reference to it: a type that a state can hold.
pub(super) fn owned_state(inner: &str) -> String {
    let inner = inner.trim_start_matches('&');
    let inner = inner.strip_prefix("mut ").unwrap_or(inner);
    match inner.strip_prefix('[').and_then(|list| list.strip_suffix(']')) {
        _ if inner == "str" => "String".to_owned(),
        Some(of) if !of.contains(';') => format!("Vec<{of}>"),
        _ => inner.to_owned(),
    }
}

/// What other frameworks keep in an `Arc` the state of an application shares itself.
fn unshared(inner: String) -> String {
    match inner.strip_prefix("Arc<").and_then(|inner| inner.strip_suffix('>')) {
        Some(shared) if !shared.starts_with("dyn ") => shared.to_owned(),
        _ => inner,
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::{is_by_another_name, is_known};
    use crate::read::cursor::flatten;

    #[test]
    fn a_path_that_begins_in_no_framework_leads_to_a_type_of_the_users_own() {
        let is_foreign = |ty| is_by_another_name(&flatten(ty));
        assert!(!is_foreign(quote!(domain::Preconditions)));
        assert!(!is_foreign(quote!(crate::domain::ETag)));
        assert!(!is_known(&flatten(quote!(game::State))));
        assert!(is_foreign(quote!(Preconditions)));
        assert!(is_foreign(quote!(::cello::Preconditions)));
        assert!(is_foreign(quote!(http::HeaderMap)));
    }
}
