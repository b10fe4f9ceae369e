//! [`Json`] as an extractor.

use http::{HeaderMap, HeaderValue, StatusCode, header};

use super::pointer::{pointer_at, token};
use super::{FromParam, FromRequest, Readable, RequestContext};
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
        let said = Said::by(cx.headers());
        if !said.is_json() {
            return Err(said.wrong_type("application/json"));
        }
        said.refuse_codings()?;
        let limit = cx.json_limit();
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

/// What a head says of its body. One walk costs less than to look up each of the names.
#[derive(Debug, Default)]
pub(super) struct Said<'r> {
    content_type: Option<&'r HeaderValue>,
    is_coded: bool,
}

impl<'r> Said<'r> {
    pub(super) fn by(headers: &'r HeaderMap) -> Self {
        let mut said = Self::default();
        for (name, value) in headers {
            if *name == header::CONTENT_TYPE {
                said.content_type.get_or_insert(value);
            } else if *name == header::CONTENT_ENCODING {
                said.is_coded |= !is_identity(value);
            }
        }
        said
    }

    fn is_json(&self) -> bool {
        if self.content_type.is_some_and(|value| value == "application/json") {
            return true;
        }
        self.media_type().is_some_and(|media| {
            media == "application/json" || (media.starts_with("application/") && media.ends_with("+json"))
        })
    }

    /// The media type of the body, lower-cased, without its parameters.
    pub(super) fn media_type(&self) -> Option<String> {
        let value = self.content_type?.to_str().ok()?;
        Some(value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
    }

    /// The 415 that says what was expected and what came.
    #[cold]
    pub(super) fn wrong_type(&self, expected: &str) -> Problem {
        let detail = match self.content_type.map(HeaderValue::to_str) {
            None => format!("the body should be `{expected}`, and the request has no `Content-Type`"),
            Some(Err(_)) => format!("the body should be `{expected}`, and the `Content-Type` is unreadable"),
            Some(Ok(found)) => {
                format!("the body should be `{expected}`, not {}", crate::problem::shown(found))
            }
        };
        Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE).with_detail(detail)
    }

    /// A body that was compressed is not decoded: 415, with the codings that are taken (RFC 7694, section 3).
    pub(super) fn refuse_codings(&self) -> Result<(), Problem> {
        if !self.is_coded {
            return Ok(());
        }
        Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE)
            .with_detail("the body has a `Content-Encoding`, and should have none")
            .with_header(header::ACCEPT_ENCODING, HeaderValue::from_static("identity")))
    }
}

/// Whether no member of a list of codings changes the body.
fn is_identity(codings: &HeaderValue) -> bool {
    let mut codings = codings.as_bytes().split(|byte| *byte == b',').map(<[u8]>::trim_ascii);
    codings.all(|coding| coding.is_empty() || coding.eq_ignore_ascii_case(b"identity"))
}

/// 400 for what is no JSON, 422 for JSON of another shape.
fn fault(error: &serde_json::Error, text: &[u8]) -> Problem {
    if text.iter().all(u8::is_ascii_whitespace) {
        return Problem::new(StatusCode::BAD_REQUEST).with_detail("the body is empty, and should be JSON");
    }
    let (line, column) = (error.line(), error.column());
    let message = error.to_string();
    let place = format!(" at line {line} column {column}");
    let whole = message.strip_suffix(&place).unwrap_or(&message);
    let sentence = shortened(&in_words(whole));
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

/// serde's sentence without the names that only the program knows: "expected u8" is "expected an integer from 0 to 255".
fn in_words(sentence: &str) -> String {
    let Some((found, expected)) = sentence.rsplit_once(", expected ") else { return sentence.to_owned() };
    let words = match expected {
        "u8" => <u8 as FromParam>::EXPECTED,
        "u16" => <u16 as FromParam>::EXPECTED,
        "u32" => <u32 as FromParam>::EXPECTED,
        "u64" => <u64 as FromParam>::EXPECTED,
        "i8" => <i8 as FromParam>::EXPECTED,
        "i16" => <i16 as FromParam>::EXPECTED,
        "i32" => <i32 as FromParam>::EXPECTED,
        "i64" => <i64 as FromParam>::EXPECTED,
        "u128" | "usize" | "i128" | "isize" => "an integer",
        "f32" | "f64" => "a number",
        "unit" => "null",
        name if name.starts_with("struct ") || name == "a map" => "an object",
        name if name.starts_with("tuple ") || name.starts_with("a tuple ") || name == "a sequence" => {
            "an array"
        }
        name if name.starts_with("enum ") || name == "variant identifier" => "the name of a variant",
        name if name.starts_with("unit ") || name.starts_with("newtype ") => "another shape",
        other => other,
    };
    format!("{found}, expected {words}")
}

fn missing_field(sentence: &str) -> Option<&str> {
    sentence.strip_prefix("missing field `")?.strip_suffix('`')
}

#[cfg(test)]
mod tests {
    use serde::de::DeserializeOwned;

    use super::*;

    #[derive(serde::Deserialize)]
    #[allow(dead_code)] // read by serde only
    struct Secret {
        count: u8,
        price: f64,
    }

    fn refused<T: DeserializeOwned>(text: &str) -> String {
        match serde_json::from_str::<T>(text) {
            Ok(_) => String::new(),
            Err(error) => fault(&error, text.as_bytes()).errors()[0].detail.to_string(),
        }
    }

    #[test]
    fn names_of_the_program_are_not_told() {
        assert_eq!(refused::<Secret>("3"), "invalid type: integer `3`, expected an object");
        assert_eq!(
            refused::<Secret>(r#"{"count": 300}"#),
            "invalid value: integer `300`, expected an integer from 0 to 255"
        );
        assert_eq!(
            refused::<Secret>(r#"{"count": 3, "price": "x"}"#),
            r#"invalid type: string "x", expected a number"#
        );
        assert_eq!(refused::<Vec<u8>>("{}"), "invalid type: map, expected an array");
        assert_eq!(refused::<Secret>(r#"{"count": 3}"#), "missing field `price`");
    }
}
