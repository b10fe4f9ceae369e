//! A middleware function takes a part of the state by value.
use cello::prelude::*;

struct AuditLog;

async fn audit(request: Request, next: Next<'_>, _: AuditLog) -> Response {
    next.run(request).await
}

#[derive(AppState)]
struct Services {
    log: AuditLog
}

#[get("/")]
async fn index() -> &'static str {
    "welcome"
}

fn app() -> impl Application {
    App::new(routes![index]).state(Services { log: AuditLog }).with(audit)
}

fn main() {
    app();
}
