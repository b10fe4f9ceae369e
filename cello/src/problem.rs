//! Errors as the client sees them: [`Problem`], RFC 9457.

use std::borrow::Cow;
use std::fmt;

use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::{StatusCode, request};
use serde::Serialize;
use serde::ser::SerializeMap;

use crate::{Body, IntoResponse, Response};

/// The media type of a problem.
pub(crate) const PROBLEM_JSON: HeaderValue = HeaderValue::from_static("application/problem+json");

/// An error for the client: `application/problem+json` as RFC 9457 defines it.
///
/// Every error that the framework answers is one. It is sent as JSON, and travels as a value in the extensions of
/// the response, where [`App::render_errors`](crate::App::render_errors) and middleware find it.
///
/// ```
/// use cello::{IntoResponse, Problem, StatusCode};
///
/// let problem = Problem::new(StatusCode::CONFLICT).with_detail("the name is taken");
/// assert_eq!(problem.title(), "Conflict");
/// assert_eq!(problem.into_response().status(), 409);
/// ```
#[derive(Clone)]
pub struct Problem(Box<Inner>);

#[derive(Clone)]
struct Inner {
    status: StatusCode,
    type_uri: Cow<'static, str>,
    title: Option<Cow<'static, str>>,
    detail: Option<Cow<'static, str>>,
    instance: Option<Cow<'static, str>>,
    errors: Vec<FieldError>,
    members: Vec<(Cow<'static, str>, serde_json::Value)>,
    headers: HeaderMap,
}

/// One fault among several in a request, with the place where it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct FieldError {
    /// What is wrong, in words.
    pub detail: Cow<'static, str>,
    /// Where: a JSON pointer into the body as a URI fragment (`#/name`), or the kind and name of a parameter
    /// (`path/id`, `query/page`, `header/x-api-key`).
    pub pointer: Cow<'static, str>,
}

impl Problem {
    /// A problem of this status, with the status' own phrase as its title.
    pub fn new(status: StatusCode) -> Self {
        Self(Box::new(Inner {
            status,
            type_uri: Cow::Borrowed("about:blank"),
            title: None,
            detail: None,
            instance: None,
            errors: Vec::new(),
            members: Vec::new(),
            headers: HeaderMap::new(),
        }))
    }

    /// Adds what went wrong this time, in words for the client.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<Cow<'static, str>>) -> Self {
        self.0.detail = Some(detail.into());
        self
    }

    /// Sets a title other than the status' phrase: it should not change from one occurrence to the next.
    #[must_use]
    pub fn with_title(mut self, title: impl Into<Cow<'static, str>>) -> Self {
        self.0.title = Some(title.into());
        self
    }

    /// Sets the URI that names this type of problem. The default is `about:blank`.
    #[must_use]
    pub fn with_type(mut self, uri: impl Into<Cow<'static, str>>) -> Self {
        self.0.type_uri = uri.into();
        self
    }

    /// Sets the URI that names this one occurrence.
    #[must_use]
    pub fn with_instance(mut self, uri: impl Into<Cow<'static, str>>) -> Self {
        self.0.instance = Some(uri.into());
        self
    }

    /// Adds one fault of the request, and where it is (see [`FieldError::pointer`]).
    #[must_use]
    pub fn with_error(
        mut self,
        detail: impl Into<Cow<'static, str>>,
        pointer: impl Into<Cow<'static, str>>,
    ) -> Self {
        self.0.errors.push(FieldError { detail: detail.into(), pointer: pointer.into() });
        self
    }

    /// Adds a member of your own (RFC 9457, section 3.2). The names of the standard members are ignored here.
    #[must_use]
    pub fn with_member(
        mut self,
        name: impl Into<Cow<'static, str>>,
        value: impl Into<serde_json::Value>,
    ) -> Self {
        let name = name.into();
        if !["type", "title", "status", "detail", "instance", "errors"].contains(&&*name) {
            self.0.members.push((name, value.into()));
        }
        self
    }

    /// Adds a header field to the response.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.headers.append(name, value);
        self
    }

    /// The status code.
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// The URI that names this type of problem.
    pub fn type_uri(&self) -> &str {
        &self.0.type_uri
    }

    /// The title: the one set, or the status' phrase.
    pub fn title(&self) -> &str {
        match &self.0.title {
            Some(title) => title,
            None => self.0.status.canonical_reason().unwrap_or("Unknown"),
        }
    }

    /// What went wrong this time.
    pub fn detail(&self) -> Option<&str> {
        self.0.detail.as_deref()
    }

    /// The single faults of the request.
    pub fn errors(&self) -> &[FieldError] {
        &self.0.errors
    }

    /// The member of this name that was added to the standard ones.
    pub fn member(&self, name: &str) -> Option<&serde_json::Value> {
        self.0.members.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// The header fields that the response carries beside its content type, such as `Allow`.
    pub fn headers(&self) -> &HeaderMap {
        &self.0.headers
    }
}

