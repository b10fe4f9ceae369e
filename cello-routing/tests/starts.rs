//! Paths that begin with several literals: these are found in one step, see `table/start.rs`. `ask` tries every case in both
//! orders of the rows, and against the oracle.

mod support;

use cello_routing::{Lookup, Route, TableBuf};
use support::{ask, routes};

const GET: &str = "GET";

/// Most patterns have two parameters behind three literals.
const ROWS: [(&str, &str); 8] = [
    (GET, "/"),
    (GET, "/health"),
    (GET, "/health/live"),
    (GET, "/api/v1/users"),
    (GET, "/api/v1/users/<id>"),
    ("POST", "/api/v1/orders/<id>"),
    (GET, "/api/v1/orders/<id>/items/<item>"),
    (GET, "/api/v2/users/me/<tab>"),
];

#[test]
fn the_start_and_what_is_behind_it() {
    assert_eq!(ask(&ROWS, "GET /"), "GET /");
    assert_eq!(ask(&ROWS, "GET /health"), "GET /health");
    assert_eq!(ask(&ROWS, "GET /health/"), "GET /health /");
    assert_eq!(ask(&ROWS, "GET /health/live"), "GET /health/live");
    assert_eq!(ask(&ROWS, "GET /api/v1/users/"), "GET /api/v1/users /");
    assert_eq!(ask(&ROWS, "GET /api/v1/users/7"), "GET /api/v1/users/<id> id=7");
    assert_eq!(
        ask(&ROWS, "GET /api/v1/orders/7/items/8"),
        "GET /api/v1/orders/<id>/items/<item> id=7 item=8"
    );
    assert_eq!(ask(&ROWS, "GET /api/v2/users/me/x"), "GET /api/v2/users/me/<tab> tab=x");
    assert_eq!(ask(&ROWS, "GET /api/v1/orders/7"), "405 OPTIONS POST");
}

#[test]
fn paths_that_have_no_start_or_end_in_it() {
    for path in
        ["/api", "/api/v1", "/api/v1/", "/api/v1/user", "/api/v1/usersx", "/api/v1//users", "/health/live/x"]
    {
        assert_eq!(ask(&ROWS, &format!("GET {path}")), "404", "{path}");
    }
    assert_eq!(ask(&ROWS, "PUT /health"), "405 GET HEAD OPTIONS");
}

#[test]
fn escapes_are_read_segment_by_segment() {
    assert_eq!(ask(&ROWS, "GET /%61pi/v1/users/7"), "GET /api/v1/users/<id> id=7");
    assert_eq!(ask(&ROWS, "GET /api/v1/users/%37"), "GET /api/v1/users/<id> id=%37");
}

#[test]
fn what_stands_beside_the_start_is_found_without_it() {
    let mut rows = ROWS.to_vec();
    rows.extend([(GET, "/static/<path..>"), (GET, "/<page>"), (GET, "/api/<version>/users/<id>")]);
    assert_eq!(ask(&rows, "GET /static/api/v1/users"), "GET /static/<path..> path=api/v1/users");
    assert_eq!(ask(&rows, "GET /about"), "GET /<page> page=about");
    assert_eq!(ask(&rows, "GET /api/v3/users/7"), "GET /api/<version>/users/<id> version=v3 id=7");
    // Behind the literals is a dead end, which leads back.
    assert_eq!(ask(&rows, "GET /api/v2/users/7"), "GET /api/<version>/users/<id> version=v2 id=7");
}

/// A start is found if it ends in the first 63 bytes, and none of its segments is longer than 24.
#[test]
#[cfg_attr(miri, ignore = "too much for an interpreter")]
fn starts_of_every_length() {
    for first in 1..30 {
        for last in [1, 3, 7, 8, 9, 15, 16, 17, 23, 24, 25, 40, 60] {
            let start = format!(
                "/{}/v1/{}",
                "abcdefghij".repeat(3).split_at(first).0,
                "klmnopqrst".repeat(6).split_at(last).0
            );
            let pattern: &'static str = format!("{start}/<id>").leak();
            let rows = [(GET, pattern), (GET, "/x/y/z")];
            assert_eq!(ask(&rows, &format!("GET {start}/7")), format!("GET {pattern} id=7"));
            for at in 0..start.len() {
                let mut path = format!("{start}/7").into_bytes();
                path[at] = b'!';
                let path = String::from_utf8(path).unwrap_or_default();
                assert_eq!(ask(&rows, &format!("GET {path}")), "404", "{path}");
            }
        }
    }
}

/// Where segments are told apart one after the other, each is a step at least.
#[test]
fn a_start_is_one_step() {
    let rows: Vec<Route<'_>> = routes(&ROWS);
    let Ok(table) = TableBuf::freeze(&rows) else { panic!("refused") };
    let table = table.table();
    let (found, steps) = table.lookup_counting(table.method(GET), b"/api/v1/orders/7/items/8");
    assert!(matches!(found, Lookup::Found(_)));
    // The root, the start, its node, `7`, `items` and where it is looked for, `8`; each place visited once.
    assert!(steps <= 8, "{steps}");
}

/// Nothing but starts leads away from the root, so nothing else is looked for.
#[test]
fn a_path_without_a_start_is_missed_at_once() {
    let rows: Vec<Route<'_>> = routes(&ROWS);
    let Ok(table) = TableBuf::freeze(&rows) else { panic!("refused") };
    let table = table.table();
    for path in ["/", "/nobody", "/nobody/knows/this/path", "//", "/api/v1/user/7"] {
        let (found, steps) = table.lookup_counting(table.method("DELETE"), path.as_bytes());
        assert!(!matches!(found, Lookup::Found(_)), "{path}");
        // The root, and the places for the start, of which few are taken.
        assert!(steps <= 4, "{steps} for {path}");
        ask(&ROWS, &format!("DELETE {path}"));
    }
}
