//! Everything that the macros write, in a crate that renames Cello in its `Cargo.toml`.
#![forbid(unsafe_code)]

use framework::prelude::*;

/// What handlers share.
#[derive(Debug, AppState)]
pub struct Services {
    greeting: String,
}

#[derive(Debug, HttpError)]
enum Refusal {
    /// Nobody has this name
    #[status(404)]
    Nobody,
}

#[framework::blueprint("/people")]
mod people {
    use super::*;

    #[get("/<name>?<loud>")]
    async fn greet(name: &str, loud: Option<bool>, greeting: &String) -> Result<String, Refusal> {
        if name.is_empty() || name == "nobody" {
            return Err(Refusal::Nobody);
        }
        let text = format!("{greeting}, {name}");
        Ok(if loud == Some(true) { text.to_uppercase() } else { text })
    }
}

mod listed {
    use framework::prelude::*;

    blueprint!("/listed", [index]);

    #[post("/")]
    async fn index(body: String) -> String {
        body
    }
}

/// The application, whole.
pub fn app() -> impl Application {
    App::new(routes![people, listed]).state(Services { greeting: "hello".to_owned() })
}
