//! A crate that re-exports Cello under a name of its own: `crate = path` says where it is.
use web::cello::prelude::*;
use web::cello::testing::TestClient;

mod web {
    pub use cello;
}

#[derive(AppState)]
#[state(crate = crate::web::cello)]
struct Services {
    name: String,
}

#[derive(Debug, HttpError)]
#[http_error(crate = crate::web::cello)]
enum Fault {
    /// Nothing is here
    #[status(404)]
    Absent,
}

#[get("/", crate = crate::web::cello)]
async fn index(name: &String) -> Result<String, Fault> {
    if name.is_empty() { Err(Fault::Absent) } else { Ok(name.clone()) }
}

#[web::cello::blueprint("/users", crate = crate::web::cello)]
mod users {
    #[get("/<id>")]
    async fn user(id: u8) -> String {
        id.to_string()
    }
}

mod listed {
    use crate::web::cello::prelude::*;

    blueprint!("/listed", [index], crate = crate::web::cello);

    #[get("/", crate = crate::web::cello)]
    async fn index() -> &'static str {
        "listed"
    }
}

fn main() {
    let app = App::new(routes![index, users, listed]).state(Services { name: "n".to_owned() });
    let client = TestClient::new(app);
    assert_eq!(client.get("/").send().text(), "n");
    assert_eq!(client.get("/users/3").send().text(), "3");
    assert_eq!(client.get("/listed").send().text(), "listed");
}
