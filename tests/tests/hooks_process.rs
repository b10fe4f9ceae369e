//! A process whose state or hooks panic, fail, wait or block for ever ends in time, with the right status, and says once what happened.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests fail the test

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::time::{Duration, Instant};

use behaviour::MODES;

const SERVER: &str = env!("CARGO_BIN_EXE_hooks-server");

/// A server of which every word is read.
struct Server {
    child: Child,
    stderr: BufReader<ChildStderr>,
    said: String,
}

impl Server {
    fn start(mode: &[&str], args: &[&str]) -> Self {
        let mut child = Command::new(SERVER)
            .args(mode)
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        Self { child, stderr, said: String::new() }
    }

    /// Waits until it has said this, and gives the line.
    fn says(&mut self, what: &str) -> String {
        loop {
            let before = self.said.len();
            assert!(self.stderr.read_line(&mut self.said).unwrap() > 0, "no `{what}` in {}", self.said);
            let line = &self.said[before..];
            if line.starts_with(what) {
                return line.trim_end().to_owned();
            }
        }
    }

    fn signal(&self) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    }

    /// The same where it should not listen: one that does is told to stop, so that its status tells.
    fn ends_after_signal_if_it_listens(mut self) -> (Option<i32>, String) {
        while self.stderr.read_line(&mut self.said).unwrap() > 0 {
            if self.said.contains("Limits: ") {
                self.signal();
                break;
            }
        }
        self.ends()
    }

    /// Its status, and all that it has said.
    fn ends(mut self) -> (Option<i32>, String) {
        let start = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(start.elapsed() < Duration::from_secs(20), "it does not end: {}", self.said);
            std::thread::sleep(Duration::from_millis(2));
        };
        let _ = self.stderr.read_to_string(&mut self.said);
        (status.code(), std::mem::take(&mut self.said))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn times(said: &str, what: &str) -> usize {
    said.matches(what).count()
}

#[test]
fn a_panic_before_the_service_is_a_sentence_whatever_threads_are_left() {
    for mode in MODES {
        for (args, sentence) in [
            (["--state", "panic"], "Error: the function given to `state_with` panicked: as asked, state\n"),
            (["--start", "panic"], "Error: a hook for the start panicked: as asked, start\n"),
        ] {
            let args = [&args[..], &["--start", "end", "--stop", "end", "--busy"]].concat();
            let (code, said) = Server::start(mode, &args).ends();
            assert_eq!(code, Some(1), "{said}");
            assert_eq!(times(&said, sentence), 1, "{said}");
            assert_eq!((times(&said, "start end"), times(&said, "stop end")), (0, 0), "{said}");
        }
    }
}

#[test]
fn who_waits_or_blocks_before_the_service_does_not_outlast_a_signal() {
    for mode in MODES {
        for args in [["--state", "wait"], ["--state", "block"], ["--start", "wait"], ["--start", "block"]] {
            let mut server = Server::start(mode, &[&args[..], &["--stop", "end"]].concat());
            let who = args[0].trim_start_matches("--");
            server.says(&format!("{who} {}", args[1]));
            server.signal();
            let (code, said) = server.ends();
            assert_eq!(code, Some(0), "{args:?}: {said}");
            // What waits is dropped, what blocks is left to the end of the process.
            assert_eq!(
                times(&said, &format!("{who} wait is over")),
                usize::from(args[1] == "wait"),
                "{said}"
            );
            assert!(!said.contains("panicked") && !said.contains("stop end"), "{said}");
        }
    }
}

#[test]
fn a_panic_after_the_service_keeps_no_other_hook_from_being_called() {
    for mode in MODES {
        let args = ["--stop", "end", "--stop", "panic", "--stop", "fail", "--busy"];
        let mut server = Server::start(mode, &args);
        server.says("Limits: ");
        server.signal();
        let (code, said) = server.ends();
        assert_eq!(code, Some(1), "{said}");
        let order: Vec<_> = said.lines().filter(|line| line.starts_with("stop ")).collect();
        let over = [
            "stop fail",
            "stop fail is over",
            "stop panic",
            "stop panic is over",
            "stop end",
            "stop end is over",
        ];
        assert_eq!(order, over, "{said}");
        // The first that went wrong is the result.
        assert_eq!(times(&said, "Error: stop failed\n"), 1, "{said}");
    }
}

#[test]
fn who_waits_or_blocks_after_the_service_does_not_outlast_the_grace_or_a_second_signal() {
    for mode in MODES {
        for what in ["wait", "block"] {
            for grace in ["200", "3600000"] {
                let mut server = Server::start(mode, &["--stop", what, "--grace", grace]);
                server.says("Limits: ");
                server.signal();
                server.says(&format!("stop {what}"));
                if grace != "200" {
                    server.signal();
                }
                let (code, said) = server.ends();
                assert_eq!(code, Some(1), "{said}");
                assert_eq!(times(&said, "Error: the hooks for the stop did not end in time\n"), 1, "{said}");
            }
        }
    }
}

/// A path of this test's own.
fn path(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(std::process::id().to_string());
    std::fs::create_dir_all(&folder).unwrap();
    folder.join(name)
}

#[test]
fn a_path_is_taken_while_its_server_starts() {
    for (mode, name) in MODES.into_iter().zip(["starts", "starts-too"]) {
        let socket = path(name);
        let unix = socket.to_str().unwrap();
        let mut server = Server::start(mode, &["--unix", unix, "--start", "hold"]);
        server.says("start hold");
        let (code, said) = Server::start(mode, &["--unix", unix]).ends_after_signal_if_it_listens();
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains("something is there already"), "{said}");
        drop(server.child.stdin.take());
        server.says("Limits: ");
        let mut stream = UnixStream::connect(&socket).unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n").unwrap();
        let mut received = String::new();
        stream.read_to_string(&mut received).unwrap();
        assert!(received.ends_with("hello"), "{received}");
        server.signal();
        assert_eq!(server.ends().0, Some(0));
        assert!(!socket.exists());
    }
}

/// As where two servers at once have found what a third had left behind.
#[test]
fn a_server_that_has_lost_its_path_does_not_say_that_it_listens_there() {
    for (mode, name) in MODES.into_iter().zip(["lost", "lost-too"]) {
        let socket = path(name);
        let unix = socket.to_str().unwrap();
        let mut server = Server::start(mode, &["--unix", unix, "--start", "hold"]);
        server.says("start hold");
        std::fs::remove_file(&socket).unwrap();
        let mut other = Server::start(mode, &["--unix", unix]);
        other.says("Limits: ");
        drop(server.child.stdin.take());
        let (code, said) = server.ends_after_signal_if_it_listens();
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains("its file was removed or replaced while the server started"), "{said}");
        // The other's is left alone.
        assert!(UnixStream::connect(&socket).is_ok());
        other.signal();
        assert_eq!(other.ends().0, Some(0));
    }
}
