//! An answer that borrows from the state.
use cello::prelude::*;

struct Title(String);

#[derive(AppState)]
struct Services {
    title: Title,
}

#[get("/title")]
async fn title(title: &Title) -> Option<&str> {
    Some(&title.0)
}

fn main() -> cello::Result<()> {
    App::new(routes![title]).state(Services { title: Title("Cello".to_owned()) }).run("127.0.0.1:8000")
}
