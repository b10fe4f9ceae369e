//! Two handlers of one blueprint answer one request.
use cello::prelude::*;

#[cello::blueprint("/users")]
mod users {
    use super::*;

    #[get("/<id>")]
    async fn by_id(id: u64) -> String {
        id.to_string()
    }

    #[get("/<name>")]
    async fn by_name(name: &str) -> String {
        name.to_owned()
    }
}

fn main() -> cello::Result<()> {
    App::new(routes![users]).run("127.0.0.1:8000")
}
