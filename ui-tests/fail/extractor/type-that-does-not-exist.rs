//! An argument whose type is not imported.
// rustc's own: cannot find type
use cello::prelude::*;

#[get("/report")]
async fn handler(agent: UserAgent) -> String {
    agent.0
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
