//! Real clients: curl, Python's requests and Node's fetch decode every coding that they know, and headless Chromium asks across origins.
//!
//! `tests/real-clients` installs what is missing, and runs these.

#![allow(clippy::panic, clippy::unwrap_used, reason = "these are tests")]

use std::io::Read;
use std::net::SocketAddr;
use std::path::Path;
use std::pin::Pin;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use behaviour::serve;
use cello::prelude::*;
use tokio::sync::{Notify, mpsc};

const WHY: &str = "run `tests/real-clients`, which installs what is missing";

/// Text that neither repeats itself nor is noise, with characters of several bytes.
fn text(len: usize) -> String {
    let mut seed = 7_u64;
    let mut text = String::new();
    while text.len() < len {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        text.push_str(["users ", "of ", "c\u{e9}llo ", "in ", "2026, "][(seed >> 33) as usize % 5]);
        text.push_str(&(seed >> 50).to_string());
    }
    text
}

const SHORT: usize = 3000;
const LONG: usize = 300_000;

/// Compressed in one go.
#[get("/short")]
async fn short() -> String {
    text(SHORT)
}

/// Compressed as it is sent.
#[get("/long")]
async fn long() -> String {
    text(LONG)
}

/// Its length is not known, and it comes in pieces.
#[get("/streamed")]
async fn streamed() -> (Plain, Body) {
    (PLAIN, Body::from_reader(std::io::Cursor::new(text(LONG).into_bytes())))
}

/// What the test sends, when it sends it.
#[get("/live")]
async fn live(pieces: &Pieces) -> (Plain, Body) {
    let pieces = pieces.0.lock().unwrap().take().unwrap();
    (PLAIN, Body::from_stream(Receiving(pieces)))
}

type Plain = [(HeaderName, &'static str); 1];

const PLAIN: Plain = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];

struct Pieces(Mutex<Option<mpsc::Receiver<&'static str>>>);

#[derive(AppState)]
struct Services {
    pieces: Pieces,
}

struct Receiving(mpsc::Receiver<&'static str>);

impl futures_core::Stream for Receiving {
    type Item = std::io::Result<&'static str>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(cx).map(|piece| piece.map(Ok))
    }
}

fn compressing() -> (SocketAddr, mpsc::Sender<&'static str>) {
    let (sender, receiver) = mpsc::channel(10);
    let pieces = Pieces(Mutex::new(Some(receiver)));
    let app = App::new(routes![short, long, streamed, live]).state(Services { pieces });
    (serve(app.enable_compression()), sender)
}

/// What a program prints, which has to succeed.
fn output(mut command: Command) -> String {
    let ran = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}; {WHY}"));
    assert!(ran.status.success(), "{command:?}: {}", String::from_utf8_lossy(&ran.stderr));
    String::from_utf8(ran.stdout).unwrap()
}

/// Asks for each kind of content in each of these codings. `ask` prints the coding that came, and what was decoded of it.
fn every_coding(codings: &[&str], ask: impl Fn(&str, &str) -> Command) {
    let (address, _sender) = compressing();
    for coding in codings {
        for (path, expected) in [("short", SHORT), ("long", LONG), ("streamed", LONG)] {
            let printed = output(ask(&format!("http://{address}/{path}"), coding));
            let (came, decoded) = printed.split_once('\n').unwrap();
            assert_eq!(came, *coding, "{path}");
            assert!(decoded == text(expected), "{coding} {path} is not what was sent");
        }
    }
}

#[test]
#[ignore = "needs curl with all codings; `tests/real-clients` runs it"]
fn curl_decodes_every_coding() {
    every_coding(&["gzip", "deflate", "br", "zstd"], |url, coding| {
        // The coding goes before what was decoded, as with the others.
        let script = r#"body=$(mktemp) && trap 'rm -f "$body"' EXIT
            curl --silent --show-error --fail --max-time 30 --compressed --header "Accept-Encoding: $2" \
                --output "$body" --write-out '%header{content-encoding}\n' "$1" && cat "$body""#;
        let mut command = Command::new("bash");
        command.args(["-euo", "pipefail", "-c", script, "curl", url, coding]);
        command
    });
}

#[test]
#[ignore = "needs Python with requests; `tests/real-clients` runs it"]
fn requests_decodes_every_coding() {
    let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/real-clients/bin/python3");
    every_coding(&["gzip", "deflate", "br", "zstd"], |url, coding| {
        let script = "import sys, requests\n\
            answer = requests.get(sys.argv[1], headers={'Accept-Encoding': sys.argv[2]}, timeout=30)\n\
            answer.raise_for_status()\n\
            print(answer.headers['content-encoding'])\n\
            sys.stdout.buffer.write(sys.stdout.flush() or answer.content)";
        let mut command = Command::new(&python);
        command.args(["-c", script, url, coding]);
        command
    });
}

/// Node's fetch asks for these three by itself; it does not know zstd.
#[test]
#[ignore = "needs Node; `tests/real-clients` runs it"]
fn fetch_of_node_decodes_every_coding_that_it_knows() {
    let fetch = |url: &str, headers: &str| {
        let script = "const [url, headers] = process.argv.slice(1);\n\
            fetch(url, { headers: JSON.parse(headers), signal: AbortSignal.timeout(30000) })\
            .then(async (answer) => process.stdout.write(\
            answer.headers.get('content-encoding') + '\\n' + await answer.text()))";
        let mut command = Command::new("node");
        command.args(["-e", script, "--", url, headers]);
        command
    };
    every_coding(&["gzip", "deflate", "br"], |url, coding| {
        fetch(url, &format!("{{\"accept-encoding\": \"{coding}\"}}"))
    });
    let (address, _sender) = compressing();
    let printed = output(fetch(&format!("http://{address}/long"), "{}"));
    let (came, decoded) = printed.split_once('\n').unwrap();
    assert!(["gzip", "deflate", "br"].contains(&came) && decoded == text(LONG), "{came}");
}

#[test]
#[ignore = "needs curl with all codings; `tests/real-clients` runs it"]
fn what_a_stream_has_given_arrives_before_there_is_more() {
    for coding in ["gzip", "deflate", "br", "zstd"] {
        let (address, sender) = compressing();
        let mut curl = Command::new("curl")
            .args(["--silent", "--no-buffer", "--max-time", "30", "--compressed"])
            .args(["--header", &format!("Accept-Encoding: {coding}"), &format!("http://{address}/live")])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("curl: {error}; {WHY}"));
        let stdout = curl.stdout.as_mut().unwrap();
        for piece in ["data: first\n\n", "data: second\n\n", "data: third\n\n"] {
            sender.blocking_send(piece).unwrap();
            let mut received = vec![0; piece.len()];
            stdout.read_exact(&mut received).unwrap_or_else(|error| panic!("{coding}: {error}"));
            assert_eq!(received, piece.as_bytes(), "{coding}");
        }
        drop(sender);
        assert!(curl.wait().unwrap().success(), "{coding}");
    }
}

