//! Subtrees that are alike are one, and rows are counted from where each begins. `ask` tries every case with a table that shares whatever is alike, too.

mod support;
use cello_routing::TableBuf;
use support::oracle::Answer;
use support::{agree, ask, routes};

const GET: &str = "GET";

/// Of long literals the table has a hash, and these have the same one: where their characters differ, the same bits do.
#[test]
fn long_literals_with_the_same_key() {
    let rows = [
        (GET, "/reports-1-summa-1-and-its-details"),
        ("PUT", "/reports-2-summa-2-and-its-details"),
        (GET, "/reports-3-summa-3-and-its-details"),
    ];
    for row in rows {
        assert_eq!(ask(&rows, &format!("{} {}", row.0, row.1)), format!("{} {}", row.0, row.1));
    }
}

/// Literals that a path begins with are looked up as one text. Where something stands beside one, it is in the table with what stands for its
/// parent alone, and no such text may lead there from another resource.
#[test]
fn what_stands_beside_a_parameter_belongs_to_its_own_resource() {
    const BELOW: [&str; 6] =
        ["/search", "/<id>", "/a/b/c/<id>", "/a/b/c/<id>/x", "/a/b/d/<id>", "/a/b/c/e/<id>"];
    let below = |resource| BELOW.map(|below| (GET, &*format!("/r{resource}{below}").leak()));
    let mut rows: Vec<(&str, &str)> = (0..6).flat_map(below).collect();
    rows.push((GET, "/"));
    for resource in 0..6 {
        for (path, pattern) in
            [("search", "/search"), ("search/", "/search"), ("7", "/<id>"), ("a/b/c/7", "/a/b/c/<id>")]
        {
            let pattern = format!("GET /r{resource}{pattern}");
            assert!(
                ask(&rows, &format!("GET /r{resource}/{path}")).starts_with(&pattern),
                "{path} of {resource}"
            );
        }
    }
}

/// What resources have below them: of several methods and of one, with each kind of segment, so that something comes before each end.
const BELOW: [(&str, &str); 13] = [
    ("GET POST", ""),
    ("DELETE", ""),
    ("GET PUT BREW", "/<id>"),
    ("ANY", "/<id>"),
    (GET, "/<id>/parts/<part>"),
    ("POST", "/<id>/parts"),
    (GET, "/export/<file>.csv"),
    ("PUT", "/export/all<file>.csv"),
    ("DELETE", "/export/<file>"),
    (GET, "/files"),
    ("PUT WHEN", "/files/<path..>"),
    ("GET ANY", "/files/<path..>"),
    (GET, "/a-literal-of-more-than-24-bytes/end"),
];

/// Each of these below each resource.
fn rows(resources: &[&str]) -> Vec<(&'static str, &'static str)> {
    let below =
        |resource: &&str| BELOW.map(|(methods, below)| (methods, &*format!("{resource}{below}").leak()));
    resources.iter().flat_map(below).collect()
}

const RESOURCES: [&str; 3] = ["/users", "/api/orders", "/api/v1/items"];

/// Those that are asked for: an interpreter takes its time.
fn resources() -> impl Iterator<Item = &'static str> {
    RESOURCES.into_iter().skip(if cfg!(miri) { 2 } else { 0 })
}

