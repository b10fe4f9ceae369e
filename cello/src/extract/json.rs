//! [`Json`] as an extractor.

use http::{HeaderMap, StatusCode, header};

use super::pointer::{pointer_at, token};
use super::{FromRequest, Readable, RequestContext};
use crate::problem::shortened;
use crate::{Body, Json, Problem};

/// Reads the body as JSON.
///
/// Malformed JSON is a 400 with line and column, JSON of another shape a 422 that names the field, a content type
/// other than `application/json` or `application/*+json` a 415, a body over the limit a 413.
impl<T: Readable + Send> FromRequest for Json<T> {
    type Rejection = Problem;
    type State = ();

    const TAKES_BODY: bool = true;

    async fn from_request(cx: &mut RequestContext<'_, Self>) -> Result<Self, Problem> {
        if !is_json(cx.headers()) {
            return Err(wrong_content_type(cx.headers(), "application/json"));
        }
        let limit = cx.body_limit();
        let bytes = cx.take_body().collect(limit).await.map_err(|error| super::body::rejection(&error))?;
        serde_json::from_slice(&bytes).map(Self).map_err(|error| fault(&error, &bytes))
    }

    fn is_absent(cx: &RequestContext<'_, Self>) -> bool {
        no_body(cx.headers(), cx.body)
    }
}

/// Whether a request came without a body: nothing to read, and no word of what it would be.
pub(super) fn no_body(headers: &HeaderMap, body: &Body) -> bool {
    body.exact_len() == Some(0) && !headers.contains_key(header::CONTENT_TYPE)
}

/// The 415 that says what was expected and what came.
pub(super) fn wrong_content_type(headers: &HeaderMap, expected: &str) -> Problem {
    let detail = match headers.get(header::CONTENT_TYPE).map(|value| value.to_str()) {
        None => format!("the body should be `{expected}`, and the request has no `Content-Type`"),
        Some(Err(_)) => format!("the body should be `{expected}`, and the `Content-Type` is unreadable"),
        Some(Ok(found)) => format!("the body should be `{expected}`, not {}", crate::problem::shown(found)),
    };
    Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE).with_detail(detail)
}

/// The media type of the body, lower-cased, without its parameters.
pub(super) fn media_type(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    Some(value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
}

fn is_json(headers: &HeaderMap) -> bool {
    if headers.get(header::CONTENT_TYPE).is_some_and(|value| value == "application/json") {
        return true;
    }
    media_type(headers).is_some_and(|media| {
        media == "application/json" || (media.starts_with("application/") && media.ends_with("+json"))
    })
}

/// 400 for what is no JSON, 422 for JSON of another shape.
fn fault(error: &serde_json::Error, text: &[u8]) -> Problem {
    let (line, column) = (error.line(), error.column());
    let message = error.to_string();
    let place = format!(" at line {line} column {column}");
    let whole = message.strip_suffix(&place).unwrap_or(&message);
    let sentence = shortened(whole);
    if error.is_data() {
        let value = pointer_at(text, line, column);
        let pointer =
            missing_field(whole).map_or_else(|| value.clone(), |field| format!("{value}/{}", token(field)));
        return Problem::new(StatusCode::UNPROCESSABLE_ENTITY)
            .with_detail(format!(
                "the JSON does not have the expected shape: {sentence}, at line {line} column {column}"
            ))
            .with_error(sentence, pointer);
    }
    Problem::new(StatusCode::BAD_REQUEST)
        .with_detail(format!("the body is not valid JSON: {sentence}, at line {line} column {column}"))
}

fn missing_field(sentence: &str) -> Option<&str> {
    sentence.strip_prefix("missing field `")?.strip_suffix('`')
}
