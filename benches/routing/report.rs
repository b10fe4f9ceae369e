//! The tables that are printed.

use crate::contestants::Contestant;
use crate::sets::RouteSet;

/// Prints a row for each router, and below them the ratio of the first to the best peer. `columns` are titles and
/// the time of each router.
pub fn print(set: &RouteSet, contestants: &[Contestant], columns: &[(&str, Vec<f64>)]) {
    println!(
        "\n{}: {} routes, {} paths; table of {} bytes",
        set.name,
        set.rows.len(),
        paths(set),
        set.table.bytes()
    );
    line("", columns.iter().map(|(title, _)| (*title).to_owned()));
    for (index, contestant) in contestants.iter().enumerate() {
        line(contestant.name, columns.iter().map(|(_, times)| format!("{:.1}", times[index])));
    }
    let best = |times: &[f64]| {
        let peers = contestants.iter().zip(times).filter(|(contestant, _)| contestant.peer);
        peers.map(|(_, &time)| time).fold(f64::INFINITY, f64::min)
    };
    line("cello to the best peer", columns.iter().map(|(_, times)| format!("{:.2}", times[0] / best(times))));
}

/// Prints one line of a table.
pub fn line(title: &str, cells: impl Iterator<Item = String>) {
    let cells: String = cells.map(|cell| format!("{cell:>11}")).collect();
    println!("{}", format!("  {title:<22}{cells}").trim_end());
}

fn paths(set: &RouteSet) -> usize {
    set.rows.iter().map(|row| row.pattern).collect::<std::collections::HashSet<_>>().len()
}
