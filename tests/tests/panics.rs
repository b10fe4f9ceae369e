//! A handler that panics answers 500, and its connection lives on.
#![forbid(unsafe_code)]

use behaviour::{MODES, Process};

const SERVER: &str = env!("CARGO_BIN_EXE_target-server");

#[test]
fn the_next_request_on_the_connection_works() {
    for mode in MODES {
        let server = Process::start(SERVER, mode);
        let mut client = server.connect();
        for _ in 0..3 {
            client.request("GET", "/panic").request("GET", "/");
            let reply = client.reply();
            assert_eq!((reply.status, reply.header("content-type")), (500, Some("application/problem+json")));
            assert_eq!(
                reply.text(),
                r#"{"type":"about:blank","title":"Internal Server Error","status":500}"#
            );
            assert_eq!(client.reply().text(), "hello");
        }
    }
}
