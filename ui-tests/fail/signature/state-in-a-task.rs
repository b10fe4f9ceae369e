//! Borrowed state in a task that outlives the request.
// rustc's own: borrowed data escapes outside of function
use cello::prelude::*;

struct Users(u32);

#[derive(AppState)]
struct Services {
    users: Users,
}

fn later(task: impl Future<Output = ()> + 'static) {
    drop(task);
}

#[post("/users")]
async fn users(users: &Users) -> StatusCode {
    later(async move { println!("{}", users.0) });
    StatusCode::ACCEPTED
}

fn main() -> cello::Result<()> {
    App::new(routes![users]).state(Services { users: Users(2) }).run("127.0.0.1:8000")
}
