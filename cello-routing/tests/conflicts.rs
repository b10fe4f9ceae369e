//! Which routes cannot stand in one table, and what is said about them.

mod support;
use support::{oracle, refused, route, routes};

use cello_routing::{Draft, Route, TableBuf};

/// Whether the two rows are in conflict. Both orders of the rows, and the oracle, must agree.
#[track_caller]
fn conflict(a: (&'static str, &'static str), b: (&'static str, &'static str)) -> bool {
    let forward = found(&routes(&[a, b]));
    assert_eq!(forward, found(&routes(&[b, a])), "the order of the rows decides");
    forward
}

#[track_caller]
fn found(routes: &[Route<'static>]) -> bool {
    let table: Vec<_> =
        TableBuf::freeze(routes).err().map(|error| error.conflicts().collect()).unwrap_or_default();
    assert_eq!(table, oracle::conflicts(routes), "table (left) and oracle (right)");
    !table.is_empty()
}

#[test]
fn the_same_pattern_and_method() {
    assert!(conflict(("GET", "/x"), ("GET", "/x")));
    assert!(conflict(("GET", "/"), ("GET", "/")));
    assert!(conflict(("PROPFIND", "/x"), ("PROPFIND", "/x")));
}

#[test]
fn names_do_not_tell_patterns_apart() {
    assert!(conflict(("GET", "/users/<id>"), ("GET", "/users/<name>")));
    assert!(conflict(("GET", "/<a..>"), ("GET", "/<b..>")));
    assert!(conflict(("GET", "/v<a>.x"), ("GET", "/v<b>.x")));
}

#[test]
fn the_slash_at_the_end_and_the_query_do_not_tell_patterns_apart() {
    assert!(conflict(("GET", "/x"), ("GET", "/x/")));
    assert!(conflict(("GET", "/<x>"), ("GET", "/<y>/")));
    assert!(conflict(("GET", "/x?<a>"), ("GET", "/x?<b>")));
    assert!(conflict(("GET", "/?<a>"), ("GET", "/")));
}

#[test]
fn different_kinds_of_segments_are_no_conflict() {
    assert!(!conflict(("GET", "/me"), ("GET", "/<id>")));
    assert!(!conflict(("GET", "/<id>"), ("GET", "/<id..>")));
    assert!(!conflict(("GET", "/v<id>"), ("GET", "/<id>")));
    assert!(!conflict(("GET", "/x"), ("GET", "/x/<id..>")));
}

#[test]
fn different_affixes_are_no_conflict() {
    assert!(!conflict(("GET", "/a<x>"), ("GET", "/b<x>")));
    assert!(!conflict(("GET", "/a<x>"), ("GET", "/<x>a")));
    assert!(!conflict(("GET", "/ab<x>c"), ("GET", "/a<x>bc")));
}

#[test]
fn different_methods_are_no_conflict() {
    assert!(!conflict(("GET", "/x"), ("POST", "/x")));
    assert!(!conflict(("GET", "/x"), ("HEAD", "/x")));
    assert!(!conflict(("PROPFIND", "/x"), ("propfind", "/x")));
    assert!(conflict(("GET POST", "/x"), ("PUT POST", "/x")));
}

#[test]
fn any_is_in_conflict_with_any_alone() {
    assert!(conflict(("ANY", "/x"), ("ANY", "/x")));
    assert!(!conflict(("ANY", "/x"), ("GET HEAD BREW", "/x")));
    assert!(conflict(("ANY GET", "/x"), ("GET", "/x")));
}

#[test]
fn naming_a_method_twice_is_no_conflict_of_a_route_with_itself() {
    assert!(!found(&routes(&[("GET GET BREW BREW", "/x")])));
}

#[test]
fn the_text_names_both_handlers_and_a_request() {
    let routes = routes(&[
        ("GET", "/users/<id>/files/<name>.txt"),
        ("POST", "/"),
        ("GET", "/users/<x>/files/<y>.txt/"),
    ]);
    assert_eq!(
        refused(&routes).to_string(),
        "\
two handlers answer the same request, `GET /users/1/files/1.txt`
    `/users/<id>/files/<name>.txt` of `/users/<id>/files/<name>.txt` at src/routes.rs:1
    `/users/<x>/files/<y>.txt/` of `/users/<x>/files/<y>.txt/` at src/routes.rs:3
help: change the path or the method of one; the names of parameters do not tell two paths apart"
    );
}

#[test]
fn the_text_names_all_shared_methods() {
    let text = |a, b| refused(&routes(&[(a, "/x"), (b, "/x")])).to_string();
    assert!(text("GET POST PUT", "PUT GET").contains("`GET /x` (and PUT)\n"));
    assert!(text("BREW", "BREW").contains("`BREW /x`\n"));
    assert!(text("ANY", "ANY").contains("any other method on `/x`\n"));
    assert!(text("GET ANY", "ANY GET").contains("`GET /x` and any other method\n"));
}

#[test]
fn a_handler_mounted_twice_is_told_so() {
    let routes = [route("GET", "/x", 7), route("GET", "/x", 7)];
    let text = refused(&routes).to_string();
    assert!(text.starts_with("`/x` is mounted twice at one path, `GET /x`\n"), "{text}");
}

#[test]
fn one_route_in_conflict_with_two_others() {
    let rows = routes(&[("GET", "/x"), ("POST", "/x"), ("GET POST", "/x")]);
    assert_eq!(refused(&rows).conflicts().collect::<Vec<_>>(), [(0, 2), (1, 2)]);
}

#[test]
fn eight_faults_are_shown_and_the_others_counted() {
    let rows: Vec<_> = (0..12).map(|_| ("GET", "/x")).collect();
    let routes = routes(&rows);
    let error = refused(&routes);
    assert_eq!((error.count(), error.conflicts().count()), (11, 8));
    assert!(error.to_string().ends_with("\n\nand 3 more like these"));
}

#[test]
fn faults_of_all_kinds_come_together() {
    let routes = routes(&[("GET", "/users/{id}"), ("", "/a"), ("A/B", "/b"), ("GET", "/c"), ("GET", "/c")]);
    let text = refused(&routes).to_string();
    let parts: Vec<_> = text.split("\n\n").collect();
    assert_eq!(
        parts[0],
        "\
in the pattern of `/users/{id}` at src/routes.rs:1: a parameter is written in angle brackets
    /users/{id}
           ^^^^
help: write `<id>`"
    );
    assert_eq!(parts[1], "this route takes no method\n    `/a` of `/a` at src/routes.rs:2");
    assert!(parts[2].starts_with("`A/B` cannot be the name of a method"));
    assert!(parts[3].starts_with("two handlers answer the same request, `GET /c`"));
    assert_eq!(parts.len(), 4);
}

#[test]
fn twenty_extension_methods_and_no_more() {
    let all = "M1 M2 M3 M4 M5 M6 M7 M8 M9 M10 M11 M12 M13 M14 M15 M16 M17 M18 M19 M20";
    assert!(!found(&routes(&[(all, "/x"), ("M1 M20", "/y"), ("GET ANY", "/x")])));
    let routes = routes(&[(all, "/x"), ("M21", "/y")]);
    assert!(refused(&routes).to_string().starts_with("`M21` is one method too many"));
}

#[test]
fn a_handler_is_named_with_its_module_however_long_that_is() {
    let module: &'static str = "m".repeat(300).leak();
    let mut rows = routes(&[("GET", "/x"), ("GET", "/x")]);
    rows[0].origin.module = module;
    let text = TableBuf::freeze(&rows).expect_err("a conflict").to_string();
    let (first, second) = (format!("`{module}::{}`", rows[0].origin.handler), rows[1].origin.handler);
    assert!(text.contains(&first) && text.contains(&format!("of `{second}`")), "{text}");
}

#[test]
fn only_the_routes_that_an_error_names_have_to_be_known() {
    let all = routes(&[
        ("GET", "/a"),
        ("GET", "/x"),
        ("GET", "/b"),
        ("GET", "/x"),
        ("BREW(1)", "/c"),
        ("GET", "/d"),
    ]);
    let draft = Draft::<64, 64, 64>::of(&all);
    let named: Vec<_> = (0..all.len()).map(|index| draft.is_at_fault(index)).collect();
    assert_eq!(named, [false, true, false, true, true, false]);
    let mut known = all.clone();
    for index in [0, 2, 5] {
        known[index].pattern = "/";
        known[index].origin.handler = "";
    }
    let words = |routes| draft.error(routes).expect("faults").to_string();
    assert_eq!(words(&known), words(&all));
}
