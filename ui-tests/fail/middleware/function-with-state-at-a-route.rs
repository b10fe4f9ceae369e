//! A middleware function with state at a route, where nothing says what it takes.
use cello::prelude::*;

struct AuditLog;

async fn audit(request: Request, next: Next<'_>, _: &AuditLog) -> Response {
    next.run(request).await
}

#[derive(AppState)]
struct Services {
    log: AuditLog
}

#[get("/", with(audit))]
async fn index() -> &'static str {
    "welcome"
}

fn app() -> impl Application {
    App::new(routes![index]).state(Services { log: AuditLog })
}

fn main() {
    app();
}
