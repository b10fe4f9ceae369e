//! Compressed responses, decoded again.
#![allow(clippy::panic, clippy::unwrap_used, reason = "these are tests")]

use std::collections::VecDeque;
use std::io::Read;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use cello::middleware::compression::Coding;
use cello::prelude::*;
use cello::testing::{TestClient, TestResponse};
use http_body::{Body as HttpBody, Frame};

fn decode(coding: &str, bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    match coding {
        "gzip" => flate2::read::GzDecoder::new(bytes).read_to_end(&mut plain).unwrap(),
        "deflate" => flate2::read::ZlibDecoder::new(bytes).read_to_end(&mut plain).unwrap(),
        #[cfg(feature = "brotli")]
        "br" => brotli::Decompressor::new(bytes, 4096).read_to_end(&mut plain).unwrap(),
        #[cfg(feature = "zstd")]
        "zstd" => zstd::stream::read::Decoder::new(bytes).unwrap().read_to_end(&mut plain).unwrap(),
        other => panic!("{other}"),
    };
    plain
}

/// All that are built in, as they are preferred.
const CODINGS: &[&str] = &[
    #[cfg(feature = "zstd")]
    "zstd",
    #[cfg(feature = "brotli")]
    "br",
    "gzip",
    "deflate",
];

/// Text that neither repeats itself nor is noise.
fn text(len: usize) -> String {
    let mut seed = len as u64 + 1;
    let mut text = String::new();
    while text.len() < len {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        text.push_str(["users ", "of ", "cello ", "in ", "2026, "][(seed >> 33) as usize % 5]);
        text.push_str(&(seed >> 50).to_string());
    }
    text.truncate(len);
    text
}

/// The bytes of random noise, which cannot get smaller.
fn noise(len: usize) -> Vec<u8> {
    let mut seed = 7u64;
    let next = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 40) as u8
    };
    std::iter::repeat_with(next).take(len).collect()
}

#[get("/text/<len>")]
async fn full(len: usize) -> String {
    text(len)
}

