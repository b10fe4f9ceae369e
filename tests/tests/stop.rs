//! A server that is told to stop finishes what is in flight, and only that.
#![forbid(unsafe_code)]

use std::io::ErrorKind;
use std::time::{Duration, Instant};

use behaviour::{Client, MODES, Process};

const SERVER: &str = env!("CARGO_BIN_EXE_target-server");

/// Tells a server to stop, and waits until it accepts no more.
fn stop(server: &Process, signal: &str) {
    server.signal(signal);
    let start = Instant::now();
    loop {
        match Client::try_connect(server.address()) {
            Err(error) => return assert_eq!(error.kind(), ErrorKind::ConnectionRefused),
            Ok(_) => assert!(start.elapsed() < Duration::from_secs(20), "connections are still accepted"),
        }
    }
}

#[test]
fn a_request_in_flight_is_answered() {
    for (mode, signal) in MODES.into_iter().zip(["TERM", "INT"]) {
        let mut server = Process::start(SERVER, mode);
        let mut client = server.connect();
        client.request("GET", "/hold");
        // On another connection, so that the one before has been accepted for sure.
        assert_eq!(server.connect().get("/").text(), "hello");
        stop(&server, signal);
        assert!(!client.is_closed());
        server.release();
        let reply = client.reply();
        assert_eq!((reply.status, reply.text(), reply.closes()), (200, "released".to_owned(), true));
        assert_eq!(client.rest().unwrap(), b"");
        assert!(server.wait().0.success());
    }
}

#[test]
fn requests_sent_together_with_one_in_flight_are_answered() {
    for mode in MODES {
        let mut server = Process::start(SERVER, mode);
        let mut client = server.connect();
        client.send("GET /hold HTTP/1.1\r\nHost: test\r\n\r\nGET / HTTP/1.1\r\nHost: test\r\n\r\n".repeat(2));
        assert_eq!(server.connect().get("/").text(), "hello");
        stop(&server, "TERM");
        server.release();
        for (text, closes) in [("released", false), ("hello", false), ("released", false), ("hello", true)] {
            let reply = client.reply();
            assert_eq!((reply.text(), reply.closes()), (text.to_owned(), closes));
        }
        assert_eq!(client.rest().unwrap(), b"");
        assert!(server.wait().0.success());
    }
}

#[test]
fn an_answer_that_the_client_takes_slowly_is_sent_to_its_end() {
    for mode in MODES {
        let server = Process::start(SERVER, mode);
        let mut client = server.connect();
        client.request("GET", "/bytes/20000000");
        client.bytes(100); // it has begun
        let idle = server.connect();
        server.signal("TERM");
        // Idle connections are closed after a while; this one is not idle.
        assert_eq!(idle.rest().unwrap(), b"");
        assert!(client.rest().unwrap().len() >= 20_000_000);
        assert!(server.wait().0.success());
    }
}

#[test]
fn an_idle_connection_may_send_one_more_request() {
    for mode in MODES {
        let server = Process::start(SERVER, mode);
        let (mut used, mut fresh) = (server.connect(), server.connect());
        assert_eq!(used.get("/").text(), "hello");
        let mut held = server.connect();
        held.request("GET", "/hold");
        server.signal("TERM");
        for client in [&mut used, &mut fresh] {
            let reply = loop {
                // The signal may take a moment to arrive.
                let reply = client.get("/");
                if reply.closes() {
                    break reply;
                }
            };
            assert_eq!(reply.text(), "hello");
        }
        assert_eq!(used.rest().unwrap(), b"");
        assert_eq!(fresh.rest().unwrap(), b"");
    }
}

#[test]
fn readiness_turns_first_and_requests_are_taken_until_the_delay_is_over() {
    for mode in MODES {
        let server = Process::start(SERVER, &[mode, &["--drain-delay", "3600000"]].concat());
        let mut client = server.connect();
        assert_eq!((client.get("/ready").status, client.get("/ready").text().as_str()), (200, "ready"));
        server.signal("TERM");
        let reply = loop {
            let reply = client.get("/ready");
            if reply.status != 200 {
                break reply;
            }
        };
        assert_eq!((reply.status, reply.closes()), (503, false));
        assert_eq!(reply.header("content-type"), Some("application/problem+json"));
        // Old connections and new ones are served as before.
        let reply = client.get("/");
        assert_eq!((reply.text().as_str(), reply.closes()), ("hello", false));
        assert_eq!(server.connect().get("/").text(), "hello");
        server.signal("TERM");
        let (status, said) = server.wait();
        assert!(!status.success() && said.contains("told to stop a second time"), "{said}");
    }
    let server = Process::start(SERVER, &["--drain-delay", "200"]);
    server.signal("TERM");
    assert!(server.wait().0.success());
}

#[test]
fn what_outlasts_the_grace_is_cut_off() {
    for mode in MODES {
        let server = Process::start(SERVER, &[mode, &["--grace", "300"]].concat());
        let mut client = server.connect();
        client.request("GET", "/hold");
        assert_eq!(server.connect().get("/").text(), "hello");
        let start = Instant::now();
        server.signal("TERM");
        let (status, _) = server.wait();
        assert!(status.success());
        assert!(start.elapsed() >= Duration::from_millis(300));
        assert!(client.try_reply(true).is_err());
    }
}

#[test]
fn a_second_signal_ends_it_at_once() {
    for mode in MODES {
        let server = Process::start(SERVER, mode);
        let mut client = server.connect();
        client.request("GET", "/hold");
        assert_eq!(server.connect().get("/").text(), "hello");
        stop(&server, "TERM");
        server.signal("TERM");
        let (status, said) = server.wait();
        assert!(!status.success());
        assert!(said.contains("Error: told to stop a second time; what was open was cut off: "), "{said}");
        assert!(client.try_reply(true).is_err());
    }
}
