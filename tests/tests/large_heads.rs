//! Heads that are larger than they may be are refused with 431.
#![forbid(unsafe_code)]

use behaviour::Process;

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
fn too_many_fields_are_refused() {
    let server = Process::start(SERVER, &[]);
    for (fields, status) in [(99, 200), (100, 431)] {
        let fields: String = (0..fields).map(|n| format!("X-{n}: 1\r\n")).collect();
        let reply = server.connect().send(format!("GET / HTTP/1.1\r\nHost: test\r\n{fields}\r\n")).reply();
        assert_eq!(reply.status, status);
    }
}
