//! A body that is read as if it were a stream of the crate `futures`.
use cello::prelude::*;

#[post("/count")]
async fn count(mut body: Body) -> String {
    let mut bytes = 0;
    while let Some(Ok(data)) = body.next().await {
        bytes += data.len();
    }
    bytes.to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![count]).run("127.0.0.1:8000")
}
