//! A hook whose error is a text.
use cello::prelude::*;

struct Jobs;

impl Jobs {
    async fn begin(&self) -> Result<(), String> {
        Ok(())
    }
}

#[derive(AppState)]
struct Services {
    jobs: Jobs,
}

fn main() -> cello::Result<()> {
    App::new(routes![])
        .state(Services { jobs: Jobs })
        .on_start(async |jobs: State<Jobs>| jobs.begin().await)
        .run("127.0.0.1:8000")
}
