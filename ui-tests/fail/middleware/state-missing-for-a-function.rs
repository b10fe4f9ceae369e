//! A middleware function takes a part of the state that the state has not.
use cello::prelude::*;

struct AuditLog;

async fn audit(request: Request, next: Next<'_>, _: &AuditLog) -> Response {
    next.run(request).await
}

#[derive(AppState)]
struct Services {
    name: String
}

#[get("/")]
async fn index() -> &'static str {
    "welcome"
}

fn app() -> impl Application {
    App::new(routes![index]).state(Services { name: String::new() }).with(audit)
}

fn main() {
    app();
}
