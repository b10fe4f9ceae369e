//! Handlers of one name, and several `blueprint!`, in one file, wherever they can stand.
use cello::prelude::*;
use cello::testing::TestClient;

mod users {
    use cello::prelude::*;

    blueprint!("/users", [list]);

    #[get("/")]
    pub async fn list() -> &'static str {
        "users"
    }
}

mod items {
    use cello::prelude::*;

    blueprint!("/items", [list]);

    #[get("/")]
    pub async fn list() -> &'static str {
        "items"
    }
}

#[cfg(all())]
#[get("/list")]
async fn list() -> &'static str {
    "one"
}

#[cfg(any())]
#[get("/list")]
async fn list() -> &'static str {
    "another"
}

struct Test;

impl Test {
    fn client() -> TestClient {
        #[get("/inside")]
        async fn list() -> &'static str {
            "inside"
        }
        TestClient::new(App::new(routes![list]))
    }
}

fn main() {
    let client = TestClient::new(App::new(routes![users, items, list]));
    let get = |path: &str| client.get(path).send().text().to_owned();
    assert_eq!(get("/users"), "users");
    assert_eq!(get("/items"), "items");
    assert_eq!(get("/list"), "one");
    assert_eq!(Test::client().get("/inside").send().text(), "inside");
}