#[test]
fn each_resource_has_its_own_routes() {
    let rows = rows(&RESOURCES);
    for resource in resources() {
        let asks = |request: &str, answer: &str| {
            let (method, below) = request.split_once(' ').unwrap_or_default();
            let (methods, rest) = answer.split_once(' ').unwrap_or_default();
            assert_eq!(
                ask(&rows, &format!("{method} {resource}{below}")),
                format!("{methods} {resource}{rest}").replace('+', " "),
                "{request}"
            );
        };
        asks("POST ", "GET+POST ");
        asks("DELETE ", "DELETE ");
        asks("HEAD /", "GET+POST  /");
        asks("HEAD /7", "GET+PUT+BREW /<id> id=7");
        asks("BREW /7", "GET+PUT+BREW /<id> id=7");
        asks("WHEN /7", "ANY /<id> id=7");
        asks("UNKNOWN /files", "GET+ANY /files/<path..> path=");
        asks("GET /7/parts/8", "GET /<id>/parts/<part> id=7 part=8");
        asks("POST /7/parts", "POST /<id>/parts id=7");
        asks("GET /export/all.csv", "GET /export/<file>.csv file=all");
        asks("GET /export/all-.csv", "GET /export/<file>.csv file=all-");
        asks("PUT /export/all-.csv", "PUT /export/all<file>.csv file=-");
        asks("DELETE /export/all-.csv", "DELETE /export/<file> file=all-.csv");
        asks("GET /files", "GET /files");
        asks("PUT /files", "PUT+WHEN /files/<path..> path=");
        asks("WHEN /files/a/b", "PUT+WHEN /files/<path..> path=a/b");
        asks("HEAD /files/a", "GET+ANY /files/<path..> path=a");
        asks("TRACE /files/a", "GET+ANY /files/<path..> path=a");
        asks("GET /a-literal-of-more-than-24-bytes/end", "GET /a-literal-of-more-than-24-bytes/end");
    }
}

#[test]
fn paths_with_escapes_have_the_same_routes() {
    let rows = rows(&RESOURCES);
    for (escaped, resource) in
        [("/%75sers", "/users"), ("/%61pi/orders", "/api/orders"), ("/api/v1/item%73", "/api/v1/items")]
    {
        assert_eq!(ask(&rows, &format!("DELETE {escaped}")), format!("DELETE {resource}"));
        assert_eq!(ask(&rows, &format!("PUT {escaped}/7")), format!("GET PUT BREW {resource}/<id> id=7"));
        let rest = format!("PUT WHEN {resource}/files/<path..> path=a");
        assert_eq!(ask(&rows, &format!("WHEN {escaped}/file%73/a")), rest);
        let affixed = format!("DELETE {resource}/export/<file> file=a.csv");
        assert_eq!(ask(&rows, &format!("DELETE {escaped}/export/a.csv")), affixed);
    }
}

#[test]
fn allowed_methods_are_those_of_each_resource() {
    let rows = rows(&RESOURCES);
    for resource in resources() {
        assert_eq!(ask(&rows, &format!("PUT {resource}")), "405 DELETE GET HEAD OPTIONS POST");
        assert_eq!(ask(&rows, &format!("OPTIONS {resource}/7/parts")), "204 OPTIONS POST");
        assert_eq!(ask(&rows, &format!("POST {resource}/export/x.csv")), "405 DELETE GET HEAD OPTIONS");
        assert_eq!(ask(&rows, &format!("POST {resource}/export/x")), "405 DELETE OPTIONS");
        assert_eq!(ask(&rows, &format!("NONE {resource}/7/parts")), "501 OPTIONS POST");
        assert_eq!(ask(&rows, &format!("GET {resource}/7/none")), "404");
    }
    // From where nothing leads back.
    let rows = [
        ("PUT", "/a/<path..>"),
        ("PUT", "/b/<path..>"),
        ("PUT BREW", "/c/<path..>"),
        ("PUT BREW", "/d/<path..>"),
    ];
    assert_eq!(ask(&rows, "GET /b/x"), "405 OPTIONS PUT");
    assert_eq!(ask(&rows, "GET /d/x"), "405 BREW OPTIONS PUT");
    assert_eq!(ask(&rows, "GET /%64/x"), "405 BREW OPTIONS PUT");
}

/// So many that some literals, and some starts, are not found at their first place.
#[test]
#[cfg_attr(miri, ignore = "too much for an interpreter")]
fn many_resources() {
    for before in ["", "/api"] {
        let row = |number: usize| {
            [
                (GET, &*format!("{before}/resource-{number}/<id>").leak()),
                ("PUT", &*format!("{before}/resource-{number}/<id>/x").leak()),
            ]
        };
        let routes = routes(&(0..300).flat_map(row).collect::<Vec<_>>());
        for freeze in [TableBuf::freeze, TableBuf::freeze_sharing] {
            let Ok(table) = freeze(&routes) else { panic!("refused") };
            for number in 0..300 {
                let path = format!("{before}/resource-{number}/7");
                let found = agree(&table.table(), &routes, GET, path.as_bytes());
                assert!(matches!(found, Answer::Found { route, .. } if route == 2 * number), "{found:?}");
                agree(&table.table(), &routes, "PUT", format!("{path}/x").as_bytes());
            }
        }
    }
}

