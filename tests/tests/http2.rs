//! HTTP/2 on the same port as HTTP/1.1: requests, answers, and what ends a stream or a connection.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests fail the test; a handler panics on purpose

use std::net::SocketAddr;

use behaviour::http2::*;
use behaviour::{Client, serve};
use cello::prelude::*;
use cello::{ClientAddr, HeaderMap, Readiness};

#[get("/")]
async fn hello() -> &'static str {
    "hello"
}

#[post("/echo")]
async fn echo(body: Bytes) -> Bytes {
    body
}

#[post("/ignore")]
async fn ignore() -> &'static str {
    "ignored"
}

#[get("/host")]
async fn host(headers: &HeaderMap) -> String {
    let host: Vec<_> = headers.get_all("host").iter().filter_map(|host| host.to_str().ok()).collect();
    host.join("|")
}

#[get("/cookie")]
async fn cookie(headers: &HeaderMap) -> String {
    let cookies: Vec<_> =
        headers.get_all("cookie").iter().filter_map(|cookie| cookie.to_str().ok()).collect();
    cookies.join("|")
}

#[get("/panic")]
async fn panics() -> &'static str {
    panic!("as asked")
}

#[get("/bytes/<count>")]
async fn bytes(count: usize) -> Bytes {
    vec![b'x'; count].into()
}

struct Pieces(Vec<&'static str>);

impl futures_core::Stream for Pieces {
    type Item = Result<&'static str, std::io::Error>;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        std::task::Poll::Ready((!self.0.is_empty()).then(|| Ok(self.0.remove(0))))
    }
}

/// Says that it has ten bytes, and has fifteen or five.
#[get("/stated/<pieces>")]
async fn stated(pieces: usize) -> Response {
    let mut response = Response::new(Body::from_stream(Pieces(vec!["12345"; pieces])));
    response.headers_mut().insert("content-length", HeaderValue::from_static("10"));
    response
}

/// Says what only a connection of HTTP/1.1 can be told.
#[get("/hop")]
async fn hop() -> Response {
    let fields = ["connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade", "te"];
    (fields.map(|name| (name, "x")), "hop").into_response()
}

/// A body that panics when it is asked for its second piece, or when it is dropped.
struct Fragile {
    pieces: Pieces,
    when_dropped: bool,
}

impl futures_core::Stream for Fragile {
    type Item = Result<&'static str, std::io::Error>;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        assert!(self.when_dropped || !self.pieces.0.is_empty(), "as asked");
        std::pin::Pin::new(&mut self.pieces).poll_next(cx)
    }
}

impl Drop for Fragile {
    fn drop(&mut self) {
        assert!(!self.when_dropped, "as asked");
    }
}

#[get("/fragile?<when_dropped>")]
async fn fragile(when_dropped: bool) -> Body {
    Body::from_stream(Fragile { pieces: Pieces(vec!["1"]), when_dropped })
}

fn address() -> SocketAddr {
    serve(App::new(routes![hello, echo, ignore, host, cookie, panics, bytes, stated, fragile, hop]))
}

async fn client() -> H2 {
    H2::connect(address()).await
}

fn answer(status: u16, body: &str) -> Answer {
    Answer { status, body: body.to_owned(), reset: None }
}

#[tokio::test]
async fn both_protocols_are_spoken_on_one_port() {
    let address = address();
    let mut two = H2::connect(address).await;
    assert_eq!(two.send(get(1, "/")).await.answer(1).await, answer(200, "hello"));
    assert_eq!(Client::connect(address).get("/").text(), "hello");
    // However the preface comes.
    let mut slow = H2::connect_silently(address).await;
    for byte in opening(&[]) {
        slow.send([byte]).await;
    }
    assert_eq!(slow.get(1, "/").await, 200);
    // What only begins like it is HTTP/1.1.
    let reply = Client::connect(address).send("PRI / HTTP/1.1\r\nHost: a\r\n\r\n").reply();
    assert_eq!(reply.status, 501);
    assert_eq!(Client::connect(address).send("PRI * HTTP/2.0\r\n\r\nSM\r\n\rx").reply().status, 400);
}

