//! A server in a process of its own: [`Process`].

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::Client;

/// The arguments of the server of the tests for each threading mode.
pub const MODES: [&[&str]; 2] = [&[], &["--per-worker"]];

/// The longest that a test waits for a process to end.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server in a process of its own, which ends with this value at the latest.
#[derive(Debug)]
pub struct Process {
    child: Child,
    /// Where it listens, the first place first.
    addresses: Vec<SocketAddr>,
    rest: Option<JoinHandle<String>>,
}

impl Process {
    /// Starts a program that prints `Listening on http://...`, or `https`, to standard error, and waits for that.
    pub fn start(program: &str, args: &[&str]) -> Self {
        let mut child = Command::new(program)
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{program} does not start: {error}"));
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        let mut said = String::new();
        let mut addresses = Vec::new();
        loop {
            let mut line = String::new();
            if stderr.read_line(&mut line).unwrap_or(0) == 0 {
                panic!("{program} ended without listening: {said} ({:?})", child.wait());
            }
            let place = line.trim().strip_prefix("Listening on http");
            if let Some(address) = place.and_then(|place| place.trim_start_matches('s').strip_prefix("://")) {
                addresses.push(address.parse().unwrap());
            }
            said.push_str(&line);
            // The last line of the banner.
            if line.starts_with("Limits: ") && !addresses.is_empty() {
                break;
            }
        }
        let rest = std::thread::spawn(move || {
            let mut rest = said.into_bytes();
            let _ = stderr.read_to_end(&mut rest);
            String::from_utf8_lossy(&rest).into_owned()
        });
        Self { child, addresses, rest: Some(rest) }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.addresses[0]
    }

    /// All addresses at which it listens.
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }

    /// A new connection to it.
    pub fn connect(&self) -> Client {
        Client::connect(self.address())
    }

    /// Ends its standard input: the handlers that wait for that go on.
    pub fn release(&mut self) {
        drop(self.child.stdin.take());
    }

    /// Its number.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends it a signal: `TERM`, `INT`.
    pub fn signal(&self, signal: &str) {
        let sent = Command::new("kill").arg(format!("-{signal}")).arg(self.child.id().to_string()).status();
        assert!(sent.unwrap().success(), "the signal was not sent");
    }

    /// Waits for its end, and gives what it said to standard error.
    pub fn wait(mut self) -> (ExitStatus, String) {
        let start = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(start.elapsed() < PATIENCE, "the process does not end");
            std::thread::sleep(Duration::from_millis(2));
        };
        let said = self.rest.take().and_then(|rest| rest.join().ok()).unwrap_or_default();
        (status, said)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
