//! Blueprints nested in each other and by `parent`, with parameters, guards and middleware of their own.
use cello::prelude::*;
use cello::testing::TestClient;

#[derive(AppState)]
struct Services {
    keys: Keys,
}

struct Keys(&'static str);

struct Admin;

impl FromRequest for Admin {
    type Rejection = Problem;
    type State = (Keys,);

    async fn from_request(cx: &mut RequestContext<'_, Self>) -> Result<Self, Problem> {
        let (keys,) = cx.state()?;
        match cx.headers().get("x-key") {
            Some(key) if key == keys.0 => Ok(Self),
            _ => Err(Problem::new(StatusCode::UNAUTHORIZED)),
        }
    }
}

struct Stamp(&'static str);

impl Middleware for Stamp {
    async fn handle<'a>(&'a self, request: Request, next: Next<'a, impl Handle>) -> Response {
        let mut response = next.run(request).await;
        response.headers_mut().append("x-stamp", HeaderValue::from_static(self.0));
        response
    }
}

async fn stamp_by_function(request: Request, next: Next<'_>) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().append("x-stamp", HeaderValue::from_static("function"));
    response
}

/// The interface.
#[cello::blueprint("/orgs/<org>", guard(Admin), with(Stamp("api")), tags("api"))]
pub mod api {
    use super::*;

    #[get("/")]
    async fn overview(org: &str) -> String {
        format!("org {org}")
    }

    #[get("/untaken/<id>", with(Stamp("route"), stamp_by_function))]
    async fn untaken(id: u8) -> String {
        format!("id {id}")
    }

    #[blueprint("/teams/<team>")]
    pub mod teams {
        #[get("/<id>")]
        pub async fn member(id: u32, org: String, team: &str) -> String {
            format!("{org}/{team}/{id}")
        }
    }
}

/// As if in a file of its own.
mod reports {
    use cello::prelude::*;

    blueprint!("/reports", [list, one], parent = crate::api, params(org), with(super::Stamp("reports")));

    #[get("/?<page>", params(org))]
    async fn list(page: Option<u8>, org: &str) -> String {
        format!("{org} {page:?}")
    }

    #[get("/<name>", params(org))]
    async fn one(name: &str) -> String {
        name.to_owned()
    }

    pub mod deep {
        use cello::prelude::*;

        blueprint!("/deep/<level>", [index], parent = super, params(org));

        #[get("/<x>", params(org, level))]
        pub fn index(x: u8, level: u8, org: String) -> String {
            format!("{org} {level} {x}")
        }
    }
}

#[cello::blueprint("/child", parent = crate::reports, params(org))]
mod child {
    #[get("/")]
    fn index(org: String) -> String {
        format!("child of {org}")
    }
}

fn main() {
    let app = App::new(routes![api, reports, reports::deep, child]).state(Services { keys: Keys("secret") });
    let client = TestClient::new(app);
    let get = |path: &str| client.get(path).header("x-key", "secret").send().text().to_owned();
    assert_eq!(get("/orgs/acme"), "org acme");
    assert_eq!(get("/orgs/acme/untaken/7"), "id 7");
    assert_eq!(get("/orgs/acme/teams/red/9"), "acme/red/9");
    assert_eq!(get("/orgs/acme/reports?page=2"), "acme Some(2)");
    assert_eq!(get("/orgs/acme/reports/yearly"), "yearly");
    assert_eq!(get("/orgs/acme/reports/deep/3/4"), "acme 3 4");
    assert_eq!(get("/orgs/acme/reports/child"), "child of acme");

    // No handler of the blueprint, and of those below it, can forget the guard.
    for path in ["/orgs/acme", "/orgs/acme/teams/red/9", "/orgs/acme/reports", "/orgs/acme/reports/deep/3/4"] {
        assert_eq!(client.get(path).send().status(), 401, "{path}");
    }
    let stamps = |path: &str| {
        let response = client.get(path).header("x-key", "secret").send();
        let stamps = response.headers().get_all("x-stamp").iter().map(|stamp| stamp.to_str().unwrap().to_owned());
        stamps.collect::<Vec<_>>()
    };
    assert_eq!(stamps("/orgs/acme/untaken/7"), ["function", "route", "api"]);
    assert_eq!(stamps("/orgs/acme/reports"), ["reports", "api"]);

    assert_eq!(api::teams::member::path("acme".to_owned(), "red", 9), "/orgs/acme/teams/red/9");
}
