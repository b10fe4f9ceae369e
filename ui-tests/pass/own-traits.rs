//! Traits of one's own that have the methods of the library's, in modules that do not import those.
use cello::testing::TestClient;
use cello::{App, AppState, Json, get, post, routes};

mod other {
    pub trait IntoResponse {
        fn into_response(self) -> String;
    }

    impl IntoResponse for &str {
        fn into_response(self) -> String {
            self.to_uppercase()
        }
    }

    pub trait Described {
        const EXPECTED: &'static str = "anything";

        fn describe() -> &'static str {
            "described"
        }

        fn argument(&self) -> &'static str {
            "an argument"
        }

        fn from_query(&self) -> &'static str {
            "from a query"
        }

        fn from_request(&self) -> &'static str {
            "from a request"
        }
    }

    impl Described for String {}
}

use other::{Described, IntoResponse};

#[derive(AppState)]
struct Services {
    greeting: String,
}

mod sku {
    use cello::{FromParam, get};

    /// What it should be is what a number should be.
    pub struct Sku(pub u32);

    impl FromParam<'_> for Sku {
        const EXPECTED: &'static str = u32::EXPECTED;

        fn from_param(value: &str) -> Option<Self> {
            value.parse().ok().map(Self)
        }
    }

    #[get("/skus/<sku>?<more>")]
    pub async fn known(sku: Sku, more: Option<u8>) -> String {
        format!("{} {more:?} {}", sku.0, Sku::EXPECTED)
    }
}

use sku::{Sku, known};

#[derive(serde::Deserialize)]
struct Filter {
    name: String,
}

#[get("/<sku>?<filter..>")]
async fn find(sku: Sku, filter: Filter, greeting: &String) -> String {
    let text = String::new();
    let own = [String::EXPECTED, String::describe(), text.argument(), text.from_query(), text.from_request()];
    format!("{} {} {} {greeting} {}", sku.0, filter.name, "shout".into_response(), own.join(", "))
}

#[post("/")]
async fn echo(body: Json<String>) -> Json<String> {
    body
}

mod child {
    use super::*;


    pub fn shout() -> String {
        "child".into_response()
    }
}

fn main() {
    let app = App::new(routes![find, echo, known]).state(Services { greeting: "hello".to_owned() });
    let client = TestClient::new(app);
    let answer = client.get("/7?name=ann").send();
    assert_eq!(answer.text(), "7 ann SHOUT hello anything, described, an argument, from a query, from a request");
    assert!(client.get("/skus/7").send().text().starts_with("7 None an integer"));
    assert_eq!(child::shout(), "CHILD");
}
