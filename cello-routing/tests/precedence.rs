//! Which of several matching patterns answers. `ask` tries every case in both orders of the rows, and against
//! the oracle.

mod support;
use support::ask;

const GET: &str = "GET";

#[test]
fn literal_before_parameter() {
    let rows = [(GET, "/users/me"), (GET, "/users/<id>")];
    assert_eq!(ask(&rows, "GET /users/me"), "GET /users/me");
    assert_eq!(ask(&rows, "GET /users/you"), "GET /users/<id> id=you");
}

#[test]
fn literal_before_affixed_parameter() {
    let rows = [(GET, "/a.json"), (GET, "/<file>.json")];
    assert_eq!(ask(&rows, "GET /a.json"), "GET /a.json");
    assert_eq!(ask(&rows, "GET /b.json"), "GET /<file>.json file=b");
}

#[test]
fn affixed_parameter_before_plain_parameter() {
    let rows = [(GET, "/<file>.json"), (GET, "/<name>")];
    assert_eq!(ask(&rows, "GET /a.json"), "GET /<file>.json file=a");
    assert_eq!(ask(&rows, "GET /a.xml"), "GET /<name> name=a.xml");
    assert_eq!(ask(&rows, "GET /.json"), "GET /<name> name=.json");
}

#[test]
fn plain_parameter_before_rest() {
    let rows = [(GET, "/<name>"), (GET, "/<path..>")];
    assert_eq!(ask(&rows, "GET /a"), "GET /<name> name=a");
    assert_eq!(ask(&rows, "GET /a/b"), "GET /<path..> path=a/b");
}

#[test]
fn longer_affixes_first() {
    let rows = [(GET, "/v<x>"), (GET, "/<x>.json"), (GET, "/v1<x>.json")];
    assert_eq!(ask(&rows, "GET /v12.json"), "GET /v1<x>.json x=2");
    assert_eq!(ask(&rows, "GET /v2.json"), "GET /<x>.json x=v2");
    assert_eq!(ask(&rows, "GET /v2"), "GET /v<x> x=2");
}

#[test]
fn longer_prefix_first_among_affixes_of_equal_length() {
    let rows = [(GET, "/ab<x>"), (GET, "/a<x>b"), (GET, "/<x>ab")];
    assert_eq!(ask(&rows, "GET /ab1ab"), "GET /ab<x> x=1ab");
    assert_eq!(ask(&rows, "GET /a1ab"), "GET /a<x>b x=1a");
    assert_eq!(ask(&rows, "GET /1ab"), "GET /<x>ab x=1");
}

#[test]
fn end_before_empty_rest() {
    let rows = [(GET, "/files"), (GET, "/files/<path..>")];
    assert_eq!(ask(&rows, "GET /files"), "GET /files");
    assert_eq!(ask(&rows, "GET /files/"), "GET /files /");
    assert_eq!(ask(&rows, "GET /files/a"), "GET /files/<path..> path=a");
}

#[test]
fn the_first_segment_that_differs_decides() {
    let rows = [(GET, "/a/<y>"), (GET, "/<x>/b")];
    assert_eq!(ask(&rows, "GET /a/b"), "GET /a/<y> y=b");
    let rows = [(GET, "/<x>/b/<z..>"), (GET, "/<x>/<y>/c")];
    assert_eq!(ask(&rows, "GET /a/b/c"), "GET /<x>/b/<z..> x=a z=c");
}

#[test]
fn a_dead_end_leads_back() {
    let rows = [(GET, "/a/b/c"), (GET, "/a/<y>/d"), (GET, "/<x>/b/e"), (GET, "/<x..>")];
    assert_eq!(ask(&rows, "GET /a/b/c"), "GET /a/b/c");
    assert_eq!(ask(&rows, "GET /a/b/d"), "GET /a/<y>/d y=b");
    assert_eq!(ask(&rows, "GET /a/b/e"), "GET /<x>/b/e x=a");
    assert_eq!(ask(&rows, "GET /a/b/f"), "GET /<x..> x=a/b/f");
}

#[test]
fn a_dead_end_below_affixes_leads_back() {
    let rows = [(GET, "/v1<x>/a"), (GET, "/v<x>/b"), (GET, "/<x>/c"), (GET, "/v12/d")];
    assert_eq!(ask(&rows, "GET /v12/a"), "GET /v1<x>/a x=2");
    assert_eq!(ask(&rows, "GET /v12/b"), "GET /v<x>/b x=12");
    assert_eq!(ask(&rows, "GET /v12/c"), "GET /<x>/c x=v12");
    assert_eq!(ask(&rows, "GET /v12/d"), "GET /v12/d");
    assert_eq!(ask(&rows, "GET /v12/e"), "404");
}

#[test]
fn a_missing_method_leads_back() {
    let rows = [(GET, "/users/me"), ("DELETE", "/users/<id>")];
    assert_eq!(ask(&rows, "GET /users/me"), "GET /users/me");
    assert_eq!(ask(&rows, "DELETE /users/me"), "DELETE /users/<id> id=me");
}

#[test]
fn sixteen_parameters_are_captured() {
    let rows = [(GET, "/<a>/<b>/<c>/<d>/<e>/<f>/<g>/<h>/<i>/<j>/<k>/<l>/<m>/<n>/<o>/<p..>")];
    assert!(ask(&rows, "GET /1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17").ends_with(" n=14 o=15 p=16/17"));
}

#[test]
fn nothing_matches_without_a_slash_at_the_start() {
    let rows = [(GET, "/"), (GET, "/<path..>"), ("ANY", "/x")];
    for request in ["GET ", "GET x", "GET *", "OPTIONS *", "CONNECT example.com:80"] {
        assert_eq!(ask(&rows, request), "404");
    }
}

#[test]
fn no_routes_no_answer() {
    assert_eq!(ask(&[], "GET /"), "404");
    assert_eq!(ask(&[], "BREW /"), "404");
}
