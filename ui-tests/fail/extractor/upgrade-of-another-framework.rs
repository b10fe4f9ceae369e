//! A WebSocket as axum has it.
use cello::prelude::*;

#[get("/echo")]
async fn echo(upgrade: WebSocketUpgrade) -> StatusCode {
    drop(upgrade);
    StatusCode::NOT_IMPLEMENTED
}

fn main() -> cello::Result<()> {
    App::new(routes![echo]).run("127.0.0.1:8000")
}