#[tokio::test]
async fn a_request_larger_than_the_first_read_is_whole() {
    let body = "x".repeat(100_000);
    let head = format!("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n\r\n", body.len());
    assert_eq!(Client::connect(address()).send(head + &body).reply().text(), body);
}

#[tokio::test]
async fn many_requests_run_at_once_and_answers_come_as_they_are_ready() {
    let mut client =
        H2::connect(serve(behaviour::app(Limits::default(), cello::Threading::Shared, None))).await;
    client.send([get(1, "/wait/200"), get(3, "/number/3"), get(5, "/")].concat()).await;
    let mut order = Vec::new();
    while order.len() < 3 {
        let frame = client.next().await.unwrap().unwrap();
        if frame.ends() {
            order.push(frame.stream);
        }
    }
    assert_eq!(order.last(), Some(&1));
}

#[tokio::test]
async fn bodies_go_both_ways() {
    let mut client = client().await;
    let body = "x".repeat(16_384);
    client.send(post(1, "/echo")).await;
    for last in [0, 0, END_STREAM] {
        client.send(frame(DATA, last, 1, body.as_bytes())).await;
    }
    assert_eq!(client.answer(1).await, answer(200, &body.repeat(3)));
    // As large as the window that the client has opened.
    assert_eq!(client.send(get(3, "/bytes/10000")).await.answer(3).await.body.len(), 10_000);
}

#[tokio::test]
async fn no_more_is_sent_than_the_client_has_room_for() {
    let mut client = H2::connect_with(address(), &[(4, 100)]).await;
    client.send(get(1, "/bytes/1000")).await;
    let mut came = 0;
    while came < 1000 {
        let frame = client.next().await.unwrap().unwrap();
        if frame.kind == DATA {
            assert!(frame.payload.len() <= 100);
            came += frame.payload.len();
            client.send(self::frame(WINDOW_UPDATE, 0, 1, &100_u32.to_be_bytes())).await;
        }
    }
    assert_eq!(came, 1000);
}

#[tokio::test]
async fn the_host_is_the_authority() {
    let mut client = client().await;
    let mut ask = async |stream, fields: &[(&str, &str)]| {
        client.send(frame(HEADERS, END_HEADERS | END_STREAM, stream, &block(fields))).await;
        client.answer(stream).await
    };
    let get = [(":method", "GET"), (":scheme", "http"), (":path", "/host")];
    assert_eq!(ask(1, &[&get[..], &[(":authority", "a:80")]].concat()).await, answer(200, "a:80"));
    assert_eq!(ask(3, &[&get[..], &[("host", "b")]].concat()).await, answer(200, "b"));
    for (stream, more) in [
        (5, &[][..]),
        (7, &[("host", "a"), ("host", "a")]),
        (9, &[("host", "a b")]),
        (11, &[(":authority", "a"), ("host", "b")]),
        (13, &[(":authority", "a"), ("host", "a"), ("host", "a")]),
    ] {
        assert_eq!(ask(stream, &[&get[..], more].concat()).await.status, 400, "{more:?}");
    }
    let same = [&get[..], &[(":authority", "A"), ("host", "a:80")]].concat();
    assert_eq!(ask(15, &same).await, answer(200, "A"));
}

#[tokio::test]
async fn cookies_in_several_fields_are_one() {
    let mut client = client().await;
    let head = request("GET", "/cookie", &[("cookie", "a=1"), ("cookie", "b=2")]);
    client.send(frame(HEADERS, END_HEADERS | END_STREAM, 1, &head)).await;
    assert_eq!(client.answer(1).await, answer(200, "a=1; b=2"));
}

