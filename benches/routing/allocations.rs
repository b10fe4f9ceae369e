//! How often the routers allocate. A program of its own, because counting makes allocations slower.
#![allow(clippy::expect_used, clippy::print_stdout, clippy::print_stderr, reason = "a program for people")]
#![allow(
    unreachable_pub,
    dead_code,
    reason = "nobody imports a program; it uses a part of what the other does"
)]

mod arguments;
mod contestants;
mod queries;
mod random;
mod reference;
mod report;
mod sets;

use arguments::Arguments;
use queries::Source;
use random::Random;
use reference::Reference;

fn main() {
    let arguments = Arguments::read();
    if !arguments.chosen("routing-allocations") {
        return;
    }
    println!("routing: allocations for one lookup of the mix; seed {}\n", arguments.seed);
    let mut columns = Vec::new();
    for set in sets::all().iter().filter(|set| arguments.takes_set(set.name)) {
        let reference = Reference::of(set);
        let queries = Source::of(set, &reference).mix(arguments.queries(), &mut Random(arguments.seed));
        let mut column = Vec::new();
        for contestant in contestants::of(set) {
            let mut sum = 0;
            let counted = allocation_counter::measure(|| sum = contestant.router.pass(&queries));
            std::hint::black_box(sum);
            if contestant.name == "cello" {
                assert_eq!(counted.count_total, 0, "a lookup allocates");
            }
            column.push((contestant.name, counted.count_total as f64 / queries.len() as f64));
        }
        columns.push((set.name, column));
    }
    print(&columns);
}

/// Prints a row for each router and a column for each set.
fn print(columns: &[(&str, Vec<(&str, f64)>)]) {
    report::line("", columns.iter().map(|(title, _)| (*title).to_owned()));
    for (index, (name, _)) in columns.first().map_or(&[][..], |(_, column)| column).iter().enumerate() {
        let cell = |column: &[(&str, f64)]| {
            column.get(index).map_or_else(String::new, |(_, count)| format!("{count:.2}"))
        };
        report::line(name, columns.iter().map(|(_, column)| cell(column)));
    }
}
