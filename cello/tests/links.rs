//! Typed links: percent-encoded, with the whole prefix, and leading back to their route.
#![allow(clippy::unwrap_used, reason = "these are tests")]

use cello::prelude::*;
use cello::testing::TestClient;

#[get("/")]
async fn root() -> &'static str {
    "root"
}

#[get("/users/<name>")]
async fn user(name: &str) -> String {
    name.to_owned()
}

#[get("/users/<id>/posts/<post>?<page>&<sort>")]
async fn post_of(id: u64, post: &str, page: Option<u8>, sort: Option<&str>) -> String {
    format!("{id} {post} {page:?} {sort:?}")
}

#[get("/files/<path..>")]
async fn file(path: &str) -> String {
    path.to_owned()
}

#[get("/reports/annual-<year>.json")]
async fn report(year: u16) -> String {
    year.to_string()
}

#[get("/caf%C3%A9/slash/")]
async fn slash() -> &'static str {
    "slash"
}

#[cello::blueprint("/orgs/<org>")]
mod orgs {
    use super::*;

    // It leaves the parameter of its prefix untaken; its link asks for it all the same.
    #[get("/")]
    pub(super) async fn home() -> &'static str {
        "home"
    }

    #[get("/<member>")]
    pub(super) async fn member(member: u8, org: &str) -> String {
        format!("{member} of {org}")
    }
}

/// Everything at the root.
#[get("/<everything..>")]
async fn everything(everything: &str) -> String {
    everything.to_owned()
}

fn client() -> TestClient {
    TestClient::new(App::new(routes![root, user, post_of, file, report, slash, orgs]))
}

/// Text with everything that a link must not let through.
const HOSTILE: [&str; 14] = [
    "plain",
    "a b",
    "a/b",
    "?x=1#y",
    "100%",
    "%2F",
    "a+b&c=d",
    "\u{e9}\u{2713}",
    "\"<>`{}|\\^[]",
    "\u{1}\u{7f}",
    "a\r\nb: c",
    "//host",
    ";:@!$'()*,=",
    "~-._",
];

#[test]
fn links_as_text() {
    assert_eq!(root::path(), "/");
    assert_eq!(user::path("J. Doe"), "/users/J.%20Doe");
    assert_eq!(user::path("a/b?c#d"), "/users/a%2Fb%3Fc%23d");
    assert_eq!(post_of::path(3, "x"), "/users/3/posts/x");
    assert_eq!(file::path("a b/c?.txt"), "/files/a%20b/c%3F.txt");
    assert_eq!(file::path(""), "/files/");
    assert_eq!(report::path(2025), "/reports/annual-2025.json");
    assert_eq!(slash::path(), "/caf%C3%A9/slash/");
    assert_eq!(orgs::home::path("a b"), "/orgs/a%20b");
    assert_eq!(orgs::member::path("x", 7), "/orgs/x/7");
}

#[test]
fn query_parameters_are_added() {
    assert_eq!(
        user::path("a").query("page", 2).query("a b&", "\u{e9}=+"),
        "/users/a?page=2&a%20b%26=%C3%A9%3D%2B"
    );
    let client = client();
    let link = post_of::path(3, "x").query("page", 2).query("sort", "a+b &c");
    assert_eq!(client.get(&link).send().text(), r#"3 x Some(2) Some("a+b &c")"#);
}

#[test]
fn every_link_leads_back_to_its_route_with_its_values() {
    let client = client();
    for text in HOSTILE {
        let link = user::path(text);
        assert_eq!(client.get(&link).send().text(), text, "{link}");
        assert_eq!(link.matches('/').count(), 2, "{link}");
        let link = file::path(text);
        assert_eq!(client.get(&link).send().text(), text, "{link}");
        let link = orgs::member::path(text, 7);
        assert_eq!(client.get(&link).send().text(), format!("7 of {text}"), "{link}");
        assert!(HeaderValue::from(user::path(text)).to_str().is_ok());
        assert_eq!(client.get("/").query(text, text).send().status(), 200);
    }
}

#[test]
fn a_link_never_leads_to_another_host() {
    let client = TestClient::new(App::new(routes![everything]));
    for text in ["/evil.example", "//evil.example", "\\evil.example", "/\\evil.example", "a//b"] {
        let link = everything::path(text);
        assert!(!link.starts_with("//") && !link.contains('\\'), "{link}");
        assert_eq!(client.get(&link).send().text(), text, "{link}");
    }
}

#[test]
fn a_link_is_text_a_response_and_a_header() {
    let link = user::path("a");
    assert_eq!((link.as_str(), &*link, link.to_string()), ("/users/a", "/users/a", "/users/a".to_owned()));
    assert_eq!(String::from(link.clone()), "/users/a");
    assert_eq!(format!("{link:?}"), "\"/users/a\"");
    assert_eq!(link.clone().into_response().status(), 200);
    assert_eq!(HeaderValue::from(link), "/users/a");
}
