//! A slash at the end of a path does not matter, except to a rest parameter.

mod support;
use support::ask;

const GET: &str = "GET";

#[test]
fn one_slash_at_the_end_is_ignored() {
    let rows = [(GET, "/x"), (GET, "/y/<id>")];
    assert_eq!(ask(&rows, "GET /x"), "GET /x");
    assert_eq!(ask(&rows, "GET /x/"), "GET /x /");
    assert_eq!(ask(&rows, "GET /y/1/"), "GET /y/<id> id=1 /");
}

#[test]
fn the_slash_of_the_pattern_means_nothing() {
    let rows = [(GET, "/x/")];
    assert_eq!(ask(&rows, "GET /x"), "GET /x/");
    assert_eq!(ask(&rows, "GET /x/"), "GET /x/ /");
}

#[test]
fn the_slash_of_the_root_is_not_ignored() {
    let rows = [(GET, "/")];
    assert_eq!(ask(&rows, "GET /"), "GET /");
    assert_eq!(ask(&rows, "GET //"), "404");
    let rows = [(GET, "/<name>")];
    assert_eq!(ask(&rows, "GET /"), "404");
}

#[test]
fn two_slashes_match_nothing() {
    let rows = [(GET, "/"), (GET, "/x"), (GET, "/<a>"), (GET, "/<a>/<b>"), (GET, "/x/y"), (GET, "/v<a>")];
    for path in ["//", "//x", "/x//", "/x//y", "//x/y", "/x/y//", "///"] {
        assert_eq!(ask(&rows, &format!("GET {path}")), "404", "{path}");
    }
}

#[test]
fn a_rest_parameter_sees_the_path_as_typed() {
    let rows = [(GET, "/x/<rest..>")];
    assert_eq!(ask(&rows, "GET /x"), "GET /x/<rest..> rest=");
    assert_eq!(ask(&rows, "GET /x/"), "GET /x/<rest..> rest=");
    assert_eq!(ask(&rows, "GET /x//"), "GET /x/<rest..> rest=/");
    assert_eq!(ask(&rows, "GET /x/a/"), "GET /x/<rest..> rest=a/");
    assert_eq!(ask(&rows, "GET /x//a//b/"), "GET /x/<rest..> rest=/a//b/");
    assert_eq!(ask(&rows, "GET /"), "404");
    assert_eq!(ask(&rows, "GET //x/a"), "404");
}

#[test]
fn a_rest_parameter_at_the_root_takes_everything() {
    let rows = [(GET, "/<rest..>")];
    assert_eq!(ask(&rows, "GET /"), "GET /<rest..> rest=");
    assert_eq!(ask(&rows, "GET //"), "GET /<rest..> rest=/");
    assert_eq!(ask(&rows, "GET /a/./../b"), "GET /<rest..> rest=a/./../b");
}

#[test]
fn two_slashes_lead_back_to_a_rest_parameter() {
    let rows = [(GET, "/<rest..>"), (GET, "/x/y"), (GET, "/x/<b>/z")];
    assert_eq!(ask(&rows, "GET /x/y//"), "GET /<rest..> rest=x/y//");
    assert_eq!(ask(&rows, "GET /x//z"), "GET /<rest..> rest=x//z");
}
