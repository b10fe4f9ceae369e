//! An error that takes its text from its source, as thiserror has it, and a handler that makes one by `?`.
use cello::prelude::*;

#[derive(Debug, HttpError)]
enum MotdError {
    #[status(503)]
    #[detail(transparent)]
    Unreadable(#[from] std::io::Error),
}

#[get("/motd")]
async fn motd() -> Result<String, MotdError> {
    Ok(std::fs::read_to_string("/etc/motd")?)
}

fn main() -> cello::Result<()> {
    App::new(routes![motd]).run("127.0.0.1:8000")
}
