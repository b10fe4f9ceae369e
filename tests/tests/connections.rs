//! How many connections there may be: more wait, or are closed, and the server goes on.
#![forbid(unsafe_code)]

use behaviour::{Client, MODES, Process};

const SERVER: &str = env!("CARGO_BIN_EXE_target-server");

#[test]
fn more_than_the_limit_wait_until_one_closes() {
    for mode in MODES {
        let server = Process::start(SERVER, &[mode, &["--connections", "3"]].concat());
        let mut served: Vec<Client> = (0..3).map(|_| server.connect()).collect();
        for client in &mut served {
            assert_eq!(client.get("/").text(), "hello");
        }
        let mut waiting = server.connect();
        waiting.request("GET", "/");
        for _ in 0..100 {
            assert_eq!(served[0].get("/").text(), "hello");
        }
        assert!(waiting.has_nothing());
        drop(served.pop());
        assert_eq!(waiting.reply().text(), "hello");
        // And those that wait when the server stops are served.
        let mut last = server.connect();
        last.request("GET", "/");
        assert!(served[0].get("/").text() == "hello" && last.has_nothing());
        server.signal("TERM");
        assert_eq!(last.reply().text(), "hello");
        assert!(server.wait().0.success());
    }
}

#[test]
fn more_than_the_limit_of_an_address_are_closed() {
    for mode in MODES {
        let server = Process::start(SERVER, &[mode, &["--per-address", "2"]].concat());
        let (mut one, mut two) = (server.connect(), server.connect());
        assert_eq!((one.get("/").text(), two.get("/").text()), ("hello".to_owned(), "hello".to_owned()));
        assert_eq!(server.connect().rest().unwrap_or_default(), b"");
        drop(one);
        // The place is free when the server has noticed.
        while server.connect().try_get("/").is_err() {}
    }
}

#[test]
fn without_files_the_server_waits_and_goes_on() {
    for mode in MODES {
        let script = format!("ulimit -n 40; exec {SERVER} --workers 1 \"$@\"");
        let server = Process::start("sh", &[&["-c", &script, "sh"], mode].concat());
        let mut first = server.connect();
        assert_eq!(first.get("/").text(), "hello");
        // More than there are files for: those that are accepted are served, the others wait.
        let mut clients: Vec<Client> = (0..60).map(|_| server.connect()).collect();
        assert_eq!(first.get("/").text(), "hello");
        let mut last = clients.pop().unwrap();
        last.request("GET", "/");
        assert_eq!(first.get("/").text(), "hello");
        assert!(last.has_nothing());
        drop(clients);
        assert_eq!(last.reply().text(), "hello");
        server.signal("TERM");
        drop((first, last));
        assert!(server.wait().0.success());
    }
}
