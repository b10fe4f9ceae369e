//! In which order the arguments of a handler are extracted, and that each comes where it stands.

use cello::prelude::*;
use cello::testing::TestClient;

struct Admin;

impl FromRequest for Admin {
    type Rejection = StatusCode;
    type State = ();

    async fn from_request(cx: &mut RequestContext<'_, Self>) -> Result<Self, StatusCode> {
        if cx.headers().contains_key("x-admin") { Ok(Self) } else { Err(StatusCode::FORBIDDEN) }
    }
}

#[post("/<id>")]
async fn create(new: Json<Vec<u8>>, _admin: Admin, id: u8) -> String {
    format!("{id} {:?}", new.0)
}

#[test]
fn the_body_is_read_last_wherever_its_argument_stands() {
    let client = TestClient::new(App::new(routes![create]));
    let malformed = || client.post("/7").header("content-type", "application/json").body("[");
    assert_eq!(malformed().send().status(), 403);
    assert_eq!(malformed().header("x-admin", "1").send().status(), 400);
    assert_eq!(client.post("/7").header("x-admin", "1").json([1, 2]).send().text(), "7 [1, 2]");
    assert_eq!(client.post("/x").json([1, 2]).send().status(), 400, "parameters come before other arguments");
}

#[get("/token")]
async fn token(token: Header<cello::extract::Authorization<cello::extract::Bearer>>) -> String {
    token.0.0.token().to_owned()
}

#[test]
fn missing_credentials_are_401_with_a_challenge() {
    let client = TestClient::new(App::new(routes![token]));
    let missing = client.get("/token").send();
    assert_eq!((missing.status().as_u16(), missing.header("www-authenticate")), (401, Some("Bearer")));
    assert_eq!(client.get("/token").header("authorization", "bearer abc").send().text(), "abc");
}

#[test]
fn a_compressed_body_is_refused_with_the_codings_that_are_taken() {
    let client = TestClient::new(App::new(routes![create]));
    let refused =
        client.post("/7").header("x-admin", "1").header("content-encoding", "gzip").json([1]).send();
    assert_eq!((refused.status().as_u16(), refused.header("accept-encoding")), (415, Some("identity")));
    // In several fields the codings are one list.
    for (fields, is_plain) in [
        (&["identity", "gzip"][..], false),
        (&["identity, gzip"], false),
        (&["", "identity , Identity"], true),
    ] {
        let request = client.post("/7").header("x-admin", "1").json([1]);
        let request =
            fields.iter().fold(request, |request, field| request.header("content-encoding", *field));
        assert_eq!(request.send().status() != 415, is_plain, "{fields:?}");
    }
}

/// What a handler got for its arguments, by their names.
macro_rules! got {
    ($($name:ident)+) => {
        [$(format!("{}={}", stringify!($name), $name.to_string())),+].join(" ")
    };
}

#[post("/e")]
async fn e(e: String) -> String {
    got!(e)
}

#[post("/ae/<a>")]
async fn ae(a: u8, e: String) -> String {
    got!(a e)
}

#[post("/ea/<a>")]
async fn ea(e: String, a: u8) -> String {
    got!(e a)
}

#[post("/abe/<a>/<b>")]
async fn abe(a: u8, b: &str, e: String) -> String {
    got!(a b e)
}

#[post("/aeb/<a>/<b>")]
async fn aeb(a: u8, e: String, b: &str) -> String {
    got!(a e b)
}

#[post("/eab/<a>/<b>")]
async fn eab(e: String, a: u8, b: &str) -> String {
    got!(e a b)
}

#[post("/abce/<a>/<b>/<c>")]
async fn abce(a: u8, b: &str, c: bool, e: String) -> String {
    got!(a b c e)
}

#[post("/abec/<a>/<b>/<c>")]
async fn abec(a: u8, b: &str, e: String, c: bool) -> String {
    got!(a b e c)
}

#[post("/aebc/<a>/<b>/<c>")]
async fn aebc(a: u8, e: String, b: &str, c: bool) -> String {
    got!(a e b c)
}

#[post("/eabc/<a>/<b>/<c>")]
async fn eabc(e: String, a: u8, b: &str, c: bool) -> String {
    got!(e a b c)
}

#[post("/abcde/<a>/<b>/<c>/<d>")]
async fn abcde(a: u8, b: &str, c: bool, d: u16, e: String) -> String {
    got!(a b c d e)
}

#[post("/abced/<a>/<b>/<c>/<d>")]
async fn abced(a: u8, b: &str, c: bool, e: String, d: u16) -> String {
    got!(a b c e d)
}

#[post("/abecd/<a>/<b>/<c>/<d>")]
async fn abecd(a: u8, b: &str, e: String, c: bool, d: u16) -> String {
    got!(a b e c d)
}

#[post("/aebcd/<a>/<b>/<c>/<d>")]
async fn aebcd(a: u8, e: String, b: &str, c: bool, d: u16) -> String {
    got!(a e b c d)
}

#[post("/eabcd/<a>/<b>/<c>/<d>")]
async fn eabcd(e: String, a: u8, b: &str, c: bool, d: u16) -> String {
    got!(e a b c d)
}

#[test]
fn each_argument_comes_where_it_stands() {
    let client = TestClient::new(App::new(routes![
        e, ae, ea, abe, aeb, eab, abce, abec, aebc, eabc, abcde, abced, abecd, aebcd, eabcd
    ]));
    let value = |name| match name {
        'a' => "1",
        'b' => "two",
        'c' => "true",
        'd' => "4",
        _ => "body",
    };
    for order in [
        "e", "ae", "ea", "abe", "aeb", "eab", "abce", "abec", "aebc", "eabc", "abcde", "abced", "abecd",
        "aebcd", "eabcd",
    ] {
        let expected: Vec<String> = order.chars().map(|name| format!("{name}={}", value(name))).collect();
        let others = "abcd".chars().filter(|name| order.contains(*name));
        let path = others.fold(format!("/{order}"), |path, name| path + "/" + value(name));
        assert_eq!(client.post(&path).body("body").send().text(), expected.join(" "), "{order}");
        let unreadable = |path: &str| client.post(path).body(vec![0xFF]).send();
        assert_eq!(unreadable(&path).status(), 400, "{order}");
        if order.contains('a') {
            let refused = unreadable(&path.replace("/1", "/one"));
            assert!(refused.text().contains("`a`"), "{order}: parameters come before the body");
        }
    }
}
