//! Cookies as Rocket takes them.
use cello::prelude::*;

#[get("/")]
async fn index(cookies: &CookieJar<'_>) -> String {
    format!("{:?}", cookies.get("session"))
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).run("127.0.0.1:8000")
}
