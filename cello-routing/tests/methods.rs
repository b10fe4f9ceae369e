//! Which route takes a method, and what is answered when none does.

mod support;
use support::ask;

#[test]
fn head_is_answered_from_get() {
    let rows = [("GET", "/x"), ("POST", "/x")];
    assert_eq!(ask(&rows, "HEAD /x"), "GET /x");
}

#[test]
fn head_has_its_own_route_first() {
    let rows = [("GET", "/x"), ("HEAD", "/x"), ("ANY", "/x")];
    assert_eq!(ask(&rows, "HEAD /x"), "HEAD /x");
}

#[test]
fn head_takes_get_before_any() {
    let rows = [("GET", "/x"), ("ANY", "/x")];
    assert_eq!(ask(&rows, "HEAD /x"), "GET /x");
}

#[test]
fn the_pattern_decides_before_the_method() {
    let rows = [("ANY", "/me"), ("GET", "/<id>")];
    assert_eq!(ask(&rows, "GET /me"), "ANY /me");
    let rows = [("GET", "/me"), ("HEAD", "/<id>")];
    assert_eq!(ask(&rows, "HEAD /me"), "GET /me");
}

#[test]
fn any_takes_what_has_no_route_of_its_own() {
    let rows = [("ANY", "/x"), ("GET", "/x"), ("PROPFIND", "/y")];
    assert_eq!(ask(&rows, "GET /x"), "GET /x");
    for method in ["POST", "OPTIONS", "PROPFIND", "BREW"] {
        assert_eq!(ask(&rows, &format!("{method} /x")), "ANY /x");
    }
}

#[test]
fn any_takes_the_method_of_a_more_special_pattern() {
    let rows = [("ANY", "/<x>"), ("GET", "/me")];
    assert_eq!(ask(&rows, "BREW /me"), "ANY /<x> x=me");
    assert_eq!(ask(&rows, "POST /me"), "ANY /<x> x=me");
}

#[test]
fn a_method_that_is_not_allowed() {
    let rows = [("GET", "/x"), ("DELETE", "/x"), ("PUT", "/y")];
    assert_eq!(ask(&rows, "PUT /x"), "405 DELETE GET HEAD OPTIONS");
    assert_eq!(ask(&rows, "GET /y"), "405 OPTIONS PUT");
}

#[test]
fn all_matching_patterns_allow_their_methods() {
    let rows =
        [("GET", "/a/b"), ("PUT", "/a/<y>"), ("PATCH", "/<x>/b"), ("DELETE", "/<x..>"), ("TRACE", "/a")];
    assert_eq!(ask(&rows, "POST /a/b"), "405 DELETE GET HEAD OPTIONS PATCH PUT");
    assert_eq!(ask(&rows, "POST /a/c"), "405 DELETE OPTIONS PUT");
    assert_eq!(ask(&rows, "POST /a"), "405 DELETE OPTIONS TRACE");
}

#[test]
fn options_without_a_route() {
    let rows = [("GET", "/x"), ("POST", "/<y>")];
    assert_eq!(ask(&rows, "OPTIONS /x"), "204 GET HEAD OPTIONS POST");
    assert_eq!(ask(&rows, "OPTIONS /y"), "204 OPTIONS POST");
    assert_eq!(ask(&rows, "OPTIONS /x/y"), "404");
}

#[test]
fn options_with_a_route() {
    let rows = [("GET", "/x"), ("OPTIONS", "/<y>")];
    assert_eq!(ask(&rows, "OPTIONS /x"), "OPTIONS /<y> y=x");
}

#[test]
fn a_method_that_nobody_knows() {
    let rows = [("GET", "/x"), ("PROPFIND", "/y")];
    assert_eq!(ask(&rows, "BREW /x"), "501 GET HEAD OPTIONS");
    assert_eq!(ask(&rows, "PROPFIND /x"), "405 GET HEAD OPTIONS");
    assert_eq!(ask(&rows, "PROPFIND /y"), "PROPFIND /y");
    assert_eq!(ask(&rows, "GET /y"), "405 OPTIONS PROPFIND");
    assert_eq!(ask(&rows, "BREW /z"), "404");
}

#[test]
fn methods_are_case_sensitive() {
    let rows = [("GET", "/x"), ("purge PURGE", "/y"), ("Purge", "/z")];
    assert_eq!(ask(&rows, "get /x"), "501 GET HEAD OPTIONS");
    assert_eq!(ask(&rows, "purge /y"), "purge PURGE /y");
    assert_eq!(ask(&rows, "Purge /y"), "405 OPTIONS PURGE purge");
}

#[test]
fn one_route_for_several_methods() {
    let rows = [("GET POST PROPFIND", "/x"), ("PUT", "/x")];
    for method in ["GET", "POST", "PROPFIND", "HEAD"] {
        assert_eq!(ask(&rows, &format!("{method} /x")), "GET POST PROPFIND /x");
    }
    assert_eq!(ask(&rows, "PUT /x"), "PUT /x");
}
