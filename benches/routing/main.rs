//! How long it takes to find a route: Cello's frozen table against other routers. See README.md.
#![allow(clippy::expect_used, clippy::print_stdout, clippy::print_stderr, reason = "a program for people")]
#![allow(unreachable_pub, reason = "nobody imports a program")]

mod arguments;
mod contestants;
mod queries;
mod random;
mod reference;
mod report;
mod sets;

use std::time::Instant;

use arguments::Arguments;
use contestants::Contestant;
use queries::{CLASSES, METHODS, Queries, Source};
use random::Random;
use reference::Reference;
use report::Times;
use sets::RouteSet;

fn main() {
    let arguments = Arguments::read();
    if !arguments.chosen("routing") {
        return;
    }
    let sets: Vec<_> = sets::all().into_iter().filter(|set| arguments.takes_set(set.name)).collect();
    if let Some(count) = &arguments.count {
        return count_instructions(&sets, count, arguments.seed);
    }
    println!(
        "routing: nanoseconds for one lookup, the median of {} rounds; seed {}",
        arguments.rounds(),
        arguments.seed
    );
    let mixes: Vec<_> = sets.iter().map(|set| (set.name, measure(set, &arguments))).collect();
    let mix = |name| mixes.iter().find(|mix| mix.0 == name).map(|mix| mix.1);
    if let (Some(large), Some(small)) = (mix("10000"), mix("1000")) {
        let ratio = |way: fn(Mix) -> f64| way(large) / way(small);
        println!(
            "\ncello, the mix at 10000 routes to that at 1000: {:.2} in turn with the others, {:.2} with nothing else in between",
            ratio(|mix| mix.in_turn),
            ratio(|mix| mix.undisturbed)
        );
    }
}

/// What Cello takes for the mix of a set.
#[derive(Clone, Copy)]
struct Mix {
    in_turn: f64,
    undisturbed: f64,
}

/// Measures all routers on one set and prints the table.
fn measure(set: &RouteSet, arguments: &Arguments) -> Mix {
    let mut random = Random(arguments.seed);
    let reference = Reference::of(set);
    let source = Source::of(set, &reference);
    let contestants = contestants::of(set);

    let mut columns = vec![("mix", source.mix(arguments.queries(), &mut random))];
    for (class, name, _) in CLASSES {
        if source.has(class) {
            columns.push((name, source.of_class(class, arguments.queries(), &mut random)));
        }
    }
    let mut times = Vec::new();
    for (name, queries) in &columns {
        check(&contestants, queries);
        times.push((*name, times_of(&contestants, queries, arguments.rounds())));
    }
    report::print(set, &contestants, &times);
    let undisturbed = times_of(&contestants[..1], &columns[0].1, arguments.rounds()).median(0);
    println!("  cello, the mix with nothing else in between: {undisturbed:.1}");
    Mix { in_turn: times[0].1.median(0), undisturbed }
}

/// Every router gives the right answer to each query, or nothing is timed.
fn check(contestants: &[Contestant], queries: &Queries) {
    for (method, path, expected) in queries.with_answers() {
        let (_, params) = contestants[0].router.answer(method, path);
        for contestant in contestants {
            let answer = contestant.router.answer(method, path);
            let name = METHODS[method].0;
            assert_eq!(
                answer,
                (expected, params.clone()),
                "{} (left) is wrong on {name} {path}",
                contestant.name
            );
        }
    }
}

/// The time of each router for one lookup, in nanoseconds, in each round. They take turns, each round beginning with another.
fn times_of(contestants: &[Contestant], queries: &Queries, rounds: usize) -> Times {
    let mut times = vec![Vec::with_capacity(rounds); contestants.len()];
    for round in 0..rounds {
        for turn in 0..contestants.len() {
            let index = (round + turn) % contestants.len();
            let start = Instant::now();
            std::hint::black_box(contestants[index].router.pass(queries));
            times[index].push(start.elapsed().as_secs_f64() * 1e9 / queries.len() as f64);
        }
    }
    Times(times)
}

/// One pass over the mix by one router, for a tool that counts the instructions of `pass`.
fn count_instructions(sets: &[RouteSet], name: &str, seed: u64) {
    for set in sets {
        let reference = Reference::of(set);
        let queries = Source::of(set, &reference).mix(1_000, &mut Random(seed));
        for contestant in contestants::of(set).iter().filter(|contestant| contestant.name == name) {
            std::hint::black_box(contestant.router.pass(&queries));
        }
    }
}
