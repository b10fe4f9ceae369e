//! A crate that forbids what generated code could be told off for: there an `allow` would be an error itself.
#![forbid(unsafe_code, unused_imports, unused_variables, unreachable_patterns, unused_lifetimes, single_use_lifetimes)]
#![deny(warnings)]
use cello::prelude::*;
use cello::testing::TestClient;

/// The number of an organisation.
struct Org(u32);

impl FromParam<'_> for Org {
    const EXPECTED: &'static str = "the number of an organisation";

    fn from_param(value: &str) -> Option<Self> {
        value.parse().ok().map(Self)
    }
}

impl std::fmt::Display for Org {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// A name, as it stands in the path.
struct Name<'a>(&'a str);

impl<'a> FromParam<'a> for Name<'a> {
    const EXPECTED: &'static str = "a name";

    fn from_param(value: &'a str) -> Option<Self> {
        Some(Self(value))
    }
}

impl std::fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

#[derive(AppState)]
struct Services {
    greeting: String,
}

/// A state of nothing, which looks at no type.
#[derive(AppState)]
struct Nothing {}

/// An error of one kind, with a source, and one of several.
#[derive(Debug, HttpError)]
#[status(500)]
struct Broken(#[source] std::fmt::Error);

#[derive(Debug, HttpError)]
enum Failed {
    #[status(500)]
    Format(#[from] std::fmt::Error),
    #[status(404)]
    NotFound,
}

#[get("/broken")]
async fn broken() -> Result<&'static str, Broken> {
    Err(Broken(std::fmt::Error))
}

#[get("/failed/<kind>")]
async fn failed(kind: u8) -> Result<&'static str, Failed> {
    if kind == 0 { Err(Failed::NotFound) } else { Err(std::fmt::Error)? }
}

// Several handlers in one module, each of which imports the same names.
#[get("/orgs/<org>")]
async fn org(org: Org) -> String {
    org.to_string()
}

#[get("/orgs/<org>/people/<name>")]
async fn person(org: Org, name: Name<'_>, greeting: &String) -> String {
    format!("{greeting}, {} of {}", name.0, org.0)
}

mod listed {
    use cello::prelude::*;

    blueprint!("/listed", [first, second]);

    #[get("/first")]
    async fn first() -> &'static str {
        "first"
    }

    #[get("/second")]
    async fn second() -> &'static str {
        "second"
    }
}

#[cello::blueprint("/inline")]
mod inline {
    use super::Services;

    #[get("/")]
    pub(super) async fn index() -> &'static str {
        std::any::type_name::<Services>()
    }
}

macro_rules! made {
    ($($name:ident $path:literal)+) => { $(
        #[get($path)]
        async fn $name() -> &'static str {
            stringify!($name)
        }
    )+ };
}

made!(left "/left" right "/right");

fn main() {
    let app = App::new(routes![org, person, listed, inline, left, right]);
    let client = TestClient::new(app.state(Services { greeting: "Good day".to_owned() }));
    assert_eq!(client.get(&person::path(Org(3), Name("Ada")).to_string()).send().text(), "Good day, Ada of 3");
    assert_eq!(client.get(&org::path(Org(3)).to_string()).send().text(), "3");
    assert_eq!(client.get("/listed/second").send().text(), "second");
    assert!(client.get(&inline::index::path().to_string()).send().text().ends_with("Services"));
    assert_eq!(client.get("/right").send().text(), "right");
    let client = TestClient::new(App::new(routes![broken, failed]).state(Nothing {}));
    assert_eq!(client.get("/broken").send().status(), 500);
    assert_eq!(client.get("/failed/0").send().status(), 404);
    assert_eq!(client.get("/failed/1").send().status(), 500);
}
