//! `#[derive(HttpError)]`: variants of every kind, sources, conversions, and an answer of one's own.
use cello::prelude::*;
use cello::testing::TestClient;

#[derive(Debug, HttpError)]
enum UserError {
    /// User not found
    ///
    /// What stands here is for readers of the code.
    #[status(404)]
    NotFound,
    #[status(409)]
    #[detail("{name} is taken by user {id:03}")]
    #[title("Taken")]
    #[problem_type("https://example.com/taken")]
    Taken { name: String, id: u32 },
    /// The disk is away
    #[status(500)]
    Disk(#[from] std::io::Error),
    #[status(502)]
    Upstream(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[status(503)]
    Any(#[from] cello::Error),
    #[status(422)]
    #[detail("{0} is not {{even}}")]
    Odd(u8),
}

#[derive(Debug, HttpError)]
#[http_error(render = teapot)]
#[status(418)]
/// Short and stout
struct Teapot;

fn teapot(problem: &Problem) -> (StatusCode, String) {
    (problem.status(), format!("<{}>", problem.detail().unwrap_or_default()))
}

#[derive(Debug, HttpError)]
enum Impossible {}

#[get("/users/<n>")]
async fn user(n: u8) -> Result<&'static str, UserError> {
    let failed: std::io::Result<()> = Err(std::io::Error::other("secret"));
    match n {
        0 => Err(UserError::NotFound),
        1 => Err(UserError::Taken { name: "Eve".to_owned(), id: 7 }),
        2 => Ok(failed.map(|()| "never")?),
        3 => Err(UserError::Upstream("secret".into())),
        4 => Err(cello::Error::msg("secret"))?,
        5 => Err(UserError::Odd(9)),
        _ => Ok("user"),
    }
}

#[get("/tea")]
async fn tea() -> Result<(), Teapot> {
    Err(Teapot)
}

#[get("/sure")]
async fn sure() -> Result<&'static str, Impossible> {
    Ok("sure")
}

fn main() {
    let client = TestClient::new(App::new(routes![user, tea, sure]));
    let get = |n: u8| client.get(user::path(n)).send();
    assert_eq!(get(0).problem().unwrap().detail(), Some("User not found"));
    let taken = get(1);
    assert_eq!(taken.status(), 409);
    assert_eq!(taken.problem().unwrap().detail(), Some("Eve is taken by user 007"));
    assert_eq!(taken.problem().unwrap().title(), "Taken");
    assert_eq!(taken.problem().unwrap().type_uri(), "https://example.com/taken");
    for (n, status) in [(2, 500), (3, 502), (4, 503), (5, 422), (6, 200)] {
        let answer = get(n);
        assert_eq!(answer.status(), status, "{n}");
        assert!(!answer.text().contains("secret"), "{}", answer.text());
    }
    assert_eq!(get(5).problem().unwrap().detail(), Some("9 is not {even}"));
    assert_eq!(client.get("/tea").send().text(), "<Short and stout>");
    assert_eq!(client.get("/sure").send().text(), "sure");
    assert_eq!(Problem::from(&UserError::NotFound).status(), 404);
}
