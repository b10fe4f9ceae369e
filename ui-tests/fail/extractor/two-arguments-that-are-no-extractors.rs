//! Two arguments that nothing of a request can become.
// mistakes: 2
use cello::prelude::*;

struct Report(u32);
struct Author(u32);

#[get("/report")]
async fn handler(report: Report, author: Author) -> String {
    (report.0 + author.0).to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
