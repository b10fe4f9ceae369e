//! What the macros write brings no warning to a crate that denies them all.
#![deny(warnings, missing_docs, unreachable_pub, missing_debug_implementations, missing_copy_implementations, unused_qualifications)]
#![deny(rust_2018_idioms, single_use_lifetimes, unnameable_types, let_underscore_drop, elided_lifetimes_in_paths)]
use cello::prelude::*;
use cello::testing::TestClient;

/// State.
#[derive(AppState, Debug)]
pub struct Services {
    name: String,
}

/// Errors.
#[derive(HttpError, Debug)]
#[allow(missing_copy_implementations)] // an error is not copied
pub enum Fault {
    /// Nothing is here
    #[status(404)]
    Absent,
}

/// A public handler.
#[get("/public/<id>?<q>")]
pub async fn public(id: u8, q: Option<&str>, name: &String, method: &Method) -> Result<String, Fault> {
    if id == 0 { Err(Fault::Absent) } else { Ok(format!("{id} {q:?} {name} {method}")) }
}

/// A name that rustc has another idea of.
#[allow(non_snake_case)]
#[get("/named/<userId>")]
pub async fn named(userId: u8) -> String {
    userId.to_string()
}

/// A link takes what no handler takes, by whatever name.
#[cello::blueprint("/tenants/<tenantId>/<a__b>")]
pub mod tenants {
    #[get("/")]
    async fn every_tenant() {}
}

/// A name that is not used any more.
#[deprecated]
pub type Old = String;

/// A handler that may use it still, and so may what stands beside it.
#[allow(deprecated)]
#[post("/old/<old>")]
pub async fn outdated(old: Old, name: &Old, body: Old) -> Old {
    old + name + &body
}

#[post("/private", with(Cors::default()))]
async fn private(body: String, _method: Method) -> String {
    body
}

/// A public blueprint.
#[cello::blueprint("/inline")]
pub mod inline {
    use super::*;

    #[get("/<id>")]
    fn hidden(id: u8) -> String {
        format!("{id}")
    }

    #[cfg(any())]
    #[get("/gone")]
    fn gone() {}
}

mod listed {
    use cello::prelude::*;

    blueprint!("/listed/<x>", [index]);

    #[get("/", params(x))]
    async fn index(x: u8) -> String {
        format!("{x}")
    }
}

fn main() {
    let app = App::new(routes![public, named, tenants, outdated, private, inline, listed]).state(Services { name: "n".to_owned() });
    let client = TestClient::new(app);
    assert_eq!(client.get("/public/1?q=z").send().text(), "1 Some(\"z\") n GET");
    assert_eq!(client.get("/public/0").send().status(), 404);
    assert_eq!(client.post("/private").body("b").send().text(), "b");
    assert_eq!(client.post("/old/o").body("b").send().text(), "onb");
    assert_eq!(client.get("/inline/2").send().text(), "2");
    assert_eq!(client.get("/listed/3").send().text(), "3");
}
