//! Where in a JSON text an error is, as a JSON pointer (RFC 6901).

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::Value;

/// The pointer to the value that holds, or ends at, this place of a valid JSON text; line and column are counted from 1,
/// the column in bytes. As a URI fragment: `#/items/3/name`.
///
/// serde names no path in its errors, only a place. The text is walked again up to there, which only a refused request pays.
pub(super) fn pointer_at(text: &[u8], line: usize, column: usize) -> String {
    /// The deepest that serde_json reads; what is deeper was skipped over by it.
    const DEEPEST: usize = 128;
    let end = offset(text, line, column);
    let mut steps: Vec<Step> = Vec::new();
    let mut at = 0;
    while at < end {
        match text.get(at) {
            None => break,
            Some(b'"') => {
                let stop = string_end(text, at);
                if let Some(Step::Key { name, in_value: false }) = steps.last_mut() {
                    *name = unescaped(text.get(at..stop).unwrap_or_default());
                }
                at = stop;
                continue;
            }
            Some(b'{' | b'[') if steps.len() == DEEPEST => return "#".to_owned(),
            Some(b'{') => steps.push(Step::Key { name: String::new(), in_value: false }),
            Some(b'[') => steps.push(Step::Index(0)),
            Some(b'}' | b']') => {
                steps.pop();
            }
            Some(b':') => {
                if let Some(Step::Key { in_value, .. }) = steps.last_mut() {
                    *in_value = true;
                }
            }
            Some(b',') => match steps.last_mut() {
                Some(Step::Key { in_value, .. }) => *in_value = false,
                Some(Step::Index(index)) => *index += 1,
                None => {}
            },
            Some(_) => {}
        }
        at += 1;
    }
    written(&steps)
}

/// The pointer of these steps. It ends early, at the value around the place, rather than repeat much of the request.
fn written(steps: &[Step]) -> String {
    const MOST: usize = 256;
    let mut pointer = "#".to_owned();
    for step in steps {
        let step = match step {
            Step::Key { in_value: false, .. } => continue,
            Step::Key { name, in_value: true } => token(name),
            Step::Index(index) => index.to_string(),
        };
        if pointer.len() + step.len() >= MOST {
            break;
        }
        pointer.push('/');
        pointer.push_str(&step);
    }
    pointer
}

/// A key as a step of a pointer in a URI fragment (RFC 6901, section 6).
pub(super) fn token(key: &str) -> String {
    /// What a fragment cannot hold as it is (RFC 3986, section 3.5).
    const FRAGMENT: &AsciiSet = &CONTROLS
        .add(b' ')
        .add(b'"')
        .add(b'#')
        .add(b'%')
        .add(b'<')
        .add(b'>')
        .add(b'[')
        .add(b'\\')
        .add(b']')
        .add(b'^')
        .add(b'`')
        .add(b'{')
        .add(b'|')
        .add(b'}');
    utf8_percent_encode(&key.replace('~', "~0").replace('/', "~1"), FRAGMENT).to_string()
}

enum Step {
    /// In an object: the last key, and whether its value has begun.
    Key { name: String, in_value: bool },
    /// In an array.
    Index(usize),
}

fn offset(text: &[u8], line: usize, column: usize) -> usize {
    let mut start = 0;
    for _ in 1..line {
        let Some(len) = text.get(start..).and_then(|rest| rest.iter().position(|&byte| byte == b'\n')) else {
            break;
        };
        start += len + 1;
    }
    (start + column).min(text.len())
}

/// The place after the string that begins at `at`.
fn string_end(text: &[u8], at: usize) -> usize {
    let mut at = at + 1;
    while let Some(byte) = text.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    text.len()
}

fn unescaped(string: &[u8]) -> String {
    match serde_json::from_slice(string) {
        Ok(Value::String(text)) => text,
        _ => String::from_utf8_lossy(string).into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[allow(dead_code)] // read by serde only
    struct Order {
        id: u32,
        lines: Vec<Line>,
        #[serde(rename = "a/b~")]
        odd: Option<bool>,
    }

    #[derive(Debug, Deserialize)]
    #[allow(dead_code)]
    struct Line {
        sku: String,
        count: u8,
    }

    fn pointer(text: &str) -> String {
        let error = serde_json::from_str::<Order>(text).unwrap_err();
        pointer_at(text.as_bytes(), error.line(), error.column())
    }

    #[test]
    fn errors_are_found_where_they_are() {
        assert_eq!(pointer(r#"{"id": "x", "lines": []}"#), "#/id");
        assert_eq!(
            pointer(r#"{"id": 1, "lines": [{"sku": "a", "count": 1}, {"sku": 3, "count": 1}]}"#),
            "#/lines/1/sku"
        );
        assert_eq!(
            pointer("{\"id\": 1,\n \"lines\": [\n{\"sku\": \"a,}\\\"]\", \"count\": 300}]}"),
            "#/lines/0/count"
        );
        // A missing field is noticed at the end of its object.
        assert_eq!(pointer(r#"{"id": 1, "lines": [{"sku": "a"}]}"#), "#/lines/0");
        assert_eq!(pointer(r#"{"lines": []}"#), "#");
        assert_eq!(pointer(r#"{"id": 1, "lines": [], "a/b~": 1}"#), "#/a~1b~0");
        assert_eq!(pointer("[]"), "#");
    }

    #[test]
    fn much_of_the_request_is_not_repeated() {
        let long = format!(r#"{{"a/b~": [{{"{}": 1}}]}}"#, "x".repeat(1_000));
        assert_eq!(pointer_at(long.as_bytes(), 1, long.len() - 3), "#/a~1b~0/0");
        let deep = "[".repeat(100_000);
        assert_eq!(pointer_at(deep.as_bytes(), 1, deep.len()), "#");
    }

    #[test]
    fn any_bytes_and_any_place_are_answered() {
        for text in [&b""[..], b"\"", b"{\"a", b"{\"\\", b"]]]}", b"\xff\xfe{:,\"\xff\":"] {
            for line in 0..4 {
                for column in 0..12 {
                    assert!(pointer_at(text, line, column).starts_with('#'));
                }
            }
        }
    }
}
