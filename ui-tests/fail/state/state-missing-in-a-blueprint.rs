//! A handler of a nested blueprint takes state that the application does not have.
use cello::prelude::*;

struct Audit(u32);

#[derive(AppState)]
struct Services {
    users: u32,
}

#[cello::blueprint("/admin")]
mod admin {
    use super::*;

    #[blueprint("/audit")]
    mod audit {
        use super::*;

        #[get("/")]
        async fn latest(audit: &Audit) -> String {
            audit.0.to_string()
        }
    }
}

fn main() -> cello::Result<()> {
    App::new(routes![admin]).state(Services { users: 2 }).run("127.0.0.1:8000")
}
