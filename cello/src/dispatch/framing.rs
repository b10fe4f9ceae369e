//! The end of each response: what its head says of its content is true, and its status is one that can be sent.
//!
//! A response whose length is a lie would be read as two, or would make the next one unreadable.

use std::hint::cold_path;

use http::{HeaderMap, HeaderValue, Method, StatusCode, header, request};

use super::Call;
use crate::route::RouteMeta;
use crate::{Body, IntoResponse, Problem, Response, upgrade};

/// What a request means for the status and the framing of its response.
///
/// One byte, for it is kept with each request.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked(u8);

impl Asked {
    const HEAD: u8 = 1;
    const CONNECT: u8 = 1 << 1;
    /// Its connection can change its protocol, and somebody other than an [`Upgrade`](crate::Upgrade) may do so.
    const MAY_SWITCH: u8 = 1 << 2;

    #[inline]
    pub(super) fn by(request: &request::Parts) -> Self {
        let if_so = |flag: u8, so: bool| if so { flag } else { 0 };
        Self(
            if_so(Self::HEAD, request.method == Method::HEAD)
                | if_so(Self::CONNECT, request.method == Method::CONNECT)
                | if_so(Self::MAY_SWITCH, upgrade::is_asked(request)),
        )
    }

    /// Whether it is any of these.
    #[inline]
    fn is_any(self, flags: u8) -> bool {
        self.0 & flags != 0
    }
}

/// The refusal for a response that cannot be sent: see [`refuse_interim`]. And success would make a tunnel of the
/// connection of a `CONNECT`, behind which there is nobody.
#[inline]
pub(super) fn refuse(
    response: &Response,
    asked: Asked,
    route: impl FnOnce() -> Option<&'static RouteMeta>,
) -> Option<Response> {
    if asked.is_any(Asked::CONNECT) && response.status().is_success() {
        cold_path();
        return Some(Problem::new(StatusCode::NOT_IMPLEMENTED).into_response());
    }
    refuse_interim(response, asked.is_any(Asked::MAY_SWITCH), route)
}

/// The 500 for a response whose status only announces another one: nobody would send that other one. A change of
/// protocol is meant if an [`Upgrade`](crate::Upgrade) has made it, or if somebody `may_switch`.
#[inline]
pub(super) fn refuse_interim(
    response: &Response,
    may_switch: bool,
    route: impl FnOnce() -> Option<&'static RouteMeta>,
) -> Option<Response> {
    if response.status().is_informational() {
        refused_unless_it_switches(response, may_switch, route())
    } else {
        None
    }
}

#[cold]
fn refused_unless_it_switches(
    response: &Response,
    may_switch: bool,
    route: Option<&'static RouteMeta>,
) -> Option<Response> {
    let status = response.status();
    if status == StatusCode::SWITCHING_PROTOCOLS && (may_switch || upgrade::is_agreed(response)) {
        return None;
    }
    complain(route, format_args!("a response has the status {}, which ends no request", status.as_u16()));
    Some(Problem::new(StatusCode::INTERNAL_SERVER_ERROR).into_response())
}

/// Whether a response with this status has no content, whatever its body holds and whoever asks (RFC 9110, section 6.4.1).
#[inline]
pub(crate) fn has_no_content(status: StatusCode) -> bool {
    status != StatusCode::OK && is_without_content(status)
}

#[inline(never)] // the status of most responses is 200
fn is_without_content(status: StatusCode) -> bool {
    let without = [StatusCode::NO_CONTENT, StatusCode::RESET_CONTENT, StatusCode::NOT_MODIFIED];
    status.is_informational() || without.contains(&status)
}

/// Makes of the response one that can be sent, as nearly all are.
#[inline(always)] // short, and in the way of every response
pub(super) fn finish(response: &mut Response, call: &Call<'_>) {
    let asked = call.framing;
    let status = response.status();
    if states_framing(response.headers())
        || has_no_content(status)
        || asked.is_any(Asked::HEAD | Asked::CONNECT)
    {
        if let Some(refused) = refuse(response, asked, || call.route()) {
            *response = call.rendered(refused);
        }
        correct(response, asked, call.route());
    }
}

