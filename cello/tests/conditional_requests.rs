//! Conditional requests: tags, 304, 412, changes of what the client has seen, and all of it behind compression.
#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::io::Read;
use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use cello::prelude::*;
use cello::testing::{TestClient, TestResponse};

/// The present version of a note, and its text; no text is no note.
struct Note(Mutex<(u64, Option<String>)>);

#[derive(AppState)]
struct Services {
    note: Note,
}

const CHANGED: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
const EARLIER: &str = "Sun, 06 Nov 1994 08:49:36 GMT";

fn changed() -> SystemTime {
    httpdate::parse_http_date(CHANGED).unwrap()
}

#[get("/note")]
async fn read(note: &Note) -> Option<(ETag, String)> {
    let (version, text) = &*note.0.lock().unwrap();
    text.clone().map(|text| (ETag::strong(version), text))
}

#[put("/note")]
async fn replace(
    preconditions: Preconditions,
    text: String,
    note: &Note,
) -> Result<(ETag, NoContent), Problem> {
    let mut note = note.0.lock().unwrap();
    preconditions.check(note.1.is_some().then(|| ETag::strong(note.0)))?;
    *note = (note.0 + 1, Some(text));
    Ok((ETag::strong(note.0), NoContent))
}

#[delete("/note")]
async fn delete_note(preconditions: Preconditions, note: &Note) -> cello::Result<NoContent> {
    let mut note = note.0.lock().unwrap();
    preconditions.require(note.1.is_some().then(|| ETag::strong(note.0)))?;
    note.1 = None;
    Ok(NoContent)
}

#[get("/plain/<len>")]
async fn plain(len: usize) -> String {
    "all work and no play ".chars().cycle().take(len).collect()
}

