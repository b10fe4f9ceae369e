#![allow(clippy::unwrap_used, reason = "these are tests")]

use super::super::Limit;
use super::super::window::{GROUPS, step};
use super::*;

/// A time, an admission, and the key.
struct Bench {
    store: MemoryStore,
    start: Instant,
    now: Duration,
}

impl Bench {
    fn new(clients: usize) -> Self {
        Self { store: MemoryStore::new(clients), start: Instant::now(), now: Duration::ZERO }
    }

    fn ask(&self, limits: &[&Limit], key: impl AsRef<[u8]>) -> (bool, Vec<Standing>) {
        let key = key.as_ref();
        let mut charges: Vec<_> = limits.iter().map(|limit| Charge::new(limit, key)).collect();
        let admitted = self.store.admit_at_once(&mut charges, self.start + self.now);
        (admitted, charges.iter().map(Charge::standing).collect())
    }

    fn admits(&self, limit: &Limit, key: impl AsRef<[u8]>) -> bool {
        self.ask(&[limit], key).0
    }
}

fn random(seed: &mut u64) -> u64 {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *seed >> 33
}

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn a_bucket_gives_its_burst_and_then_its_rate() {
    let mut bench = Bench::new(64);
    let limit = Limit::token_bucket(10, SECOND).burst(3);
    for remaining in [2, 1, 0] {
        let (admitted, standing) = bench.ask(&[&limit], "a");
        assert!(admitted);
        assert_eq!(standing[0], Standing { refuses: false, remaining, next: SECOND / 10 });
    }
    let refused = Standing { refuses: true, remaining: 0, next: SECOND / 10 };
    assert_eq!(bench.ask(&[&limit], "a"), (false, vec![refused]));
    assert!(bench.admits(&limit, "b"), "another client");
    bench.now = Duration::from_millis(60);
    let nearly = Standing { next: Duration::from_millis(40), ..refused };
    assert_eq!(bench.ask(&[&limit], "a"), (false, vec![nearly]), "to be refused costs nothing");
    bench.now = Duration::from_millis(100);
    assert!(bench.admits(&limit, "a"));
    assert!(!bench.admits(&limit, "a"));
    bench.now = Duration::from_secs(100);
    assert_eq!((0..5).filter(|_| bench.admits(&limit, "a")).count(), 3, "no more than a burst is saved");
}

#[test]
fn a_window_slides() {
    let mut bench = Bench::new(64);
    let limit = Limit::sliding_window(3, SECOND);
    for (ms, admitted, remaining, next) in [
        (0, true, 2, 1000),
        (400, true, 1, 600),
        (900, true, 0, 100),
        (999, false, 0, 1),
        (1000, true, 0, 400),
        (1399, false, 0, 1),
        (1400, true, 0, 500),
        (5000, true, 2, 1000),
    ] {
        bench.now = Duration::from_millis(ms);
        let standing = Standing { refuses: !admitted, remaining, next: Duration::from_millis(next) };
        assert_eq!(bench.ask(&[&limit], "a"), (admitted, vec![standing]), "at {ms} ms");
    }
}

#[test]
fn a_request_that_one_limit_refuses_counts_for_none() {
    let mut bench = Bench::new(64);
    let (few, many) = (Limit::sliding_window(1, SECOND).name("few"), Limit::token_bucket(3, SECOND));
    assert!(bench.ask(&[&few, &many], "a").0);
    for _ in 0..10 {
        let (admitted, standing) = bench.ask(&[&few, &many], "a");
        assert!(!admitted && standing[0].refuses && !standing[1].refuses);
        assert_eq!(standing[1].remaining, 2, "nothing was used up");
    }
    bench.now = SECOND;
    assert!(bench.ask(&[&few, &many], "a").0);
}

/// What is admitted of random requests of some clients, and what is refused, by client, in nanoseconds.
fn simulate(limit: &Limit, seed: &mut u64, pauses: u64) -> Vec<(Vec<u64>, Vec<u64>)> {
    let mut bench = Bench::new(64);
    let mut seen = vec![(Vec::new(), Vec::new()); 3];
    for _ in 0..600 {
        if random(seed).is_multiple_of(3) {
            bench.now += Duration::from_nanos(random(seed) % pauses);
        }
        let client = (random(seed) % 3) as usize;
        let (admitted, refused) = &mut seen[client];
        let now = nanos(bench.now);
        if bench.admits(limit, [client as u8]) { admitted.push(now) } else { refused.push(now) }
    }
    seen
}

