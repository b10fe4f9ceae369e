//! A link with a parameter that has no text.
use cello::prelude::*;

struct Id(u32);

impl FromParam<'_> for Id {
    const EXPECTED: &'static str = "an id";

    fn from_param(value: &str) -> Option<Self> {
        value.parse().ok().map(Self)
    }
}

#[get("/users/<id>")]
async fn user(id: Id) -> String {
    id.0.to_string()
}

#[get("/")]
async fn index() -> String {
    user::path(Id(3)).to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![index, user]).run("127.0.0.1:8000")
}
