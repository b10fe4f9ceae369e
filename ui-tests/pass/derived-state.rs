//! `#[derive(AppState)]`: fields, skipped and flattened ones, traits, tuples, generic structs.
use std::sync::Arc;

use cello::prelude::*;
use cello::testing::TestClient;

struct Users(u32);
struct Cache(u8);

trait Repo: Send + Sync {
    fn name(&self) -> String;
}

struct InMemory;

impl Repo for InMemory {
    fn name(&self) -> String {
        "memory".to_owned()
    }
}

#[derive(AppState)]
struct Inner {
    cache: Cache,
}

#[derive(AppState)]
struct Services {
    users: Users,
    repo: Arc<dyn Repo>,
    #[state(flatten)]
    inner: Inner,
    #[state(skip)]
    _second: Users,
}

#[derive(AppState)]
struct Wrapped<T>(Vec<T>, #[state(flatten(Users, Arc<dyn Repo>))] Services);

#[derive(AppState)]
struct Nothing;

/// Of a board, and nothing of the standard library.
struct Cell<T>(T);

#[derive(AppState)]
struct Board {
    corner: Cell<u8>,
    once: std::sync::OnceLock<u8>,
}

#[get("/board")]
async fn board(corner: &Cell<u8>, once: &std::sync::OnceLock<u8>) -> String {
    format!("{} {:?}", corner.0, once.get())
}

#[get("/services")]
async fn services(users: &Users, repo: &Arc<dyn Repo>, cache: &Cache, owned: State<Users>) -> String {
    format!("{} {} {} {}", users.0, repo.name(), cache.0, owned.0)
}

#[get("/wrapped", blocking)]
fn wrapped(list: &Vec<u8>, users: &Users) -> String {
    format!("{list:?} {}", users.0)
}

#[get("/nothing")]
fn nothing() {}

fn state() -> Services {
    Services { users: Users(1), repo: Arc::new(InMemory), inner: Inner { cache: Cache(2) }, _second: Users(3) }
}

fn main() {
    let corner = Board { corner: Cell(4), once: std::sync::OnceLock::new() };
    assert_eq!(TestClient::new(App::new(routes![board]).state(corner)).get("/board").send().text(), "4 None");

    let client = TestClient::new(App::new(routes![services]).state(state()));
    assert_eq!(client.get("/services").send().text(), "1 memory 2 1");
    let client = TestClient::new(App::new(routes![wrapped]).state(Wrapped(vec![7_u8], state())));
    assert_eq!(client.get("/wrapped").send().text(), "[7] 1");
    let client = TestClient::new(App::new(routes![nothing]).state(Nothing));
    assert_eq!(client.get("/nothing").send().status(), 200);
}
