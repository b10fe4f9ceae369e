//! `#[blueprint]` on a module in another file.
// rustc's own: file modules in proc macro input are unstable
use cello::prelude::*;

#[cello::blueprint("/area")]
#[path = "../../support/area.rs"]
mod area;

fn main() -> cello::Result<()> {
    App::new(routes![area]).run("127.0.0.1:8000")
}
