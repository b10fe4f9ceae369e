//! The program itself, as a person starts it, over real sockets.
#![allow(clippy::unwrap_used)] // a test fails by panicking

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

/// The program, listening on a port of the system's choice. It is ended with the test.
struct Program {
    child: Child,
    address: SocketAddr,
    /// What it printed up to then.
    banner: String,
}

impl Program {
    fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_microservices"))
            .args(["--port", "0"])
            .args(arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        let mut banner = String::new();
        while !banner.contains("Limits:") {
            assert_ne!(stderr.read_line(&mut banner).unwrap(), 0, "it ended: {banner}");
        }
        thread::spawn(move || std::io::copy(&mut stderr, &mut std::io::sink()));
        let address =
            banner.lines().find_map(|line| line.split_once("http://")).unwrap().1.trim().parse().unwrap();
        Self { child, address, banner }
    }

    fn connect(&self) -> Connection {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        Connection(BufReader::new(stream))
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

struct Connection(BufReader<TcpStream>);

impl Connection {
    fn ask(&mut self, method: &str, target: &str, body: Option<&Value>) -> (u16, Value) {
        let body = body.map(ToString::to_string).unwrap_or_default();
        let head = format!(
            "{method} {target} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        self.0.get_mut().write_all((head + &body).as_bytes()).unwrap();
        let mut line = String::new();
        self.0.read_line(&mut line).unwrap();
        let status = line.split(' ').nth(1).unwrap().parse().unwrap();
        let mut length = 0;
        loop {
            line.clear();
            self.0.read_line(&mut line).unwrap();
            match line.to_ascii_lowercase().split_once(':') {
                Some(("content-length", value)) => length = value.trim().parse().unwrap(),
                Some(_) => {}
                None => break,
            }
        }
        let mut answer = vec![0; length];
        self.0.read_exact(&mut answer).unwrap();
        (status, serde_json::from_slice(&answer).unwrap())
    }
}

fn output(arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_microservices"))
        .args(arguments)
        .envs(variables.iter().copied())
        .output()
        .unwrap()
}

#[test]
fn concurrent_posts_get_consecutive_ids_and_none_is_lost() {
    const CONNECTIONS: usize = 64;
    const POSTS: usize = 2_000;
    let program = Program::start(&[]);
    let new = json!({ "name": "Someone", "email": "someone@example.com" });
    let ids: Vec<u64> = thread::scope(|scope| {
        let clients: Vec<_> = (0..CONNECTIONS)
            .map(|client| {
                let (program, new) = (&program, &new);
                scope.spawn(move || {
                    let mut connection = program.connect();
                    (client..POSTS)
                        .step_by(CONNECTIONS)
                        .map(|_| {
                            let (status, user) = connection.ask("POST", "/api/v1/users", Some(new));
                            assert_eq!(status, 201);
                            user["id"].as_str().unwrap().parse().unwrap()
                        })
                        .collect::<Vec<u64>>()
                })
            })
            .collect();
        clients.into_iter().flat_map(|client| client.join().unwrap()).collect()
    });
    assert_eq!(ids.len(), POSTS);
    let expected: BTreeSet<u64> = (3..3 + POSTS as u64).collect();
    assert_eq!(ids.into_iter().collect::<BTreeSet<_>>(), expected);
    let (_, list) = program.connect().ask("GET", "/api/v1/users", None);
    assert_eq!(list["count"], POSTS + 2);
    assert_eq!(list["users"].as_array().unwrap().len(), POSTS + 2);
}

#[test]
fn at_start_it_prints_address_routes_and_limits() {
    let program = Program::start(&["--workers", "2"]);
    assert!(program.banner.contains(&format!("http://{}", program.address)));
    let line = program.banner.lines().find(|line| line.contains("list_users")).unwrap();
    assert!(line.contains("GET") && line.contains("/api/v1/users") && line.contains("users.rs:"), "{line}");
    assert!(program.banner.contains("body 2 MiB"), "{}", program.banner);
    assert!(program.banner.contains("  Middleware: Cors, Logging, Compression\n"), "{}", program.banner);
}

#[test]
fn the_routes_command_prints_the_routes_and_does_not_serve() {
    let routes = output(&["routes"], &[]);
    assert!(routes.status.success());
    let text = String::from_utf8(routes.stdout).unwrap();
    assert_eq!(text.lines().count(), 12, "{text}");
    assert_eq!(text.lines().next(), Some("Middleware: Cors, Logging, Compression"));
    assert!(text.lines().any(|line| line.starts_with("DELETE  /api/v1/users/<id> ")), "{text}");
    // Middleware at the three scopes: above, and behind the routes that pass it.
    for line in text.lines().skip(1) {
        let through = line.split_once("  through ").map(|(_, through)| through);
        let expected = match line {
            line if line.contains(" user_service::users::") => Some("ConcurrencyLimit"),
            line if line.contains(" product_service::products::list_products ") => {
                Some("ConditionalRequests")
            }
            _ => None,
        };
        assert_eq!(through, expected, "{line}");
    }
    assert_eq!(text.matches("through ConcurrencyLimit").count(), 4, "{text}");
}

#[test]
fn arguments_and_variables_are_explained_and_checked() {
    let help = String::from_utf8(output(&["--help"], &[]).stdout).unwrap();
    for word in ["--host", "--port", "--workers", "--log-format", "CELLO_PORT", "routes"] {
        assert!(help.contains(word), "{word} is missing:\n{help}");
    }
    let refused = output(&[], &[("CELLO_PORT", "many")]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("many"));
}

#[test]
fn a_port_in_use_is_a_sentence() {
    let program = Program::start(&[]);
    let refused = output(&["--port", &program.address.port().to_string()], &[]);
    assert_eq!(refused.status.code(), Some(1));
    let sentence = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(sentence.contains("in use"), "{sentence}");
}
