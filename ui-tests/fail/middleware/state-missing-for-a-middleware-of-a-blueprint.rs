//! A middleware of a blueprint needs state that the application does not have.
use cello::prelude::*;

struct Visits(u64);

struct Counting;

impl MiddlewareWith for Counting {
    type State = (Visits,);
    type Provides = ();

    async fn handle<'a>(
        &'a self,
        request: Request,
        (visits,): (&'a Visits,),
        next: Next<'a, impl Handle>,
    ) -> Response {
        assert!(visits.0 < 1000);
        next.run(request).await
    }
}

#[derive(AppState)]
struct Services {
    users: u32,
}

#[cello::blueprint("/counted", with(Counting))]
mod counted {
    use super::*;

    #[get("/")]
    async fn index() -> &'static str {
        "welcome"
    }
}

fn main() -> cello::Result<()> {
    App::new(routes![counted]).state(Services { users: 2 }).run("127.0.0.1:8000")
}
