//! A boxed error that is not `Send`, held while the handler waits.
use cello::prelude::*;

async fn pause() {}

fn read() -> Result<String, Box<dyn std::error::Error>> {
    Ok("a report".to_owned())
}

#[get("/report")]
async fn handler() -> String {
    match read() {
        Ok(report) => report,
        Err(error) => {
            pause().await;
            error.to_string()
        }
    }
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
