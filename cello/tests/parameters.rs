//! Path and query parameters: what each type takes, and what a client is told when it does not.
#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::num::{
    NonZeroI8, NonZeroI16, NonZeroI32, NonZeroI64, NonZeroI128, NonZeroIsize, NonZeroU8, NonZeroU16,
    NonZeroU32, NonZeroU64, NonZeroU128, NonZeroUsize,
};

use cello::prelude::*;
use cello::testing::TestClient;
use serde::Deserialize;

/// One handler for each type, which shows what it got.
macro_rules! types {
    ($($name:ident $pattern:literal $type:ty),+ $(,)?) => {
        $(
            #[get($pattern)]
            async fn $name(value: $type) -> String {
                value.to_string()
            }
        )+

        fn types() -> TestClient {
            TestClient::new(App::new(routes![$($name),+, article]))
        }
    };
}

types! {
    u8s "/u8/<value>" u8, u16s "/u16/<value>" u16, u32s "/u32/<value>" u32, u64s "/u64/<value>" u64,
    u128s "/u128/<value>" u128, usizes "/usize/<value>" usize,
    i8s "/i8/<value>" i8, i16s "/i16/<value>" i16, i32s "/i32/<value>" i32, i64s "/i64/<value>" i64,
    i128s "/i128/<value>" i128, isizes "/isize/<value>" isize,
    nu8s "/nu8/<value>" NonZeroU8, nu16s "/nu16/<value>" NonZeroU16, nu32s "/nu32/<value>" NonZeroU32,
    nu64s "/nu64/<value>" NonZeroU64, nu128s "/nu128/<value>" NonZeroU128, nusizes "/nusize/<value>" NonZeroUsize,
    ni8s "/ni8/<value>" NonZeroI8, ni16s "/ni16/<value>" NonZeroI16, ni32s "/ni32/<value>" NonZeroI32,
    ni64s "/ni64/<value>" NonZeroI64, ni128s "/ni128/<value>" NonZeroI128, nisizes "/nisize/<value>" NonZeroIsize,
    f32s "/f32/<value>" f32, f64s "/f64/<value>" f64,
    bools "/bool/<value>" bool, chars "/char/<value>" char,
    strings "/string/<value>" String, strs "/str/<value>" &str, cows "/cow/<value>" Cow<'_, str>,
    ips "/ip/<value>" IpAddr, v4s "/v4/<value>" Ipv4Addr, v6s "/v6/<value>" Ipv6Addr,
    sockets "/socket/<value>" SocketAddr,
}

struct Sku(u32);

impl FromParam<'_> for Sku {
    const EXPECTED: &'static str = "an article number such as `A-17`";

    fn from_param(value: &str) -> Option<Self> {
        value.strip_prefix("A-")?.parse().ok().map(Self)
    }
}

#[get("/articles/<sku>?<other>")]
async fn article(sku: Sku, other: Option<Sku>) -> String {
    format!("{} {:?}", sku.0, other.map(|sku| sku.0))
}

#[test]
fn every_type_takes_its_values() {
    let client = types();
    for (target, text) in [
        ("/u8/255", "255"),
        ("/u16/65535", "65535"),
        ("/u32/4294967295", "4294967295"),
        ("/u64/18446744073709551615", "18446744073709551615"),
        ("/u128/340282366920938463463374607431768211455", "340282366920938463463374607431768211455"),
        ("/usize/007", "7"),
        ("/i8/-128", "-128"),
        ("/i16/-32768", "-32768"),
        ("/i32/-2147483648", "-2147483648"),
        ("/i64/-9223372036854775808", "-9223372036854775808"),
        ("/i128/-1", "-1"),
        ("/isize/-1", "-1"),
        ("/nu8/1", "1"),
        ("/nu16/1", "1"),
        ("/nu32/1", "1"),
        ("/nu64/1", "1"),
        ("/nu128/1", "1"),
        ("/nusize/1", "1"),
        ("/ni8/-1", "-1"),
        ("/ni16/-1", "-1"),
        ("/ni32/-1", "-1"),
        ("/ni64/-1", "-1"),
        ("/ni128/-1", "-1"),
        ("/nisize/-1", "-1"),
        ("/f32/1.5", "1.5"),
        ("/f64/-1e3", "-1000"),
        ("/bool/true", "true"),
        ("/bool/false", "false"),
        ("/char/%C3%A9", "\u{e9}"),
        ("/string/a%20b", "a b"),
        ("/str/plain", "plain"),
        ("/str/a%20b", "a b"),
        ("/cow/a%2Fb", "a/b"),
        ("/ip/::1", "::1"),
        ("/v4/127.0.0.1", "127.0.0.1"),
        ("/v6/%3A%3A1", "::1"),
        ("/socket/127.0.0.1:80", "127.0.0.1:80"),
        ("/articles/A-17", "17 None"),
        ("/articles/A-17?other=A-3", "17 Some(3)"),
    ] {
        assert_eq!(client.get(target).send().text(), text, "{target}");
    }
}

