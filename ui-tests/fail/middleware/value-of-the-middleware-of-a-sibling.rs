//! A handler takes a value that a middleware provides to the route beside it alone.
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

#[cello::blueprint("/users")]
mod users {
    use super::*;

    #[get("/me", with(Sessions))]
    async fn me(user: Provided<User>) -> String {
        user.0.0
    }

    #[get("/you")]
    async fn you(user: Provided<User>) -> String {
        user.0.0
    }
}

fn main() -> cello::Result<()> {
    App::new(routes![users]).run("127.0.0.1:8000")
}
