//! The route sets, frozen by const evaluation.

use cello_routing::{Methods, Origin, Route, Table, freeze};

/// The routes of one application.
#[derive(Clone, Copy, Debug)]
pub struct RouteSet {
    pub name: &'static str,
    pub rows: &'static [Route<'static>],
    /// The same, as Cello has them.
    pub table: &'static Table<'static>,
    /// The same, as a `match` on the segments.
    pub by_hand: Option<ByHand>,
}

/// Which `match` on the segments.
#[derive(Clone, Copy, Debug)]
pub enum ByHand {
    Microservices,
    GitHub,
}

impl ByHand {
    /// The route, whose parameters are given to `take`.
    pub fn find<'p>(self, method: &str, path: &'p str, take: impl FnMut(&'p str)) -> Option<usize> {
        let mut segments = [""; 12];
        let mut count = 0;
        for segment in path.split('/').skip(1) {
            *segments.get_mut(count)? = segment;
            count += 1;
        }
        match self {
            Self::Microservices => microservices(method, path, &segments[..count], take),
            Self::GitHub => github(method, path, &segments[..count], take),
        }
    }
}

/// All sets, the smallest first.
pub fn all() -> [RouteSet; 4] {
    [
        RouteSet {
            name: "microservices",
            rows: &MICROSERVICES,
            table: freeze!(MICROSERVICES),
            by_hand: Some(ByHand::Microservices),
        },
        RouteSet { name: "github", rows: &GITHUB, table: freeze!(GITHUB), by_hand: Some(ByHand::GitHub) },
        RouteSet { name: "1000", rows: &THOUSAND, table: freeze!(THOUSAND), by_hand: None },
        RouteSet { name: "10000", rows: &TEN_THOUSAND, table: freeze!(TEN_THOUSAND), by_hand: None },
    ]
}

include!(concat!(env!("OUT_DIR"), "/sets.rs"));

const fn row(methods: Methods, pattern: &'static str) -> Route<'static> {
    let origin = Origin { module: "", handler: pattern, file: file!(), line: line!(), column: column!() };
    Route { prefix: None, pattern, methods, extension_methods: &[], origin }
}

/// What a rest parameter holds that is the segment of that index.
fn rest(path: &str, index: usize) -> &str {
    let mut rest = path;
    for _ in 0..=index {
        rest = rest.split_once('/').map_or("", |(_, rest)| rest);
    }
    rest
}
