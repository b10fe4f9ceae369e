//! Rate limits over real sockets, under load, and in memory.

#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use behaviour::Client;
use cello::middleware::rate_limit::{Charge, Key, Limit, MemoryStore, Store};
use cello::prelude::*;
use cello::{Clock, Time};

/// A clock that the test moves.
#[derive(Clone)]
struct Hands(Instant, Arc<AtomicU64>);

impl Time for Hands {
    fn now(&self) -> Instant {
        self.0 + Duration::from_millis(self.1.load(Ordering::Relaxed))
    }
}

#[get("/")]
async fn index() -> &'static str {
    "hello"
}

/// Serves on two workers until the test ends.
fn serve_on_two_workers(app: impl Application) -> SocketAddr {
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            sender.send(listener.local_addr().unwrap()).unwrap();
            app.serve_until(listener, std::future::pending()).await.unwrap();
        });
    });
    receiver.recv().unwrap()
}

/// How many requests of each of 64 connections are admitted, all at once.
fn admitted(address: SocketAddr, each: usize, user: impl Fn(usize) -> &'static str + Sync) -> Vec<usize> {
    let start = std::sync::Barrier::new(64);
    let (start, user) = (&start, &user);
    std::thread::scope(|scope| {
        let connections: Vec<_> = (0..64)
            .map(|number| {
                scope.spawn(move || {
                    let mut client = Client::connect(address);
                    start.wait();
                    let request = format!("GET / HTTP/1.1\r\nhost: x\r\nx-user: {}\r\n\r\n", user(number));
                    let statuses = (0..each).map(|_| client.send(&request).reply().status);
                    statuses.filter(|status| *status == 200).count()
                })
            })
            .collect();
        connections.into_iter().map(|connection| connection.join().unwrap()).collect()
    })
}

#[test]
fn under_64_connections_and_two_workers_exactly_the_bound_is_admitted() {
    const SECOND: Duration = Duration::from_secs(1);
    // The limit, and what is admitted at first, and of a second load half a second and one second later.
    for (limit, first, half, whole) in [
        (Limit::token_bucket(100, SECOND).burst(150), 150, 50, 50),
        (Limit::sliding_window(30, SECOND), 30, 0, 30),
        (Limit::sliding_window(200, SECOND), 200, 0, 200),
    ] {
        let hands = Hands(Instant::now(), Arc::default());
        let limit = RateLimit::new(limit.by(Key::header("x-user")));
        let address =
            serve_on_two_workers(App::new(routes![index]).clock(Clock::new(hands.clone())).with(limit));
        // One connection belongs to somebody who stays within the limit, beside 63 who do not.
        let polite = |number| if number == 0 { "polite" } else { "loud" };
        for (expected, ms) in [(first, 500), (half, 500), (whole, 0)] {
            let admitted = admitted(address, 10, polite);
            assert_eq!(admitted[1..].iter().sum::<usize>(), expected);
            assert_eq!(admitted[0], 10, "who stays below the limit is never refused");
            hands.1.fetch_add(ms, Ordering::Relaxed);
        }
    }
}

#[test]
fn by_the_real_clock_no_more_is_admitted_than_the_bound() {
    let limit = Limit::token_bucket(200, Duration::from_secs(1)).burst(20);
    let address = serve_on_two_workers(App::new(routes![index]).with(RateLimit::new(limit)));
    let start = Instant::now();
    let admitted: usize = admitted(address, 20, |_| "all").iter().sum();
    let bound = 20 + (start.elapsed().as_secs_f64() * 200.0) as usize;
    assert!((20..=bound).contains(&admitted), "{admitted}, at most {bound}");
}

/// What a future gives that has nothing to wait for.
fn ready<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => unreachable!("the memory is there"),
    }
}

#[test]
fn a_million_addresses_stay_within_the_bound_of_the_memory() {
    const MILLION: u32 = 1_000_000;
    let day = Duration::from_secs(24 * 60 * 60);
    let bucket = Limit::token_bucket(1, day);
    // How many clients the memory is made for, the bytes for each, and how often each address asks that is remembered in the end.
    for (limit, clients, each, requests) in [
        (bucket, 65_536, 65, 1),
        (Limit::sliding_window(1, day), 65_536, 65 + 2 * 560, 1),
        // Of windows as large as they become.
        (Limit::sliding_window(32, day), 8_192, 65 + 2 * 560, 32),
        (Limit::sliding_window(3_100, day), 8_192, 65 + 2 * 560, 32),
    ] {
        let used = allocation_counter::measure(|| {
            let store = MemoryStore::new(clients);
            let (start, mut admissions) = (Instant::now(), 0);
            for address in 0..MILLION {
                let key = address.to_le_bytes();
                let is_last = (MILLION - address) as usize <= store.most();
                for request in 0..if is_last { requests } else { 1 } {
                    // Apart from each other, so that they are not one group.
                    let now = start + day / 40 * request;
                    let admitted = ready(store.admit(&mut [Charge::new(&limit, &key)], now));
                    assert!(admitted.unwrap(), "a client below its limit is never refused");
                    admissions += 1;
                }
            }
            assert!(admissions >= MILLION);
            assert!(store.len() <= store.most() && store.len() >= clients);
        });
        let bound = (clients * each) as u64;
        assert!(used.bytes_max <= bound, "{} bytes, at most {bound}", used.bytes_max);
        if requests > 1 {
            assert!(used.bytes_max > bound / 2, "{} bytes: windows have not become large", used.bytes_max);
        }
    }
}
