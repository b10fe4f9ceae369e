//! What an HTTP/2 client may not do: each flood ends its stream or its connection, with its code.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used)] // helpers of tests fail the test

use std::net::SocketAddr;

use behaviour::http2::*;
use behaviour::{H2, serve};
use cello::prelude::*;

#[get("/")]
async fn hello() -> &'static str {
    "hello"
}

#[get("/never")]
async fn never() -> &'static str {
    std::future::pending().await
}

#[post("/hold")]
async fn hold(_body: Body) -> &'static str {
    std::future::pending().await
}

fn with(limits: Limits) -> SocketAddr {
    serve(App::new(routes![hello, never, hold]).limits(limits))
}

fn address() -> SocketAddr {
    with(Limits::default())
}

/// Sends this again and again until the server has had enough; the code with which it ends the connection.
async fn flood(mut client: H2, most: usize, mut each: impl FnMut(usize) -> Vec<u8>) -> Option<u32> {
    for n in 0..most {
        if client.try_send(each(n)).await.is_err() {
            break;
        }
    }
    client.end().await
}

fn stream(n: usize) -> u32 {
    u32::try_from(2 * n + 1).unwrap()
}

#[tokio::test]
async fn more_requests_at_once_than_the_limit_are_refused() {
    for (limits, most) in [(Limits::default(), 100), (Limits::default().http2_streams(3), 3)] {
        let mut client = H2::connect(with(limits)).await;
        let first: Vec<u8> = (0..=most).flat_map(|n| get(stream(n), "/never")).collect();
        let answer = client.send(first).await.answer(stream(most)).await;
        assert_eq!((answer.status, answer.reset), (0, Some(REFUSED_STREAM)), "{most}");
        // When one has ended there is room again.
        client.send(reset(1, CANCEL)).await;
        assert_eq!(client.get(stream(most + 1), "/").await, 200);
    }
}

#[tokio::test]
async fn the_head_has_the_limits_of_http_1_1() {
    let address = with(Limits::default().header_bytes(2048).header_fields(10).target(1000));
    let mut client = H2::connect(address).await;
    let many: Vec<(&str, &str)> = vec![("a", "b"); 11];
    let (long, longer, longest) = ("x".repeat(2100), "x".repeat(20_000), format!("/{}", "x".repeat(1000)));
    let mut ask = async |stream, path: &str, more: &[(&str, &str)]| {
        let head = request("GET", path, more);
        // In two frames, where one is too small.
        let (first, rest) = head.split_at(head.len().min(16_384));
        let mut bytes =
            frame(HEADERS, END_STREAM | if rest.is_empty() { END_HEADERS } else { 0 }, stream, first);
        if !rest.is_empty() {
            bytes.extend(frame(CONTINUATION, END_HEADERS, stream, rest));
        }
        client.send(bytes).await.answer(stream).await
    };
    assert_eq!(ask(1, "/", &many[1..]).await.status, 200);
    let refused = ask(3, "/", &many).await;
    assert!(refused.status == 431 && refused.body.contains("more than 10 fields"), "{refused:?}");
    let refused = ask(5, "/", &[("a", &long)]).await;
    assert!(refused.status == 431 && refused.body.contains("the limit of 2048 bytes"), "{refused:?}");
    assert_eq!(ask(7, &longest, &[]).await.status, 414);
    // More than twice the limit, and more than 8 KiB, h2 answers by itself.
    let refused = ask(9, "/", &[("a", &longer)]).await;
    assert_eq!((refused.status, refused.body.as_str()), (431, ""));
    assert_eq!(ask(11, "/", &[]).await.status, 200);
}

#[tokio::test]
async fn a_head_that_grows_far_beyond_the_limit_ends_the_connection() {
    // 100 bytes are kept in the table once, and named again for one byte each: an HPACK bomb.
    let mut bomb = request("GET", "/", &[]);
    bomb.extend_from_slice(&[0x40, 1, b'x', 100]);
    bomb.extend_from_slice(&[b'y'; 100]);
    bomb.extend_from_slice(&[0xbe; 16_000]);
    let mut client = H2::connect(address()).await;
    client.send(frame(HEADERS, END_HEADERS | END_STREAM, 1, &bomb)).await;
    assert_eq!(client.end().await, Some(ENHANCE_YOUR_CALM));
}

#[tokio::test]
async fn a_flood_of_continuations_ends_the_connection() {
    for payload in [&[][..], b"\x00\x01a\x01b"] {
        let mut client = H2::connect(address()).await;
        client.send(frame(HEADERS, END_STREAM, 1, &request("GET", "/", &[]))).await;
        let code = flood(client, 10_000, |_| frame(CONTINUATION, 0, 1, payload)).await;
        assert_eq!(code, Some(ENHANCE_YOUR_CALM));
    }
}

#[tokio::test]
async fn a_flood_of_empty_or_tiny_data_ends_the_connection() {
    for payload in [&[][..], b"x"] {
        let mut client = H2::connect(address()).await;
        client.send(post(1, "/hold")).await;
        let code = flood(client, 100_000, |_| frame(DATA, 0, 1, payload)).await;
        assert_eq!(code, Some(ENHANCE_YOUR_CALM));
    }
}

