//! Which path reaches which handler: slashes, escapes, rest parameters, affixes, precedence.
#![allow(clippy::unwrap_used, reason = "these are tests")]

use cello::TrailingSlash;
use cello::prelude::*;
use cello::testing::TestClient;

#[get("/")]
async fn root() -> &'static str {
    "root"
}

#[get("/users")]
async fn users() -> &'static str {
    "users"
}

#[get("/users/me")]
async fn me() -> &'static str {
    "me"
}

#[get("/users/<id>")]
async fn user(id: &str) -> String {
    format!("user {id}")
}

#[post("/users/<id>")]
async fn write_user(id: &str) -> String {
    format!("write {id}")
}

#[get("/users/<id>/posts/<post>")]
async fn post_of(id: &str, post: &str) -> String {
    format!("post {post} of {id}")
}

#[get("/slashed/")]
async fn slashed() -> &'static str {
    "slashed"
}

#[get("/files/<path..>")]
async fn files(path: &str) -> String {
    format!("files [{path}]")
}

#[get("/reports/<name>.json")]
async fn report_json(name: &str) -> String {
    format!("json {name}")
}

#[get("/reports/annual-<year>.json")]
async fn annual(year: u16) -> String {
    format!("annual {year}")
}

#[get("/reports/<name>")]
async fn report(name: &str) -> String {
    format!("report {name}")
}

#[get("/reports/latest.json")]
async fn latest() -> &'static str {
    "latest"
}

#[get("/caf%C3%A9")]
async fn cafe() -> &'static str {
    "cafe"
}

// A page for every name at the root: what a redirection to another host would need.
#[get("/<page>")]
async fn page(page: &str) -> String {
    format!("page {page}")
}

fn app(policy: TrailingSlash) -> TestClient {
    TestClient::new(
        App::new(routes![
            root,
            users,
            me,
            user,
            write_user,
            post_of,
            slashed,
            files,
            report_json,
            annual,
            report,
            latest,
            cafe,
            page
        ])
        .trailing_slash(policy),
    )
}

fn text(client: &TestClient, target: &str) -> String {
    let response = client.get(target).send();
    match response.status().as_u16() {
        200 => response.text().to_owned(),
        308 => format!("308 {}", response.header("location").unwrap()),
        status => status.to_string(),
    }
}

fn table(client: &TestClient, rows: &[(&str, &str)]) {
    for (target, expected) in rows {
        assert_eq!(text(client, target), *expected, "{target}");
    }
}

#[test]
fn a_slash_at_the_end_means_nothing_by_default() {
    table(
        &app(TrailingSlash::Ignore),
        &[
            ("/", "root"),
            ("/users", "users"),
            ("/users/", "users"),
            ("/users/7/", "user 7"),
            ("/slashed", "slashed"),
            ("/slashed/", "slashed"),
            ("/files/a/", "files [a/]"),
            ("/files/a", "files [a]"),
        ],
    );
}

#[test]
fn a_strict_application_finds_only_the_slash_as_written() {
    let client = app(TrailingSlash::Strict);
    table(
        &client,
        &[
            ("/", "root"),
            ("/users", "users"),
            ("/users/", "404"),
            ("/users/me/", "404"),
            ("/slashed", "404"),
            ("/slashed/", "slashed"),
            ("/files/a/", "files [a/]"),
            ("/files/a", "files [a]"),
            ("/files/", "files []"),
        ],
    );
    assert_eq!(client.head("/users/").send().status(), 404);
    // Nor is anything said of what is not there.
    assert_eq!(client.post("/users/").send().status(), 404);
    assert_eq!(client.options("/users/").send().status(), 404);
    assert_eq!(client.options("/users").send().header("allow"), Some("GET, HEAD, OPTIONS"));
    assert_eq!(client.delete("/users/7").send().header("allow"), Some("GET, HEAD, POST, OPTIONS"));
}

#[test]
fn a_redirecting_application_leads_to_the_slash_as_written_and_keeps_the_query() {
    table(
        &app(TrailingSlash::Redirect),
        &[
            ("/", "root"),
            ("/users", "users"),
            ("/users/", "308 /users"),
            ("/users/?a=1&b=%2F", "308 /users?a=1&b=%2F"),
            ("/users/a%2Fb/", "308 /users/a%2Fb"),
            ("/slashed?x", "308 /slashed/?x"),
            ("/files/a/", "files [a/]"),
            ("/files", "files []"),
            ("/nothing/at/all/", "404"),
        ],
    );
}

