//! Heads that are larger than they may be are refused with 431.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used)] // helpers of tests fail the test

use behaviour::{Client, Process};
use cello::HeaderValue;
use cello::prelude::*;
use tokio::net::TcpListener;

const SERVER: &str = env!("CARGO_BIN_EXE_target-server");

fn head(field_bytes: usize) -> String {
    let start = "GET / HTTP/1.1\r\nHost: test\r\nX-Long: ";
    format!("{start}{}\r\n\r\n", "x".repeat(field_bytes - start.len() - 4))
}

#[test]
fn a_head_up_to_the_limit_is_answered() {
    let server = Process::start(SERVER, &["--header-bytes", "10000"]);
    let mut client = server.connect();
    assert_eq!(client.send(head(10_000)).reply().status, 200);
    // Several small heads in one piece are not one large head.
    client.send(head(1_000).repeat(30));
    for _ in 0..30 {
        assert_eq!(client.reply().status, 200);
    }
}

#[test]
fn a_larger_head_is_refused_and_the_connection_closed() {
    let server = Process::start(SERVER, &["--header-bytes", "10000"]);
    let mut client = server.connect();
    let reply = client.send(head(10_001)).reply();
    assert_eq!((reply.status, reply.closes()), (431, true));
    assert_eq!(reply.header("content-type"), Some("application/problem+json"));
    assert!(reply.text().contains("larger than the limit of 10000 bytes"), "{}", reply.text());
    assert_eq!(client.rest().unwrap(), b"");
}

#[test]
fn a_head_without_an_end_is_refused_when_the_buffer_is_full() {
    let server = Process::start(SERVER, &[]);
    let mut client = server.connect();
    client.send("GET / HTTP/1.1\r\nHost: test\r\nX-Long: ").send("x".repeat(100_000));
    assert_eq!(client.reply().status, 431);
    assert_eq!(client.rest().unwrap(), b"");
}

#[test]
fn a_target_beyond_the_limit_is_a_414() {
    let server = Process::start(SERVER, &[]);
    let ask = |len: usize| {
        let path = format!("/?{}", "x".repeat(len - 2));
        server.connect().send(format!("GET {path} HTTP/1.1\r\nHost: test\r\n\r\n")).reply()
    };
    assert_eq!(ask(8 * 1024).status, 200);
    let reply = ask(8 * 1024 + 1);
    assert_eq!((reply.status, reply.closes()), (414, true));
    assert!(reply.text().contains("longer than the limit of 8192 bytes"), "{}", reply.text());
}

/// The beginning of the head comes together with the end of the body before it.
#[test]
fn a_head_behind_a_body_is_held_to_its_limits_too() {
    let server = Process::start(SERVER, &["--header-bytes", "10000"]);
    let long_target = format!("GET /?{} HTTP/1.1\r\nHost: test\r\n\r\n", "x".repeat(8 * 1024));
    for path in ["/echo", "/ignore"] {
        for framing in
            ["Content-Length: 3\r\n\r\nabc", "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"]
        {
            for (head, status) in [(&long_target, 414), (&head(10_001), 431), (&head(10_000), 200)] {
                let post = format!("POST {path} HTTP/1.1\r\nHost: test\r\n{framing}");
                for cut in [0, post.len() - 1] {
                    let mut client = server.connect();
                    client.send(&post[..cut]);
                    client.send(format!("{}{head}", &post[cut..]));
                    assert_eq!(client.reply().status, 200);
                    assert_eq!(client.reply().status, status, "{path} {framing:?} {cut}");
                }
            }
        }
    }
}

#[test]
fn too_many_fields_are_refused() {
    let server = Process::start(SERVER, &[]);
    for (fields, status) in [(99, 200), (100, 431)] {
        let fields: String = (0..fields).map(|n| format!("X-{n}: 1\r\n")).collect();
        let reply = server.connect().send(format!("GET / HTTP/1.1\r\nHost: test\r\n{fields}\r\n")).reply();
        assert_eq!(reply.status, status);
    }
}

#[get("/")]
async fn hello() -> &'static str {
    "hello"
}

async fn mark(request: Request, next: Next<'_>) -> Response {
    let mut response = next.run(request).await;
    let status = HeaderValue::from(response.status().as_u16());
    response.headers_mut().insert("x-seen", status);
    response
}

#[tokio::test]
async fn the_refusal_passes_the_stack_and_is_rendered() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = App::new(routes![hello])
        .with(mark)
        .render_errors(|problem, _| format!("page for {}", problem.status()).into_response());
    tokio::spawn(
        app.limits(Limits::default().header_bytes(10_000)).serve_until(listener, std::future::pending()),
    );
    let reply = tokio::task::spawn_blocking(move || Client::connect(address).send(head(10_001)).reply());
    let reply = reply.await.unwrap();
    assert_eq!((reply.status, reply.header("x-seen"), reply.closes()), (431, Some("431"), true));
    assert_eq!(reply.text(), "page for 431 Request Header Fields Too Large");
}
