//! Requests that are sent together are answered in their order.
#![forbid(unsafe_code)]

use behaviour::{MODES, Process};

const SERVER: &str = env!("CARGO_BIN_EXE_target-server");

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
