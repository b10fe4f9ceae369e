//! Readiness over real sockets: it turns when the server is told to stop, while requests are still taken.

#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::time::Duration;

use behaviour::Client;
use cello::prelude::*;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readiness_turns_when_the_server_is_told_to_stop() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let limits = Limits::default().drain_delay(Duration::from_secs(600));
    let app = App::new(routes![cello::health]).health_check("always", async || {}).limits(limits);
    let (stop, stopped) = oneshot::channel::<()>();
    let server = tokio::spawn(app.serve_until(listener, async { drop(stopped.await) }));
    let asked = tokio::task::spawn_blocking(move || {
        let mut client = Client::connect(address);
        assert_eq!(client.get("/health/ready").text(), r#"{"status":"pass"}"#);
        stop.send(()).unwrap();
        // The server learns of it at its own pace; it still answers, on new connections too.
        let turned = loop {
            let reply = Client::connect(address).get("/health/ready");
            if reply.status != 200 {
                break reply;
            }
        };
        (turned, client.get("/health/live"))
    });
    let (turned, live) = asked.await.unwrap();
    assert_eq!(
        (turned.status, turned.text()),
        (503, r#"{"status":"fail","reason":"the server is stopping"}"#.to_owned())
    );
    assert_eq!(live.text(), r#"{"status":"pass"}"#);
    server.abort();
}
