//! Does to a server what clients, systems and people do to servers, and prints what became of it.
//!
//! `faults [--per-worker]`: the server of the tests, with short limits. It takes about half a minute, and ends with an
//! error if anything was not as it should be. Linux only: it reads `/proc`.
#![forbid(unsafe_code)]
#![allow(clippy::print_stdout)] // it is a program that prints a table

use std::thread::sleep;
use std::time::{Duration, Instant};

use behaviour::http2::{
    self, CANCEL, CONTINUATION, END_STREAM, ENHANCE_YOUR_CALM, GOAWAY, HEADERS, RST_STREAM,
};
use behaviour::load::{self, Kind};
use behaviour::{Client, Process, Reply};

type Fault = Box<dyn std::error::Error>;
/// What was seen, and whether it is as it should be.
type Seen = Result<(String, bool), Fault>;

const LIMITS: &[&str] = &[
    "--first-byte",
    "1000",
    "--header-read",
    "1000",
    "--body-grace",
    "1000",
    "--idle",
    "1500",
    "--handler",
    "1000",
    "--write-stall",
    "1500",
];

fn main() -> Result<(), Fault> {
    let mode: &[&str] =
        if std::env::args().any(|arg| arg == "--per-worker") { &["--per-worker"] } else { &[] };
    let program = std::env::current_exe()?.with_file_name("target-server").display().to_string();
    let start = |more: &[&str]| Process::start(&program, &[mode, LIMITS, more].concat());
    let one = start(&[]);
    println!("{:<34} {:<34} {:<34} {:>8}", "fault", "should be", "was", "took");
    let mut failed = 0;
    let mut show = |name: &str, should: &str, seen: &mut dyn FnMut() -> Seen| {
        let begun = Instant::now();
        let (was, good) = seen().unwrap_or_else(|error| (error.to_string(), false));
        let took = begun.elapsed().as_secs_f64();
        println!("{name:<34} {should:<34} {was:<34} {took:>6.2} s{}", if good { "" } else { "  WRONG" });
        failed += u32::from(!good);
    };

    show("silent connection", "closed, nothing said", &mut || closed(&one.connect()));
    show("head, a byte at a time", "408", &mut || drip(one.connect(), "GET / HTTP/1.1\r\nX: ", 408));
    show("body, a byte at a time", "408", &mut || drip(one.connect(), &post("/echo", 1000), 408));
    show("body that stops", "408", &mut || {
        reply(&one.connect().send(post("/echo", 1000) + "half").reply(), 408)
    });
    show("idle after an answer", "closed, nothing said", &mut || {
        let mut client = one.connect();
        client.get("/");
        closed(&client)
    });
    show("handler that never ends", "503", &mut || reply(&one.connect().get("/wait/3600000"), 503));
    show("client that takes nothing", "cut off", &mut || {
        let mut client = one.connect();
        client.request("GET", "/bytes/100000000");
        sleep(Duration::from_secs(4));
        let came = client.rest().map_or(0, |bytes| bytes.len());
        Ok((format!("cut off after {came} bytes"), came < 100_000_000))
    });
    show("head of 40 KiB", "431", &mut || {
        reply(
            &one.connect()
                .send(format!("GET / HTTP/1.1\r\nHost: a\r\nX: {}\r\n\r\n", "x".repeat(40_000)))
                .reply(),
            431,
        )
    });
    show("target of 10 KiB", "414", &mut || {
        reply(&one.connect().get(&format!("/{}", "x".repeat(10_000))), 414)
    });
    show("body of 1 GiB, as it says", "413 before it is read", &mut || {
        reply(&one.connect().send(post("/echo", 1 << 30)).reply(), 413)
    });
    show("1,000 panics", "1,000 times 500, still there", &mut || {
        let mut client = one.connect();
        let count = (0..1000).filter(|_| client.get("/panic").status == 500).count();
        alive(&one, &format!("{count} times 500"), count == 1000)
    });
    show("2,000 resets in the midst", "still there", &mut || {
        for n in 0..2000 {
            let mut client = one.connect();
            client
                .send(["GET / HT", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n", ""][n % 3]);
            client.reset()?;
        }
        alive(&one, "", true)
    });
    show("500 times what is no HTTP", "400 or closed, still there", &mut || {
        let mut state = 7_u32;
        for _ in 0..500 {
            let garbage: Vec<u8> = (0..200)
                .map(|_| {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    state.to_be_bytes()[0]
                })
                .collect();
            let mut client = one.connect();
            let _ = client.try_send(&garbage);
            drop(client);
        }
        alive(&one, "", true)
    });
    show("HTTP/2: half a preface", "408", &mut || {
        reply(&one.connect().send(&http2::PREFACE[..20]).reply(), 408)
    });
    show("HTTP/2: silent connection", "told, still there", &mut || {
        let mut client = one.connect();
        client.send(http2::opening(&[]));
        told(&one, client, 0)
    });
    show("HTTP/2: head that does not end", "told to calm down, still there", &mut || {
        let mut client = one.connect();
        let head = http2::frame(HEADERS, END_STREAM, 1, &http2::request("GET", "/", &[]));
        client.send([http2::opening(&[]), head].concat());
        told(&one, client, ENHANCE_YOUR_CALM)
    });
    show("HTTP/2: 100,000 CONTINUATION", "told to calm down, still there", &mut || {
        let mut client = one.connect();
        let head = http2::frame(HEADERS, END_STREAM, 1, &http2::request("GET", "/", &[]));
        client.send([http2::opening(&[]), head].concat());
        let more = http2::frame(CONTINUATION, 0, 1, b"\x00\x01a\x01b").repeat(100);
        // It is closed in the midst.
        let _ = (0..1000).try_for_each(|_| client.try_send(&more));
        told(&one, client, ENHANCE_YOUR_CALM)
    });
    show("HTTP/2: 100,000 rapid resets", "told to calm down, still there", &mut || {
        let mut client = one.connect();
        client.send(http2::opening(&[]));
        let _ = (0..100_000).try_for_each(|n| {
            let stream = 2 * n + 1;
            client.try_send([http2::get(stream, "/hold"), http2::reset(stream, CANCEL)].concat())
        });
        told(&one, client, ENHANCE_YOUR_CALM)
    });
    show("HTTP/2: window that stays closed", "reset, the next is answered", &mut || {
        let mut client = one.connect();
        client.send([http2::opening(&[(4, 1000)]), http2::get(1, "/bytes/1000000")].concat());
        let reset = loop {
            let frame = client.frame()?;
            if frame.kind == RST_STREAM {
                break frame.number(0) == CANCEL;
            }
        };
        client.send(http2::get(3, "/"));
        let status = loop {
            if let Some(status) = client.frame()?.status() {
                break status;
            }
        };
        let was = if reset { "reset" } else { "reset otherwise" };
        Ok((format!("{was}, then {status}"), reset && status == 200))
    });
    show("memory after all this", "less than 64 MiB", &mut || {
        let status = std::fs::read_to_string(format!("/proc/{}/status", one.id()))?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or_default();
        let kib: u64 = line.split_whitespace().nth(1).unwrap_or_default().parse()?;
        Ok((format!("{} MiB", kib / 1024), kib < 64 * 1024))
    });
    show("200 silent connections, room for 50", "answered when they are closed", &mut || {
        let server = start(&["--connections", "50"]);
        let flood: Vec<Client> = (0..200).map(|_| server.connect()).collect();
        let answered = reply(&server.connect().get("/"), 200);
        drop(flood);
        answered
    });
    show("no files left", "waits, at rest, and goes on", &mut || no_files(&program, mode));
    show("killed and started again", "answers on the same port", &mut || {
        let server = start(&[]);
        let mut client = server.connect();
        client.request("GET", "/hold");
        let port = server.address().port().to_string();
        drop(server); // kills it
        let again = start(&["--port", &port]);
        reply(&again.connect().get("/"), 200)
    });
    for kind in Kind::ALL {
        show(&format!("SIGTERM under load, {kind:?}"), "none lost, exit code 0", &mut || {
            let outcome = load::run(start(&[]), kind, 32, "/", 1_000);
            let good = outcome.lost == 0 && outcome.status.success();
            Ok((format!("{} answered, {} lost", outcome.answered, outcome.lost), good))
        });
    }
    if failed > 0 { Err(format!("{failed} were not as they should be").into()) } else { Ok(()) }
}

fn post(path: &str, len: usize) -> String {
    format!("POST {path} HTTP/1.1\r\nHost: test\r\nContent-Length: {len}\r\n\r\n")
}

fn reply(reply: &Reply, status: u16) -> Seen {
    Ok((reply.status.to_string(), reply.status == status))
}

fn alive(server: &Process, what: &str, good: bool) -> Seen {
    let there = server.connect().get("/").text() == "hello";
    let separator = if what.is_empty() { "" } else { ", " };
    Ok((format!("{what}{separator}{}", if there { "still there" } else { "gone" }), good && there))
}

/// A connection of HTTP/2 is told that it ends, with this code, and the server is still there.
fn told(server: &Process, mut client: Client, code: u32) -> Seen {
    let given = loop {
        let frame = client.frame()?;
        if frame.kind == GOAWAY {
            break frame.number(4);
        }
    };
    let what = match given {
        0 => "told".to_owned(),
        ENHANCE_YOUR_CALM => "told to calm down".to_owned(),
        other => format!("told error {other}"),
    };
    alive(server, &what, given == code)
}

/// The connection is closed without a word, and not before it should be.
fn closed(client: &Client) -> Seen {
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(10) {
        if client.is_closed() {
            let early = begun.elapsed() < Duration::from_millis(900);
            return Ok((if early { "closed too early" } else { "closed, nothing said" }.to_owned(), !early));
        }
        if !client.has_nothing() {
            return Ok(("something was said".to_owned(), false));
        }
        sleep(Duration::from_millis(10));
    }
    Ok(("left open".to_owned(), false))
}

/// Sends a byte each tenth of a second after this, until an answer comes.
fn drip(mut client: Client, first: &str, status: u16) -> Seen {
    client.send(first);
    for _ in 0..100 {
        if !client.has_nothing() {
            return reply(&client.reply(), status);
        }
        let _ = client.try_send("x");
        sleep(Duration::from_millis(100));
    }
    Ok(("no answer".to_owned(), false))
}

/// A server with files for few connections, of which it gets more.
fn no_files(program: &str, mode: &[&str]) -> Seen {
    let script = format!("ulimit -n 40; exec {program} --workers 1 \"$@\"");
    let server = Process::start("sh", &[&["-c", &script, "sh"], mode].concat());
    let mut first = server.connect();
    first.get("/");
    let clients: Vec<Client> = (0..60).map(|_| server.connect()).collect();
    let (before, begun) = (busy(&server)?, Instant::now());
    sleep(Duration::from_secs(2));
    let share = (busy(&server)? - before).as_secs_f64() / begun.elapsed().as_secs_f64();
    let answers = first.get("/").status == 200;
    drop(clients);
    let goes_on = server.connect().get("/").status == 200;
    let what = format!("{:.0} % of a core, goes on: {}", share * 100.0, answers && goes_on);
    Ok((what, share < 0.2 && answers && goes_on))
}

/// The time for which a process has kept a core busy.
fn busy(server: &Process) -> Result<Duration, Fault> {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", server.id()))?;
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks =
        |index: usize| -> Result<u64, Fault> { Ok(fields.get(index).ok_or("no such field")?.parse()?) };
    Ok(Duration::from_millis((ticks(11)? + ticks(12)?) * 10))
}
