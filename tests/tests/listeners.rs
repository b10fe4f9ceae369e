//! A server may listen at several places: on ports, and on a Unix socket.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used)] // helpers of tests fail the test

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;

use behaviour::{Client, MODES, Process};

const SERVER: &str = env!("CARGO_BIN_EXE_target-server");

/// A path of this test's own.
fn path(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(std::process::id().to_string());
    std::fs::create_dir_all(&folder).unwrap();
    folder.join(name)
}

fn ask(stream: &mut UnixStream, path: &str) {
    stream
        .write_all(format!("GET {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n").as_bytes())
        .unwrap();
}

fn answer(mut stream: UnixStream) -> String {
    let mut received = String::new();
    stream.read_to_string(&mut received).unwrap();
    received
}

#[test]
fn every_place_answers_and_every_place_is_drained() {
    for (mode, name) in MODES.into_iter().zip(["shared", "per-worker"]) {
        let socket = path(name);
        let unix = socket.to_str().unwrap();
        let mut server =
            Process::start(SERVER, &[mode, &["--workers", "2", "--also", "--also-unix", unix]].concat());
        let addresses = server.addresses().to_vec();
        assert_eq!(addresses.len(), 2, "{addresses:?}");
        let mut held = Vec::new();
        for address in addresses {
            let mut client = Client::connect(address);
            assert_eq!(client.get("/").text(), "hello");
            client.request("GET", "/hold");
            held.push(client);
        }
        let mut stream = UnixStream::connect(&socket).unwrap();
        ask(&mut stream, "/");
        let received = answer(stream);
        assert!(received.starts_with("HTTP/1.1 200 OK\r\n") && received.ends_with("hello"), "{received}");
        let mut stream = UnixStream::connect(&socket).unwrap();
        ask(&mut stream, "/hold");
        // Several of these wait in the queue perhaps; all are served.
        let waiting: Vec<UnixStream> = (0..50)
            .map(|_| {
                let mut stream = UnixStream::connect(&socket).unwrap();
                ask(&mut stream, "/");
                stream
            })
            .collect();
        server.signal("TERM");
        for stream in waiting {
            assert!(answer(stream).ends_with("hello"));
        }
        while Client::try_connect(server.address()).is_ok() {}
        server.release();
        assert!(answer(stream).ends_with("released"));
        for client in &mut held {
            let reply = client.reply();
            assert_eq!((reply.text().as_str(), reply.closes()), ("released", true));
        }
        let (status, said) = server.wait();
        assert!(status.success());
        assert!(said.contains(&format!("Listening on unix:{unix}\n")), "{said}");
        assert!(!socket.exists());
    }
}

#[test]
fn a_socket_that_a_killed_server_left_behind_is_replaced() {
    let socket = path("killed");
    let unix = socket.to_str().unwrap();
    drop(Process::start(SERVER, &["--also-unix", unix])); // kills it
    assert!(socket.exists());
    let server = Process::start(SERVER, &["--also-unix", unix]);
    let mut stream = UnixStream::connect(&socket).unwrap();
    ask(&mut stream, "/");
    assert!(answer(stream).ends_with("hello"));
    // While it serves, its place is taken.
    let other = std::process::Command::new(SERVER).args(["--also-unix", unix]).output().unwrap();
    let said = String::from_utf8_lossy(&other.stderr);
    assert!(!other.status.success() && said.contains("something is there already"), "{said}");
    assert!(socket.exists());
    drop(server);
}
