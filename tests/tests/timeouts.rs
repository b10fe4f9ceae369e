//! Clients that take too long are let go. Time is Tokio's, stopped: it jumps to the next moment at which something is
//! to happen as soon as nothing else is to do, so the real limits pass at once.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used)] // helpers of tests fail the test

use std::net::SocketAddr;
use std::time::Duration;

use behaviour::app;
use behaviour::slow::{has_it_kept, takes_slowly, turns_away};
use cello::prelude::*;
use cello::{HeaderValue, Threading};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, sleep, timeout};

async fn serve() -> SocketAddr {
    serve_with(app(Limits::default(), Threading::Shared, None)).await
}

async fn serve_with(app: impl Application) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(app.serve_until(listener, std::future::pending()));
    address
}

/// Connects, sends this, and says what comes until the connection is closed, and after how long that is.
async fn talk(address: SocketAddr, sent: &str) -> (String, Duration) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(sent.as_bytes()).await.unwrap();
    let start = Instant::now();
    let mut received = String::new();
    stream.read_to_string(&mut received).await.unwrap();
    (received, start.elapsed())
}

fn about(seconds: u64, time: Duration) -> bool {
    (Duration::from_secs(seconds)..Duration::from_secs(seconds + 1)).contains(&time)
}

#[tokio::test(start_paused = true)]
async fn a_head_that_does_not_end_is_answered_with_408() {
    let address = serve().await;
    let (received, time) = talk(address, "GET / HTTP/1.1\r\nHost: te").await;
    let (head, body) = received.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 408 Request Timeout\r\n"), "{head}");
    assert!(head.contains("content-type: application/problem+json"), "{head}");
    assert!(head.contains("connection: close"), "{head}");
    assert!(head.contains(&format!("content-length: {}", body.len())), "{head}");
    assert_eq!(
        body,
        r#"{"type":"about:blank","title":"Request Timeout","status":408,"detail":"the head of the request did not arrive within 10s"}"#
    );
    assert!(about(10, time), "{time:?}");
}

