//! A middleware of a route stands outside the one whose value it needs.
use cello::middleware::FromMiddleware;
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

struct Audit;

impl MiddlewareWith for Audit {
    type State = FromMiddleware<User>;
    type Provides = ();

    async fn handle<'a>(
        &'a self,
        request: Request,
        user: &'a User,
        next: Next<'a, impl Handle>,
    ) -> Response {
        assert!(!user.0.is_empty());
        next.run(request).await
    }
}

#[get("/", with(Audit, Sessions))]
async fn index() -> &'static str {
    "welcome"
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).run("127.0.0.1:8000")
}