#[get("/noise/<len>")]
async fn noisy(len: usize) -> ([(HeaderName, &'static str); 1], Vec<u8>) {
    ([(header::CONTENT_TYPE, "text/plain")], noise(len))
}

/// In pieces of `piece` bytes, all of them there at once.
#[get("/stream/<len>/<piece>")]
async fn streamed(len: usize, piece: usize) -> ([(HeaderName, &'static str); 1], Body) {
    let steps = text(len).into_bytes().chunks(piece).map(|piece| Step::data(piece.to_vec())).collect();
    ([(header::CONTENT_TYPE, "text/plain")], Body::new(Script(steps)))
}

#[get("/typed?<content_type>&<body>")]
async fn typed(content_type: &str, body: Option<usize>) -> ([(HeaderName, String); 1], Bytes) {
    ([(header::CONTENT_TYPE, content_type.to_owned())], text(body.unwrap_or(2000)).into())
}

/// 2,000 bytes of text with one more header field.
#[get("/with/<name>?<value>&<status>")]
async fn with_field(name: &str, value: &str, status: Option<u16>) -> Response {
    let mut response = text(2000).into_response();
    *response.status_mut() = StatusCode::from_u16(status.unwrap_or(200)).unwrap();
    response.headers_mut().insert(HeaderName::try_from(name).unwrap(), HeaderValue::from_str(value).unwrap());
    response
}

#[head("/own-head")]
async fn own_head() -> ([(HeaderName, &'static str); 2], ()) {
    ([(header::CONTENT_TYPE, "text/plain"), (header::CONTENT_LENGTH, "5000")], ())
}

#[get("/gone")]
async fn gone() -> Problem {
    Problem::new(StatusCode::GONE).with_detail(text(2000))
}

fn client() -> TestClient {
    TestClient::new(
        App::new(routes![full, noisy, streamed, typed, with_field, own_head, gone]).enable_compression(),
    )
}

/// With what a path cannot hold escaped.
fn target(path: &str) -> String {
    path.replace('"', "%22")
}

fn get(client: &TestClient, path: &str, accept: &str) -> TestResponse {
    client.get(target(path)).header("accept-encoding", accept).send()
}

#[track_caller]
fn assert_plain(answer: &TestResponse) {
    assert_eq!(answer.header("content-encoding"), None);
    assert_ne!(answer.bytes().get(..2), Some(&[0x1f, 0x8b][..]));
}

#[test]
fn every_length_comes_back_as_it_was() {
    let client = client();
    for &coding in CODINGS {
        for len in [1024, 1025, 4096, 32 * 1024, 65_535, 65_536, 65_537, 100_000, 1_000_000] {
            let answer = get(&client, &format!("/text/{len}"), coding);
            assert_eq!(answer.header("content-encoding"), Some(coding), "{len}");
            assert_eq!(answer.header("vary"), Some("accept-encoding"), "{len}");
            assert!(answer.bytes().len() < len / 2, "{len}: {}", answer.bytes().len());
            assert!(decode(coding, answer.bytes()) == text(len).as_bytes(), "{len}");
            let stated = answer.header("content-length").map(|len| len.parse().unwrap());
            assert_eq!(stated, (len <= 65_536).then_some(answer.bytes().len()), "{len}");
        }
    }
}

#[test]
fn every_stream_comes_back_as_it_was() {
    let client = client();
    for &coding in CODINGS {
        for (len, piece) in
            [(0, 1), (1, 1), (500, 7), (3000, 1), (200_000, 10), (200_000, 70_000), (150_000, 200_000)]
        {
            let answer = get(&client, &format!("/stream/{len}/{piece}"), coding);
            assert_eq!(answer.header("content-encoding"), Some(coding));
            assert_eq!(answer.header("content-length"), None);
            assert!(decode(coding, answer.bytes()) == text(len).as_bytes(), "{len} by {piece}");
            assert!(len < 500 || answer.bytes().len() < len, "pieces are packed together: {len} by {piece}");
        }
    }
}

#[test]
fn the_client_decides() {
    let client = client();
    for (accept, coding) in [
        ("deflate, gzip, br, zstd", Some(CODINGS[0])),
        ("gzip, deflate", Some("gzip")),
        ("deflate, gzip;q=0.9", Some("deflate")),
        ("X-GZIP", Some("gzip")),
        ("*", Some(CODINGS[0])),
        ("identity, gzip;q=0.5", None),
        ("compress", None),
        ("*;q=0", None),
        ("", None),
    ] {
        let answer = get(&client, "/text/2000", accept);
        assert_eq!((answer.status().as_u16(), answer.header("content-encoding")), (200, coding), "{accept}");
        assert_eq!(answer.header("vary"), Some("accept-encoding"), "{accept}");
    }
    let answer = client.get("/text/2000").send();
    assert_plain(&answer);
    assert_eq!(answer.header("vary"), Some("accept-encoding"), "also without the field");
    assert_eq!(answer.text(), text(2000));
}

#[test]
fn what_is_short_or_of_another_type_is_left_alone() {
    let client = client();
    for path in [
        "/text/1023",
        "/text/0",
        "/typed?content_type=image/png",
        "/typed?content_type=text/event-stream",
        "/typed?content_type=application/octet-stream",
    ] {
        let answer = get(&client, path, "gzip");
        assert_plain(&answer);
        assert_eq!(answer.header("vary"), None, "{path}: it is the same for all");
    }
    for content_type in ["application/json", "image/svg%2Bxml", "application/ld%2Bjson"] {
        let answer = get(&client, &format!("/typed?content_type={content_type}"), "gzip");
        assert_eq!(answer.header("content-encoding"), Some("gzip"), "{content_type}");
    }
}

#[test]
fn noise_does_not_get_larger() {
    let answer = get(&client(), "/noise/5000", "gzip");
    assert_plain(&answer);
    assert_eq!(answer.header("vary"), Some("accept-encoding"));
    assert!(answer.bytes() == &noise(5000));
    let answer = get(&client(), "/noise/200000", "gzip");
    assert!(decode("gzip", answer.bytes()) == noise(200_000));
}

#[test]
fn never_twice_and_never_against_the_will_of_the_response() {
    let client = client();
    for (field, value) in [
        ("content-encoding", "br"),
        ("content-encoding", "identity"),
        ("cache-control", "public,%20No-Transform"),
        ("content-digest", "sha-256=:abc=:"),
        ("repr-digest", "sha-256=:abc=:"),
    ] {
        let answer = get(&client, &format!("/with/{field}?value={value}"), "gzip");
        assert_eq!(answer.text(), text(2000), "{field}");
        assert_ne!(answer.header("content-encoding"), Some("gzip"), "{field}");
    }
    let answer = get(&client, "/with/cache-control?value=max-age%3D60", "gzip");
    assert_eq!(answer.header("content-encoding"), Some("gzip"));
}

#[test]
fn a_second_compression_finds_nothing_to_do() {
    let app =
        App::new(routes![full]).enable_compression().with(Compression::new().codings([Coding::Deflate]));
    let answer = get(&TestClient::new(app), "/text/2000", "gzip, deflate");
    assert_eq!(answer.headers().get_all("content-encoding").iter().count(), 1);
    assert_eq!(answer.header("content-encoding"), Some("deflate"));
    assert_eq!(decode("deflate", answer.bytes()), text(2000).as_bytes());
}

#[test]
fn statuses_without_content_of_their_own_are_left_alone() {
    let client = client();
    for status in [204, 205, 206, 304] {
        let answer = get(&client, &format!("/with/etag?value=\"x\"&status={status}"), "gzip");
        assert_eq!(answer.header("content-encoding"), None, "{status}");
        assert_eq!(answer.header("etag"), Some("\"x\""), "{status}");
    }
    for status in [201, 400, 500] {
        let answer = get(&client, &format!("/with/x?value=x&status={status}"), "gzip");
        assert_eq!((answer.status().as_u16(), answer.header("content-encoding")), (status, Some("gzip")));
    }
}

#[test]
fn a_304_names_what_the_200_depends_on() {
    let answer = get(&client(), "/with/etag?value=\"x\"&status=304", "gzip");
    assert_eq!(answer.header("vary"), Some("accept-encoding"), "RFC 9110, 15.4.5");
    let answer = get(&client(), "/with/cache-control?value=no-transform&status=304", "gzip");
    assert_eq!(answer.header("vary"), None, "its content is never compressed");
}

#[test]
fn problems_are_compressed_too() {
    let client = client();
    let answer = get(&client, "/gone", "gzip");
    assert_eq!((answer.status().as_u16(), answer.header("content-encoding")), (410, Some("gzip")));
    let problem: serde_json::Value = serde_json::from_slice(&decode("gzip", answer.bytes())).unwrap();
    assert_eq!(problem["detail"], text(2000));

    let all = TestClient::new(App::new(routes![full]).with(Compression::new().min_size(0)));
    for (answer, status) in [
        (get(&all, "/nowhere", "gzip"), 404),
        (all.post("/text/1").header("accept-encoding", "gzip").send(), 405),
        (get(&all, "/text/x", "gzip"), 400),
    ] {
        assert_eq!(answer.status(), status);
        assert_eq!(answer.header("vary"), Some("accept-encoding"));
    }
    let answer = all.options("/text/1").header("accept-encoding", "gzip").send();
    assert_eq!((answer.status().as_u16(), answer.header("content-encoding")), (204, None));
}

#[test]
fn validators_and_ranges_fit_the_new_bytes() {
    let client = client();
    for (etag, coding, expected) in [
        ("\"abc\"", "gzip", "\"abc--gzip\""),
        ("\"abc\"", "deflate", "\"abc--deflate\""),
        ("W/\"abc\"", "gzip", "W/\"abc\""),
    ] {
        let path = format!("/with/etag?value={etag}");
        assert_eq!(get(&client, &path, coding).header("etag"), Some(expected));
        assert_eq!(get(&client, &path, "identity").header("etag"), Some(etag));
    }
    assert_eq!(get(&client, "/with/accept-ranges?value=bytes", "gzip").header("accept-ranges"), None);
    assert_eq!(
        get(&client, "/with/accept-ranges?value=bytes", "identity").header("accept-ranges"),
        Some("bytes")
    );
    let answer = get(&client, "/with/content-length?value=2000", "gzip");
    assert_eq!(answer.header("content-length"), Some(&*answer.bytes().len().to_string()));
    let answer = get(&client, "/with/vary?value=Cookie", "gzip");
    assert_eq!(answer.header("vary"), Some("Cookie, accept-encoding"));
}

#[test]
fn compressed_content_has_a_tag_only_if_its_bytes_are_always_the_same() {
    #[get("/streamed")]
    async fn streamed() -> ([(HeaderName, &'static str); 2], Body) {
        let steps = VecDeque::from([Step::data(text(3000))]);
        ([(header::CONTENT_TYPE, "text/plain"), (header::ETAG, "\"v7\"")], Body::new(Script(steps)))
    }
    #[get("/large")]
    async fn large() -> ([(HeaderName, &'static str); 1], String) {
        ([(header::ETAG, "\"v7\"")], text(200_000))
    }
    let client = TestClient::new(App::new(routes![streamed, large]).enable_compression());
    assert_eq!(get(&client, "/streamed", "gzip").header("etag"), Some("W/\"v7\""));
    assert_eq!(get(&client, "/large", "gzip").header("etag"), Some("\"v7--gzip\""));
    assert!(get(&client, "/large", "gzip").bytes() == get(&client, "/large", "gzip").bytes());
}

#[test]
fn the_application_sees_the_tags_of_its_own_content() {
    #[put("/seen")]
    async fn seen(headers: &HeaderMap) -> String {
        let field = |name: &str| headers.get(name).map_or("-", |value| value.to_str().unwrap()).to_owned();
        [field("if-match"), field("if-none-match"), field("if-range")].join(" ")
    }
    let client = TestClient::new(App::new(routes![seen]).enable_compression());
    let tag = "\"v7--gzip\"";
    let request = client.put("/seen").header("if-match", tag).header("if-none-match", tag);
    assert_eq!(request.header("if-range", tag).send().text(), "\"v7\" \"v7\" \"v7--gzip\"");
}

#[test]
fn a_304_has_the_tag_that_the_client_asked_with() {
    #[get("/unchanged")]
    async fn unchanged() -> (StatusCode, [(HeaderName, &'static str); 1], ()) {
        (StatusCode::NOT_MODIFIED, [(header::ETAG, "\"v7\"")], ())
    }
    let client = TestClient::new(App::new(routes![unchanged]).enable_compression());
    for tag in ["\"v7--gzip\"", "\"v7\""] {
        let request = client.get("/unchanged").header("accept-encoding", "gzip");
        assert_eq!(request.header("if-none-match", tag).send().header("etag"), Some(tag));
    }
}

#[test]
fn head_has_the_fields_of_get() {
    let client = client();
    for path in [
        "/text/2000",
        "/text/100",
        "/text/100000",
        "/stream/5000/100",
        "/with/etag?value=\"x\"",
        "/gone",
        "/nowhere",
    ] {
        for accept in ["gzip", "identity"] {
            let get = get(&client, path, accept);
            let head = client.head(target(path)).header("accept-encoding", accept).send();
            assert!(head.bytes().is_empty());
            for field in ["content-encoding", "vary", "etag", "content-type", "accept-ranges"] {
                assert_eq!(head.header(field), get.header(field), "{field} {path} {accept}");
            }
            let is_as_sent =
                get.header("content-length").is_none() && get.header("content-encoding").is_some();
            let expected = if is_as_sent || path.starts_with("/stream") {
                None
            } else {
                Some(get.bytes().len().to_string())
            };
            assert_eq!(head.header("content-length"), expected.as_deref(), "{path} {accept}");
        }
    }
    let answer = client.head("/own-head").header("accept-encoding", "gzip").send();
    assert_eq!(answer.header("content-encoding"), Some("gzip"));
    assert_eq!(answer.header("content-length"), None, "5000 is the length of what is not sent");
}

#[test]
fn it_is_configurable() {
    let with = |compression| TestClient::new(App::new(routes![full, typed]).with(compression));
    let len = |compression, coding| get(&with(compression), "/text/60000", coding).bytes().len();
    assert!(len(Compression::new().level(9), "gzip") < len(Compression::new().level(1), "gzip"));
    #[cfg(feature = "brotli")]
    assert!(
        len(Compression::new().level_of(Coding::Brotli, 9), "br")
            < len(Compression::new().level_of(Coding::Brotli, 1), "br")
    );
    #[cfg(feature = "zstd")]
    assert!(
        len(Compression::new().level_of(Coding::Zstd, 9), "zstd")
            < len(Compression::new().level_of(Coding::Zstd, 1), "zstd")
    );

    let small = with(Compression::new().min_size(100));
    assert_eq!(get(&small, "/text/100", "gzip").header("content-encoding"), Some("gzip"));
    assert_eq!(get(&small, "/text/99", "gzip").header("content-encoding"), None);

    let only_png = with(Compression::new().content_types(|content_type| content_type == "image/png"));
    assert_eq!(get(&only_png, "/text/2000", "gzip").header("content-encoding"), None);
    assert_eq!(
        get(&only_png, "/typed?content_type=image/png", "gzip").header("content-encoding"),
        Some("gzip")
    );

    let only_deflate = with(Compression::new().codings([Coding::Deflate]));
    assert_eq!(get(&only_deflate, "/text/2000", "gzip, *;q=0.1").header("content-encoding"), Some("deflate"));

    let client = TestClient::new(App::new(routes![full]).with(None::<Compression>));
    assert_plain(&get(&client, "/text/2000", "gzip"));
}

#[test]
fn a_bad_configuration_is_a_sentence_at_start() {
    for (compression, reason) in [
        (Compression::new().level(0), "gzip has no level 0, only 1 to 9"),
        (Compression::new().level_of(Coding::Deflate, 10), "deflate has no level 10"),
        #[cfg(feature = "brotli")]
        (Compression::new().level_of(Coding::Brotli, 12), "br has no level 12, only 0 to 11"),
        #[cfg(feature = "zstd")]
        (Compression::new().level_of(Coding::Zstd, 23), "zstd has no level 23, only 1 to 22"),
        (Compression::new().codings([]), "no coding is left"),
    ] {
        let client = TestClient::builder(App::new(routes![full]).with(compression)).try_build();
        let fault = client.map_or_else(|error| error.to_string(), |_| "it started".to_owned());
        assert!(fault.contains(reason), "{fault}");
    }
}

/// A body that does as it is told.
struct Script(VecDeque<Step>);

enum Step {
    Frame(Frame<Bytes>),
    Wait,
    Fail,
}

impl Step {
    fn data(data: impl Into<Bytes>) -> Self {
        Self::Frame(Frame::data(data.into()))
    }
}

impl HttpBody for Script {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        match self.0.pop_front() {
            None => Poll::Ready(None),
            Some(Step::Frame(frame)) => Poll::Ready(Some(Ok(frame))),
            Some(Step::Fail) => Poll::Ready(Some(Err(std::io::Error::other("it broke")))),
            Some(Step::Wait) => {
                cx.waker().wake_by_ref();
                Poll::Pending
            }
        }
    }
}

type Made = Arc<Mutex<Option<Body>>>;

/// The compressed form of a body, unread.
async fn compressed(body: impl Into<Body>) -> Body {
    compressed_with(body, "gzip").await
}

async fn compressed_with(body: impl Into<Body>, coding: &str) -> Body {
    #[get("/")]
    async fn made(body: &Made) -> ([(HeaderName, &'static str); 1], Body) {
        ([(header::CONTENT_TYPE, "text/plain")], body.lock().unwrap().take().unwrap())
    }
    #[derive(AppState)]
    struct Bodies {
        made: Made,
    }
    let made = Arc::new(Mutex::new(Some(body.into())));
    let app = App::new(routes![made]).state(Bodies { made }).enable_compression();
    let mut service = app.into_service().await.unwrap();
    let request = http::Request::get("/").header("accept-encoding", coding).body(Body::empty()).unwrap();
    let response = tower_service::Service::call(&mut service, request).await.unwrap();
    assert_eq!(response.headers()["content-encoding"], coding);
    response.into_body()
}

fn poll(body: &mut Body) -> Poll<Option<Result<Frame<Bytes>, cello::BodyError>>> {
    Pin::new(body).poll_frame(&mut Context::from_waker(Waker::noop()))
}

/// What can be decoded of content that has not ended.
fn decode_so_far(coding: &str, bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;
    match coding {
        "gzip" => {
            let mut decoder = flate2::write::GzDecoder::new(Vec::new());
            decoder.write_all(bytes).unwrap();
            decoder.flush().unwrap();
            decoder.get_ref().clone()
        }
        "deflate" => {
            let mut decoder = flate2::write::ZlibDecoder::new(Vec::new());
            decoder.write_all(bytes).unwrap();
            decoder.flush().unwrap();
            decoder.get_ref().clone()
        }
        #[cfg(feature = "brotli")]
        "br" => {
            let mut decoder = brotli::DecompressorWriter::new(Vec::new(), 4096);
            decoder.write_all(bytes).unwrap();
            decoder.flush().unwrap();
            decoder.get_ref().clone()
        }
        #[cfg(feature = "zstd")]
        "zstd" => {
            let mut decoder = zstd::stream::write::Decoder::new(Vec::new()).unwrap();
            decoder.write_all(bytes).unwrap();
            decoder.flush().unwrap();
            decoder.get_ref().clone()
        }
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_stream_that_waits_has_sent_all_that_it_had() {
    for &coding in CODINGS {
        let steps = [
            Step::data("first, "),
            Step::data("second, "),
            Step::Wait,
            Step::Wait,
            Step::data("third"),
            Step::Wait,
            Step::Wait,
        ];
        let mut body = compressed_with(Body::new(Script(steps.into())), coding).await;
        let mut sent = Vec::new();
        for expected in ["first, second, ", "first, second, third"] {
            let Poll::Ready(Some(Ok(frame))) = poll(&mut body) else { panic!("held back: {expected}") };
            sent.extend_from_slice(frame.data_ref().unwrap());
            assert_eq!(decode_so_far(coding, &sent), expected.as_bytes());
            assert!(poll(&mut body).is_pending(), "there is nothing more to send");
            assert!(!body.is_end_stream());
        }
        let Poll::Ready(Some(Ok(end))) = poll(&mut body) else { panic!("no end") };
        sent.extend_from_slice(end.data_ref().unwrap());
        assert!(body.is_end_stream());
        assert_eq!(decode(coding, &sent), b"first, second, third");
    }
}

#[tokio::test]
async fn trailers_are_passed_on_after_the_last_data() {
    let mut trailers = HeaderMap::new();
    trailers.insert("x-sum", HeaderValue::from_static("42"));
    let steps = [Step::data("data"), Step::Frame(Frame::trailers(trailers.clone()))];
    let mut body = compressed(Body::new(Script(steps.into()))).await;
    let Poll::Ready(Some(Ok(data))) = poll(&mut body) else { panic!("no data") };
    assert_eq!(decode("gzip", data.data_ref().unwrap()), b"data");
    assert!(!body.is_end_stream(), "the trailers are missing");
    let Poll::Ready(Some(Ok(last))) = poll(&mut body) else { panic!("no trailers") };
    assert_eq!(last.trailers_ref(), Some(&trailers));
    assert!(body.is_end_stream());
    assert!(matches!(poll(&mut body), Poll::Ready(None)));
}

#[tokio::test]
async fn an_error_ends_the_body() {
    let mut body = compressed(Body::new(Script([Step::data("data"), Step::Fail].into()))).await;
    let Poll::Ready(Some(Err(error))) = poll(&mut body) else { panic!("no error") };
    assert!(!error.is_too_large());
    assert!(matches!(poll(&mut body), Poll::Ready(None)), "and nothing that looks like an end of gzip");
}

#[tokio::test]
async fn one_poll_does_a_bounded_amount_of_work() {
    let read = Arc::new(Mutex::new(0));
    let counted = Arc::clone(&read);
    // A source that never waits, and gets so small that there is nothing to send for long.
    let endless = Body::new(Endless(Box::new(move || *counted.lock().unwrap() += 1000)));
    let mut body = compressed(endless).await;
    for polls in 1..=50 {
        let _ = poll(&mut body);
        let read = *read.lock().unwrap();
        assert!(read <= polls * 40_000, "{read} bytes in {polls} polls");
    }
    assert!(*read.lock().unwrap() > 500_000, "it goes on");

    // Frames without data do not hold the thread either.
    let empty = Arc::new(Mutex::new(0));
    let counted = Arc::clone(&empty);
    let mut body = compressed(Body::new(Hollow(Box::new(move || *counted.lock().unwrap() += 1)))).await;
    let _ = poll(&mut body);
    assert!(*empty.lock().unwrap() < 10_000);
}

struct Endless(Box<dyn FnMut() + Send>);

impl HttpBody for Endless {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        (self.0)();
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(&[b'x'; 1000])))))
    }
}

struct Hollow(Box<dyn FnMut() + Send>);

impl HttpBody for Hollow {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        (self.0)();
        Poll::Ready(Some(Ok(Frame::data(Bytes::new()))))
    }
}

#[tokio::test]
async fn an_inner_middleware_still_learns_how_the_body_ended() {
    let ended = Arc::new(Mutex::new(None));
    let told = Arc::clone(&ended);
    let watched = Body::from(text(5000)).on_end(move |end| *told.lock().unwrap() = Some(end));
    let mut body = compressed(watched).await;
    assert_eq!(*ended.lock().unwrap(), None, "nothing has been sent");
    let mut sent = Vec::new();
    while let Poll::Ready(Some(frame)) = poll(&mut body) {
        sent.extend_from_slice(frame.unwrap().data_ref().unwrap());
    }
    assert_eq!(decode("gzip", &sent), text(5000).as_bytes());
    let end = ended.lock().unwrap().unwrap();
    assert_eq!((end.bytes, end.complete), (5000, true));
}

#[get("/too-short")]
async fn too_short() -> ([(&'static str, &'static str); 2], Body) {
    ([("content-type", "text/plain"), ("content-length", "5000")], Body::from_reader(&[b'x'; 2000][..]))
}

/// Compressed, it has no length by which a client could tell.
#[test]
fn content_that_is_shorter_than_its_head_says_is_not_whole() {
    let client = TestClient::new(App::new(routes![too_short]).enable_compression());
    for coding in ["gzip", "identity"] {
        let response = client.get("/too-short").header("accept-encoding", coding).send();
        assert!(response.try_bytes().is_err(), "{coding}: {response:?}");
    }
}
