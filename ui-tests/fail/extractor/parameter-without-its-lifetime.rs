//! A type of one's own for parameters, whose trait is written without its lifetime.
use cello::prelude::*;

struct Sku(u32);

impl FromParam for Sku {
    const EXPECTED: &'static str = "an article number such as `A-17`";

    fn from_param(value: &str) -> Option<Self> {
        value.strip_prefix("A-")?.parse().ok().map(Self)
    }
}

#[get("/articles/<sku>")]
async fn article(sku: Sku) -> String {
    sku.0.to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![article]).run("127.0.0.1:8000")
}
