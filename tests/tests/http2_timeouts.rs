//! HTTP/2 clients that take too long are let go. Time is Tokio's, stopped, as in `timeouts`.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used)] // helpers of tests fail the test

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::Duration;

use behaviour::http2::*;
use behaviour::slow::{has_it_kept, turns_away};
use behaviour::{H2, Places, app, app_at};
use cello::Threading;
use cello::prelude::*;
use tokio::net::TcpListener;
use tokio::time::{Instant, sleep, timeout, timeout_at};

async fn serve() -> SocketAddr {
    serve_with(app(Limits::default(), Threading::Shared, None)).await
}

async fn serve_with(app: impl Application) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(app.serve_until(listener, std::future::pending()));
    address
}

fn about(seconds: u64, time: Duration) -> bool {
    (Duration::from_secs(seconds)..Duration::from_secs(seconds + 2)).contains(&time)
}

#[tokio::test(start_paused = true)]
async fn half_a_preface_is_a_head_that_does_not_end() {
    let mut client = H2::connect_silently(serve().await).await;
    client.send(&PREFACE[..20]).await;
    let start = Instant::now();
    let mut bytes = Vec::new();
    tokio::io::AsyncReadExt::read_to_end(client.get_mut(), &mut bytes).await.unwrap();
    assert!(bytes.starts_with(b"HTTP/1.1 408 "), "{}", bytes.escape_ascii());
    assert!(about(10, start.elapsed()), "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_header_block_that_does_not_end_ends_the_connection() {
    let address = serve().await;
    for cut in [false, true] {
        let mut client = H2::connect(address).await;
        assert_eq!(client.get(1, "/").await, 200);
        // One that runs meanwhile does not keep it.
        client.send(get(3, "/wait/29000")).await;
        let head = frame(HEADERS, END_STREAM, 5, &request("GET", "/", &[]));
        client.send(&head[..head.len() - usize::from(cut)]).await;
        let start = Instant::now();
        assert_eq!(client.end().await, Some(ENHANCE_YOUR_CALM));
        assert!(about(10, start.elapsed()), "{:?}", start.elapsed());
    }
}

#[tokio::test(start_paused = true)]
async fn an_idle_connection_is_told_and_closed() {
    let address = serve().await;
    for requests in 0..2 {
        for answers_pings in [true, false] {
            let mut client = H2::connect(address).await;
            for n in 0..requests {
                sleep(Duration::from_secs(50)).await;
                assert_eq!(client.get(2 * n + 1, "/").await, 200);
            }
            client.answers_pings = answers_pings;
            let start = Instant::now();
            assert_eq!(client.end().await, Some(NO_ERROR));
            assert!(about(75, start.elapsed()), "{:?}", start.elapsed());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn pings_keep_no_connection_open() {
    let mut client = H2::connect(serve().await).await;
    let start = Instant::now();
    loop {
        if client.try_send(frame(PING, 0, 0, &[7; 8])).await.is_err() {
            break;
        }
        match client.next().await {
            Ok(Some(frame)) if frame.kind == GOAWAY => break,
            Ok(Some(_)) => sleep(Duration::from_secs(5)).await,
            _ => break,
        }
    }
    assert!((70..82).contains(&start.elapsed().as_secs()), "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_client_that_is_gone_is_found_out() {
    let limits = Limits::default().handler(Duration::from_secs(10_000));
    let mut client = H2::connect(serve_with(app(limits, Threading::Shared, None)).await).await;
    client.answers_pings = false;
    client.send(get(1, "/wait/5000000")).await;
    let start = Instant::now();
    client.end().await;
    assert!(about(105, start.elapsed()), "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_takes_too_long_is_a_503_on_its_stream() {
    let mut client = H2::connect(serve().await).await;
    let start = Instant::now();
    client.send([get(1, "/wait/29000"), get(3, "/wait/2000000")].concat()).await;
    assert_eq!(client.answer(1).await.status, 200);
    assert_eq!(client.answer(3).await.status, 503);
    assert!(about(30, start.elapsed()), "{:?}", start.elapsed());
    assert_eq!(client.get(5, "/").await, 200);
}

/// Sends the head of a request and then so many bytes of its body each second, in frames of this size. What comes?
async fn upload(path: &str, len: usize, size: usize, each_second: usize) -> (Answer, Duration) {
    let mut client = H2::connect(serve_with(App::new(routes![echo, elsewhere, late])).await).await;
    client.send(post(1, path)).await;
    client.answers_pings = false;
    let (mut frames, mut left) = (VecDeque::new(), len);
    while left > 0 {
        let payload = vec![b'x'; size.min(left)];
        left -= payload.len();
        frames.push_back(frame(DATA, if left == 0 { END_STREAM } else { 0 }, 1, &payload));
    }
    let start = Instant::now();
    let (mut answer, mut sending) = (Answer { status: 0, body: String::new(), reset: None }, Vec::new());
    loop {
        tokio::select! {
            came = client.next() => {
                let came = came.unwrap().unwrap();
                answer.status = came.status().unwrap_or(answer.status);
                match came.kind {
                    DATA => answer.body.push_str(&String::from_utf8_lossy(&came.payload)),
                    // It is answered when the frame that is being sent has come to its end.
                    PING => frames.push_front(frame(PING, 1, 0, &came.payload)),
                    _ => {}
                }
                if came.ends() {
                    return (answer, start.elapsed());
                }
            }
            () = sleep(Duration::from_secs(1)) => {
                let mut now = Vec::new();
                while now.len() < each_second && (!sending.is_empty() || !frames.is_empty()) {
                    if sending.is_empty() {
                        sending.extend(frames.pop_front().unwrap());
                    }
                    now.extend(sending.drain(..sending.len().min(each_second - now.len())));
                }
                client.send(now).await;
            }
        }
    }
}

#[post("/echo")]
async fn echo(body: Bytes) -> Bytes {
    body
}

/// Reads its body in another task.
#[post("/elsewhere")]
async fn elsewhere(mut body: Body) -> String {
    tokio::spawn(async move {
        let mut count = 0;
        loop {
            match body.next_data().await {
                Ok(Some(bytes)) => count += bytes.len(),
                Ok(None) => return count.to_string(),
                Err(error) => return error.to_string(),
            }
        }
    })
    .await
    .unwrap()
}

/// Waits for longer than a body may, and then reads it.
#[post("/late")]
async fn late(mut body: Body) -> String {
    let mut count = 0;
    sleep(Duration::from_secs(20)).await;
    while let Ok(Some(bytes)) = body.next_data().await {
        count += bytes.len();
    }
    count.to_string()
}

#[tokio::test(start_paused = true)]
async fn a_body_that_comes_too_slowly_is_a_408_on_its_stream() {
    for each_second in [0, 10, 100] {
        let (answer, time) = upload("/echo", 100_000, 16_384, each_second).await;
        assert!(
            answer.status == 408 && answer.body.contains("comes too slowly"),
            "{each_second}: {answer:?}"
        );
        assert!((5..11).contains(&time.as_secs()), "{each_second}: {time:?}");
    }
    let (answer, time) = upload("/elsewhere", 100_000, 16_384, 10).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "the body comes too slowly"));
    assert!(about(5, time), "{time:?}");
}

#[tokio::test(start_paused = true)]
async fn a_body_at_the_rate_may_come_in_frames_however_large() {
    for size in [1000, 16_384] {
        let (answer, time) = upload("/echo", 30_000, size, 300).await;
        assert_eq!((answer.status, answer.body.len()), (200, 30_000), "{size}");
        assert!(time > Duration::from_secs(90), "{size}: {time:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_reads_late_is_not_the_clients_fault() {
    let (answer, _) = upload("/late", 1000, 1000, 10_000).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "1000"));
}

#[tokio::test(start_paused = true)]
async fn a_body_for_which_nobody_waits_is_not_late() {
    let address = serve_with(App::new(routes![turns_away])).await;
    for early in [0, 10] {
        let mut client = H2::connect(address).await;
        client.send(post(1, "/turns-away/10")).await;
        sleep(Duration::from_secs(1)).await;
        client.send(frame(DATA, 0, 1, &vec![b'x'; early])).await;
        sleep(Duration::from_secs(13)).await;
        client.send(frame(DATA, END_STREAM, 1, &vec![b'x'; 1000 - early])).await;
        let answer = client.answer(1).await;
        assert_eq!((answer.status, answer.body.as_str()), (200, "1000"), "{early}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_keeps_its_body_is_limited() {
    let address = serve_with(App::new(routes![turns_away, has_it_kept])).await;
    for (path, seconds) in [("/turns-away/10000", 30), ("/has-it-kept", 35)] {
        for early in [0, 10] {
            let mut client = H2::connect(address).await;
            let start = Instant::now();
            client.send(post(1, path)).await;
            sleep(Duration::from_secs(1)).await;
            client.send(frame(DATA, 0, 1, &vec![b'x'; early])).await;
            let answer =
                timeout(Duration::from_secs(1000), client.answer(1)).await.expect("it is never ended");
            assert_eq!(answer.status, 503, "{path} {early}");
            assert!(about(seconds, start.elapsed()), "{path} {early}: {:?}", start.elapsed());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_client_that_takes_nothing_of_an_answer_gets_no_more_of_it() {
    let address = serve().await;
    let mut client = H2::connect_with(address, &[(4, 1000)]).await;
    let start = Instant::now();
    client.send(get(1, "/bytes/1000000")).await;
    let answer = client.answer(1).await;
    assert_eq!((answer.status, answer.body.len(), answer.reset), (200, 1000, Some(CANCEL)));
    assert!(about(30, start.elapsed()), "{:?}", start.elapsed());
    assert_eq!(client.get(3, "/").await, 200);
}

/// It grants all, and takes it slowly: what is in its way are the buffers of the systems.
#[tokio::test(start_paused = true)]
async fn a_client_that_takes_its_answer_slowly_gets_it() {
    let limits = Limits::default().http2_keep_alive(Duration::ZERO); // nobody answers
    let address = serve_with(app(limits, Threading::Shared, None)).await;
    // A larger buffer would tell the server of nothing that is taken for longer than it waits.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(64 * 1024).unwrap();
    let mut client = H2::on(socket.connect(address).await.unwrap());
    client.send(opening(&[(4, 0x7fff_ffff)])).await;
    client.send(frame(WINDOW_UPDATE, 0, 0, &100_000_000_u32.to_be_bytes())).await;
    client.send(get(1, "/bytes/10000000")).await;
    let (mut taken, mut count) = (vec![0; 50_000], 0);
    for _ in 0..100 {
        sleep(Duration::from_secs(5)).await;
        count += tokio::io::AsyncReadExt::read_exact(client.get_mut(), &mut taken).await.unwrap();
    }
    while let Ok(more @ 1..) = tokio::io::AsyncReadExt::read(client.get_mut(), &mut taken).await {
        count += more;
    }
    assert!(count > 10_000_000, "only {count} bytes came");
}

/// Takes so many bytes each second: of all streams, and of each of these besides. Which streams were reset, and when?
async fn resets(client: &mut H2, streams: u32, bytes: u32, of: &[u32]) -> Vec<(u32, u64)> {
    let (start, mut left, mut resets) = (Instant::now(), streams, Vec::new());
    let mut next = Duration::ZERO;
    while left > 0 {
        let Ok(frame) = timeout_at(start + next, client.next()).await else {
            for stream in of.iter().chain(&[0]) {
                client.send(frame(WINDOW_UPDATE, 0, *stream, &bytes.to_be_bytes())).await;
            }
            next += Duration::from_secs(1);
            continue;
        };
        let frame = frame.unwrap().unwrap();
        if frame.kind == RST_STREAM {
            resets.push((frame.stream, start.elapsed().as_secs()));
        }
        left -= u32::from(frame.kind == RST_STREAM || frame.ends());
    }
    resets
}

#[tokio::test(start_paused = true)]
async fn answers_that_wait_for_each_other_are_not_given_up() {
    let mut client = H2::connect_with(serve().await, &[(4, 0x7fff_ffff)]).await;
    for number in 0..60 {
        client.send(get(2 * number + 1, "/bytes/40000")).await;
    }
    assert_eq!(resets(&mut client, 60, 16_384, &[]).await, []);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_nobody_takes_is_given_up_though_others_are_taken() {
    for (bytes, seconds) in [(50_000, 29..40), (1, 299..310)] {
        let mut client = H2::connect_with(serve().await, &[(4, 10)]).await;
        client.send(get(1, "/bytes/1000")).await.send(get(3, "/bytes/3000000")).await;
        let resets = resets(&mut client, 2, bytes, &[3]).await;
        assert!(matches!(resets[..], [(1, at), ..] if seconds.contains(&at)), "{bytes}: {resets:?}");
    }
}

/// No window holds these back: all but the large one are in h2 at once, where a piece of each goes out in turn.
#[cfg(unix)]
#[tokio::test(start_paused = true)]
async fn an_answer_that_waits_for_others_that_are_made_is_not_given_up() {
    let path = std::env::temp_dir().join(format!("cello-slow-{}", std::process::id()));
    let places = Places { unix: path.to_str().map(str::to_owned), ..Places::default() };
    serve_with(app_at(Limits::default(), Threading::Shared, None, places)).await;
    let stream = loop {
        match tokio::net::UnixStream::connect(&path).await {
            Ok(stream) => break stream,
            Err(_) => tokio::task::yield_now().await,
        }
    };
    std::fs::remove_file(&path).unwrap();
    let mut client = H2::on(stream);
    client.send(opening(&[(4, 0x7fff_ffff)])).await;
    client.send(frame(WINDOW_UPDATE, 0, 0, &0x7f00_0000_u32.to_be_bytes())).await;
    for number in 0..90 {
        client.send(get(2 * number + 1, "/bytes/60000")).await;
    }
    client.send(get(181, "/bytes/400000")).await;
    let (start, mut left, mut taken, mut resets) = (Instant::now(), 91, 0, Vec::new());
    while left > 0 {
        let frame = client.next().await.unwrap().unwrap();
        if frame.kind == RST_STREAM {
            resets.push((frame.stream, start.elapsed().as_secs()));
        }
        left -= u32::from(frame.kind == RST_STREAM || frame.ends());
        taken += frame.payload.len();
        if taken >= 16_384 {
            taken -= 16_384;
            sleep(Duration::from_secs(1)).await;
        }
    }
    assert_eq!(resets, []);
}

#[tokio::test(start_paused = true)]
async fn a_client_that_reads_nothing_at_all_is_let_go() {
    let address = serve().await;
    let mut client = H2::connect_with(address, &[(4, 0x7fff_ffff)]).await;
    client.send(frame(WINDOW_UPDATE, 0, 0, &0x7f00_0000_u32.to_be_bytes())).await;
    client.send(get(1, "/bytes/100000000")).await;
    sleep(Duration::from_secs(40)).await;
    let mut count = 0;
    while let Ok(Some(frame)) = client.next().await {
        count += frame.payload.len();
    }
    assert!(count < 100_000_000, "{count} bytes came");
}

#[tokio::test(start_paused = true)]
async fn the_last_piece_of_an_answer_that_nobody_takes_keeps_no_connection() {
    let mut client = H2::connect_with(serve().await, &[(4, 10)]).await;
    client.send(get(1, "/bytes/1000")).await;
    let start = Instant::now();
    assert_eq!(client.end().await, Some(NO_ERROR));
    // Half a minute to take what is left, and then idle for 75 s.
    assert!((104..108).contains(&start.elapsed().as_secs()), "{:?}", start.elapsed());
}

/// A body of so many bytes whose length is not known beforehand.
#[get("/streamed/<len>")]
async fn streamed(len: usize) -> Response {
    let (sender, receiver) = tokio::sync::mpsc::channel(1);
    drop(tokio::spawn(async move { sender.send(Ok::<_, std::io::Error>("x".repeat(len))).await }));
    Response::new(Body::from_stream(Receiving(receiver)))
}

#[get("/whole/<len>")]
async fn whole(len: usize) -> String {
    "x".repeat(len)
}

/// Waits until a stream has ended, while the connection is used for others. How much of it has come?
async fn end_of_stream(client: &mut H2, stream: u32) -> (usize, Option<u32>, Duration) {
    let (start, mut next, mut len) = (Instant::now(), 101, 0);
    loop {
        client.send(frame(HEADERS, END_HEADERS | END_STREAM, next, &request("HEAD", "/whole/1", &[]))).await;
        loop {
            let frame = client.next().await.unwrap().unwrap();
            match frame.stream {
                of if of == stream && frame.kind == RST_STREAM => {
                    return (len, Some(frame.number(0)), start.elapsed());
                }
                of if of == stream => {
                    len += if frame.kind == DATA { frame.payload.len() } else { 0 };
                    if frame.ends() {
                        return (len, None, start.elapsed());
                    }
                }
                of if of == next && frame.ends() => break,
                _ => {}
            }
        }
        assert!(start.elapsed() < Duration::from_secs(300), "the stream is never reset");
        next += 2;
        sleep(Duration::from_secs(10)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn no_piece_of_an_answer_is_too_small_to_be_reset() {
    let address = serve_with(App::new(routes![streamed, whole])).await;
    for path in ["/whole", "/streamed"] {
        for (window, len) in
            [(0, 1), (0, 10_000), (1, 2), (1, 10_000), (9999, 10_000), (1, 16_384), (1, 16_385)]
        {
            let mut client = H2::connect_with(address, &[(4, window)]).await;
            client.send(get(1, &format!("{path}/{len}"))).await;
            let (came, reset, time) = end_of_stream(&mut client, 1).await;
            assert_eq!((came, reset), (window as usize, Some(CANCEL)), "{path}/{len}");
            assert!((30..=42).contains(&time.as_secs()), "{path}/{len}: {time:?}");
        }
        // Nor is the window of the connection a place to leave something in.
        let mut client = H2::connect_with(address, &[(4, 0x7fff_ffff)]).await;
        assert_eq!(client.send(get(1, &format!("{path}/60000"))).await.answer(1).await.body.len(), 60_000);
        client.send(get(3, &format!("{path}/10000"))).await;
        let (came, reset, _) = end_of_stream(&mut client, 3).await;
        assert_eq!((came, reset), (5535, Some(CANCEL)));
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_fills_the_window_to_the_last_byte_ends() {
    let address = serve_with(App::new(routes![streamed, whole])).await;
    for path in ["/whole", "/streamed"] {
        for len in [1, 2, 16_384, 20_000, 65_535] {
            let mut client = H2::connect_with(address, &[(4, len)]).await;
            client.send(get(1, &format!("{path}/{len}"))).await;
            assert_eq!(client.answer(1).await.body.len(), len as usize, "{path}");
            let mut client = H2::connect_with(address, &[(4, 0)]).await;
            client.send(get(1, &format!("{path}/{len}"))).await;
            client.send(frame(WINDOW_UPDATE, 0, 1, &len.to_be_bytes())).await;
            assert_eq!(client.answer(1).await.body.len(), len as usize, "{path}");
        }
    }
}

/// A byte each second, for 200 s.
#[get("/stream")]
async fn stream() -> Response {
    let (sender, receiver) = tokio::sync::mpsc::channel(1);
    tokio::spawn(async move {
        for _ in 0..200 {
            sleep(Duration::from_secs(1)).await;
            if sender.send(Ok::<_, std::io::Error>("x")).await.is_err() {
                break;
            }
        }
    });
    Response::new(Body::from_stream(Receiving(receiver)))
}

struct Receiving<T>(tokio::sync::mpsc::Receiver<T>);

impl<T> futures_core::Stream for Receiving<T> {
    type Item = T;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<T>> {
        self.0.poll_recv(cx)
    }
}

#[tokio::test(start_paused = true)]
async fn a_stream_may_take_as_long_as_it_likes() {
    let mut client = H2::connect(serve_with(App::new(routes![stream])).await).await;
    let start = Instant::now();
    let answer = client.send(get(1, "/stream")).await.answer(1).await;
    assert_eq!((answer.status, answer.body.len(), answer.reset), (200, 200, None));
    assert!(about(200, start.elapsed()), "{:?}", start.elapsed());
}

/// Hands its body to somebody who does nothing with it.
#[post("/forget")]
async fn forget(body: Body) -> &'static str {
    tokio::spawn(async move {
        sleep(Duration::from_secs(10_000)).await;
        drop(body);
    });
    "forgotten"
}

#[tokio::test(start_paused = true)]
async fn a_body_that_is_forgotten_keeps_no_connection() {
    let mut client = H2::connect(serve_with(App::new(routes![forget])).await).await;
    client.send(post(1, "/forget")).await.send(frame(DATA, 0, 1, b"some")).await;
    assert_eq!(client.answer(1).await.status, 200);
    let start = Instant::now();
    assert_eq!(client.end().await, Some(NO_ERROR));
    assert!((104..108).contains(&start.elapsed().as_secs()), "{:?}", start.elapsed());
}