#[tokio::test]
async fn a_rapid_reset_ends_the_connection() {
    // All at once: h2 counts requests that are reset before anybody has seen them (CVE-2023-44487).
    let client = H2::connect(address()).await;
    let code = flood(client, 1, |_| {
        (0..5000).flat_map(|n| [get(stream(n), "/never"), reset(stream(n), CANCEL)].concat()).collect()
    });
    assert_eq!(code.await, Some(ENHANCE_YOUR_CALM));
    // One after the other, each of them handled: the limit counts.
    let mut client = H2::connect(with(Limits::default().http2_resets(50))).await;
    for n in 0..25 {
        client.send(get(stream(2 * n), "/never")).await.send(reset(stream(2 * n), CANCEL)).await;
        assert_eq!(client.get(stream(2 * n + 1), "/").await, 200);
    }
    let code = flood(client, 60, |n| {
        let n = 2000 + n;
        [get(stream(n), "/never"), reset(stream(n), CANCEL)].concat()
    });
    assert_eq!(code.await, Some(ENHANCE_YOUR_CALM));
}

#[tokio::test]
async fn resets_within_the_limit_are_nobodys_harm() {
    let mut client = H2::connect(address()).await;
    for n in 0..200 {
        client.send(get(stream(2 * n), "/never")).await;
        client.send(reset(stream(2 * n), CANCEL)).await;
        assert_eq!(client.get(stream(2 * n + 1), "/").await, 200);
    }
}

#[tokio::test]
async fn a_client_that_makes_the_server_reset_streams_ends_its_connection() {
    // More than the length that was stated is an error of the stream: the server resets it (CVE-2025-8671).
    let client = H2::connect(with(Limits::default().http2_resets(100))).await;
    let head = request("POST", "/hold", &[("content-length", "1")]);
    let code = flood(client, 200, |n| {
        [frame(HEADERS, END_HEADERS, stream(n), &head), frame(DATA, 0, stream(n), b"xx")].concat()
    });
    assert_eq!(code.await, Some(ENHANCE_YOUR_CALM));
}

#[tokio::test]
async fn pings_and_settings_are_answered_one_by_one() {
    let mut client = H2::connect(address()).await;
    let pings: Vec<u8> = (0..2000_u64)
        .flat_map(|n| [frame(PING, 0, 0, &n.to_be_bytes()), frame(SETTINGS, 0, 0, &[])].concat())
        .collect();
    client.send(pings).await;
    for n in 0..2000_u64 {
        let frame = client.next().await.unwrap().unwrap();
        assert_eq!((frame.kind, frame.flags, frame.payload), (PING, 1, n.to_be_bytes().to_vec()));
    }
    assert_eq!(client.get(1, "/").await, 200);
}

#[tokio::test]
async fn what_breaks_the_rules_of_frames_ends_the_connection() {
    let rules: &[(&str, Vec<u8>, u32)] = &[
        ("a stream of the server", get(2, "/"), PROTOCOL_ERROR),
        ("a stream that was used", [get(5, "/"), get(3, "/")].concat(), PROTOCOL_ERROR),
        ("data on no stream", frame(DATA, 0, 0, b"x"), PROTOCOL_ERROR),
        ("data on an idle stream", frame(DATA, 0, 1, b"x"), PROTOCOL_ERROR),
        ("a continuation of nothing", frame(CONTINUATION, END_HEADERS, 1, b""), PROTOCOL_ERROR),
        (
            "another frame within a head",
            [frame(HEADERS, END_STREAM, 1, &request("GET", "/", &[])), frame(PING, 0, 0, &[0; 8])].concat(),
            PROTOCOL_ERROR,
        ),
        ("a ping of another size", frame(PING, 0, 0, b"x"), PROTOCOL_ERROR),
        (
            "a frame larger than allowed",
            [&[0xff, 0xff, 0xff, DATA, 0, 0, 0, 0, 1][..], &[0; 20_000]].concat(),
            6,
        ),
        ("settings that are cut off", frame(SETTINGS, 0, 0, b"x"), PROTOCOL_ERROR),
        ("a window of nothing", frame(WINDOW_UPDATE, 0, 0, &[0; 4]), PROTOCOL_ERROR),
        ("a push", frame(5, END_HEADERS, 1, &[0, 0, 0, 2]), PROTOCOL_ERROR),
        ("no header block", frame(HEADERS, END_HEADERS | END_STREAM, 1, &[0x80]), PROTOCOL_ERROR),
    ];
    let mut ended = Vec::new();
    for (name, bytes, code) in rules {
        let mut client = H2::connect(address()).await;
        client.send(bytes).await;
        ended.push((*name, client.end().await, *code));
    }
    let wrong: Vec<_> = ended.iter().filter(|(_, was, code)| *was != Some(*code)).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[tokio::test]
async fn what_nobody_knows_is_ignored() {
    let mut client = H2::connect_with(address(), &[(0xf0f0, 7)]).await;
    client.send(frame(0xfa, 0xff, 0, b"grease")).await.send(frame(PRIORITY, 0, 1, &[0, 0, 0, 0, 16])).await;
    assert_eq!(client.get(1, "/").await, 200);
}
