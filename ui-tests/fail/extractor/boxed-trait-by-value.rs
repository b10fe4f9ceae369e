//! State behind a trait that is taken by value.
use cello::prelude::*;

trait Store: Send + Sync {
    fn names(&self) -> String;
}

#[derive(AppState)]
struct Services {
    store: Box<dyn Store>,
}

struct Memory;

impl Store for Memory {
    fn names(&self) -> String {
        "ann, bob".to_owned()
    }
}

#[get("/users")]
async fn users(store: Box<dyn Store>) -> String {
    store.names()
}

fn main() -> cello::Result<()> {
    App::new(routes![users]).state(Services { store: Box::new(Memory) }).run("127.0.0.1:8000")
}
