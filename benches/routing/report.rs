//! The tables that are printed.

use crate::contestants::Contestant;
use crate::sets::RouteSet;

/// Prints a row for each router, and below them the ratio of the first to the best peer. `columns` are titles and
/// the time of each router.
pub fn print(set: &RouteSet, contestants: &[Contestant], columns: &[(&str, Times)]) {
    println!(
        "\n{}: {} routes, {} paths; table of {} bytes",
        set.name,
        set.rows.len(),
        paths(set),
        set.table.bytes()
    );
    line("", columns.iter().map(|(title, _)| (*title).to_owned()));
    for (index, contestant) in contestants.iter().enumerate() {
        line(contestant.name, columns.iter().map(|(_, times)| format!("{:.1}", times.median(index))));
    }
    // The first is Cello. The peer that does worst for it counts, whichever has the least median.
    let peers = || contestants.iter().enumerate().filter(|(_, contestant)| contestant.peer);
    let ratio = |times: &Times| peers().map(|(peer, _)| times.ratio(0, peer)).fold(0.0, f64::max);
    line("cello to the best peer", columns.iter().map(|(_, times)| format!("{:.2}", ratio(times))));
}

/// The times of all routers, each a list of as many rounds.
pub struct Times(pub Vec<Vec<f64>>);

impl Times {
    /// The median of all rounds of one router.
    pub fn median(&self, router: usize) -> f64 {
        median(self.0[router].clone())
    }

    /// How long one takes to how long the other takes: the median of what each round says, whose two times are of the same moment, fast or slow.
    pub fn ratio(&self, router: usize, to: usize) -> f64 {
        median(self.0[router].iter().zip(&self.0[to]).map(|(time, other)| time / other).collect())
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Prints one line of a table.
pub fn line(title: &str, cells: impl Iterator<Item = String>) {
    let cells: String = cells.map(|cell| format!("{cell:>11}")).collect();
    println!("{}", format!("  {title:<22}{cells}").trim_end());
}

fn paths(set: &RouteSet) -> usize {
    set.rows.iter().map(|row| row.pattern).collect::<std::collections::HashSet<_>>().len()
}
