//! A server that is told to stop finishes what is in flight, and only that.
#![forbid(unsafe_code)]

use std::io::{BufRead, BufReader, ErrorKind, Write};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use behaviour::{Client, H2, MODES, Process, http2};

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
        let (status, said) = server.wait();
        assert!(status.success());
        assert!(
            said.contains(
                "\nStopping: takes no more connections, and finishes what is in flight within 30s; "
            ),
            "{said}"
        );
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
    let (status, said) = server.wait();
    assert!(status.success());
    assert!(
        said.contains("\nStopping: serves as before for 200ms, then takes no more connections, "),
        "{said}"
    );
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

#[tokio::test]
async fn http2_connections_are_told_and_what_they_asked_for_is_answered() {
    for mode in MODES {
        let mut server = Process::start(SERVER, mode);
        let mut client = H2::connect(server.address()).await;
        client.send(http2::get(1, "/hold")).await;
        assert_eq!(client.get(3, "/").await, 200);
        let mut idle = H2::connect(server.address()).await;
        assert_eq!(idle.get(1, "/").await, 200);
        let silent = H2::connect_silently(server.address()).await;
        server.signal("TERM");
        // RFC 9113, section 6.8: first that no more should be sent, of whatever number.
        let frame = client.next().await.unwrap().unwrap();
        assert_eq!(
            (frame.kind, frame.number(0), frame.number(4)),
            (http2::GOAWAY, 0x7fff_ffff, http2::NO_ERROR)
        );
        server.release();
        let mut answered = false;
        while let Some(frame) = client.next().await.unwrap() {
            answered |= frame.stream == 1 && frame.ends();
        }
        assert!(answered);
        assert_eq!(idle.end().await, Some(http2::NO_ERROR));
        assert_eq!(silent.end().await, None);
        assert!(server.wait().0.success());
    }
}

#[tokio::test]
async fn a_request_that_crosses_the_goodbye_is_answered() {
    let server = Process::start(SERVER, &[]);
    let mut client = H2::connect(server.address()).await;
    assert_eq!(client.get(1, "/").await, 200);
    // It is asked whether it has heard, and does not say so before it has sent one more.
    client.answers_pings = false;
    server.signal("TERM");
    let (mut ping, mut told) = (None, false);
    while ping.is_none() || !told {
        let frame = client.next().await.unwrap().unwrap();
        told |= frame.kind == http2::GOAWAY;
        if frame.kind == http2::PING {
            ping = Some(frame.payload);
        }
    }
    client.send([http2::get(3, "/"), http2::frame(http2::PING, 1, 0, &ping.unwrap())].concat()).await;
    let mut last = None;
    let mut answered = false;
    while let Some(frame) = client.next().await.unwrap() {
        match frame.kind {
            http2::GOAWAY => last = Some(frame.number(0)),
            _ => answered |= frame.stream == 3 && frame.ends(),
        }
    }
    assert_eq!((answered, last), (true, Some(3)));
    assert!(server.wait().0.success());
}

#[test]
fn a_server_whose_words_nobody_takes_stops_nevertheless() {
    let (ours, theirs) = UnixStream::pair().unwrap();
    let mut filler = theirs.try_clone().unwrap();
    let mut server = Command::new(SERVER)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(OwnedFd::from(theirs))
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(&ours).lines();
    while !lines.next().unwrap().unwrap().starts_with("Limits: ") {}
    filler.set_nonblocking(true).unwrap();
    while filler.write(b"x").is_ok() {}
    filler.set_nonblocking(false).unwrap();
    let id = server.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    let start = Instant::now();
    while server.try_wait().unwrap().is_none() {
        if start.elapsed() > Duration::from_secs(20) {
            server.kill().unwrap();
            panic!("it does not stop");
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}
