//! A handler, two of a blueprint and the state, each with a mistake of its own.
// mistakes: 5
use cello::prelude::*;

struct Mails;

#[derive(AppState)]
struct Services {
    users: u64,
}

#[cello::blueprint("/shop")]
mod shop {
    use super::*;

    #[get("/items/<id>")]
    async fn no_argument() -> &'static str {
        "item"
    }

    #[get("/carts")]
    async fn no_responder() -> Mails {
        Mails
    }

    #[get("/mails")]
    async fn no_state(mails: &Mails) -> &'static str {
        let Mails = mails;
        "mails"
    }

    #[get("/pages")]
    async fn no_parameter(page: u64) -> String {
        page.to_string()
    }
}

#[post("/form")]
async fn two_bodies(form: String, rest: Bytes) -> String {
    form + &rest.len().to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![shop, two_bodies]).state(Services { users: 2 }).run("127.0.0.1:8000")
}
