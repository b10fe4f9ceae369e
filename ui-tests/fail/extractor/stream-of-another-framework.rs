//! The body piece by piece, as axum gives it.
use cello::prelude::*;

#[post("/upload")]
async fn upload(mut body: BodyStream) -> String {
    let mut len = 0;
    while let Some(Ok(piece)) = body.next().await {
        len += piece.len();
    }
    len.to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![upload]).run("127.0.0.1:8000")
}
