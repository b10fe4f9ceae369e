//! A connection can leave HTTP for another protocol.
#![forbid(unsafe_code)]

use behaviour::{MODES, Process};

const SERVER: &str = env!("CARGO_BIN_EXE_target-server");
const ASK: &str =
    "GET /upgrade HTTP/1.1\r\nHost: test\r\nConnection: keep-alive, Upgrade\r\nUpgrade: chat, Echo\r\n\r\n";

#[test]
fn the_handler_speaks_the_new_protocol() {
    for mode in MODES {
        let server = Process::start(SERVER, mode);
        let mut client = server.connect();
        assert_eq!(client.get("/").text(), "hello");
        // What is sent together with the request belongs to the new protocol.
        client.send(format!("{ASK}early"));
        let reply = client.reply();
        assert_eq!((reply.status, reply.header("upgrade")), (101, Some("echo")));
        assert_eq!(reply.header("connection").map(str::to_lowercase).as_deref(), Some("upgrade"));
        assert_eq!(client.bytes(5), b"early");
        for text in ["one", "two", "GET / HTTP/1.1\r\n\r\n"] {
            assert_eq!(client.send(text).bytes(text.len()), text.as_bytes());
        }
        client.finish();
        assert_eq!(client.rest().unwrap(), b"bye");
    }
}

#[test]
fn a_request_that_asks_for_nothing_is_refused() {
    let server = Process::start(SERVER, &[]);
    let mut client = server.connect();
    let reply = client.get("/upgrade");
    assert_eq!((reply.status, reply.header("content-type")), (400, Some("application/problem+json")));
    // Without `Connection: upgrade` the field is not for this server.
    client.send("GET /upgrade HTTP/1.1\r\nHost: test\r\nUpgrade: echo\r\n\r\n");
    assert_eq!(client.reply().status, 400);
    client.send("GET /upgrade HTTP/1.0\r\nConnection: upgrade, keep-alive\r\nUpgrade: echo\r\n\r\n");
    assert_eq!(client.reply().status, 400);
}

#[test]
fn a_client_that_offers_another_protocol_learns_the_right_one() {
    let server = Process::start(SERVER, &[]);
    let mut client = server.connect();
    client.send("GET /upgrade HTTP/1.1\r\nHost: test\r\nConnection: upgrade\r\nUpgrade: chat\r\n\r\n");
    let reply = client.reply();
    assert_eq!((reply.status, reply.header("upgrade")), (426, Some("echo")));
}

#[test]
fn the_grace_is_given_to_upgraded_connections_too() {
    for mode in MODES {
        let server = Process::start(SERVER, mode);
        let mut client = server.connect();
        assert_eq!(client.send(ASK).reply().status, 101);
        let idle = server.connect();
        server.signal("TERM");
        // The idle connection is closed, so the server is stopping.
        assert_eq!(idle.rest().unwrap(), b"");
        assert_eq!(client.send("still here").bytes(10), b"still here");
        client.finish();
        assert_eq!(client.rest().unwrap(), b"bye");
        assert!(server.wait().0.success());
    }
}
