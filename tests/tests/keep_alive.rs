//! A connection serves one request after the other, until one of the two sides wants to close it.
#![forbid(unsafe_code)]

use behaviour::{MODES, Process};

const SERVER: &str = env!("CARGO_BIN_EXE_target-server");

#[test]
fn a_connection_serves_many_requests() {
    for mode in MODES {
        let server = Process::start(SERVER, mode);
        let mut client = server.connect();
        for n in 0..100 {
            let reply = client.get(&format!("/number/{n}"));
            assert_eq!((reply.status, reply.text()), (200, n.to_string()));
            assert_eq!(reply.header("connection"), None);
            assert!(reply.header("date").is_some());
        }
    }
}

#[test]
fn bodies_are_read_to_their_end_before_the_next_request() {
    let server = Process::start(SERVER, &[]);
    let mut client = server.connect();
    for size in [0, 1, 1_000, 100_000] {
        let body = "x".repeat(size);
        client.send(format!("POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: {size}\r\n\r\n{body}"));
        assert_eq!(client.reply().text(), body);
        client.send("POST /echo HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n");
        client.send(if size == 0 {
            "0\r\n\r\n".to_owned()
        } else {
            format!("{size:x}\r\n{body}\r\n0\r\n\r\n")
        });
        assert_eq!(client.reply().text(), body);
    }
}

#[test]
fn a_client_that_says_close_gets_its_answer_and_the_end() {
    let server = Process::start(SERVER, &[]);
    let mut client = server.connect();
    client.send("GET / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
    let reply = client.reply();
    assert_eq!((reply.status, reply.closes()), (200, true));
    assert_eq!(client.rest().unwrap(), b"");
}

#[test]
fn nothing_after_a_close_is_processed() {
    let server = Process::start(SERVER, &[]);
    for close in ["close", "Close", "keep-alive, close", "close\r\nConnection: keep-alive"] {
        let mut client = server.connect();
        client
            .send(format!("GET / HTTP/1.1\r\nHost: test\r\nConnection: {close}\r\n\r\n"))
            .request("GET", "/");
        assert_eq!(client.reply().status, 200);
        assert_eq!(client.rest().unwrap(), b"", "{close}");
    }
}

#[test]
fn http_1_0_closes_unless_the_client_says_otherwise() {
    let server = Process::start(SERVER, &[]);
    let mut client = server.connect();
    client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    assert_eq!(client.reply().header("connection"), Some("keep-alive"));
    client.send("GET / HTTP/1.0\r\n\r\n");
    assert_eq!(client.reply().text(), "hello");
    assert_eq!(client.rest().unwrap(), b"");
}

#[test]
fn a_client_that_has_sent_all_still_gets_its_answers() {
    for mode in MODES {
        let server = Process::start(SERVER, mode);
        let mut client = server.connect();
        client.request("GET", "/wait/50").request("GET", "/").request("GET", "/wait/50").finish();
        for text in ["waited", "hello", "waited"] {
            assert_eq!(client.reply().text(), text);
        }
        assert_eq!(client.rest().unwrap(), b"");
    }
}

#[test]
fn an_answer_arrives_though_the_body_of_its_request_is_not_read() {
    let server = Process::start(SERVER, &[]);
    for _ in 0..20 {
        let mut client = server.connect();
        client.send("POST /ignore HTTP/1.1\r\nHost: test\r\nContent-Length: 1000000\r\n\r\n");
        client.send("x".repeat(1_000_000));
        assert_eq!(client.reply().text(), "ignored");
        assert_eq!(client.rest().unwrap(), b"", "the connection is closed, not reset");
    }
}
