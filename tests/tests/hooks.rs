//! What an application does when its server starts and when it has stopped.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests fail the test, and hooks of tests panic

use std::sync::{Arc, Mutex};
use std::time::Duration;

use cello::prelude::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

/// What has happened, in order.
#[derive(Clone, Default)]
struct Story(Arc<Mutex<Vec<&'static str>>>);

impl Story {
    fn tell(&self, what: &'static str) {
        self.0.lock().unwrap().push(what);
    }

    fn told(&self) -> Vec<&'static str> {
        self.0.lock().unwrap().clone()
    }
}

struct Pool(u32);

#[derive(AppState)]
struct Services {
    story: Story,
    pool: Pool,
}

#[get("/")]
async fn hello(story: &Story) -> &'static str {
    story.tell("a request");
    "hello"
}

/// Serves until it is told to stop, with one request in between.
async fn live(app: impl Application) -> cello::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let server = tokio::spawn(app.serve_until(listener, async { drop(stopped.await) }));
    // A server that does not start closes its listener.
    if let Ok(mut stream) = TcpStream::connect(address).await {
        let _ = stream.write_all(b"GET / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n").await;
        let _ = stream.read_to_string(&mut String::new()).await;
    }
    let _ = stop.send(());
    server.await.unwrap()
}

#[tokio::test]
async fn hooks_are_called_around_the_service_the_last_stop_first() {
    let story = Story::default();
    let (first, second) = (story.clone(), story.clone());
    let app = App::new(routes![hello])
        .state_with({
            let story = story.clone();
            async || {
                story.tell("state");
                Services { story, pool: Pool(7) }
            }
        })
        .on_start(async |story: State<Story>, pool: State<Pool>| {
            assert_eq!(pool.0, 7);
            story.tell("first start");
        })
        .on_start(async move || -> cello::Result<()> {
            first.tell("second start");
            Ok(())
        })
        .on_stop(async move || second.tell("first stop"))
        .on_stop(async |story: State<Story>| story.tell("second stop"));
    live(app).await.unwrap();
    assert_eq!(
        story.told(),
        ["state", "first start", "second start", "a request", "second stop", "first stop"]
    );
}

#[tokio::test]
async fn a_start_that_fails_keeps_the_server_from_starting() {
    let story = Story::default();
    let app = App::new(routes![hello])
        .state(Services { story: story.clone(), pool: Pool(0) })
        .on_start(async || Err::<(), _>(std::io::Error::other("no queue")))
        .on_start(async |story: State<Story>| story.tell("never"))
        .on_stop(async |story: State<Story>| story.tell("never"));
    assert_eq!(live(app).await.unwrap_err().to_string(), "no queue");
    assert_eq!(story.told(), [""; 0]);
}

#[tokio::test]
async fn a_stop_that_fails_is_the_result_and_keeps_no_other_from_being_called() {
    let story = Story::default();
    let app = App::new(routes![hello])
        .state(Services { story: story.clone(), pool: Pool(0) })
        .on_stop(async |story: State<Story>| story.tell("stopped"))
        .on_stop(async || Err::<(), _>(std::io::Error::other("still full")));
    assert_eq!(live(app).await.unwrap_err().to_string(), "still full");
    assert_eq!(story.told(), ["a request", "stopped"]);
}

#[tokio::test(start_paused = true)]
async fn a_stop_that_does_not_end_is_given_up() {
    let app = App::new(routes![hello])
        .state(Services { story: Story::default(), pool: Pool(0) })
        .limits(Limits::default().grace(Duration::from_secs(20)))
        .on_stop(async || std::future::pending::<()>().await);
    assert_eq!(live(app).await.unwrap_err().to_string(), "the hooks for the stop did not end in time");
}

#[tokio::test]
async fn a_panic_of_a_hook_or_of_the_state_is_an_error() {
    let app = App::new(routes![]).state_with(async || -> Services { panic!("no pool") });
    let refused = live(app).await.unwrap_err().to_string();
    assert_eq!(refused, "the function given to `state_with` panicked: no pool");

    let story = Story::default();
    let app = App::new(routes![hello])
        .state(Services { story: story.clone(), pool: Pool(0) })
        .on_start(async || -> cello::Result<()> { panic!("no queue") })
        .on_stop(async |story: State<Story>| story.tell("never"));
    assert_eq!(live(app).await.unwrap_err().to_string(), "a hook for the start panicked: no queue");
    assert_eq!(story.told(), [""; 0]);

    let app = App::new(routes![hello])
        .state(Services { story: story.clone(), pool: Pool(0) })
        .on_stop(async |story: State<Story>| story.tell("stopped"))
        // Before there is anything to wait for.
        .on_stop(|| -> std::future::Ready<()> { panic!("still full") });
    assert_eq!(live(app).await.unwrap_err().to_string(), "a hook for the stop panicked: still full");
    assert_eq!(story.told(), ["a request", "stopped"]);
}
