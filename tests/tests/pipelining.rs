//! Requests that are sent together are answered in their order.
#![forbid(unsafe_code)]

use behaviour::{MODES, Process};

const SERVER: &str = env!("CARGO_BIN_EXE_target-server");
const GET: &str = "GET / HTTP/1.1\r\nHost: test\r\n\r\n";

#[test]
fn answers_come_in_the_order_of_the_requests() {
    for mode in MODES {
        let server = Process::start(SERVER, mode);
        let mut client = server.connect();
        let requests: String =
            (0..500).map(|n| format!("GET /number/{n} HTTP/1.1\r\nHost: test\r\n\r\n")).collect();
        client.send(requests);
        for n in 0..500 {
            assert_eq!(client.reply().text(), n.to_string());
        }
    }
}

#[test]
fn a_slow_answer_holds_back_those_after_it() {
    let server = Process::start(SERVER, &[]);
    let mut client = server.connect();
    client.request("GET", "/wait/30").request("GET", "/");
    assert_eq!(client.reply().text(), "waited");
    assert_eq!(client.reply().text(), "hello");
}

#[test]
fn an_answer_does_not_wait_for_the_handler_of_the_next_request() {
    let mut server = Process::start(SERVER, &[]);
    let mut client = server.connect();
    client.send(format!("{GET}{GET}GET /hold HTTP/1.1\r\nHost: test\r\n\r\n{GET}"));
    assert_eq!(client.reply().text(), "hello");
    assert_eq!(client.reply().text(), "hello");
    server.release();
    assert_eq!(client.reply().text(), "released");
    assert_eq!(client.reply().text(), "hello");
}

#[test]
fn an_answer_does_not_wait_for_the_rest_of_the_next_head() {
    let server = Process::start(SERVER, &[]);
    let mut client = server.connect();
    client.send(format!("{GET}{GET}GET / HT"));
    assert_eq!(client.reply().text(), "hello");
    assert_eq!(client.reply().text(), "hello");
    client.send("TP/1.1\r\nHost: test\r\n\r\n");
    assert_eq!(client.reply().text(), "hello");
}

#[test]
fn an_answer_does_not_wait_for_the_body_of_the_next_request() {
    let server = Process::start(SERVER, &[]);
    let mut client = server.connect();
    client.send(format!("{GET}POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 3\r\n\r\nab"));
    assert_eq!(client.reply().text(), "hello");
    client.send(format!("c{GET}"));
    assert_eq!(client.reply().text(), "abc");
    assert_eq!(client.reply().text(), "hello");
}

#[test]
fn answers_are_sent_before_what_ends_the_connection() {
    let server = Process::start(SERVER, &[]);
    let broken = ["GET / HTTP/1.1\r\nno field\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\0\0\0\0"];
    for end in broken {
        let mut client = server.connect();
        client.send(format!("{GET}{GET}{end}"));
        assert_eq!(client.reply().text(), "hello", "{end:?}");
        assert_eq!(client.reply().text(), "hello", "{end:?}");
        assert_eq!(client.reply().status, 400, "{end:?}");
    }
    // What hyper ends without an answer.
    let mut client = server.connect();
    client.send(format!("{GET}{GET}PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"));
    assert_eq!(client.reply().text(), "hello");
    assert_eq!(client.reply().text(), "hello");
    // A client that asks to close, and one that says no more.
    let mut client = server.connect();
    client.send(format!("{GET}GET / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n{GET}"));
    assert_eq!(client.reply().text(), "hello");
    assert!(client.reply().closes());
    let mut client = server.connect();
    client.send(GET.repeat(3)).finish();
    for _ in 0..3 {
        assert_eq!(client.reply().text(), "hello");
    }
}

#[test]
fn large_answers_are_held_to_no_order_but_their_own() {
    let server = Process::start(SERVER, &[]);
    let mut client = server.connect();
    let sizes = [10, 20_000, 0, 100_000, 16_000, 300, 1];
    let requests = sizes.map(|size| format!("GET /bytes/{size} HTTP/1.1\r\nHost: test\r\n\r\n"));
    client.send(requests.concat());
    for size in sizes {
        assert_eq!(client.reply().body.len(), size);
    }
}

#[test]
fn requests_may_come_in_any_pieces() {
    let server = Process::start(SERVER, &[]);
    let mut client = server.connect();
    let requests = "POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 3\r\n\r\nabcGET / HTTP/1.1\r\nHost: test\r\n\r\n";
    for cut in 1..requests.len() {
        let (one, two) = requests.split_at(cut);
        client.send(one).send(two);
        assert_eq!(client.reply().text(), "abc");
        assert_eq!(client.reply().text(), "hello");
    }
}