#[test]
fn every_type_says_in_words_what_it_should_be() {
    let client = types();
    for (target, expected, found) in [
        ("/u8/256", "an integer from 0 to 255", "`256`"),
        ("/u16/-1", "an integer from 0 to 65535", "`-1`"),
        ("/u32/1.0", "an integer from 0 to 4294967295", "`1.0`"),
        ("/u64/x", "an integer from 0 to 18446744073709551615", "`x`"),
        ("/u128/x", "an integer from 0 to 340282366920938463463374607431768211455", "`x`"),
        ("/usize/-1", "an integer from 0 up", "`-1`"),
        ("/i8/128", "an integer from -128 to 127", "`128`"),
        ("/i16/x", "an integer from -32768 to 32767", "`x`"),
        ("/i32/x", "an integer from -2147483648 to 2147483647", "`x`"),
        ("/i64/x", "an integer from -9223372036854775808 to 9223372036854775807", "`x`"),
        ("/i128/x", "an integer of at most 128 bits", "`x`"),
        ("/isize/x", "an integer", "`x`"),
        ("/nu8/0", "an integer from 1 to 255", "`0`"),
        ("/nu16/0", "an integer from 1 to 65535", "`0`"),
        ("/nu32/0", "an integer from 1 to 4294967295", "`0`"),
        ("/nu64/0", "an integer from 1 to 18446744073709551615", "`0`"),
        ("/nu128/0", "an integer from 1 to 340282366920938463463374607431768211455", "`0`"),
        ("/nusize/0", "an integer from 1 up", "`0`"),
        ("/ni8/0", "an integer from -128 to 127, not 0", "`0`"),
        ("/ni16/0", "an integer from -32768 to 32767, not 0", "`0`"),
        ("/ni32/0", "an integer from -2147483648 to 2147483647, not 0", "`0`"),
        ("/ni64/0", "an integer from -9223372036854775808 to 9223372036854775807, not 0", "`0`"),
        ("/ni128/0", "an integer of at most 128 bits, not 0", "`0`"),
        ("/nisize/0", "an integer, not 0", "`0`"),
        ("/f32/NaN", "a number", "`NaN`"),
        ("/f64/infinity", "a number", "`infinity`"),
        ("/bool/yes", "`true` or `false`", "`yes`"),
        ("/char/ab", "a single character", "`ab`"),
        ("/ip/localhost", "an IP address", "`localhost`"),
        ("/v4/::1", "an IPv4 address", "`::1`"),
        ("/v6/127.0.0.1", "an IPv6 address", "`127.0.0.1`"),
        ("/socket/127.0.0.1", "an IP address with a port", "`127.0.0.1`"),
        ("/articles/17", "an article number such as `A-17`", "`17`"),
    ] {
        let name = if target.starts_with("/articles") { "sku" } else { "value" };
        let response = client.get(target).send();
        assert_eq!(response.status(), 400, "{target}");
        assert_eq!(response.header("content-type"), Some("application/problem+json"));
        let problem = response.problem().unwrap();
        let sentence = format!("should be {expected}, not {found}");
        assert_eq!(problem.detail().unwrap(), format!("path parameter `{name}` {sentence}"), "{target}");
        assert_eq!(problem.errors().len(), 1);
        assert_eq!(problem.errors()[0].detail, sentence);
        assert_eq!(problem.errors()[0].pointer, format!("path/{name}"));
        let json: serde_json::Value = response.json();
        assert_eq!(json["errors"][0]["pointer"], format!("path/{name}"));
    }
}

#[test]
fn a_value_is_shown_shortened_and_harmless() {
    let client = types();
    let long = client.get(format!("/u8/{}", "9".repeat(5000))).send();
    assert_eq!(
        long.problem().unwrap().detail().unwrap(),
        format!("path parameter `value` should be an integer from 0 to 255, not `{}...`", "9".repeat(64))
    );
    let control = client.get("/u8/%1B%5B31m%0A").send();
    assert!(control.problem().unwrap().detail().unwrap().ends_with(r"not `\u{1b}[31m\n`"));
}