#[test]
fn a_redirection_keeps_the_method() {
    let response = app(TrailingSlash::Redirect).post("/users/7/").send();
    assert_eq!((response.status().as_u16(), response.header("location")), (308, Some("/users/7")));
}

#[test]
fn a_redirection_never_leads_to_another_host() {
    let client = app(TrailingSlash::Redirect);
    // A browser reads `\` in a location as `/`.
    for target in [
        "/\\evil.example/",
        "//evil.example/",
        "//evil.example//",
        "/\\\\evil.example/",
        "http://own.example//evil.example/",
    ] {
        let response = client.get(target).send();
        let location = response.header("location");
        assert_eq!((response.status().as_u16(), location), (404, None), "{target}");
    }
    // The host of a target in absolute form is not repeated.
    assert_eq!(text(&client, "http://evil.example/users/?x=1"), "308 /users?x=1");
}

#[test]
fn two_slashes_match_nothing_but_a_rest() {
    table(
        &app(TrailingSlash::Ignore),
        &[
            ("//", "404"),
            ("//users", "404"),
            ("/users//", "404"),
            ("/users//posts/1", "404"),
            ("/files//", "files [/]"),
            ("/files/a//b", "files [a//b]"),
        ],
    );
}

#[test]
fn escapes_of_unreserved_characters_are_the_characters() {
    table(
        &app(TrailingSlash::Ignore),
        &[
            ("/%75sers", "users"),
            ("/%75%73ers/m%65", "me"),
            ("/%55sers", "page Users"),
            ("/caf%C3%A9", "cafe"),
            ("/caf%c3%a9", "cafe"),
            ("/reports/annual-20%32%35.json", "annual 2025"),
            ("/reports/x%2Ejson", "json x"),
        ],
    );
}

#[test]
fn parameters_are_decoded_after_matching() {
    table(
        &app(TrailingSlash::Ignore),
        &[
            ("/users/a%2Fb", "user a/b"),
            ("/users/a%2fb/posts/%3F%23", "post ?# of a/b"),
            ("/users/J.%20Doe", "user J. Doe"),
            ("/users/a+b", "user a+b"),
            ("/users/%25%32%46", "user %2F"),
            ("/users/%E2%9C%93", "user \u{2713}"),
            ("/files/a%2Fb/c%20d", "files [a/b/c d]"),
            ("/users/%2E%2E", "user .."),
            ("/users/..", "user .."),
        ],
    );
}

#[test]
fn malformed_escapes_and_text_that_is_not_utf8_are_400() {
    let client = app(TrailingSlash::Ignore);
    for (target, detail) in [
        ("/users/%", "a `%` is not followed by two hexadecimal digits, at byte 7 of the path"),
        ("/users/%2", "a `%` is not followed by two hexadecimal digits, at byte 7 of the path"),
        ("/users/%zz", "a `%` is not followed by two hexadecimal digits, at byte 7 of the path"),
        ("/nothing/at/%zz", "a `%` is not followed by two hexadecimal digits, at byte 12 of the path"),
        ("/users/%ff", "the path is not UTF-8 text, at byte 7 of the path"),
        ("/users/%C3", "the path is not UTF-8 text, at byte 7 of the path"),
        ("/files/%ED%A0%80", "the path is not UTF-8 text, at byte 7 of the path"),
    ] {
        let response = client.get(target).send();
        assert_eq!(response.status(), 400, "{target}");
        assert_eq!(response.problem().unwrap().detail(), Some(detail), "{target}");
    }
}

#[test]
fn a_rest_parameter_takes_what_is_left_be_it_nothing() {
    table(
        &app(TrailingSlash::Ignore),
        &[
            ("/files", "files []"),
            ("/files/", "files []"),
            ("/files/a", "files [a]"),
            ("/files/a/b/c.txt", "files [a/b/c.txt]"),
        ],
    );
}

#[test]
fn the_more_literal_segment_goes_first() {
    table(
        &app(TrailingSlash::Ignore),
        &[
            ("/users/me", "me"),
            ("/users/mee", "user mee"),
            ("/users/me/posts/1", "post 1 of me"),
            ("/reports/latest.json", "latest"),
            ("/reports/annual-2024.json", "annual 2024"),
            ("/reports/daily.json", "json daily"),
            ("/reports/daily", "report daily"),
            ("/reports/.json", "report .json"),
            ("/anything", "page anything"),
        ],
    );
}

#[test]
fn an_affixed_parameter_that_does_not_parse_is_a_400_not_another_route() {
    assert_eq!(text(&app(TrailingSlash::Ignore), "/reports/annual-x.json"), "400");
}
