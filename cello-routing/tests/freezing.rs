//! A table frozen at compile time and one frozen at run time are the same, and no lookup takes more steps
//! than they promise.

mod support;

use cello_routing::{Methods, Origin, Route, Table, TableBuf, freeze};
use support::{agree, routes};

const fn row(
    methods: Methods,
    extension_methods: &'static [&'static str],
    pattern: &'static str,
) -> Route<'static> {
    let origin = Origin { module: "", handler: pattern, file: file!(), line: line!(), column: column!() };
    Route { prefix: None, pattern, methods, extension_methods, origin }
}

const ROUTES: [Route<'static>; 16] = [
    row(Methods::GET, &[], "/"),
    row(Methods::ANY, &[], "/"),
    row(Methods::GET, &[], "/api/v1/users"),
    row(Methods::POST, &["BREW"], "/api/v1/users/"),
    row(Methods::GET, &[], "/api/v1/users/<id>"),
    row(Methods::DELETE.with(Methods::HEAD), &[], "/api/v1/users/<user_id>"),
    row(Methods::GET, &[], "/api/v1/users/<id>/files/<file>.json?<page>"),
    row(Methods::GET, &[], "/api/v1/users/<id>/files/a<file>"),
    row(Methods::GET, &[], "/api/v1/users/<id>/files/ab<file>c"),
    row(Methods::PUT, &["PROPFIND", "BREW"], "/api/v1/users/me"),
    row(Methods::GET, &[], "/api/v1/usersandmore"),
    row(Methods::GET, &[], "/static/<path..>"),
    row(Methods::GET, &[], "/static"),
    row(Methods::GET, &[], "/caf%C3%A9/<x>"),
    row(Methods::GET, &[], "/api/v2/users/<id>"),
    row(Methods::GET, &[], "/<a>/<b>/<c>/<d>"),
];

#[test]
fn frozen_at_compile_time_and_at_run_time() {
    let frozen: &'static Table<'static> = freeze!(ROUTES);
    let built = TableBuf::freeze(&ROUTES).unwrap();
    assert_eq!(*frozen, built.table());
    const BOUND: usize = TableBound::OF;
    assert_eq!(BOUND, frozen.bound());
    for path in [
        "/",
        "/api/v1/users/1",
        "/api/v1/users/me/",
        "/static/a/b",
        "/api/v1/users/1/files/abxc",
        "/x/users/1/2",
    ] {
        for method in ["GET", "HEAD", "PUT", "DELETE", "BREW", "PROPFIND", "OPTIONS", "NONE"] {
            agree(frozen, &ROUTES, method, path.as_bytes());
        }
    }
}

/// `bound` is a `const fn`.
struct TableBound;

impl TableBound {
    const OF: usize = freeze!(ROUTES).bound();
}

