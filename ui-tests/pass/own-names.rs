//! Types and traits of one's own that have the names of those of other frameworks, and constants that are called like what stands in a handler.
use cello::prelude::*;
use cello::testing::TestClient;

/// The agent of a request.
struct HttpRequest(String);

impl FromRequest for HttpRequest {
    type Rejection = Problem;
    type State = ();

    async fn from_request(cx: &mut RequestContext<'_, Self>) -> Result<Self, Problem> {
        let agent = cx.headers().get("user-agent").and_then(|agent| agent.to_str().ok());
        Ok(Self(agent.unwrap_or("nobody").to_owned()))
    }
}

mod injected {
    use cello::prelude::*;

    pub struct Depends<T>(pub T);

    impl<T: Default + Send> FromRequest for Depends<T> {
        type Rejection = Problem;
        type State = ();

        async fn from_request(_: &mut RequestContext<'_, Self>) -> Result<Self, Problem> {
            Ok(Self(T::default()))
        }
    }

    pub struct Extension<T>(pub T);

    impl<T: Default + Send> FromRequest for Extension<T> {
        type Rejection = Problem;
        type State = ();

        async fn from_request(_: &mut RequestContext<'_, Self>) -> Result<Self, Problem> {
            Ok(Self(T::default()))
        }
    }
}

use injected::Depends;

/// How often a body names a part.
struct Multipart(usize);

impl FromRequest for Multipart {
    type Rejection = Problem;
    type State = ();
    const TAKES_BODY: bool = true;

    async fn from_request(cx: &mut RequestContext<'_, Self>) -> Result<Self, Problem> {
        let body = cx.take_body().collect(1024).await.map_err(|_| Problem::new(StatusCode::BAD_REQUEST))?;
        Ok(Self(String::from_utf8_lossy(&body).matches("name=").count()))
    }
}

/// A middleware that is called like a layer of tower.
struct CorsLayer;

impl Middleware for CorsLayer {
    async fn handle<'a>(&'a self, request: Request, next: Next<'a, impl Handle>) -> Response {
        let mut response = next.run(request).await;
        response.headers_mut().insert("x-stamp", HeaderValue::from_static("yes"));
        response
    }
}

/// A blueprint and a handler that are called like what `routes![...]` writes beside them.
#[cello::blueprint("/routing")]
mod routing {
    use super::*;

    #[get("/")]
    async fn table() -> &'static str {
        "a table"
    }
}

/// Routes that whoever calls this makes code of.
fn generic<T: From<u8>>() -> (T, impl Application) {
    (T::from(3), App::new(routes![routing]).base_path("/generic"))
}

/// A middleware that is called like one of the library.
struct Timeout;

impl Middleware for Timeout {
    async fn handle<'a>(&'a self, request: Request, next: Next<'a, impl Handle>) -> Response {
        let mut response = next.run(request).await;
        response.headers_mut().insert("x-timeout", HeaderValue::from_static("none"));
        response
    }
}

/// State that is called like an extractor of the library.
struct Preconditions(u8);

#[get("/preconditions", with(Timeout))]
async fn preconditions(preconditions: &Preconditions) -> String {
    preconditions.0.to_string()
}

macro_rules! state {
    ($name:ident) => {
        struct $name(u8);
    };
}

// State whose type only a macro declares.
state!(Provided);

#[get("/provided")]
async fn provided(provided: &Provided) -> String {
    provided.0.to_string()
}

/// State that is called as everybody calls a handle of it, and by a path.
struct State(u8);

mod told {
    pub struct Query(pub u8);
}

#[get("/stated")]
async fn stated(state: &State, query: &told::Query) -> String {
    format!("{} {}", state.0, query.0)
}

/// A body that is called like what has header fields, and header fields before it.
struct HeaderMap;

impl IntoResponse for HeaderMap {
    fn into_response(self) -> Response {
        "here".into_response()
    }
}

struct Scale(u16);

impl cello::ResponseHead for Scale {
    fn apply(self, head: &mut cello::http::response::Parts) -> Result<(), Problem> {
        head.headers.insert("x-scale", self.0.into());
        Ok(())
    }
}

#[get("/map")]
async fn map() -> (Scale, HeaderMap) {
    (Scale(2), HeaderMap)
}

#[post("/parts", with(CorsLayer))]
async fn parts(form: Multipart) -> String {
    form.0.to_string()
}

trait Responder: IntoResponse {}

impl Responder for &'static str {}

#[get("/agent")]
async fn agent(request: HttpRequest) -> String {
    request.0
}

#[get("/number")]
async fn number(Depends(number): Depends<u32>, other: injected::Extension<u32>) -> String {
    format!("{number} {}", other.0)
}

#[get("/hello")]
async fn hello() -> impl Responder {
    "hello"
}

