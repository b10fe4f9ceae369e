//! A header field named by its text, as other frameworks do it.
use cello::prelude::*;

#[get("/")]
async fn index(agent: Header<"user-agent">) -> String {
    agent.0.to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).run("127.0.0.1:8000")
}
