//! Handlers, blueprints and derives of every kind in a crate that allows no lint: what the macros write, and what they make a
//! person write, brings none. `.ci/run` runs clippy over it.
#![forbid(unsafe_code)]
#![deny(warnings, missing_docs, unreachable_pub, missing_debug_implementations, missing_copy_implementations)]
#![deny(unused_qualifications, unused_results, unused_lifetimes, single_use_lifetimes, unnameable_types)]
#![deny(rust_2018_idioms, let_underscore_drop, trivial_casts, trivial_numeric_casts, redundant_lifetimes)]
#![deny(clippy::all, clippy::pedantic, clippy::nursery)]

use std::collections::HashMap;
use std::fmt::Debug;
use std::sync::Arc;
use std::time::Duration;

use cello::prelude::*;

/// State of types that clippy would have taken otherwise.
#[derive(AppState, Debug)]
pub struct Services {
    /// A text.
    pub name: String,
    /// A list.
    pub list: Vec<u8>,
    /// What may be absent.
    pub maybe: Option<u16>,
    /// Something behind a trait.
    pub boxed: Box<dyn Debug + Send + Sync>,
    /// A map.
    pub map: HashMap<String, u8>,
    /// Something small.
    pub flag: bool,
    /// Something shared.
    pub shared: Arc<str>,
    /// State of its own.
    #[state(flatten)]
    pub more: More,
    /// What handlers do not see.
    #[state(skip)]
    pub hidden: u32,
}

/// More state.
#[derive(AppState, Debug, Clone)]
pub struct More {
    /// A list.
    pub names: Vec<String>,
}

/// Errors of every shape.
#[derive(HttpError, Debug)]
pub enum Fault {
    /// Nothing is here
    #[status(404)]
    Absent,
    /// Not with this name
    #[status(400)]
    #[detail("not with the name {name}")]
    Name {
        /// The name.
        name: String,
    },
    /// It failed
    #[status(500)]
    Failed(#[from] std::io::Error),
}

/// A guard.
#[derive(Debug, Clone, Copy)]
pub struct Admin;

impl FromRequest for Admin {
    type Rejection = Problem;
    type State = (bool,);

    async fn from_request(cx: &mut RequestContext<'_, Self>) -> Result<Self, Problem> {
        if cx.headers().contains_key("x-admin") { Ok(Self) } else { Err(Problem::new(StatusCode::FORBIDDEN)) }
    }
}

/// A page.
#[derive(Debug, Clone, Copy, serde::Deserialize, serde::Serialize)]
pub struct Page {
    number: Option<u64>,
}

/// Takes parameters and state.
///
/// # Errors
/// Nothing has the number 0.
#[get("/public/<id>?<q>")]
pub async fn public(id: u8, q: Option<&str>, name: &String, method: &Method) -> Result<String, Fault> {
    match id {
        0 => Err(Fault::Absent),
        1 => Err(Fault::Name { name: name.clone() }),
        _ => Ok(format!("{id} {q:?} {name} {method}")),
    }
}

/// Takes state of every type.
#[get("/states")]
pub fn states(
    maybe: &Option<u16>,
    boxed: &Box<dyn Debug + Send + Sync>,
    flag: &bool,
    list: &Vec<u8>,
) -> String {
    format!("{maybe:?} {boxed:?} {flag} {list:?}")
}

/// Takes many arguments.
#[get("/many/<one>/<two>/<three>/<four>/<five>?<six>&<seven>&<eight>&<nine>")]
pub fn many(
    one: u8,
    two: u8,
    three: u8,
    four: u8,
    five: u8,
    six: bool,
    seven: bool,
    eight: bool,
    nine: bool,
    map: &HashMap<String, u8>,
) -> String {
    format!("{one}{two}{three}{four}{five}{six}{seven}{eight}{nine}{map:?}")
}

/// Has every setting.
#[post(
    "/settings",
    with(Cors::default()),
    body_limit = 1024 * 1024,
    timeout = Duration::from_secs(5),
    tags("x"),
    guard(Admin)
)]
pub async fn settings(body: String) -> String {
    body
}

/// Takes the rest of the path, the whole query and the parts of the request.
#[get("/rest/<rest..>?<page..>")]
pub async fn rest(rest: &str, page: Page, uri: &Uri, headers: &HeaderMap, extensions: &Extensions) -> String {
    format!("{rest} {page:?} {uri} {} {}", headers.len(), extensions.len())
}

/// Runs on the blocking pool.
#[post("/blocking/<file>.json?<tag>", blocking)]
pub fn blocking(
    file: String,
    new: Json<Page>,
    shared: &Arc<str>,
    tag: Vec<String>,
    #[query("page-size")] size: Option<u32>,
) -> Json<Page> {
    let used = file.len() + shared.len() + tag.len();
    Json(Page { number: new.number.or_else(|| size.map(u64::from)).or_else(|| u64::try_from(used).ok()) })
}

/// Answers several methods.
#[route("/several", methods(GET, POST, PURGE), body)]
pub async fn several(
    who: Option<Admin>,
    body: Result<String, Problem>,
) -> (StatusCode, [(HeaderName, &'static str); 1], String) {
    (StatusCode::OK, [(header::ETAG, "x")], format!("{who:?} {}", body.is_ok()))
}

/// Answers every method.
#[any("/any")]
pub async fn anything(request: Request) -> impl IntoResponse {
    request.uri().to_string()
}

#[get("/plain")]
fn plain() -> &'static str {
    "plain"
}

#[get("/nothing")]
async fn nothing() {}

/// A blueprint in its place.
#[cello::blueprint("/inline/<org>", guard(Admin), with(Logging::default()))]
pub mod inline {
    use super::{Admin, Created, Logging, NoContent, Redirect, blueprint, delete, get, put};

    #[get("/<id>")]
    fn item(id: u8) -> String {
        format!("{id}")
    }

    /// Removes it.
    #[delete("/<id>")]
    pub(crate) async fn remove(org: &str, id: u8) -> NoContent {
        debug_assert!(!org.is_empty() && id > 0, "parameters are there");
        NoContent
    }

    #[cfg(any())]
    #[get("/gone")]
    fn gone() {}

    /// A blueprint in another.
    #[blueprint("/deeper")]
    pub mod deeper {
        use super::{Admin, Created, Redirect, get, put};

        #[put("/", name = set_route)]
        async fn set(org: String, admin: Admin) -> Created<String> {
            Created::at(show::path(&org), format!("{admin:?}"))
        }

        /// Takes one piece of state twice.
        #[get("/twice")]
        pub async fn twice(old: &String, new: &String) -> String {
            format!("{old}{new}")
        }

        #[get("/")]
        async fn show() -> Redirect {
            Redirect::see_other(set_route::path("x".to_owned()))
        }
    }
}

/// A blueprint that lists its handlers.
pub mod listed {
    use cello::prelude::*;

    blueprint!(
        "/listed/<x>",
        [
            index,
            #[cfg(any())]
            gone
        ],
        tags("a")
    );

    #[get("/", params(x))]
    async fn index(x: u8) -> String {
        format!("{x}")
    }
}

/// A blueprint whose parent is elsewhere.
pub mod child {
    use cello::prelude::*;

    blueprint!("/child", [index], parent = super::listed, params(x));

    #[get("/<y>", params(x))]
    async fn index(x: u8, y: u8) -> String {
        format!("{x}{y}")
    }
}

/// All of it.
#[must_use]
pub fn app(services: Services) -> impl Application {
    App::new(routes![
        public, states, many, settings, rest, blocking, several, anything, plain, nothing, inline, listed,
        child
    ])
    .state(services)
    .enable_cors()
}