#[derive(Debug, Deserialize)]
#[allow(dead_code)] // read through `Debug`
struct Filter {
    color: Option<String>,
    #[serde(default)]
    tag: Vec<String>,
    min: Option<f64>,
    #[serde(rename = "per-page", default)]
    per_page: u8,
}

#[get("/text?<q>")]
async fn text(q: &str) -> String {
    q.to_owned()
}

#[get("/cow?<q>")]
async fn cow(q: Cow<'_, str>) -> String {
    q.into_owned()
}

#[get("/number?<page>")]
async fn number(page: u32) -> String {
    page.to_string()
}

#[get("/optional?<page>")]
async fn optional(page: Option<u32>) -> String {
    format!("{page:?}")
}

#[get("/many?<id>")]
async fn many(id: Vec<u8>) -> String {
    format!("{id:?}")
}

#[get("/texts?<word>")]
async fn texts(word: Vec<&str>) -> String {
    format!("{word:?}")
}

#[get("/renamed")]
async fn renamed(#[query("page-size")] size: u8, #[query("filter[name]")] name: Option<&str>) -> String {
    format!("{size} {name:?}")
}

#[get("/judged?<page>")]
async fn judged(page: Result<u8, Problem>) -> String {
    match page {
        Ok(page) => page.to_string(),
        Err(problem) => format!("{} / {}", problem, problem.errors()[0].pointer),
    }
}

#[get("/judged/<id>")]
async fn judged_path(id: Result<u8, Problem>) -> String {
    match id {
        Ok(id) => id.to_string(),
        Err(problem) => format!("{} / {}", problem, problem.errors()[0].pointer),
    }
}

#[get("/optional/<id>")]
async fn optional_path(id: Option<u8>) -> String {
    format!("{id:?}")
}

#[get("/struct?<filter..>")]
async fn filtered(filter: Filter) -> String {
    format!("{filter:?}")
}

#[get("/both?<page>&<filter..>")]
async fn both(page: u8, filter: Filter) -> String {
    format!("{page} {:?}", filter.color)
}

#[get("/query")]
async fn query(Query(filter): Query<Filter>) -> String {
    format!("{:?} {}", filter.color, filter.per_page)
}

#[get("/query/optional")]
async fn query_optional(filter: Option<Query<Filter>>) -> String {
    filter.map_or_else(|| "none".to_owned(), |filter| format!("{:?}", filter.color))
}

fn queries() -> TestClient {
    TestClient::new(App::new(routes![
        text,
        cow,
        number,
        optional,
        many,
        texts,
        renamed,
        judged,
        judged_path,
        optional_path,
        filtered,
        both,
        query,
        query_optional,
    ]))
}

