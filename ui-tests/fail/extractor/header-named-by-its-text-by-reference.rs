//! A header field by its text, and by reference.
use cello::prelude::*;

#[get("/")]
async fn index(agent: &Header<"user-agent">) -> String {
    agent.to_string()
}

fn main() {
    App::new(routes![index]);
}
