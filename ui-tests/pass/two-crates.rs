//! Blueprints of two other crates, mounted beside a handler of this one.
use cello::prelude::*;
use cello::testing::TestClient;

#[get("/")]
async fn index() -> &'static str {
    "index"
}

fn main() {
    let client = TestClient::new(App::new(routes![index, catalogue::products, warehouse::shelves]));
    assert_eq!(client.get("/").send().text(), "index");
    assert_eq!(client.get("/products/7").send().text(), "product 7");
    assert_eq!(client.get("/shelves/2/9").send().text(), "row 2, place 9");
    assert_eq!(catalogue::products::product::path(7), "/products/7");
}
