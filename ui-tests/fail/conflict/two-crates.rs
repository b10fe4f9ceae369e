//! Handlers of two other crates answer one request.
use cello::prelude::*;

fn main() -> cello::Result<()> {
    App::new(routes![catalogue::products, warehouse::stock, warehouse::shelves]).run("127.0.0.1:8000")
}