#[tokio::test]
async fn what_is_malformed_ends_its_stream_alone() {
    let mut client = client().await;
    let get = [(":method", "GET"), (":scheme", "http"), (":authority", "a"), (":path", "/")];
    let malformed: &[&[(&str, &str)]] = &[
        &[(":method", "GET"), (":scheme", "http"), (":authority", "a")],
        &[(":method", "GET"), (":authority", "a"), (":path", "/")],
        &[(":scheme", "http"), (":authority", "a"), (":path", "/")],
        &[get[0], get[1], get[2], get[3], (":path", "/")],
        &[get[0], get[1], get[2], get[3], (":status", "200")],
        &[("x", "y"), get[0], get[1], get[2], get[3]],
        &[get[0], get[1], get[2], get[3], ("connection", "close")],
        &[get[0], get[1], get[2], get[3], ("transfer-encoding", "chunked")],
        &[get[0], get[1], get[2], get[3], ("upgrade", "x")],
        &[get[0], get[1], get[2], get[3], ("keep-alive", "x")],
        &[get[0], get[1], get[2], get[3], ("te", "gzip")],
        &[get[0], get[1], get[2], get[3], ("content-length", "1")],
        &[get[0], get[1], get[2], (":path", "")],
    ];
    let mut stream = 1;
    for fields in malformed {
        client.send(frame(HEADERS, END_HEADERS | END_STREAM, stream, &block(fields))).await;
        let answer = client.answer(stream).await;
        assert_eq!((answer.status, answer.reset), (0, Some(PROTOCOL_ERROR)), "{fields:?}");
        stream += 2;
    }
    assert_eq!(client.get(stream, "/").await, 200);
}

#[tokio::test]
async fn what_is_no_field_at_all_ends_the_connection() {
    let address = address();
    for (name, value) in [(":unknown", "x"), ("Upper", "x"), ("a b", "x"), ("x", "a\nb"), ("", "x")] {
        let mut client = H2::connect(address).await;
        let head = request("GET", "/", &[(name, value)]);
        client.send(frame(HEADERS, END_HEADERS | END_STREAM, 1, &head)).await;
        assert_eq!(client.end().await, Some(PROTOCOL_ERROR), "{name}: {value:?}");
    }
}

#[tokio::test]
async fn a_body_that_is_not_as_long_as_it_says_ends_its_stream() {
    let mut client = client().await;
    for (stream, sent) in [(1, "hello"), (3, "he")] {
        let head = request("POST", "/echo", &[("content-length", "3")]);
        client.send(frame(HEADERS, END_HEADERS, stream, &head)).await;
        client.send(frame(DATA, END_STREAM, stream, sent.as_bytes())).await;
        assert_eq!(client.answer(stream).await.reset, Some(PROTOCOL_ERROR), "{sent}");
    }
    assert_eq!(client.get(5, "/").await, 200);
}

#[tokio::test]
async fn targets_methods_and_expectations_are_judged_as_in_http_1_1() {
    let mut client = client().await;
    let mut stream = 1;
    for (fields, status) in [
        (vec![(":method", "OPTIONS"), (":scheme", "http"), (":authority", "a"), (":path", "*")], 204),
        (vec![(":method", "GET"), (":scheme", "http"), (":authority", "a"), (":path", "*")], 400),
        (vec![(":method", "GET"), (":scheme", "ftp"), (":authority", "a"), (":path", "/")], 400),
        (vec![(":method", "CONNECT"), (":authority", "a:80")], 501),
        (vec![(":method", "TRACE"), (":scheme", "http"), (":authority", "a"), (":path", "/")], 405),
        (vec![(":method", "POST"), (":scheme", "http"), (":authority", "a"), (":path", "/")], 405),
        (vec![(":method", "GET"), (":scheme", "http"), (":authority", "a"), (":path", "/nowhere")], 404),
        (
            vec![
                (":method", "GET"),
                (":scheme", "http"),
                (":authority", "a"),
                (":path", "/"),
                ("expect", "tea"),
            ],
            417,
        ),
    ] {
        client.send(frame(HEADERS, END_HEADERS | END_STREAM, stream, &block(&fields))).await;
        assert_eq!(client.answer(stream).await.status, status, "{fields:?}");
        stream += 2;
    }
    assert_eq!(client.get(stream, "/").await, 200);
}

