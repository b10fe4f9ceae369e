//! Shared state: given, awaited, derived, replaced in tests.
#![allow(clippy::unwrap_used, clippy::panic, clippy::needless_pass_by_value, reason = "these are tests")]

use std::fmt::Debug;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use cello::prelude::*;
use cello::testing::TestClient;

#[derive(Default)]
struct Visits(AtomicU32);

struct Name(&'static str);

trait Repo: Send + Sync {
    fn find(&self) -> &'static str;
}

struct Real;
struct Fake;

impl Repo for Real {
    fn find(&self) -> &'static str {
        "real"
    }
}

impl Repo for Fake {
    fn find(&self) -> &'static str {
        "fake"
    }
}

#[derive(AppState)]
struct Services {
    visits: Visits,
    name: Name,
    repo: Arc<dyn Repo>,
    #[state(flatten)]
    inner: Inner,
    #[state(skip)]
    #[allow(dead_code)] // not even provided
    unseen: u8,
}

#[derive(AppState)]
struct Inner {
    numbers: Vec<u8>,
}

fn services() -> Services {
    Services {
        visits: Visits::default(),
        name: Name("given"),
        repo: Arc::new(Real),
        inner: Inner { numbers: vec![1, 2] },
        unseen: 3,
    }
}

#[get("/visit")]
async fn visit(visits: &Visits) -> String {
    (visits.0.fetch_add(1, Ordering::SeqCst) + 1).to_string()
}

#[get("/all")]
async fn all(name: &Name, numbers: &Vec<u8>, repo: &Arc<dyn Repo>) -> String {
    format!("{} {numbers:?} {}", name.0, repo.find())
}

#[get("/kept")]
async fn kept(name: State<Name>, repo: State<Arc<dyn Repo>>) -> String {
    tokio::spawn(async move { format!("{} {}", name.0, repo.find()) }).await.unwrap()
}

#[get("/blocking/<id>", blocking)]
fn blocking(id: u8, name: &Name) -> String {
    std::thread::sleep(std::time::Duration::from_millis(1));
    format!("{id} {} {:?}", name.0, std::thread::current().name().is_some())
}

#[post("/blocking", blocking)]
fn blocking_body(name: &Name, body: String) -> String {
    format!("{} {body}", name.0)
}

#[get("/stateless")]
async fn stateless() -> &'static str {
    "none"
}

macro_rules! app {
    () => {
        App::new(routes![visit, all, kept, blocking, blocking_body])
    };
}

fn starts_with_error(result: cello::Result<impl Debug>) -> String {
    result.unwrap_err().to_string()
}

#[test]
fn state_is_shared_by_all_requests() {
    let client = TestClient::new(app!().state(services()));
    for expected in ["1", "2", "3"] {
        assert_eq!(client.get("/visit").send().text(), expected);
    }
}

#[test]
fn each_field_is_provided_by_its_type_flattened_ones_included() {
    let client = TestClient::new(app!().state(services()));
    assert_eq!(client.get("/all").send().text(), "given [1, 2] real");
    assert_eq!(client.get("/kept").send().text(), "given real");
}

#[test]
fn blocking_handlers_have_state_parameters_and_bodies() {
    let client = TestClient::new(app!().state(services()));
    assert!(client.get("/blocking/7").send().text().starts_with("7 given"));
    assert_eq!(client.post("/blocking").body("text").send().text(), "given text");
    assert_eq!(client.get("/blocking/x").send().status(), 400);
}

#[test]
fn state_that_needs_awaiting() {
    let client = TestClient::new(app!().state_with(async || {
        tokio::task::yield_now().await;
        services()
    }));
    assert_eq!(client.get("/all").send().text(), "given [1, 2] real");
}

#[test]
fn a_task_that_the_state_spawns_stays_driven() {
    let client = TestClient::new(app!().state_with(async || {
        let mut services = services();
        let (sender, receiver) = tokio::sync::oneshot::channel();
        tokio::spawn(async move { sender.send("spawned") });
        services.name = Name(receiver.await.unwrap());
        services
    }));
    assert_eq!(client.get("/all").send().text(), "spawned [1, 2] real");
}

#[test]
fn state_may_come_as_a_result() {
    let app = app!().state_with(async || Ok::<_, std::io::Error>(services()));
    assert_eq!(TestClient::new(app).get("/visit").send().text(), "1");
    let app = app!().state_with(async || {
        let broken: Result<Services, _> = Err(std::io::Error::other("no connection to the database"));
        broken
    });
    assert_eq!(starts_with_error(TestClient::builder(app).try_build()), "no connection to the database");
    let app =
        app!().state_with(async || -> cello::Result<Services> { Err(cello::Error::msg("no key is set")) });
    assert_eq!(starts_with_error(TestClient::builder(app).try_build()), "no key is set");
}

#[test]
fn a_test_replaces_parts_of_the_state() {
    let replaced: Arc<dyn Repo> = Arc::new(Fake);
    let client = TestClient::builder(app!().state(services()))
        .state(replaced)
        .state(Name("replaced"))
        .state(vec![9_u8])
        .build();
    assert_eq!(client.get("/all").send().text(), "replaced [9] fake");
    assert_eq!(client.get("/kept").send().text(), "replaced fake");
    assert_eq!(client.post("/blocking").body("x").send().text(), "replaced x");
    assert_eq!(client.get("/visit").send().text(), "1");
}

#[test]
fn a_test_cannot_replace_what_is_not_there() {
    let unknown = TestClient::builder(app!().state(services())).state(1.5_f32).try_build();
    assert_eq!(
        starts_with_error(unknown),
        "a test replaces the state `f32`, which the application does not have"
    );
    let none = TestClient::builder(App::new(routes![stateless])).state(Name("x")).try_build();
    assert!(starts_with_error(none).contains("Name`, which the application does not have"));
}

#[test]
fn an_application_without_state_needs_none() {
    assert_eq!(TestClient::new(App::new(routes![stateless])).get("/stateless").send().text(), "none");
}