/// The page, which asks the service on another origin, and shows what became of each request.
#[get("/page?<services>")]
async fn page(services: &str) -> Html<String> {
    Html(include_str!("real_clients/page.html").replace("SERVICES", services))
}

/// A picture that comes when the page has shown everything, so that the browser does not take it for loaded before.
#[get("/shown.png")]
async fn picture(shown: &Shown) -> NoContent {
    shown.0.notified().await;
    NoContent
}

#[post("/shown")]
async fn shown(shown: &Shown) -> NoContent {
    shown.0.notify_one();
    NoContent
}

struct Shown(Arc<Notify>);

#[derive(AppState)]
struct PageState {
    shown: Shown,
}

#[get("/data")]
async fn data() -> ([(&'static str, &'static str); 2], &'static str) {
    ([("x-exposed", "yes"), ("x-hidden", "no")], "data")
}

#[put("/data")]
async fn change(headers: &HeaderMap) -> String {
    format!("changed {}", headers.get("x-custom").and_then(|value| value.to_str().ok()).unwrap_or("-"))
}

#[post("/session")]
async fn begin() -> ([(HeaderName, &'static str); 1], &'static str) {
    ([(header::SET_COOKIE, "session=abc; Path=/; SameSite=Lax")], "begun")
}

#[get("/session")]
async fn session(headers: &HeaderMap) -> String {
    headers.get(header::COOKIE).map_or("no cookie", |value| value.to_str().unwrap_or("?")).to_owned()
}

macro_rules! service {
    ($cors:expr) => {
        serve(App::new(routes![data, change, begin, session]).with($cors))
    };
}

/// What Chromium shows of the page on this host, whose results are lines of `name: result`.
fn chromium(page: &str, services: &str) -> Vec<String> {
    let profile = std::env::temp_dir().join(format!("cello-chromium-{}-{}", std::process::id(), page.len()));
    let mut command = Command::new("chromium");
    command
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
        .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
        .args([&format!("--user-data-dir={}", profile.display()), "--dump-dom"])
        .arg(format!("{page}?services={services}"));
    let shown = output(command);
    let _ = std::fs::remove_dir_all(profile);
    let (_, rest) = shown.split_once("<pre>").unwrap_or_else(|| panic!("no results in {shown}"));
    let (results, _) = rest.split_once("</pre>").unwrap();
    results.lines().map(str::to_owned).collect()
}

#[test]
#[ignore = "needs Chromium; `tests/real-clients` runs it"]
fn chromium_asks_across_origins_what_is_allowed_and_no_more() {
    let app = App::new(routes![page, picture, shown]).state(PageState { shown: Shown(Arc::default()) });
    let address = serve(app);
    let origin = format!("http://{address}");
    let any = service!(Cors::default());
    let named = service!(
        Cors::new()
            .allow_origin(&origin)
            .allow_credentials()
            .allow_methods([Method::GET, Method::PUT, Method::POST])
            .allow_headers(["x-custom"])
            .expose_headers(["x-exposed"])
    );
    let services = format!("{any},{named}");

    let results = chromium(&format!("{origin}/page"), &services);
    let expected = [
        "any, simple: data",
        "any, preflight: changed a",
        "any, credentials: refused",
        "named, simple: data",
        "named, exposed: yes",
        "named, hidden: null",
        "named, preflight: changed a",
        "named, other field: refused",
        "named, other method: refused",
        "named, without credentials: no cookie",
        "named, begin session: begun",
        "named, session: session=abc",
    ];
    assert_eq!(results, expected, "from {origin}");

    // The same page of another origin, which is not allowed.
    let other = format!("http://localhost:{}/page", address.port());
    let results = chromium(&other, &services);
    let refused = |name: &str| format!("{name}: refused");
    for result in &results {
        let name = result.split(": ").next().unwrap();
        if name.starts_with("named") {
            assert_eq!(*result, refused(name), "from {other}");
        }
    }
    assert_eq!(results[..3], expected[..3], "any origin is any");
    assert_eq!(results.len(), expected.len());
}