#[test]
fn several_tables_in_one_function() {
    const NONE: [Route<'static>; 0] = [];
    const ONE: [Route<'static>; 1] = [row(Methods::GET, &[], "/x")];
    let (none, one) = (freeze!(NONE), freeze!(ONE));
    assert_eq!(none.bound(), 1);
    agree(none, &NONE, "GET", b"/x");
    agree(one, &ONE, "GET", b"/x");
}

/// Every way down is open at every level, and none arrives.
#[test]
#[cfg_attr(miri, ignore = "too much for an interpreter")]
fn deep_dead_ends_stay_within_the_bound() {
    let segments = ["a", "<_p>", "a<_q>", "<_r>a"];
    let mut patterns = Vec::new();
    for index in 0..4_usize.pow(6) {
        let choice =
            (0..6).map(|depth| segments[index / 4_usize.pow(depth) % 4].replace('_', &format!("x{depth}")));
        patterns.push(format!("/{}/end", choice.collect::<Vec<_>>().join("/")));
    }
    let rows: Vec<_> =
        patterns.iter().map(|pattern| row(Methods::GET, &[], pattern.clone().leak())).collect();
    let buffer = TableBuf::freeze(&rows).unwrap();
    let table = buffer.table();
    let mut most = 0;
    for path in [
        "/a/a/a/a/a/a/x",
        "/aa/aa/aa/aa/aa/aa/x",
        "/aa/aa/aa/aa/aa/aa/end/x",
        "/aa/aa/aa/aa/aa/aa",
        "//a",
        "/%61a/aa/aa/aa/aa/aa/x",
    ] {
        let (_, steps) = table.lookup_counting(table.method("GET"), path.as_bytes());
        assert!(steps <= table.bound(), "{steps} > {} for {path}", table.bound());
        most = most.max(steps);
    }
    // The paths do what they are for: they open three of the four ways at each of six levels.
    assert!(most > 3_usize.pow(6), "at most {most} steps");
}

#[test]
#[cfg_attr(miri, ignore = "too much for an interpreter")]
fn long_and_odd_paths_stay_within_the_bound() {
    let rows = routes(&[
        ("GET", "/"),
        ("GET", "/a/<x>/b/<y>/c"),
        ("GET", "/<w>/a/<x>/b"),
        ("POST", "/a/<x..>"),
        ("GET", "/aaaaaaaaaaaaaaaa/b"),
        ("GET", "/aaaaaaaaaaaaaaab/b"),
    ]);
    let buffer = TableBuf::freeze(&rows).unwrap();
    let table = buffer.table();
    let paths = [
        "/".repeat(65_536),
        "/a".repeat(32_768),
        format!("/{}", "a".repeat(65_535)),
        format!("/a/{}/b/c/d", "%61".repeat(20_000)),
        "/%61".repeat(16_000),
        format!("/a/{}", "é".repeat(30_000)),
    ];
    for path in paths {
        for method in ["GET", "HEAD", "POST", "PUT", "NONE"] {
            agree(&table, &rows, method, path.as_bytes());
        }
    }
}

/// Around the lengths at which literals are told apart by one word, by two, and by all of their text.
#[test]
#[cfg_attr(miri, ignore = "too much for an interpreter")]
fn literals_of_all_lengths_are_found() {
    let text: String = ('a'..='z').cycle().take(200).collect();
    let mut patterns: Vec<String> = (1..=200).map(|len| format!("/{}", &text[..len])).collect();
    patterns.extend((1..=200).map(|len| format!("/{}Z/end", &text[..len])));
    let rows: Vec<_> =
        patterns.iter().map(|pattern| row(Methods::GET, &[], pattern.clone().leak())).collect();
    let buffer = TableBuf::freeze(&rows).unwrap();
    let table = buffer.table();
    for (index, pattern) in patterns.iter().enumerate() {
        let escaped = pattern.replacen('a', "%61", 1);
        for path in [pattern, &escaped, &format!("{pattern}/"), &pattern.replacen('z', "y", 1)] {
            let answer = agree(&table, &rows, "GET", path.as_bytes());
            if path == pattern {
                assert!(matches!(answer, support::oracle::Answer::Found { route, .. } if route == index));
            }
        }
    }
}

/// Literals that begin and end alike are told apart by what stands between, and from what no literal is; behind a start, where they are
/// looked for one by one.
#[test]
fn literals_that_differ_in_the_middle_are_told_apart() {
    let literal = |middle: &str| format!("beginning{middle}their-end");
    for middles in
        [["1", "2"], ["-one-", "-two-"], ["-of-more-than-three-words-", "-of-more-than-three-wordS-"]]
    {
        let mut patterns = vec!["/a/<b>/<c>/x".to_owned(), "/a/<b>/pre-<c>".to_owned()];
        patterns.extend(middles.map(|middle| format!("/a/<b>/{}", literal(middle))));
        let rows: Vec<_> =
            patterns.iter().map(|pattern| row(Methods::GET, &[], pattern.clone().leak())).collect();
        let buffer = TableBuf::freeze(&rows).unwrap();
        let table = buffer.table();
        for middle in middles.into_iter().chain(["3", "-six-", "-of-more-than-three-wordX-"]) {
            for path in [format!("/a/b/{}", literal(middle)), format!("/a/b/{}/x", literal(middle))] {
                for path in [path.clone(), path.replacen("end", "%65nd", 1)] {
                    agree(&table, &rows, "GET", path.as_bytes());
                }
            }
        }
    }
}
