//! The address of the client as axum gives it.
use std::net::SocketAddr;

use cello::prelude::*;

#[get("/whoami")]
async fn whoami(client: ConnectInfo<SocketAddr>) -> String {
    client.0.to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![whoami]).run("127.0.0.1:8000")
}
