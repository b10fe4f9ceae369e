//! An extractor that holds what cannot change threads while it waits.
use std::rc::Rc;

use cello::prelude::*;

struct Visitor {
    name: String,
}

impl FromRequest for Visitor {
    type Rejection = Problem;
    type State = ();

    async fn from_request(cx: &mut RequestContext<'_, Self>) -> Result<Self, Problem> {
        let name = Rc::new(cx.uri().path().to_owned());
        pause().await;
        Ok(Self { name: name.to_string() })
    }
}

async fn pause() {}

#[get("/")]
async fn index(visitor: Visitor) -> String {
    visitor.name
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).run("127.0.0.1:8000")
}
