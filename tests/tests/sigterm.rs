//! SIGTERM under load loses no request: what `sigterm` (in `src/bin`) shows at length, in short.
#![forbid(unsafe_code)]

use std::time::Duration;

use behaviour::load::{self, Kind};
use behaviour::{MODES, Process};

const SERVER: &str = env!("CARGO_BIN_EXE_target-server");

#[test]
fn no_request_is_lost() {
    for mode in MODES {
        for kind in Kind::ALL {
            for path in ["/", "/wait/5"] {
                let outcome = load::run(Process::start(SERVER, mode), kind, 32, path, 300);
                assert_eq!(outcome.lost, 0, "{mode:?} {kind:?} {path}: {outcome}");
                assert_eq!(outcome.status.code(), Some(0), "{mode:?} {kind:?} {path}: {outcome}");
                assert!(outcome.answered_late > 0, "{mode:?} {kind:?} {path}: {outcome}");
                assert!(outcome.took < Duration::from_secs(30), "{mode:?} {kind:?} {path}: {outcome}");
            }
        }
    }
}
