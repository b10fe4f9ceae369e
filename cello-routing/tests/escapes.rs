//! Percent-encoding in paths: equal when unreserved characters are decoded, and refused when malformed.

mod support;
use support::{agreed, ask, oracle::Answer, routes};

const GET: &str = "GET";

#[test]
fn an_escape_of_an_unreserved_character_is_the_character() {
    let rows = [(GET, "/users/a-b.c_d~e0")];
    assert_eq!(ask(&rows, "GET /%75sers/%61%2d%62%2E%63%5f%64%7e%65%30"), "GET /users/a-b.c_d~e0");
    assert_eq!(ask(&rows, "GET /%55sers/a-b.c_d~e0"), "404");
}

#[test]
fn digits_in_upper_and_lower_case_are_equal() {
    let rows = [(GET, "/a%2Fb"), (GET, "/caf%C3%A9")];
    assert_eq!(ask(&rows, "GET /a%2fb"), "GET /a%2Fb");
    assert_eq!(ask(&rows, "GET /a%2Fb"), "GET /a%2Fb");
    assert_eq!(ask(&rows, "GET /caf%c3%a9/"), "GET /caf%C3%A9 /");
}

#[test]
fn an_escaped_slash_does_not_split() {
    let rows = [(GET, "/<a>"), (GET, "/<a>/<b>")];
    assert_eq!(ask(&rows, "GET /x%2Fy"), "GET /<a> a=x%2Fy");
    assert_eq!(ask(&rows, "GET /x%2fy/z"), "GET /<a>/<b> a=x%2fy b=z");
}

#[test]
fn an_escape_of_a_reserved_character_is_another_path() {
    let rows = [(GET, "/a!b"), (GET, "/c%21d"), (GET, "/x@y")];
    assert_eq!(ask(&rows, "GET /a!b"), "GET /a!b");
    assert_eq!(ask(&rows, "GET /a%21b"), "404");
    assert_eq!(ask(&rows, "GET /c!d"), "404");
    assert_eq!(ask(&rows, "GET /x%40y"), "404");
}

#[test]
fn affixes_are_compared_in_normal_form_and_values_are_raw() {
    let rows = [(GET, "/f/<file>.json"), (GET, "/v<version>"), (GET, "/a%2F<x>%3A")];
    assert_eq!(ask(&rows, "GET /f/a%2Ejson"), "GET /f/<file>.json file=a");
    assert_eq!(ask(&rows, "GET /f/%61%2E%6a%73on"), "GET /f/<file>.json file=%61");
    assert_eq!(ask(&rows, "GET /%76%31"), "GET /v<version> version=%31");
    assert_eq!(ask(&rows, "GET /a%2fx%3a"), "GET /a%2F<x>%3A x=x");
    assert_eq!(ask(&rows, "GET /%76"), "404");
    assert_eq!(ask(&rows, "GET /f/%2Ejson"), "404");
}

#[test]
fn dots_are_segments_like_others_here() {
    let rows = [(GET, "/a/<x>"), (GET, "/b")];
    assert_eq!(ask(&rows, "GET /a/%2e%2e"), "GET /a/<x> x=%2e%2e");
    assert_eq!(ask(&rows, "GET /a/../b"), "404");
}

#[test]
fn a_malformed_escape_is_refused_whatever_the_routes() {
    for rows in [vec![(GET, "/<x..>")], vec![]] {
        assert_eq!(ask(&rows, "GET /%"), "400 escape at 1");
        assert_eq!(ask(&rows, "GET /a%4"), "400 escape at 2");
        assert_eq!(ask(&rows, "GET /a/%4g/b"), "400 escape at 3");
        assert_eq!(ask(&rows, "GET /a%/41"), "400 escape at 2");
        assert_eq!(ask(&rows, "BREW /%zz"), "400 escape at 1");
    }
}

#[test]
fn what_is_not_utf8_is_refused_whatever_the_routes() {
    for rows in [vec![(GET, "/<x..>")], vec![]] {
        assert_eq!(ask(&rows, "GET /%FF"), "400 UTF-8 at 1");
        assert_eq!(ask(&rows, "GET /ok/%C3%28"), "400 UTF-8 at 4");
        assert_eq!(ask(&rows, "GET /%C3/%A9"), "400 UTF-8 at 1");
        assert_eq!(ask(&rows, "GET /%ED%A0%80"), "400 UTF-8 at 1");
        assert_eq!(ask(&rows, "GET /%FF/%zz"), "400 escape at 5");
    }
}

#[test]
fn bytes_that_are_no_text() {
    let routes = routes(&[(GET, "/<x..>")]);
    assert_eq!(agreed(&routes, GET, b"/a\xFF"), Answer::BadUtf8(2));
    assert_eq!(agreed(&routes, GET, b"\xC3"), Answer::BadUtf8(0));
    assert_eq!(agreed(&routes, GET, b"/%C3\xA9/\x80"), Answer::BadUtf8(6));
    let captures = std::iter::once(1..6).collect();
    let found = Answer::Found { route: 0, captures, trailing_slash: false };
    assert_eq!(agreed(&routes, GET, b"/%C3\xA9/"), found);
}

#[test]
fn text_that_is_not_ascii_goes_to_parameters() {
    let rows = [(GET, "/caf%C3%A9"), (GET, "/<x>"), (GET, "/v<x>")];
    assert_eq!(ask(&rows, "GET /café"), "GET /<x> x=café");
    assert_eq!(ask(&rows, "GET /vé"), "GET /v<x> x=é");
}