/// Whether a head says how its content is framed. Few responses have any of these fields, and to look at all names is cheaper than
/// to look up one.
#[inline]
fn states_framing(headers: &HeaderMap) -> bool {
    headers.keys().any(|name| *name == header::CONTENT_LENGTH || *name == header::TRANSFER_ENCODING)
}

/// Makes what the head says of its content true.
#[inline(never)] // not in the way of those that say nothing
fn correct(response: &mut Response, asked: Asked, route: Option<&'static RouteMeta>) {
    let states_framing = states_framing(response.headers());
    // How content is cut into pieces is for the connection to say.
    if states_framing {
        response.headers_mut().remove(header::TRANSFER_ENCODING);
    }
    match response.status() {
        StatusCode::SWITCHING_PROTOCOLS | StatusCode::NO_CONTENT => {
            response.headers_mut().remove(header::CONTENT_LENGTH);
        }
        StatusCode::RESET_CONTENT => {
            response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        // The length of a 304 is that of the response that need not be sent.
        status if has_no_content(status) => {
            if states_framing {
                make_true(response.headers_mut(), None, route);
            }
        }
        _ if asked.is_any(Asked::HEAD) => {
            if states_framing {
                // Who gives no body may still know how long it would be.
                let len = response.body().exact_len().filter(|len| *len > 0);
                make_true(response.headers_mut(), len, route);
            }
            state_length(response, route);
        }
        _ if !states_framing => return,
        _ => {
            let len = response.body().exact_len();
            make_true(response.headers_mut(), len, route);
            return hold_to_length(response);
        }
    }
    *response.body_mut() = Body::empty();
}

/// The answer to `HEAD` is the head of the answer to `GET`, with the length that its body has.
///
/// A handler written for `HEAD` that gives no body does not say that the body of `GET` is empty.
fn state_length(response: &mut Response, route: Option<&'static RouteMeta>) {
    let own_handler = route.is_some_and(|route| route.methods().contains(&"HEAD"));
    if let Some(len) = response.body().exact_len()
        && (len > 0 || !own_handler)
        && !response.headers().contains_key(header::CONTENT_LENGTH)
    {
        response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(len));
    }
}

/// Holds a body that does not know its length to the one that its head states: where it is shorter, it fails.
pub(crate) fn hold_to_length(response: &mut Response) {
    if response.body().exact_len().is_none()
        && let Some(len) = response.headers().get(header::CONTENT_LENGTH).and_then(number)
    {
        response.body_mut().hold_to(len);
    }
}

/// Corrects a `Content-Length` that is not that of the body. A body of unknown length is held to what is stated: the
/// connection ends where it is shorter, and what is too much is not sent. What is not one number says nothing; hyper would end
/// the connection without an answer for two of them.
fn make_true(headers: &mut HeaderMap, len: Option<u64>, route: Option<&'static RouteMeta>) {
    let Some(first) = headers.get(header::CONTENT_LENGTH) else { return };
    let stated = number(first).filter(|_| headers.get_all(header::CONTENT_LENGTH).iter().count() == 1);
    match len {
        Some(len) if stated != Some(len) => {
            let first = first.as_bytes().escape_ascii();
            complain(
                route,
                format_args!("a response states a `Content-Length` of `{first}`, and has {len} bytes"),
            );
            headers.insert(header::CONTENT_LENGTH, HeaderValue::from(len));
        }
        None if stated.is_none() => {
            let first = first.as_bytes().escape_ascii();
            complain(
                route,
                format_args!("a response states a `Content-Length` of `{first}`, which is not one number"),
            );
            headers.remove(header::CONTENT_LENGTH);
        }
        _ => {}
    }
}

fn number(value: &HeaderValue) -> Option<u64> {
    let text = value.to_str().ok()?;
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

fn complain(route: Option<&'static RouteMeta>, what: std::fmt::Arguments<'_>) {
    match route {
        Some(route) => {
            tracing::error!(target: "cello", route = route.pattern(), handler = %route.handler(), "{what}");
        }
        None => tracing::error!(target: "cello", "{what}"),
    }
}