#[test]
fn buckets_hold_their_bound_in_every_window_and_refuse_nobody_who_keeps_it() {
    let mut seed = 1;
    let mut refusals = 0;
    for _ in 0..60 {
        let quota = 1 + (random(&mut seed) % 50) as u32;
        let burst = 1 + (random(&mut seed) % 20) as u32;
        let per = Duration::from_nanos(1_000_000 + random(&mut seed) % 1_000_000_000);
        let limit = Limit::token_bucket(quota, per).burst(burst);
        let interval = nanos(per / quota);
        let most = |window: u64| u64::from(burst) + window / interval;
        for (admitted, refused) in simulate(&limit, &mut seed, interval * 3) {
            for (from, first) in admitted.iter().enumerate() {
                for (until, last) in admitted.iter().enumerate().skip(from) {
                    assert!((until - from + 1) as u64 <= most(last - first), "{limit:?}");
                }
            }
            for at in refused {
                refusals += 1;
                let before: Vec<_> = admitted.iter().filter(|time| **time <= at).collect();
                let over = |from: usize| (before.len() - from + 1) as u64 > most(at - before[from]);
                assert!((0..before.len()).any(over), "{limit:?} refused what was below it");
            }
        }
    }
    assert!(refusals > 1000, "{refusals}");
}

#[test]
fn windows_hold_their_bound_wherever_they_lie_and_refuse_nobody_who_keeps_it() {
    let mut seed = 2;
    let mut refusals = 0;
    for round in 0..60 {
        let quota = 1 + (random(&mut seed) % if round < 30 { GROUPS } else { 150 }) as u32;
        let window = 1_000_000 + random(&mut seed) % 1_000_000_000;
        let limit = Limit::sliding_window(quota, Duration::from_nanos(window));
        let bounded = window - step(quota, window);
        for (admitted, refused) in simulate(&limit, &mut seed, window / u64::from(quota) * 3) {
            let within = |from: u64, until: u64| {
                admitted.iter().filter(|time| (from..until).contains(*time)).count() as u32
            };
            for from in &admitted {
                assert!(within(*from, from + bounded) <= quota, "{limit:?}");
            }
            for at in refused {
                refusals += 1;
                let used = within((at + 1).saturating_sub(window), at + 1);
                assert!(used >= quota, "{limit:?} refused what was below it: {used}");
            }
        }
    }
    assert!(refusals > 1000, "{refusals}");
}

#[test]
fn nobody_is_forgotten_while_there_is_room() {
    let bench = Bench::new(1000);
    let limit = Limit::token_bucket(1, SECOND);
    for client in 0..1000_u32 {
        assert!(bench.admits(&limit, client.to_le_bytes()));
    }
    assert!((0..1000_u32).all(|client| !bench.admits(&limit, client.to_le_bytes())));
    assert_eq!(bench.store.len(), 1000);
}

#[test]
fn who_has_least_to_lose_is_forgotten_first_and_nobody_is_refused_for_lack_of_room() {
    let bench = Bench::new(64);
    let limit = Limit::token_bucket(1, SECOND).burst(10);
    for _ in 0..10 {
        assert!(bench.admits(&limit, "busy"));
    }
    for client in 0..10_000_u32 {
        assert!(bench.admits(&limit, client.to_le_bytes()), "each has its burst");
        assert!(!bench.admits(&limit, "busy"), "is remembered after {client}");
    }
    assert_eq!(bench.store.len(), bench.store.most());
}

#[test]
fn whose_quota_is_whole_again_is_forgotten_for_nothing() {
    let mut bench = Bench::new(64);
    let limit = Limit::sliding_window(1, SECOND);
    for client in 0..128_u32 {
        assert!(bench.admits(&limit, client.to_le_bytes()));
    }
    bench.now = SECOND;
    assert!(bench.admits(&limit, "new"));
    assert_eq!(bench.store.len(), 1, "all others were forgotten");
}

#[test]
fn windows_that_count_no_more_are_given_back() {
    let mut bench = Bench::new(64);
    let limit = Limit::sliding_window(60, SECOND);
    for client in 0..100_u32 {
        assert!(bench.admits(&limit, client.to_le_bytes()));
    }
    let windows = |bench: &Bench| {
        let shards = bench.store.shards.iter();
        shards
            .map(|shard| lock(shard).entries.iter().filter(|entry| entry.window.is_some()).count())
            .sum::<usize>()
    };
    assert_eq!(windows(&bench), 100, "all of them count");
    bench.now = SECOND;
    for _ in 0..60 {
        bench.ask(&[&limit], "one");
    }
    assert_eq!(windows(&bench), 1, "one counts");
    assert!(!bench.admits(&limit, "one") && bench.admits(&limit, 7_u32.to_le_bytes()));
}

#[test]
fn two_limits_have_nothing_in_common_but_the_key() {
    let bench = Bench::new(64);
    let (one, other) = (Limit::token_bucket(1, SECOND), Limit::token_bucket(1, SECOND).name("other"));
    assert!(bench.admits(&one, "a"));
    assert!(bench.admits(&other, "a"));
    assert!(!bench.admits(&one, "a"));
}

#[test]
fn the_clock_may_stand_before_the_first_request() {
    let mut bench = Bench::new(64);
    let limit = Limit::token_bucket(1, SECOND);
    bench.now = SECOND;
    assert!(bench.admits(&limit, "a"));
    bench.now = Duration::ZERO;
    assert!(!bench.admits(&limit, "a"));
    assert!(bench.admits(&limit, "b"));
}
