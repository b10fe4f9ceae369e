//! An extractor around any type, also one that may not go from thread to thread.
use cello::prelude::*;
use serde::de::DeserializeOwned;

/// A body that says of itself that it was checked.
struct Checked<T>(T);

impl<T: DeserializeOwned + From<String>> FromRequest for Checked<T> {
    type Rejection = Problem;
    type State = ();

    const TAKES_BODY: bool = true;

    async fn from_request(cx: &mut RequestContext<'_, Self>) -> Result<Self, Problem> {
        let text = String::from_request(&mut cx.inner()).await.map_err(|_| StatusCode::BAD_REQUEST)?;
        Ok(Self(text.into()))
    }
}

#[post("/notes")]
async fn create(note: Checked<String>) -> String {
    note.0
}

fn main() -> cello::Result<()> {
    App::new(routes![create]).run("127.0.0.1:8000")
}