#[get("/dated")]
async fn dated() -> (Validators, [(HeaderName, &'static str); 3], &'static str) {
    let fields =
        [(header::CACHE_CONTROL, "max-age=60"), (header::VARY, "Cookie"), (header::CONTENT_LANGUAGE, "en")];
    (Validators::present().modified_at(changed() + Duration::from_millis(700)), fields, "dated")
}

/// Content with one more field, and another status.
#[get("/with/<name>?<value>&<status>")]
async fn with_field(name: &str, value: &str, status: Option<u16>) -> Response {
    let mut response = "some content".into_response();
    *response.status_mut() = StatusCode::from_u16(status.unwrap_or(200)).unwrap();
    response.headers_mut().insert(HeaderName::try_from(name).unwrap(), HeaderValue::from_str(value).unwrap());
    response
}

#[get("/streamed")]
async fn streamed() -> Body {
    Body::from_reader(&b"as it comes"[..])
}

#[get("/early")]
async fn early(preconditions: Preconditions) -> Response {
    let version = ETag::strong("v7");
    if preconditions.is_current(version.clone()) {
        return (StatusCode::NOT_MODIFIED, version, ()).into_response();
    }
    (version, "a large report").into_response()
}

macro_rules! app {
    () => {
        App::new(routes![read, replace, delete_note, plain, dated, with_field, streamed, early])
            .state(Services { note: Note(Mutex::new((7, Some("the seventh".repeat(200))))) })
    };
}

fn client() -> TestClient {
    TestClient::new(app!().enable_conditional_requests())
}

fn get(client: &TestClient, path: &str, fields: &[(&str, &str)]) -> TestResponse {
    let request = client.get(path.replace('"', "%22"));
    fields.iter().fold(request, |request, (name, value)| request.header(*name, *value)).send()
}

#[test]
fn content_without_a_tag_gets_one_and_is_not_sent_twice() {
    let client = client();
    let first = get(&client, "/plain/100", &[]);
    let tag = first.header("etag").unwrap().to_owned();
    assert!(tag.starts_with("\"64-"), "{tag}: its length in hexadecimal, and its hash");
    assert_eq!(get(&client, "/plain/100", &[]).header("etag"), Some(&*tag));
    assert_ne!(get(&client, "/plain/101", &[]).header("etag"), Some(&*tag));
    for asked in [tag.clone(), format!("W/{tag}"), format!("\"x\", {tag}"), "*".to_owned()] {
        let again = get(&client, "/plain/100", &[("if-none-match", &asked)]);
        assert_eq!((again.status().as_u16(), again.bytes().len()), (304, 0), "{asked}");
        assert_eq!(again.header("etag"), Some(&*tag));
        assert_eq!(again.header("content-type"), None);
        assert_eq!(again.header("content-length"), None);
    }
    let head = client.head("/plain/100").header("if-none-match", &*tag).send();
    assert_eq!((head.status().as_u16(), head.header("etag")), (304, Some(&*tag)));
    assert_eq!(client.head("/plain/100").send().header("etag"), Some(&*tag), "as for GET");
    assert_eq!(get(&client, "/plain/100", &[("if-none-match", "\"x\"")]).status(), 200);
}

#[test]
fn a_304_keeps_what_caches_need_and_leaves_out_what_describes_content() {
    let client = client();
    let first = get(&client, "/dated", &[]);
    assert_eq!(first.header("last-modified"), Some(CHANGED));
    let answer = get(&client, "/dated", &[("if-modified-since", CHANGED)]);
    assert_eq!((answer.status().as_u16(), answer.text()), (304, ""));
    for name in ["etag", "cache-control", "vary"] {
        assert!(answer.header(name).is_some() && answer.header(name) == first.header(name), "{name}");
    }
    for name in ["content-type", "content-language", "last-modified"] {
        assert!(first.headers().contains_key(name));
        assert_eq!(answer.header(name), None, "{name}");
    }
}

#[test]
fn dates_are_in_whole_seconds() {
    let client = TestClient::new(app!().with(ConditionalRequests::new().max_size(0)));
    let answer = get(&client, "/dated", &[("if-modified-since", CHANGED)]);
    assert_eq!(answer.status(), 304);
    for (name, value) in [("cache-control", "max-age=60"), ("vary", "Cookie"), ("last-modified", CHANGED)] {
        assert_eq!(answer.header(name), Some(value));
    }
    assert_eq!(answer.header("content-language"), None);
    assert_eq!(get(&client, "/dated", &[("if-modified-since", EARLIER)]).status(), 200);
    assert_eq!(get(&client, "/dated", &[("if-unmodified-since", CHANGED)]).status(), 200);
    assert_eq!(get(&client, "/dated", &[("if-unmodified-since", EARLIER)]).status(), 412);
}

#[test]
fn a_read_may_ask_for_a_version_too() {
    let client = client();
    assert_eq!(get(&client, "/note", &[("if-match", "\"7\"")]).status(), 200);
    let failed = get(&client, "/note", &[("if-match", "\"6\"")]);
    assert_eq!(failed.status(), 412);
    assert_eq!(failed.header("content-type"), Some("application/problem+json"));
}

#[test]
fn what_cannot_have_a_tag_has_none() {
    let client = client();
    for path in [
        "/plain/0",
        "/streamed",
        "/with/cache-control?value=private,%20No-Store",
        "/with/x?value=x&status=201",
        "/with/x?value=x&status=404",
        "/nowhere",
    ] {
        let answer = get(&client, path, &[("if-none-match", "*"), ("if-modified-since", CHANGED)]);
        assert_eq!(answer.header("etag"), None, "{path}");
    }
    let own = get(&client, "/with/etag?value=\"mine\"", &[]);
    assert_eq!(own.header("etag"), Some("\"mine\""));
}

#[test]
fn conditions_do_not_count_where_nothing_was_found() {
    let client = client();
    for path in ["/nowhere", "/with/etag?value=\"v\"&status=404", "/with/etag?value=\"v\"&status=500"] {
        for (name, value) in [("if-none-match", "\"v\""), ("if-match", "\"x\""), ("if-none-match", "*")] {
            let answer = get(&client, path, &[(name, value)]);
            assert!(!["304", "412"].contains(&answer.status().as_str()), "RFC 9110, 13.2.1: {path}");
        }
    }
}

#[test]
fn it_is_configurable() {
    let weak = TestClient::new(app!().with(ConditionalRequests::new().weak_tags(true).max_size(100)));
    let tag = get(&weak, "/plain/100", &[]).header("etag").unwrap().to_owned();
    assert!(tag.starts_with("W/\"64-"), "{tag}");
    assert_eq!(get(&weak, "/plain/100", &[("if-none-match", &tag)]).status(), 304);
    assert_eq!(get(&weak, "/plain/101", &[]).header("etag"), None, "it is too large");
}

#[test]
fn a_change_of_another_version_is_refused_before_it_is_made() {
    let client = client();
    let put = |fields: &[(&'static str, &'static str)]| {
        let request = client.put("/note").body("new");
        fields.iter().fold(request, |request, (name, value)| request.header(*name, *value)).send()
    };
    assert_eq!(put(&[("if-match", "\"6\"")]).status(), 412);
    assert_eq!(put(&[("if-match", "W/\"7\"")]).status(), 412, "a weak tag is no version to change");
    assert_eq!(put(&[("if-none-match", "*")]).status(), 412, "there is one");
    assert_ne!(get(&client, "/note", &[]).text(), "new", "nothing was changed");
    assert_eq!(put(&[("if-match", "\"6\", \"7\"")]).header("etag"), Some("\"8\""));
    assert_eq!(put(&[("if-match", "\"7\"")]).status(), 412, "somebody else was faster");
    assert_eq!(put(&[]).header("etag"), Some("\"9\""), "who asks for nothing gets it");

    assert_eq!(client.delete("/note").send().status(), 428, "but here a version must be named");
    for (name, value) in [("if-match", "*"), ("if-unmodified-since", CHANGED), ("if-none-match", "\"8\"")] {
        assert_eq!(client.delete("/note").header(name, value).send().status(), 428, "{name} names none");
    }
    assert_eq!(client.delete("/note").header("if-match", "\"8\"").send().status(), 412);
    assert_eq!(client.delete("/note").header("if-match", "\"9\"").send().status(), 204);
    assert_eq!(put(&[("if-match", "*")]).status(), 412, "there is none");
    assert_eq!(put(&[("if-none-match", "*")]).status(), 204);
}

#[test]
fn a_date_names_a_version_where_there_is_one_to_compare_it_with() {
    #[put("/dated")]
    async fn change(preconditions: Preconditions) -> cello::Result<NoContent> {
        preconditions.require(Validators::present().modified_at(changed()))?;
        Ok(NoContent)
    }
    let client = TestClient::new(App::new(routes![change]));
    for (fields, status) in [
        (&[("if-unmodified-since", CHANGED)][..], 204),
        (&[("if-unmodified-since", EARLIER)], 412),
        (&[("if-unmodified-since", "yesterday")], 428),
        // The date is not asked beside it (RFC 9110, 13.2.2).
        (&[("if-match", "*"), ("if-unmodified-since", CHANGED)], 428),
    ] {
        let request = client.put("/dated");
        let request = fields.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        assert_eq!(request.send().status(), status, "{fields:?}");
    }
}

#[test]
fn a_handler_may_ask_before_it_works() {
    for client in [client(), TestClient::new(app!())] {
        assert_eq!(get(&client, "/early", &[]).text(), "a large report");
        let known = get(&client, "/early", &[("if-none-match", "\"v7\"")]);
        assert_eq!((known.status().as_u16(), known.header("etag")), (304, Some("\"v7\"")));
    }
}

/// Both orders: tags are made of the content, or of what it was compressed to.
fn compressing() -> [TestClient; 2] {
    [
        TestClient::new(app!().enable_compression().enable_conditional_requests()),
        TestClient::new(app!().enable_conditional_requests().enable_compression()),
    ]
}

#[test]
fn each_coding_has_a_tag_and_each_is_known_again() {
    for client in compressing() {
        for path in ["/note", "/plain/2000"] {
            let tag_of = |coding| {
                get(&client, path, &[("accept-encoding", coding)]).header("etag").unwrap().to_owned()
            };
            let (plain, gzip, deflate) = (tag_of("identity"), tag_of("gzip"), tag_of("deflate"));
            assert!(plain != gzip && gzip != deflate, "other bytes, other tags: {plain} {gzip} {deflate}");
            assert!(![&plain, &gzip, &deflate].iter().any(|tag| tag.starts_with("W/")));
            for (coding, tag) in [("identity", &plain), ("gzip", &gzip), ("deflate", &deflate)] {
                let again = get(&client, path, &[("accept-encoding", coding), ("if-none-match", tag)]);
                assert_eq!((again.status().as_u16(), again.header("etag")), (304, Some(&**tag)));
                assert!(again.header("vary").unwrap().contains("accept-encoding"));
                assert_eq!(again.header("content-encoding"), None);
            }
        }
    }
}

#[test]
fn a_304_names_what_the_client_can_use_and_would_get() {
    #[get("/streamed")]
    async fn streamed() -> ([(HeaderName, &'static str); 2], Body) {
        (
            [(header::CONTENT_TYPE, "text/plain"), (header::ETAG, "\"7\"")],
            Body::from_reader(&b"as it comes"[..]),
        )
    }
    let client = TestClient::new(
        App::new(routes![read, streamed])
            .state(Services { note: Note(Mutex::new((7, Some("the seventh".repeat(200))))) })
            .enable_compression()
            .enable_conditional_requests(),
    );
    let ask = |path, accept, lines: &[&str]| {
        let mut fields = vec![("accept-encoding", accept)];
        fields.extend(lines.iter().map(|line| ("if-none-match", *line)));
        let answer = get(&client, path, &fields);
        (answer.status().as_u16(), answer.header("etag").unwrap().to_owned())
    };
    let both = "\"7--gzip\", \"7--deflate\"";
    for (path, accept, lines, status, tag) in [
        // Of no use to this client: it gets the content itself.
        ("/note", "identity", &["\"7--gzip\""][..], 200, "\"7\""),
        ("/note", "gzip;q=0, identity", &["\"7--gzip\""], 200, "\"7\""),
        ("/note", "deflate, gzip;q=0", &["\"7--gzip\""], 200, "\"7--deflate\""),
        ("/note", "deflate, gzip;q=0", &["\"7--gzip\", \"7\""], 304, "\"7\""),
        // Of two that it has, what it would get.
        ("/note", "gzip, deflate;q=0.5", &[both], 304, "\"7--gzip\""),
        ("/note", "deflate, gzip;q=0.5", &[both], 304, "\"7--deflate\""),
        ("/note", "deflate, gzip;q=0.5", &["\"7--gzip\""], 304, "\"7--gzip\""),
        ("/note", "gzip", &["\"6\"", "\"7--gzip\""], 304, "\"7--gzip\""),
        // What has no bytes of its own is known by what it means.
        ("/streamed", "gzip", &[], 200, "W/\"7\""),
        ("/streamed", "gzip", &["W/\"7\""], 304, "W/\"7\""),
        ("/streamed", "identity", &["\"7\""], 304, "\"7\""),
    ] {
        assert_eq!(ask(path, accept, lines), (status, tag.to_owned()), "{path} {accept} {lines:?}");
    }
}

#[test]
fn a_client_that_got_gzip_can_change_what_it_has_seen() {
    for client in compressing() {
        let seen = get(&client, "/note", &[("accept-encoding", "gzip")]);
        assert_eq!(
            (seen.header("content-encoding"), seen.header("etag")),
            (Some("gzip"), Some("\"7--gzip\""))
        );
        let mut text = String::new();
        flate2::read::GzDecoder::new(&seen.bytes()[..]).read_to_string(&mut text).unwrap();
        let put = || {
            let request =
                client.put("/note").header("if-match", "\"7--gzip\"").header("accept-encoding", "gzip");
            request.body(text.replace("seventh", "eighth")).send()
        };
        assert_eq!(put().status(), 204);
        assert_eq!(put().status(), 412, "it has not seen the eighth");
        // Two lines are one list.
        let put = client.put("/note").header("if-match", "\"5\"").header("if-match", "\"8--gzip\"");
        assert_eq!(put.body("ninth").send().status(), 204);
    }
}
