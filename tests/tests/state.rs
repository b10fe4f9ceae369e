//! What an application's state starts goes on as long as the server.
#![forbid(unsafe_code)]

use behaviour::{MODES, Process};

const SERVER: &str = env!("CARGO_BIN_EXE_target-server");

#[test]
fn a_task_started_with_the_state_is_driven() {
    for mode in MODES {
        let server = Process::start(SERVER, mode);
        for count in 1..=20 {
            let reply = server.connect().get("/background");
            assert_eq!((reply.status, reply.text()), (200, count.to_string()));
        }
    }
}
