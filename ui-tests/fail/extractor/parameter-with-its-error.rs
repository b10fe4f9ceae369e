//! A type of one's own for parameters, written as in Rocket.
// rustc's own: is not a member of trait
// rustc's own: not found for `Self`
use cello::prelude::*;

struct Sku(u32);

impl<'r> FromParam<'r> for Sku {
    type Error = std::num::ParseIntError;

    fn from_param(value: &'r str) -> Result<Self, Self::Error> {
        value.parse().map(Self)
    }
}

#[get("/articles/<sku>")]
async fn article(sku: Sku) -> String {
    sku.0.to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![article]).run("127.0.0.1:8000")
}
