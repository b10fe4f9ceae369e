//! The state of an application given to its test client alone.
use cello::prelude::*;
use cello::testing::TestClient;

struct Mailer;

#[get("/")]
async fn index(mailer: &Mailer) -> &'static str {
    let Mailer = mailer;
    "sent"
}

fn main() {
    let client = TestClient::builder(App::new(routes![index])).state(Mailer).build();
    assert_eq!(client.get("/").send().status(), 200);
}
