//! A handle of shared state around a reference to it.
// mistakes: 6
use cello::prelude::*;

struct Users {
    count: u32,
}

#[derive(AppState)]
struct Services {
    users: Users,
}

#[get("/users")]
async fn users(users: State<&Users>) -> String {
    users.count.to_string()
}

// What a state can hold is offered, not what stands behind a reference.
#[get("/changed")]
async fn changed(users: State<&mut Users>) -> String {
    users.count.to_string()
}

#[get("/text")]
async fn text(text: State<&str>) -> String {
    text.to_string()
}

#[get("/list")]
async fn list(list: State<&[u32]>) -> String {
    list.len().to_string()
}

#[get("/pattern")]
async fn pattern(State(users): State<&Users>) -> String {
    users.count.to_string()
}

#[get("/borrowed")]
async fn borrowed(users: &State<&Users>) -> String {
    users.count.to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![users, changed, text, list, pattern, borrowed]).state(Services { users: Users { count: 2 } }).run("127.0.0.1:8000")
}
