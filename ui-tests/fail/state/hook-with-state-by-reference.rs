//! A hook that takes state by reference, as handlers do.
use cello::prelude::*;

struct Jobs;

impl Jobs {
    async fn begin(&self) {}
}

#[derive(AppState)]
struct Services {
    jobs: Jobs,
}

fn main() -> cello::Result<()> {
    App::new(routes![])
        .state(Services { jobs: Jobs })
        .on_start(async |jobs: &Jobs| jobs.begin().await)
        .run("127.0.0.1:8000")
}
