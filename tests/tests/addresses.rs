//! What goes wrong with an address is a sentence, and leaves the other program alone.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used)] // helpers of tests fail the test

use std::process::{Command, Output};

use behaviour::{MODES, Process, app};
use cello::Threading;
use cello::prelude::*;

const SERVER: &str = env!("CARGO_BIN_EXE_target-server");

fn start(args: &[&str]) -> (bool, String) {
    let Output { status, stderr, .. } = Command::new(SERVER).args(args).output().unwrap();
    (status.success(), String::from_utf8_lossy(&stderr).into_owned())
}

#[test]
fn a_port_in_use_is_an_error_in_both_modes() {
    for first in MODES {
        let server = Process::start(SERVER, first);
        let port = server.address().port().to_string();
        for second in MODES {
            let (success, said) = start(&[second, &["--port", &port]].concat());
            assert!(!success);
            assert_eq!(
                said,
                format!(
                    "Error: cannot listen on 127.0.0.1:{port}: the address is already in use; stop the other program or choose another port\n"
                )
            );
        }
        assert_eq!(server.connect().get("/").text(), "hello");
    }
}

#[test]
fn a_name_that_is_no_address_is_an_error() {
    let app = app(Limits::default(), Threading::Shared, None);
    let error = app.run("nowhere.invalid:80").unwrap_err().to_string();
    assert!(error.starts_with("the address to listen on cannot be understood: "), "{error}");
}

#[tokio::test]
async fn run_inside_a_runtime_is_an_error() {
    let app = app(Limits::default(), Threading::Shared, None);
    let error = app.run("127.0.0.1:0").unwrap_err().to_string();
    assert!(error.contains("`serve(listener).await`"), "{error}");
}

#[test]
fn the_banner_has_the_routes_and_the_limits() {
    for mode in MODES {
        let server = Process::start(SERVER, &[mode, &["--workers", "3", "--idle", "5000"]].concat());
        server.signal("INT");
        let (status, said) = server.wait();
        assert!(status.success());
        let row = said.lines().find(|line| line.contains("/number/<n>")).unwrap();
        let words: Vec<_> = row.split_whitespace().collect();
        assert_eq!(words[..3], ["GET", "/number/<n>", "behaviour::app::number"]);
        assert!(words[3].starts_with("tests/src/app.rs:"), "{row}");
        let columns: Vec<_> = said.lines().filter_map(|line| line.find("behaviour::app::")).collect();
        assert!(columns.len() > 5 && columns.windows(2).all(|pair| pair[0] == pair[1]), "{said}");
        assert!(said.contains("Limits: body 2 MiB"), "{said}");
        assert!(said.contains("idle 5s"), "{said}");
    }
}
