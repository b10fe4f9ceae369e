//! A server within the test: [`serve`].

use std::net::SocketAddr;

use cello::prelude::*;
use tokio::net::TcpListener;

/// Serves an application on a thread of its own, until the test ends.
pub fn serve(app: impl Application) -> SocketAddr {
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            sender.send(listener.local_addr().unwrap()).unwrap();
            app.serve_until(listener, std::future::pending()).await.unwrap();
        });
    });
    receiver.recv().unwrap()
}
