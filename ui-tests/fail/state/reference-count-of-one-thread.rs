//! State in an `Rc`, and a handler that takes it.
// mistakes: 2
use std::rc::Rc;

use cello::prelude::*;

struct Users(Vec<String>);

#[derive(AppState)]
struct Services {
    users: Rc<Users>,
}

#[get("/users")]
async fn users(users: &Rc<Users>) -> String {
    users.0.join(", ")
}

fn main() -> cello::Result<()> {
    App::new(routes![users]).state(Services { users: Rc::new(Users(Vec::new())) }).run("127.0.0.1:8000")
}