#[tokio::test(start_paused = true)]
async fn a_head_that_trickles_is_no_better() {
    let address = serve().await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let start = Instant::now();
    for byte in "GET / HTTP/1.1\r\nX-Long: ".bytes().chain(std::iter::repeat(b'x')) {
        if stream.write_all(&[byte]).await.is_err() || start.elapsed() > Duration::from_secs(60) {
            break;
        }
        sleep(Duration::from_millis(500)).await;
        let mut received = [0; 1024];
        if let Ok(count) = stream.try_read(&mut received) {
            assert!(received[..count].starts_with(b"HTTP/1.1 408 "));
            break;
        }
    }
    assert!(about(10, start.elapsed()), "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn the_second_head_has_as_long_as_the_first() {
    let address = serve().await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.set_nodelay(true).unwrap(); // the system's own timers do not stop
    for _ in 0..3 {
        stream.write_all(b"GET / HTT").await.unwrap();
        sleep(Duration::from_secs(9)).await;
        stream.write_all(b"P/1.1\r\nHost: test\r\n\r\n").await.unwrap();
        let mut received = [0; 1024];
        let count = stream.read(&mut received).await.unwrap();
        assert!(received[..count].starts_with(b"HTTP/1.1 200 "));
        sleep(Duration::from_secs(60)).await;
    }
    // Bytes that come while a request is handled belong to the head of the next one.
    stream.write_all(b"GET /wait/20000 HTTP/1.1\r\nHost: test\r\n\r\n").await.unwrap();
    sleep(Duration::from_secs(1)).await;
    stream.write_all(b"GET /").await.unwrap();
    let start = Instant::now();
    let mut received = String::new();
    stream.read_to_string(&mut received).await.unwrap();
    assert!(received.contains("waited") && received.contains("408 Request Timeout"), "{received}");
    assert!(about(29, start.elapsed()), "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_is_silent_from_the_start_is_closed_silently() {
    let address = serve().await;
    let (received, time) = talk(address, "").await;
    assert_eq!(received, "");
    assert!(about(10, time), "{time:?}");
}

#[tokio::test(start_paused = true)]
async fn part_of_a_head_that_came_together_with_a_request_is_late_like_any_other() {
    let address = serve().await;
    let request = "GET / HTTP/1.1\r\nHost: test\r\n\r\n";
    for sent in [format!("{request}GET /"), format!("{request}{request}GET / HTTP/1.1\r\nHo")] {
        let (received, time) = talk(address, &sent).await;
        assert!(received.contains("hello") && received.contains("408 Request Timeout"), "{received}");
        assert!(about(10, time), "{time:?}");
    }
}

#[get("/")]
async fn hello() -> &'static str {
    "hello"
}

async fn mark(request: Request, next: Next<'_>) -> Response {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let mut response = next.run(request).await;
    let seen = format!("{method} {path} {}", response.status().as_u16());
    response.headers_mut().insert("x-seen", HeaderValue::try_from(seen).unwrap());
    response
}

#[tokio::test(start_paused = true)]
async fn the_408_of_a_head_passes_the_stack_and_is_rendered() {
    let app = App::new(routes![hello])
        .with(mark)
        .render_errors(|problem, _| format!("page for {}", problem.status()).into_response());
    let (received, _) = talk(serve_with(app).await, "GET / HTTP/1.1\r\nHost: te").await;
    let (head, body) = received.split_once("\r\n\r\n").unwrap();
    assert!(
        head.starts_with("HTTP/1.1 408 Request Timeout\r\n") && head.contains("x-seen: - / 408"),
        "{head}"
    );
    assert_eq!(body, "page for 408 Request Timeout");
}

#[tokio::test(start_paused = true)]
async fn an_idle_connection_is_closed_after_its_answer() {
    let address = serve().await;
    let (received, time) = talk(address, "GET / HTTP/1.1\r\nHost: test\r\n\r\n").await;
    assert!(received.starts_with("HTTP/1.1 200 ") && received.ends_with("hello"), "{received}");
    assert!(about(75, time), "{time:?}");
}

/// As many bytes as nobody takes at once.
const LONG: usize = 100_000;

#[get("/answers/<how>")]
async fn answers(how: &str) -> Option<Body> {
    match how {
        "long" => Some(Body::from(vec![b'x'; LONG])),
        "streamed" => Some(Body::from_stream(Body::from(vec![b'x'; LONG]))),
        "watched" => Some(Body::from("hello").on_end(|_| ())),
        "long-and-watched" => Some(Body::from(vec![b'x'; LONG]).on_end(|_| ())),
        _ => None,
    }
}

/// The connection learns of each kind of body that it has been handed over: it is idle from then on.
#[tokio::test(start_paused = true)]
async fn an_idle_connection_is_closed_after_any_kind_of_answer() {
    let address = serve_with(App::new(routes![answers])).await;
    for how in ["long", "streamed", "watched", "long-and-watched"] {
        let sent = format!("GET /answers/{how} HTTP/1.1\r\nHost: test\r\n\r\n");
        // One that stays open for ever fails the test.
        let talk = timeout(Duration::from_secs(1000), talk(address, &sent));
        let (received, time) = talk.await.expect(how);
        assert!(received.starts_with("HTTP/1.1 200 "), "{how}: {received}");
        assert!(about(75, time), "{how}: {time:?}");
    }
}

/// What is written at once is copied, so there is a bound for it.
#[tokio::test(start_paused = true)]
async fn a_large_frame_goes_out_in_pieces() {
    let address = serve_with(App::new(routes![answers])).await;
    let sent = "GET /answers/streamed HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n";
    let (received, _) = talk(address, sent).await;
    let (_, mut rest) = received.split_once("\r\n\r\n").unwrap();
    let mut pieces = Vec::new();
    while let Some((len, after)) = rest.split_once("\r\n") {
        let len = usize::from_str_radix(len, 16).unwrap();
        pieces.push(len);
        rest = after.get(len + 2..).unwrap();
    }
    assert_eq!(pieces, [32_768, 32_768, 32_768, 1_696, 0]);
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_takes_too_long_is_a_503_and_the_connection_goes_on() {
    let address = serve().await;
    let sent = "GET /wait/200000 HTTP/1.1\r\nHost: test\r\n\r\nGET / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n";
    let (received, time) = talk(address, sent).await;
    assert!(received.starts_with("HTTP/1.1 503 ") && received.ends_with("hello"), "{received}");
    assert!(received.contains("the handler did not finish within 30s"), "{received}");
    assert!(about(30, time), "{time:?}");
    let (received, time) =
        talk(address, "GET /wait/29000 HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n").await;
    assert!(received.ends_with("waited"), "{received}");
    assert!(about(29, time), "{time:?}");
}

#[get("/own", timeout = Duration::from_secs(100))]
async fn own() -> &'static str {
    sleep(Duration::from_secs(1000)).await;
    "own"
}

/// A byte each second, for 100 s.
#[get("/stream")]
async fn stream() -> Response {
    let (sender, receiver) = tokio::sync::mpsc::channel(1);
    tokio::spawn(async move {
        for _ in 0..100 {
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

/// Reads all, and then never ends.
#[post("/stuck")]
async fn stuck(body: Body) -> &'static str {
    drop(body.collect(100).await);
    std::future::pending().await
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_has_waited_for_the_end_of_its_body_is_limited_from_then_on() {
    let address = serve_with(App::new(routes![stuck])).await;
    for end in ["0\r\n\r\n", "x\r\n"] {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap(); // the system's own timers do not stop
        let head = "POST /stuck HTTP/1.1\r\nHost: test\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n";
        stream.write_all(head.as_bytes()).await.unwrap();
        sleep(Duration::from_secs(2)).await;
        stream.write_all(end.as_bytes()).await.unwrap();
        let (start, mut received) = (Instant::now(), String::new());
        let read = timeout(Duration::from_secs(1000), stream.read_to_string(&mut received));
        read.await.expect("it is never ended").unwrap();
        assert!(received.starts_with("HTTP/1.1 503 "), "{received}");
        assert!(about(30, start.elapsed()), "{end:?}: {:?}", start.elapsed());
    }
}

/// Leaves its body unread.
#[post("/unread")]
async fn unread() -> &'static str {
    "unread"
}

#[get("/endless")]
async fn endless() -> &'static str {
    std::future::pending().await
}

#[tokio::test(start_paused = true)]
async fn a_handler_is_limited_though_the_body_before_it_was_waited_for() {
    let address = serve_with(App::new(routes![unread, endless])).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.set_nodelay(true).unwrap(); // the system's own timers do not stop
    stream.write_all(b"POST /unread HTTP/1.1\r\nHost: test\r\nContent-Length: 3\r\n\r\n").await.unwrap();
    let mut answer = [0; 1024];
    let count = stream.read(&mut answer).await.unwrap();
    assert!(answer[..count].ends_with(b"unread"));
    // What is thrown away ends together with the next request, which hyper takes before anybody knows of that end.
    let rest = b"abcGET /endless HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n";
    stream.write_all(rest).await.unwrap();
    let (start, mut received) = (Instant::now(), String::new());
    let read = timeout(Duration::from_secs(1000), stream.read_to_string(&mut received));
    read.await.expect("it is never ended").unwrap();
    assert!(received.starts_with("HTTP/1.1 503 "), "{received}");
    assert!(about(30, start.elapsed()), "{:?}", start.elapsed());
}

/// Lets its body go unread, and then never ends.
#[post("/heedless")]
async fn heedless(body: Body) -> &'static str {
    drop(body);
    std::future::pending().await
}

#[tokio::test(start_paused = true)]
async fn a_handler_does_not_wait_for_a_body_that_it_has_let_go() {
    let address = serve_with(App::new(routes![heedless])).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.set_nodelay(true).unwrap(); // the system's own timers do not stop
    stream
        .write_all(b"POST /heedless HTTP/1.1\r\nHost: test\r\nContent-Length: 60000\r\n\r\n")
        .await
        .unwrap();
    let (start, mut answer) = (Instant::now(), [0; 1024]);
    let count = loop {
        sleep(Duration::from_millis(500)).await;
        if let Ok(count) = stream.try_read(&mut answer) {
            break count;
        }
        assert!(start.elapsed() < Duration::from_secs(60), "it is not ended");
        stream.write_all(&[b'x'; 500]).await.unwrap();
    };
    assert!(answer[..count].starts_with(b"HTTP/1.1 503 "));
    assert!(about(30, start.elapsed()), "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_body_for_which_nobody_waits_is_not_late() {
    let address = serve_with(App::new(routes![turns_away])).await;
    for (early, late) in [(0, 1000), (10, 990)] {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap(); // the system's own timers do not stop
        let head =
            "POST /turns-away/10 HTTP/1.1\r\nHost: test\r\nConnection: close\r\nContent-Length: 1000\r\n\r\n";
        stream.write_all(head.as_bytes()).await.unwrap();
        sleep(Duration::from_secs(1)).await;
        stream.write_all(&vec![b'x'; early]).await.unwrap();
        // 4 s after the handler has begun to wait.
        sleep(Duration::from_secs(13)).await;
        stream.write_all(&vec![b'x'; late]).await.unwrap();
        let mut received = String::new();
        stream.read_to_string(&mut received).await.unwrap();
        assert!(received.starts_with("HTTP/1.1 200 ") && received.ends_with("1000"), "{received}");
    }
}

#[tokio::test(start_paused = true)]
async fn who_waits_again_for_a_body_that_will_not_come_hears_of_it_at_once() {
    let mut stream = TcpStream::connect(serve_with(App::new(routes![turns_away])).await).await.unwrap();
    stream.set_nodelay(true).unwrap(); // the system's own timers do not stop
    let head = "POST /turns-away/10 HTTP/1.1\r\nHost: test\r\nContent-Length: 1000\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let start = Instant::now();
    sleep(Duration::from_secs(2)).await;
    stream.shutdown().await.unwrap();
    let mut received = String::new();
    stream.read_to_string(&mut received).await.unwrap();
    assert!(received.starts_with("HTTP/1.1 400 "), "{received}");
    assert!(about(10, start.elapsed()), "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_keeps_its_body_is_limited() {
    let address = serve_with(App::new(routes![turns_away, has_it_kept])).await;
    // In the other task the body may still be waited for, as long as it may.
    for (path, seconds) in [("/turns-away/10000", 30), ("/has-it-kept", 35)] {
        for early in [0, 10] {
            let mut stream = TcpStream::connect(address).await.unwrap();
            stream.set_nodelay(true).unwrap(); // the system's own timers do not stop
            let head = format!("POST {path} HTTP/1.1\r\nHost: test\r\nContent-Length: 1000\r\n\r\n");
            let start = Instant::now();
            stream.write_all(head.as_bytes()).await.unwrap();
            sleep(Duration::from_secs(1)).await;
            stream.write_all(&vec![b'x'; early]).await.unwrap();
            let mut answer = [0; 1024];
            let read = timeout(Duration::from_secs(1000), stream.read(&mut answer));
            let count = read.await.expect("it is never ended").unwrap();
            assert!(answer[..count].starts_with(b"HTTP/1.1 503 "), "{path} {early}");
            assert!(about(seconds, start.elapsed()), "{path} {early}: {:?}", start.elapsed());
        }
    }
}

#[get("/patient", with(Timeout::new(Duration::from_secs(60))))]
async fn patient() -> &'static str {
    sleep(Duration::from_secs(59)).await;
    "patient"
}

#[get("/impatient", with(Timeout::new(Duration::from_secs(2))))]
async fn impatient() -> &'static str {
    sleep(Duration::from_secs(1000)).await;
    "never"
}

#[tokio::test(start_paused = true)]
async fn a_timeout_in_the_stack_takes_the_place_of_the_limit() {
    let address = serve_with(App::new(routes![patient, impatient])).await;
    let ask = async |path| {
        talk(address, &format!("GET {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n")).await
    };
    let (received, time) = ask("/patient").await;
    assert!(received.ends_with("patient"), "{received}");
    assert!(about(59, time), "{time:?}");
    let (received, time) = ask("/impatient").await;
    assert!(received.starts_with("HTTP/1.1 503 ") && received.contains("within 2s"), "{received}");
    assert!(about(2, time), "{time:?}");
}

#[tokio::test(start_paused = true)]
async fn a_route_may_have_its_own_time_and_a_stream_has_none() {
    let address = serve_with(App::new(routes![own, stream])).await;
    let ask = async |path| {
        talk(address, &format!("GET {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n")).await
    };
    let (received, time) = ask("/own").await;
    assert!(received.starts_with("HTTP/1.1 503 ") && received.contains("within 100s"), "{received}");
    assert!(about(100, time), "{time:?}");
    let (received, time) = ask("/stream").await;
    assert!(received.starts_with("HTTP/1.1 200 ") && received.ends_with("0\r\n\r\n"), "{received}");
    assert!(about(100, time), "{time:?}");
}

/// Sends a head and then so many bytes of its body each second. What comes, and when?
async fn upload(
    address: SocketAddr,
    path: &str,
    len: usize,
    first: usize,
    each_second: usize,
) -> (String, Duration) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.set_nodelay(true).unwrap(); // the system's own timers do not stop
    let head =
        format!("POST {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\nContent-Length: {len}\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    let start = Instant::now();
    let (mut reading, mut writing) = stream.into_split();
    let sending = tokio::spawn(async move {
        let mut sent = 0;
        for count in std::iter::once(first).chain(std::iter::repeat(each_second)) {
            let count = count.min(len - sent);
            if sent == len || writing.write_all(&vec![b'x'; count]).await.is_err() {
                break;
            }
            sent += count;
            sleep(Duration::from_secs(1)).await;
        }
        writing
    });
    let mut received = String::new();
    reading.read_to_string(&mut received).await.unwrap();
    let time = start.elapsed();
    sending.abort();
    (received, time)
}

#[tokio::test(start_paused = true)]
async fn a_body_that_comes_too_slowly_is_answered_with_408() {
    let address = serve().await;
    for (first, each_second, seconds) in [(0, 0, 5), (0, 10, 5), (480, 0, 7), (100_000, 0, 30), (0, 120, 9)] {
        let (received, time) = upload(address, "/echo", 200_000, first, each_second).await;
        assert!(received.starts_with("HTTP/1.1 408 "), "{first} {each_second}: {received}");
        assert!(
            received.contains("connection: close") && received.contains("comes too slowly"),
            "{received}"
        );
        let about = Duration::from_secs(seconds)..Duration::from_secs(seconds + 2);
        assert!(about.contains(&time), "{first} {each_second}: {time:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_at_the_rate_may_take_longer_than_a_handler() {
    let address = serve().await;
    let (received, time) = upload(address, "/echo", 30_000, 0, 300).await;
    assert!(received.starts_with("HTTP/1.1 200 "), "{received}");
    assert!(time > Duration::from_secs(90), "{time:?}");
}

#[tokio::test(start_paused = true)]
async fn a_body_that_nobody_wants_may_not_come_slowly_either() {
    let (received, time) = upload(serve().await, "/ignore", 20_000, 0, 10).await;
    assert!(received.starts_with("HTTP/1.1 200 ") && received.ends_with("ignored"), "{received}");
    assert!(about(5, time), "{time:?}");
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
async fn a_handler_that_reads_late_is_not_the_clients_fault() {
    let (received, _) = upload(serve_with(App::new(routes![late])).await, "/late", 1000, 1000, 0).await;
    assert!(received.starts_with("HTTP/1.1 200 ") && received.ends_with("1000"), "{received}");
}

#[tokio::test(start_paused = true)]
async fn an_idle_connection_may_wait_after_a_body_that_was_thrown_away() {
    let address = serve().await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    stream.write_all(b"POST /ignore HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\nhel").await.unwrap();
    let mut received = [0; 1024];
    let count = stream.read(&mut received).await.unwrap();
    assert!(received[..count].ends_with(b"ignored"));
    sleep(Duration::from_secs(3)).await;
    stream.write_all(b"lo").await.unwrap();
    sleep(Duration::from_secs(70)).await;
    stream.write_all(b"GET / HTTP/1.1\r\nHost: test\r\n\r\n").await.unwrap();
    let count = stream.read(&mut received).await.unwrap();
    assert!(received[..count].ends_with(b"hello"));
    let start = Instant::now();
    assert_eq!(stream.read(&mut received).await.unwrap(), 0);
    assert!(about(75, start.elapsed()), "{:?}", start.elapsed());
}

/// Hands its body to somebody who reads nothing, or only the beginning, and keeps the rest.
#[post("/forget/<pieces>", body_limit = 100_000_000)]
async fn forget(pieces: usize, mut body: Body) -> &'static str {
    tokio::spawn(async move {
        for _ in 0..pieces {
            let _ = body.next_data().await;
        }
        sleep(Duration::from_secs(10_000)).await;
        drop(body);
    });
    "forgotten"
}

#[tokio::test(start_paused = true)]
async fn a_body_that_is_forgotten_keeps_no_connection() {
    let address = serve_with(App::new(routes![forget])).await;
    for pieces in [0, 1] {
        // A little of it, as much as hyper holds, and more than the buffers of the system hold.
        for sent in [10, 100_000, 20_000_000] {
            let mut stream = TcpStream::connect(address).await.unwrap();
            let head =
                format!("POST /forget/{pieces} HTTP/1.1\r\nHost: test\r\nContent-Length: 30000000\r\n\r\n");
            stream.write_all(head.as_bytes()).await.unwrap();
            let (mut reading, mut writing) = stream.into_split();
            let sending = tokio::spawn(async move {
                let _ = writing.write_all(&vec![b'x'; sent]).await;
                sleep(Duration::from_secs(100_000)).await;
            });
            let start = Instant::now();
            let mut received = Vec::new();
            // What nobody has read may make the system reset the connection.
            let _ = reading.read_to_end(&mut received).await;
            assert!(received.starts_with(b"HTTP/1.1 200 "), "{}", received.escape_ascii());
            assert!(
                about(75, start.elapsed()) || about(76, start.elapsed()),
                "{sent}: {:?}",
                start.elapsed()
            );
            sending.abort();
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_whose_end_comes_after_it_was_given_up_keeps_no_connection() {
    let address = serve().await;
    let body = "x".repeat(65 * 1024);
    for chunked in [false, true] {
        let head = match chunked {
            false => format!("Content-Length: {}\r\n\r\n{body}", body.len()),
            true => format!("Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{body}\r\n0\r\n\r\n", body.len()),
        };
        let (received, time) = talk(address, &format!("POST /ignore HTTP/1.1\r\nHost: test\r\n{head}")).await;
        assert!(received.starts_with("HTTP/1.1 200 "), "{received}");
        assert!(time < Duration::from_secs(77), "{time:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_client_that_takes_nothing_is_let_go() {
    let address = serve().await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET /bytes/50000000 HTTP/1.1\r\nHost: test\r\n\r\n").await.unwrap();
    // More than the buffers of the system hold is never taken.
    sleep(Duration::from_secs(29)).await;
    let mut taken = vec![0; 1_000_000];
    stream.read_exact(&mut taken).await.unwrap();
    // Having taken some, it has as long again.
    sleep(Duration::from_secs(29)).await;
    stream.read_exact(&mut taken).await.unwrap();
    sleep(Duration::from_secs(40)).await;
    let mut count = 2_000_000;
    while let Ok(more @ 1..) = stream.read(&mut taken).await {
        count += more;
    }
    assert!(count < 50_000_000, "{count} bytes came");
}

/// Linux tells of room only when a third of its buffer is free, which takes such a client minutes.
#[tokio::test(start_paused = true)]
async fn a_client_that_takes_its_answer_slowly_gets_it() {
    // A larger buffer would tell the server of nothing that is taken for longer than it waits.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(64 * 1024).unwrap();
    let mut stream = socket.connect(serve().await).await.unwrap();
    let request = "GET /bytes/10000000 HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n";
    stream.write_all(request.as_bytes()).await.unwrap();
    let count = takes_slowly(&mut stream).await;
    assert!(count > 10_000_000, "only {count} bytes came");
}

/// Sends a request for an answer after as many milliseconds, and shuts down its sending side. What comes, and when?
async fn half_closed(millis: u64) -> (String, Duration) {
    let limits = Limits::default().handler(Duration::from_secs(1000));
    let address = serve_with(app(limits, Threading::Shared, None)).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET /wait/{millis} HTTP/1.1\r\nHost: test\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    stream.shutdown().await.unwrap();
    let start = Instant::now();
    let mut received = String::new();
    stream.read_to_string(&mut received).await.unwrap();
    (received, start.elapsed())
}

#[tokio::test(start_paused = true)]
async fn a_client_that_only_shuts_down_its_sending_side_is_answered() {
    let (received, time) = half_closed(29_000).await;
    assert!(received.starts_with("HTTP/1.1 200 ") && received.ends_with("waited"), "{received}");
    assert!(about(29, time), "{time:?}");
}

#[tokio::test(start_paused = true)]
async fn a_client_that_is_gone_ends_its_handler() {
    let (received, time) = half_closed(200_000).await;
    assert_eq!(received, "");
    assert!(about(30, time), "{time:?}");
}

#[tokio::test(start_paused = true)]
async fn serve_until_ends_when_it_is_told_to() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = app(Limits::default(), Threading::Shared, None);
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let server = tokio::spawn(app.serve_until(listener, async { drop(stopped.await) }));
    let (received, _) = talk(address, "GET / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n").await;
    assert!(received.ends_with("hello"));
    let mut waiting = TcpStream::connect(address).await.unwrap();
    waiting.write_all(b"GET /wait/5000 HTTP/1.1\r\nHost: test\r\n\r\n").await.unwrap();
    sleep(Duration::from_secs(1)).await;
    stop.send(()).unwrap();
    let mut received = String::new();
    waiting.read_to_string(&mut received).await.unwrap();
    assert!(received.contains("connection: close") && received.ends_with("waited"), "{received}");
    drop(waiting);
    server.await.unwrap().unwrap();
    assert!(TcpStream::connect(address).await.is_err());
}
