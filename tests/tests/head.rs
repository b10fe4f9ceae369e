//! HEAD is answered with the head of the answer to GET, and nothing after it.
#![forbid(unsafe_code)]

use behaviour::Process;

const SERVER: &str = env!("CARGO_BIN_EXE_target-server");

#[test]
fn head_has_the_length_and_no_body() {
    let server = Process::start(SERVER, &[]);
    let mut client = server.connect();
    for (path, length) in [("/", "5"), ("/bytes/100000", "100000"), ("/number/12", "2")] {
        let head = client.request("HEAD", path).reply_to_head();
        assert_eq!((head.status, head.header("content-length")), (200, Some(length)));
        // Anything that follows the head would be taken for this answer.
        let get = client.get(path);
        assert_eq!((get.status, get.header("content-length")), (200, Some(length)));
        assert_eq!(get.header("content-type"), head.header("content-type"));
    }
    let missing = client.request("HEAD", "/nowhere").reply_to_head();
    assert_eq!((missing.status, missing.header("content-type")), (404, Some("application/problem+json")));
    assert_eq!(client.get("/").text(), "hello");
}
