//! The application as a tower service, under a server of others.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used)] // helpers of tests fail the test

use std::time::Duration;

use cello::Upgrade;
use cello::prelude::*;
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

#[get("/upgrade")]
async fn upgrade(upgrade: Upgrade) -> Response {
    upgrade.on_upgrade("echo", async |mut connection| {
        let mut bytes = [0; 5];
        connection.read_exact(&mut bytes).await.unwrap();
        connection.write_all(&bytes).await.unwrap();
    })
}

#[post("/echo")]
async fn echo(text: String) -> String {
    text
}

#[tokio::test]
async fn requests_with_bodies_and_without_are_served() {
    let service = App::new(routes![echo]).enable_request_id().into_service().await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    let (stream, _) = listener.accept().await.unwrap();
    tokio::spawn(
        http1::Builder::new().serve_connection(TokioIo::new(stream), TowerToHyperService::new(service)),
    );

    let ask = "POST /echo HTTP/1.1\r\nHost: test\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello\
               GET /nothing HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n";
    client.write_all(ask.as_bytes()).await.unwrap();
    let mut received = String::new();
    timeout(Duration::from_secs(20), client.read_to_string(&mut received)).await.unwrap().unwrap();
    let (first, second) = received.split_once("hello").unwrap();
    assert!(first.starts_with("HTTP/1.1 200 ") && first.contains("x-request-id: "), "{received}");
    assert!(second.starts_with("HTTP/1.1 404 ") && second.contains("application/problem+json"), "{received}");
}

#[tokio::test]
async fn an_upgrade_is_served() {
    let service = App::new(routes![upgrade]).into_service().await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    let (stream, _) = listener.accept().await.unwrap();
    let service = TowerToHyperService::new(service);
    let server = http1::Builder::new().serve_connection(TokioIo::new(stream), service).with_upgrades();
    tokio::spawn(server);

    let ask = "GET /upgrade HTTP/1.1\r\nHost: test\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\nearly";
    client.write_all(ask.as_bytes()).await.unwrap();
    let mut received = String::new();
    timeout(Duration::from_secs(20), client.read_to_string(&mut received)).await.unwrap().unwrap();
    assert!(received.starts_with("HTTP/1.1 101 ") && received.ends_with("\r\n\r\nearly"), "{received}");
}

/// A response as it came from another server, by a protocol of its own.
#[get("/handed-on")]
async fn handed_on() -> Response {
    let mut response = Response::new(Body::from("handed on"));
    *response.version_mut() = http::Version::HTTP_3;
    response
}

#[tokio::test]
async fn the_version_of_a_response_that_is_handed_on_is_not_that_of_the_answer() {
    let service = App::new(routes![handed_on]).into_service().await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    let (stream, _) = listener.accept().await.unwrap();
    tokio::spawn(
        http1::Builder::new().serve_connection(TokioIo::new(stream), TowerToHyperService::new(service)),
    );
    client.write_all(b"GET /handed-on HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n").await.unwrap();
    let mut received = String::new();
    timeout(Duration::from_secs(20), client.read_to_string(&mut received)).await.unwrap().unwrap();
    assert!(received.starts_with("HTTP/1.1 200 ") && received.ends_with("handed on"), "{received}");
}
