//! State as a trait object.
use cello::prelude::*;

trait Reports: Send + Sync {
    fn count(&self) -> u32;
}

#[get("/report")]
async fn handler(reports: &dyn Reports) -> String {
    reports.count().to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
