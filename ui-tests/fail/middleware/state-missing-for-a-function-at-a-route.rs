//! A middleware function of a route takes a part of the state that the state has not.
use cello::prelude::*;

struct AuditLog;

async fn audit(request: Request, next: Next<'_>, _: &AuditLog) -> Response {
    next.run(request).await
}

#[derive(AppState)]
struct Services {
    name: String
}

#[get("/", with(audit as StateFn<(AuditLog,)>))]
async fn index() -> &'static str {
    "welcome"
}

fn app() -> impl Application {
    App::new(routes![index]).state(Services { name: String::new() })
}

fn main() {
    app();
}