#[test]
fn a_query_gives_its_values() {
    let client = queries();
    for (target, text) in [
        ("/text?q=plain", "plain"),
        ("/text?q=a+b%2Bc%20d", "a b+c d"),
        ("/text?q=%E2%9C%93", "\u{2713}"),
        ("/text?q", ""),
        ("/text?q=", ""),
        ("/text?q=a=b", "a=b"),
        ("/text?%71=escaped+name", "escaped name"),
        ("/text?q=1&q=2", "1"),
        ("/text?&&q=x&&", "x"),
        ("/text?q=100%", "100%"),
        ("/cow?q=%61+b", "a b"),
        ("/number?page=3&unknown=x", "3"),
        ("/optional", "None"),
        ("/optional?", "None"),
        ("/optional?pagee=3", "None"),
        ("/optional?page=3", "Some(3)"),
        ("/many", "[]"),
        ("/many?id=1&x=0&id=2&id=3", "[1, 2, 3]"),
        ("/texts?word=a+b&word=c", r#"["a b", "c"]"#),
        ("/renamed?page-size=7", "7 None"),
        ("/renamed?page%2Dsize=7&filter%5Bname%5D=x", r#"7 Some("x")"#),
        ("/renamed?page-size=7&filter[name]=x", r#"7 Some("x")"#),
        ("/optional/7", "Some(7)"),
        ("/struct", "Filter { color: None, tag: [], min: None, per_page: 0 }"),
        (
            "/struct?color=red&tag=a&tag=b&min=1.5&per-page=9&other=1",
            r#"Filter { color: Some("red"), tag: ["a", "b"], min: Some(1.5), per_page: 9 }"#,
        ),
        ("/both?page=2&color=blue", r#"2 Some("blue")"#),
        ("/query?color=a%26b&per-page=3", r#"Some("a&b") 3"#),
        ("/query/optional", "none"),
        ("/query/optional?color=a", r#"Some("a")"#),
    ] {
        assert_eq!(client.get(target).send().text(), text, "{target}");
    }
}

#[test]
fn an_unknown_key_never_matters() {
    let client = queries();
    for target in ["/number?page=3&utm=%ff", "/number?page=3&%ff=1", "/number?%=%&page=3"] {
        assert_eq!(client.get(target).send().text(), "3", "{target}");
    }
    assert_eq!(client.get("/query?color=a&other=%ff").send().text(), r#"Some("a") 0"#);
}

#[test]
fn a_missing_or_malformed_parameter_is_a_400_that_names_it() {
    let client = queries();
    for (target, detail, pointer) in [
        ("/text", "query parameter `q` is missing: it should be text", "query/q"),
        ("/text?q=%ff", "query parameter `q` should be UTF-8 text", "query/q"),
        (
            "/number",
            "query parameter `page` is missing: it should be an integer from 0 to 4294967295",
            "query/page",
        ),
        (
            "/number?page=x",
            "query parameter `page` should be an integer from 0 to 4294967295, not `x`",
            "query/page",
        ),
        (
            "/number?page=",
            "query parameter `page` should be an integer from 0 to 4294967295, not nothing",
            "query/page",
        ),
        (
            "/optional?page=-1",
            "query parameter `page` should be an integer from 0 to 4294967295, not `-1`",
            "query/page",
        ),
        (
            "/many?id=1&id=256",
            "query parameter `id` should be an integer from 0 to 255, not `256`",
            "query/id",
        ),
        (
            "/renamed",
            "query parameter `page-size` is missing: it should be an integer from 0 to 255",
            "query/page-size",
        ),
        (
            "/renamed?page-size=many",
            "query parameter `page-size` should be an integer from 0 to 255, not `many`",
            "query/page-size",
        ),
        ("/optional/x", "path parameter `id` should be an integer from 0 to 255, not `x`", "path/id"),
        ("/struct?min=low", "query parameter `min` should be a number, not `low`", "query/min"),
        (
            "/query?per-page=300",
            "query parameter `per-page` should be an integer from 0 to 255, not `300`",
            "query/per-page",
        ),
        ("/query/optional?min=x", "query parameter `min` should be a number, not `x`", "query/min"),
        ("/query?color=%ff", "query parameter `color` should be UTF-8 text", "query/color"),
    ] {
        let response = client.get(target).send();
        assert_eq!(response.status(), 400, "{target}");
        let problem = response.problem().unwrap();
        assert_eq!(problem.detail(), Some(detail), "{target}");
        assert_eq!(problem.errors()[0].pointer, pointer, "{target}");
    }
}

#[test]
fn a_result_never_rejects_and_names_the_parameter() {
    let client = queries();
    for (target, text) in [
        ("/judged?page=7", "7"),
        (
            "/judged?page=x",
            "400 Bad Request: query parameter `page` should be an integer from 0 to 255, not `x` / query/page",
        ),
        (
            "/judged",
            "400 Bad Request: query parameter `page` is missing: it should be an integer from 0 to 255 / query/page",
        ),
        ("/judged?page=%ff", "400 Bad Request: query parameter `page` should be UTF-8 text / query/page"),
        ("/judged/7", "7"),
        (
            "/judged/300",
            "400 Bad Request: path parameter `id` should be an integer from 0 to 255, not `300` / path/id",
        ),
    ] {
        assert_eq!(client.get(target).send().text(), text, "{target}");
    }
}

#[test]
fn a_query_of_very_many_parameters_is_refused() {
    let client = queries();
    let many = |count: usize| vec!["id=1"; count].join("&");
    assert_eq!(client.get(format!("/many?{}", many(1000))).send().status(), 200);
    let response = client.get(format!("/many?{}", many(1001))).send();
    assert_eq!(response.status(), 400);
    assert_eq!(response.problem().unwrap().detail(), Some("the query has more than 1000 parameters"));
    // One that does not read its query does not care.
    assert_eq!(client.get(format!("/judged/7?{}", many(1001))).send().status(), 200);
}