/// The member that names the request.
const REQUEST_ID: &str = "request_id";

impl Problem {
    /// Adds the id of the request to the problem that a response is, if it is one and says nothing of it yet, and writes
    /// its body again.
    pub(crate) fn put_request_id(response: &mut Response, id: &impl fmt::Display) {
        let Some(problem) = response.extensions_mut().get_mut::<Self>() else { return };
        if problem.member(REQUEST_ID).is_some() {
            return;
        }
        problem.0.members.push((Cow::Borrowed(REQUEST_ID), id.to_string().into()));
        let written = problem.to_json();
        // A body that has been made into something else since stays what it is.
        let is_plain = response.headers().get(header::CONTENT_TYPE) == Some(&PROBLEM_JSON)
            && !response.headers().contains_key(header::CONTENT_ENCODING)
            && response.body().as_bytes().is_some();
        if is_plain {
            response.headers_mut().remove(header::CONTENT_LENGTH);
            *response.body_mut() = written;
        }
    }

    fn to_json(&self) -> Body {
        Body::from(serde_json::to_vec(self).unwrap_or_default())
    }
}

impl Serialize for Problem {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let inner = &*self.0;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("type", &inner.type_uri)?;
        map.serialize_entry("title", self.title())?;
        map.serialize_entry("status", &inner.status.as_u16())?;
        if let Some(detail) = &inner.detail {
            map.serialize_entry("detail", detail)?;
        }
        if let Some(instance) = &inner.instance {
            map.serialize_entry("instance", instance)?;
        }
        if !inner.errors.is_empty() {
            map.serialize_entry("errors", &inner.errors)?;
        }
        for (name, value) in &inner.members {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = Response::new(self.to_json());
        *response.status_mut() = self.0.status;
        response.headers_mut().extend(self.0.headers.clone());
        response.headers_mut().insert(header::CONTENT_TYPE, PROBLEM_JSON);
        response.extensions_mut().insert(self);
        response
    }
}

impl fmt::Debug for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.0.status.as_u16(), self.title())?;
        self.detail().map_or(Ok(()), |detail| write!(f, ": {detail}"))
    }
}

impl std::error::Error for Problem {}

impl From<StatusCode> for Problem {
    fn from(status: StatusCode) -> Self {
        Self::new(status)
    }
}

/// Shows a problem otherwise: what [`App::render_errors`](crate::App::render_errors) takes.
pub(crate) type RenderErrors = fn(&Problem, &request::Parts) -> Response;

/// A value of a request as it may stand in a message: shortened, with control characters escaped.
pub(crate) fn shown(value: &str) -> String {
    const MOST: usize = 64;
    let short: String = value.chars().take(MOST).flat_map(char::escape_debug).collect();
    if value.chars().nth(MOST).is_some() { format!("`{short}...`") } else { format!("`{short}`") }
}

/// A sentence about a value of a request, which may repeat that value: its middle is left out if it is long.
pub(crate) fn shortened(sentence: &str) -> String {
    const EACH: usize = 100;
    let start = sentence.char_indices().nth(EACH).map_or(sentence.len(), |(at, _)| at);
    let end = sentence.char_indices().nth_back(EACH - 1).map_or(0, |(at, _)| at);
    match (sentence.get(..start), sentence.get(end..)) {
        (Some(first), Some(last)) if start < end => format!("{first}...{last}"),
        _ => sentence.to_owned(),
    }
}
