//! A middleware with a value, made by a function, in whose place no type stands.
use cello::prelude::*;

#[derive(Clone)]
struct User(String);

struct Sessions;

impl MiddlewareWith for Sessions {
    type State = ();
    type Provides = User;

    async fn handle<'a>(
        &'a self,
        request: Request,
        (): (),
        next: Next<'a, impl Handle, User>,
    ) -> Response {
        next.run_with(request, &User("ada".to_owned())).await
    }
}

fn sessions() -> Sessions {
    Sessions
}

#[get("/", with(sessions()))]
async fn index() -> &'static str {
    "welcome"
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).run("127.0.0.1:8000")
}