/// What differs in one thing only is not one.
#[test]
fn what_is_nearly_alike_is_told_apart() {
    let below = [
        &[(GET, "/x")][..],
        &[("PUT", "/x")],
        &[(GET, "/y")],
        &[(GET, "/<x>")],
        &[(GET, "/<x..>")],
        &[(GET, "/a<x>")],
        &[(GET, "/b<x>")],
        &[(GET, "/<x>a")],
        &[("PUT", "/a<x>")],
        &[(GET, "/a<x>"), (GET, "/b<x>")],
        &[(GET, "/a<x>"), (GET, "/<x>")],
        &[(GET, "/a<x>"), (GET, "/<x..>")],
        &[(GET, "/x"), (GET, "/y")],
        &[(GET, "/x"), (GET, "/<x>")],
        &[(GET, "/x/z")],
        &[(GET, "/<x>/z")],
        &[(GET, "/a<x>/z")],
        &[(GET, "")],
        &[(GET, ""), (GET, "/x")],
        &[(GET, "/a-literal-of-more-than-24-bytes")],
        &[(GET, "/a-literal-of-more-than-25-bytes")],
    ];
    let row = |(number, rows): (usize, &[(&'static str, &'static str)])| {
        let row = |&(methods, below): &(&'static str, &str)| (methods, &*format!("/r{number}{below}").leak());
        rows.iter().map(row).collect::<Vec<_>>()
    };
    let rows: Vec<(&'static str, &'static str)> = below.into_iter().enumerate().flat_map(row).collect();
    let paths = ["", "/x", "/y", "/ab", "/bb", "/ba", "/x/z", "/ab/z", "/a-literal-of-more-than-25-bytes"];
    let step = if cfg!(miri) { 7 } else { 1 };
    for number in (0..below.len()).step_by(step) {
        for path in paths {
            // Against the oracle.
            ask(&rows, &format!("GET /r{number}{path}"));
        }
    }
}

/// A literal from where something leads back is not one with another from where it does not, and goes back to its own.
#[test]
fn what_was_left_aside_is_found_again() {
    let rows = [
        (GET, "/a/x/end"),
        (GET, "/b/x/end"),
        ("PUT", "/b/<p>/other"),
        (GET, "/c/x/end"),
        ("PUT", "/c/<p..>"),
        (GET, "/d/x/end"),
        ("PUT", "/d/<p>.x/other"),
        (GET, "/e/f<p>/end"),
        (GET, "/g/f<p>/end"),
        ("PUT", "/g/<p>/other"),
        (GET, "/h/x/end"),
        (GET, "/h/<p>/other"),
    ];
    assert_eq!(ask(&rows, "GET /a/x/other"), "404");
    assert_eq!(ask(&rows, "PUT /b/x/other"), "PUT /b/<p>/other p=x");
    assert_eq!(ask(&rows, "PUT /c/x/end"), "PUT /c/<p..> p=x/end");
    assert_eq!(ask(&rows, "PUT /d/x.x/other"), "PUT /d/<p>.x/other p=x");
    assert_eq!(ask(&rows, "GET /e/fg/other"), "404");
    assert_eq!(ask(&rows, "PUT /g/fg/other"), "PUT /g/<p>/other p=fg");
    assert_eq!(ask(&rows, "GET /h/x/other"), "GET /h/<p>/other p=x");
    for first in ["a", "b", "c", "d", "h"] {
        assert_eq!(ask(&rows, &format!("GET /{first}/x/end")), format!("GET /{first}/x/end"));
    }
}