mod constants {
    #![allow(non_upper_case_globals, non_camel_case_types, dead_code)]
    use cello::prelude::*;

    const body: u8 = 1;
    const a0: u8 = 2;
    static a1: u8 = 3;
    struct x;

    #[post("/constants/<id>")]
    pub async fn constants(id: u8, text: String) -> String {
        format!("{id} {text} {body}")
    }

    #[get("/blocking/<id>?<more>", blocking)]
    pub fn blocks(id: u8, more: Option<u8>) -> String {
        format!("{id} {more:?} {a0} {a1}")
    }
}

/// State of a type that is called as type parameters are, and an extractor that needs it and guards a blueprint.
struct S(u8);

#[derive(AppState)]
struct Services {
    s: S,
    preconditions: Preconditions,
    provided: Provided,
    state: State,
    query: told::Query,
}

struct N(u8);

impl FromRequest for N {
    type Rejection = Problem;
    type State = (S,);

    async fn from_request(cx: &mut RequestContext<'_, Self>) -> Result<Self, Problem> {
        let (s,) = cx.state()?;
        Ok(Self(s.0 + 1))
    }
}

#[cello::blueprint("/letters/<x>", guard(N))]
mod letters {
    #![allow(non_upper_case_globals, dead_code)]
    use super::{N, S};

    const x: u8 = 5;

    #[get("/<T>")]
    pub async fn state(#[allow(non_snake_case)] T: u8, s: &S, n: N) -> String {
        format!("{T} {} {}", s.0, n.0)
    }
}

/// What derived code needs names for.
mod derived {
    #![allow(non_upper_case_globals, dead_code)]
    use cello::prelude::*;

    const id: u8 = 1;
    const error: u8 = 2;
    const source: u8 = 3;
    const problem: u8 = 4;
    const field_id: u8 = 5;
    const field_0: u8 = 6;

    #[derive(AppState)]
    pub struct Counts {
        pub count: u8,
    }

    #[derive(Debug, HttpError)]
    pub enum Failed {
        /// There is no such user.
        #[status(404)]
        #[detail("no user {id}")]
        NotFound { id: u8 },
        #[status(400)]
        #[detail("not {0}")]
        Refused(u8),
        #[status(500)]
        Number(#[from] std::num::ParseIntError),
    }

    #[get("/failed/<text>")]
    pub async fn failed(text: &str, count: &u8) -> Result<&'static str, Failed> {
        match text.parse::<u8>()? {
            0 => Err(Failed::Refused(*count)),
            other => Err(Failed::NotFound { id: other }),
        }
    }
}

/// What an application's tests may call alike.
trait Asked {
    fn text(&self) -> &'static str;
}

impl Asked for cello::testing::TestRequest<'_> {
    fn text(&self) -> &'static str {
        "a request of one's own"
    }
}

fn main() {
    let routes = routes![
        agent, number, hello, constants::constants, constants::blocks, letters, parts, preconditions, provided, map,
        stated
    ];
    let services = Services {
        s: S(6),
        preconditions: Preconditions(5),
        provided: Provided(7),
        state: State(8),
        query: told::Query(9),
    };
    let client = TestClient::new(App::new(routes).state(services));
    assert_eq!(client.get("/letters/a/4").send().text(), "4 6 7");
    assert_eq!(letters::state::path("a", 4), "/letters/a/4");
    assert_eq!(client.get("/agent").header("user-agent", "curl").send().text(), "curl");
    assert_eq!(client.get("/number").send().text(), "0 0");
    let stamped = client.get("/preconditions").send();
    assert_eq!((stamped.text(), stamped.header("x-timeout")), ("5", Some("none")));
    assert_eq!(client.get("/provided").send().text(), "7");
    assert_eq!(client.get("/stated").send().text(), "8 9");
    let map = client.get("/map").send();
    assert_eq!((map.text(), map.header("x-scale")), ("here", Some("2")));
    assert_eq!(client.get("/map").text(), "a request of one's own");
    assert_eq!(client.get("/hello").send().text(), "hello");
    let counted = client.post("/parts").body("name=a name=b").send();
    assert_eq!((counted.text(), counted.header("x-stamp")), ("2", Some("yes")));
    assert_eq!(client.post("/constants/3").body("text").send().text(), "3 text 1");
    assert_eq!(client.get("/blocking/3?more=4").send().text(), "3 Some(4) 2 3");
    let client = TestClient::new(App::new(routes![derived::failed]).state(derived::Counts { count: 7 }));
    assert!(client.get("/failed/0").send().text().contains("not 7"));
    assert!(client.get("/failed/9").send().text().contains("no user 9"));
    assert_eq!(client.get("/failed/x").send().status(), 500);
    let (three, app) = generic::<u64>();
    let client = TestClient::new(app);
    assert_eq!((three, client.get("/generic/routing").send().text()), (3, "a table"));
}
