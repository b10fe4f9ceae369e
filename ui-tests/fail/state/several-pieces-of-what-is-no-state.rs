//! State without the derive, of which several handlers take pieces.
use cello::prelude::*;

struct Users(u32);

struct Audit(u32);

struct Services {
    users: Users,
    audit: Audit,
}

#[get("/users")]
async fn users(users: &Users) -> String {
    users.0.to_string()
}

#[get("/audit")]
async fn audit(audit: &Audit) -> String {
    audit.0.to_string()
}

fn main() -> cello::Result<()> {
    let services = Services { users: Users(2), audit: Audit(3) };
    println!("{} users, {} entries", services.users.0, services.audit.0);
    App::new(routes![users, audit]).state(services).run("127.0.0.1:8000")
}