#[tokio::test]
async fn a_body_that_nobody_reads_ends_with_its_stream() {
    let mut client = client().await;
    client.send([post(1, "/ignore"), frame(DATA, 0, 1, b"some")].concat()).await;
    assert_eq!(client.answer(1).await, answer(200, "ignored"));
    // RFC 9113, section 8.1: the answer is whole, and the rest of the request is not wanted.
    assert_eq!(client.answer(1).await.reset, Some(NO_ERROR));
    assert_eq!(client.get(3, "/").await, 200);
}

#[tokio::test]
async fn a_panic_is_a_500_and_harms_no_other_stream() {
    let mut client = client().await;
    client.send([get(1, "/panic"), get(3, "/")].concat()).await;
    let mut statuses = Vec::new();
    while statuses.len() < 2 {
        let frame = client.next().await.unwrap().unwrap();
        statuses.extend(frame.status().map(|status| (frame.stream, status)));
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [(1, 500), (3, 200)]);
}

#[tokio::test]
async fn a_body_that_panics_harms_no_other_stream() {
    let mut client = client().await;
    client.send([get(1, "/fragile?when_dropped=false"), get(3, "/")].concat()).await;
    assert_ne!(client.answer(1).await.reset, None);
    assert_eq!(client.send(get(5, "/fragile?when_dropped=true")).await.answer(5).await, answer(200, "1"));
    client.send([get(7, "/fragile?when_dropped=true"), get(9, "/")].concat()).await;
    assert_eq!(client.answer(9).await, answer(200, "hello"));
}

#[tokio::test]
async fn a_body_is_held_to_the_length_that_its_head_states() {
    let mut client = client().await;
    assert_eq!(client.send(get(1, "/stated/3")).await.answer(1).await, answer(200, "1234512345"));
    assert_eq!(client.send(get(3, "/stated/1")).await.answer(3).await.reset, Some(INTERNAL_ERROR));
    assert_eq!(client.get(5, "/").await, 200);
}

#[tokio::test]
async fn fields_of_connections_are_not_sent() {
    let mut client = client().await;
    assert_eq!(client.send(get(1, "/hop")).await.answer(1).await, answer(200, "hop"));
}

#[tokio::test]
async fn the_head_of_an_answer_has_a_date_and_a_length_and_says_nothing_of_connections() {
    let stream = tokio::net::TcpStream::connect(address()).await.unwrap();
    let (mut requests, connection) = h2::client::handshake(stream).await.unwrap();
    tokio::spawn(connection);
    for (method, path) in [("GET", "/"), ("HEAD", "/"), ("GET", "/nowhere")] {
        let request =
            http::Request::builder().method(method).uri(format!("http://test{path}")).body(()).unwrap();
        let (answer, _) = requests.send_request(request, true).unwrap();
        let (head, mut body) = answer.await.unwrap().into_parts();
        let mut len = 0;
        while let Some(data) = body.data().await {
            len += data.unwrap().len();
        }
        assert!(head.headers.contains_key("date"), "{head:?}");
        assert!(!head.headers.contains_key("connection"), "{head:?}");
        let stated: usize = head.headers["content-length"].to_str().unwrap().parse().unwrap();
        assert!(
            if method == "HEAD" { (len, stated) == (0, 5) } else { len == stated },
            "{method} {path} {len}"
        );
    }
}

#[get("/ready")]
async fn ready(readiness: Readiness) -> Readiness {
    readiness
}

#[tokio::test]
async fn other_extractors_know_the_connection() {
    let address = serve(App::new(routes![ready, peer]));
    let mut client = H2::connect(address).await;
    assert_eq!(client.send(get(1, "/ready")).await.answer(1).await, answer(200, "ready"));
    assert_eq!(client.send(get(3, "/peer")).await.answer(3).await, answer(200, "127.0.0.1"));
}

#[get("/peer")]
async fn peer(client: ClientAddr) -> String {
    client.0.ip().to_string()
}
