//! What a response says of its content is true, whatever its handler says: the next response can be read.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used)] // helpers of tests fail the test

use std::net::SocketAddr;

use behaviour::Client;
use cello::prelude::*;
use cello::testing::TestClient;

#[get("/")]
async fn hello() -> &'static str {
    "hello"
}

#[get("/stated/<len>")]
async fn stated(len: &str) -> Response {
    let mut response = "hello HTTP/1.1 200 OK".into_response();
    response.headers_mut().insert("content-length", len.parse().unwrap());
    response
}

/// The length of a stream is not known.
#[get("/streamed/<len>")]
async fn streamed(len: &str) -> Response {
    let mut response = Response::new(Body::from_stream(Body::from("hello")));
    response.headers_mut().insert("content-length", len.parse().unwrap());
    response
}

#[get("/twice")]
async fn twice() -> Response {
    let mut response = "hello".into_response();
    response.headers_mut().append("content-length", "5".parse().unwrap());
    response.headers_mut().append("content-length", "6".parse().unwrap());
    response.headers_mut().insert("transfer-encoding", "chunked".parse().unwrap());
    response
}

#[get("/status/<status>")]
async fn status(status: u16) -> (StatusCode, &'static str) {
    (StatusCode::from_u16(status).unwrap(), "content")
}

/// Its status, and the lengths that it states.
#[get("/both/<status>/<lengths>")]
async fn both(status: u16, lengths: &str) -> Response {
    let mut response = (StatusCode::from_u16(status).unwrap(), "hello").into_response();
    for len in lengths.split('-') {
        response.headers_mut().append("content-length", len.parse().unwrap());
    }
    response
}

/// Knows how long the content would be, and makes none.
#[get("/spared/<len>")]
async fn spared(len: &str) -> Response {
    let mut response = Response::new(Body::empty());
    response.headers_mut().insert("content-length", len.parse().unwrap());
    response
}

#[any("/any")]
async fn any() -> &'static str {
    "any"
}

/// Answers without asking anyone.
async fn closed(request: Request, next: Next<'_>) -> Response {
    if request.headers().contains_key("closed") { "closed".into_response() } else { next.run(request).await }
}

fn app() -> impl Application {
    App::new(routes![hello, stated, streamed, twice, status, both, spared, any]).with(closed)
}

fn serve() -> SocketAddr {
    behaviour::serve(app())
}

#[test]
fn a_length_that_is_not_that_of_the_body_is_corrected() {
    let mut client = Client::connect(serve());
    for path in ["/stated/5", "/stated/21", "/stated/100", "/stated/+21", "/stated/x", "/stated/0"] {
        let reply = client.get(path);
        assert_eq!((reply.header("content-length"), reply.text().len()), (Some("21"), 21), "{path}");
        assert_eq!(client.get("/").text(), "hello", "{path}");
    }
    let reply = client.get("/twice");
    assert_eq!((reply.header("content-length"), reply.text()), (Some("5"), "hello".to_owned()));
    assert_eq!(client.get("/").text(), "hello");
    let tests = TestClient::new(app());
    for path in ["/stated/5", "/stated/21", "/stated/100", "/stated/+21"] {
        let response = tests.get(path).send();
        assert_eq!((response.header("content-length"), response.text().len()), (Some("21"), 21), "{path}");
    }
}

/// What the answer to `GET` would say that it does not have, nobody may say (RFC 9110, section 8.6).
#[test]
fn a_head_states_no_length_that_its_content_would_not_have() {
    let address = serve();
    for (path, len) in [
        ("/stated/5", Some("21")),
        ("/stated/x", Some("21")),
        ("/twice", Some("5")),
        ("/both/200/5-5", Some("5")),
        ("/streamed/5", Some("5")),
        ("/streamed/x", None),
        ("/spared/7", Some("7")),
        ("/spared/x", Some("0")),
        ("/both/304/5", Some("5")),
        ("/both/304/x", None),
        ("/both/304/5-6", None),
    ] {
        let mut client = Client::connect(address);
        let reply = client.request("HEAD", path).reply_to_head();
        assert_eq!(reply.header("content-length"), len, "{path}");
        assert_eq!(client.get("/").text(), "hello", "{path}");
        let response = TestClient::new(app()).request(Method::HEAD, path).send();
        assert_eq!((response.header("content-length"), response.text()), (len, ""), "{path}");
    }
}

#[test]
fn a_stream_is_held_to_the_length_that_is_stated() {
    let address = serve();
    let mut client = Client::connect(address);
    assert_eq!(client.get("/streamed/5").text(), "hello");
    assert_eq!(client.get("/streamed/3").text(), "hel");
    // What was too much is not the beginning of the next response.
    assert_eq!(client.get("/").text(), "hello");
    // Too little ends the connection: nothing that comes later may fill the gap.
    client.request("GET", "/streamed/7").request("GET", "/");
    let rest = String::from_utf8(client.rest().unwrap_or_default()).unwrap();
    assert!(rest.matches("HTTP/1.1").count() <= 1, "{rest}");
    let response = TestClient::new(app()).get("/streamed/x").send();
    assert_eq!((response.header("content-length"), response.text()), (None, "hello"));
}

#[test]
fn a_status_that_ends_no_request_is_a_500() {
    let address = serve();
    let upgrade = "Connection: upgrade\r\nUpgrade: echo\r\n";
    for (status, fields) in [(100, ""), (101, ""), (101, upgrade), (103, "")] {
        let mut client = Client::connect(address);
        client.send(format!("GET /status/{status} HTTP/1.1\r\nHost: test\r\n{fields}\r\n"));
        let reply = client.reply();
        assert_eq!((reply.status, reply.header("content-type")), (500, Some("application/problem+json")));
        assert_eq!(client.get("/").text(), "hello");
        assert_eq!(TestClient::new(app()).get(format!("/status/{status}")).send().status(), 500);
    }
}

#[test]
fn a_status_without_content_is_sent_without_it() {
    let mut client = Client::connect(serve());
    for (status, len) in [(204, None), (205, Some("0")), (304, None)] {
        client.request("GET", &format!("/status/{status}"));
        let reply = if status == 205 { client.reply() } else { client.reply_to_head() };
        assert_eq!(
            (reply.status, reply.header("content-length"), reply.text()),
            (status, len, String::new())
        );
        assert_eq!(reply.header("transfer-encoding"), None);
        assert_eq!(client.get("/").text(), "hello");
        let response = TestClient::new(app()).get(format!("/status/{status}")).send();
        assert_eq!((response.status().as_u16(), response.text()), (status, ""));
    }
}

#[test]
fn connect_is_refused_and_makes_no_tunnel() {
    let address = serve();
    for fields in ["", "Closed: 1\r\n"] {
        for target in ["/any", "test:80"] {
            let mut client = Client::connect(address);
            let reply =
                client.send(format!("CONNECT {target} HTTP/1.1\r\nHost: test\r\n{fields}\r\n")).reply();
            assert_eq!((reply.status, reply.header("content-type")), (501, Some("application/problem+json")));
            assert_eq!(client.rest().unwrap(), b"");
        }
    }
    let response = TestClient::new(app()).request(Method::CONNECT, "/any").send();
    assert_eq!(response.status(), 501);
}
