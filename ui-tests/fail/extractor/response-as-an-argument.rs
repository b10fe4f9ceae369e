//! The response as an argument, as in Express.
use cello::prelude::*;

#[get("/")]
async fn index(method: &Method, response: Response) -> Response {
    println!("{method}");
    response
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).run("127.0.0.1:8000")
}
