//! The test client: where what an application logs goes, and what a response prints.
#![allow(clippy::unwrap_used, reason = "these are tests")]

mod printed;

use std::process::Command;

use cello::prelude::*;
use cello::testing::TestClient;

use printed::Printed;

#[get("/fails")]
async fn fails() -> cello::Result<&'static str> {
    tracing::info!("a detail");
    Err(cello::Error::msg("the disk is full"))
}

#[get("/hello")]
async fn hello() -> &'static str {
    "hello"
}

fn client() -> TestClient {
    TestClient::new(App::new(routes![fails, hello]))
}

#[test]
fn what_a_request_logs_goes_to_the_subscriber_where_it_is_sent() {
    let client = client();
    let printed = Printed::default();
    let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(printed.clone()).finish();
    tracing::subscriber::with_default(subscriber, || client.get("/fails").send());
    client.get("/fails").send();
    let text = printed.text();
    assert_eq!(text.matches("a handler failed: the disk is full").count(), 1, "{text}");
    assert_eq!(text.matches("a detail").count(), 1, "{text}");
}

/// A program of its own, run by the test below: nobody listens in it.
#[test]
fn program() {
    if std::env::var_os("PROGRAM").is_some() {
        let status = client().get("/fails").send().status();
        assert_eq!(status, 200);
    }
}

#[test]
fn where_nobody_listens_a_failed_test_shows_why_the_answer_was_a_500() {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "program"])
        .env("PROGRAM", "1")
        .output()
        .unwrap();
    assert!(!output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    let of_the_test = text.split_once("---- program stdout ----").unwrap().1;
    assert!(of_the_test.contains("ERROR cello: a handler failed: the disk is full"), "{text}");
    assert!(!text.contains("a detail"), "{text}");
}

#[test]
fn a_response_prints_its_status_its_fields_and_its_body() {
    let printed = format!("{:?}", client().get("/hello").send());
    assert!(printed.starts_with("TestResponse { status: 200, headers: {"), "{printed}");
    assert!(printed.ends_with(r#""}, body: "hello" }"#), "{printed}");
}
