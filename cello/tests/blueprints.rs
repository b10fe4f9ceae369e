//! Blueprints: prefixes and their parameters, guards, nesting inside a file and across files.
#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::sync::atomic::{AtomicUsize, Ordering};

use cello::prelude::*;
use cello::testing::{TestClient, TestResponse};

struct Tokens(&'static [(&'static str, u8)]);

#[derive(Default)]
struct Checks(AtomicUsize);

#[derive(AppState)]
struct Services {
    tokens: Tokens,
    checks: Checks,
}

/// Who sends a known token, of at least this level.
struct Level<const LEAST: u8>(&'static str);

type Known = Level<0>;
type Admin = Level<5>;

impl<const LEAST: u8> FromRequest for Level<LEAST> {
    type Rejection = Problem;
    type State = (Tokens, Checks);

    async fn from_request(cx: &mut RequestContext<'_, Self>) -> Result<Self, Problem> {
        let (tokens, checks) = cx.state()?;
        checks.0.fetch_add(1, Ordering::SeqCst);
        let token = cx.headers().get("x-token").and_then(|token| token.to_str().ok()).unwrap_or_default();
        let known = tokens.0.iter().find(|(known, _)| *known == token);
        let (name, level) = known.ok_or_else(|| Problem::new(StatusCode::UNAUTHORIZED))?;
        if *level < LEAST { Err(Problem::new(StatusCode::FORBIDDEN)) } else { Ok(Self(name)) }
    }
}

/// A guard without state, that says who it is.
struct Gate<const N: usize>;

impl<const N: usize> FromRequest for Gate<N> {
    type Rejection = (StatusCode, &'static str);
    type State = ();

    async fn from_request(cx: &mut RequestContext<'_, Self>) -> Result<Self, Self::Rejection> {
        let closed = cx.headers().get_all("x-close").iter().any(|gate| gate == N.to_string().as_str());
        let names = ["outer", "second", "inner", "handler"];
        if closed { Err((StatusCode::LOCKED, names[N])) } else { Ok(Self) }
    }
}

mod api {
    use cello::prelude::*;

    blueprint!("/api", [version], guard(super::Gate<0>));

    #[get("/version")]
    async fn version() -> &'static str {
        "1"
    }

    pub(crate) mod orgs {
        use cello::prelude::*;

        blueprint!("/orgs/<org>", [show], parent = crate::api);

        #[get("/", params(org))]
        async fn show(org: &str) -> String {
            format!("org {org}")
        }

        pub(crate) mod teams {
            use cello::prelude::*;

            blueprint!(
                "/teams",
                [list, member, untaken],
                parent = crate::api::orgs,
                params(org),
                guard(crate::Gate<1>, crate::Gate<2>)
            );

            #[get("/", params(org))]
            async fn list(org: &str) -> String {
                format!("teams of {org}")
            }

            #[get("/<team>/<member>?<page>", params(org), guard(crate::Gate<3>))]
            pub(crate) async fn member(page: Option<u8>, member: u32, org: String, team: &str) -> String {
                format!("{member} of {team} of {org} {page:?}")
            }

            // Named, for the link's sake, but not taken.
            #[get("/<team>/untaken/<last>", params(org))]
            pub(crate) async fn untaken(last: &str, team: &str) -> String {
                format!("{last} of {team}")
            }
        }
    }
}

#[cello::blueprint("/admin", guard(Known))]
mod admin {
    use super::*;

    #[get("/")]
    async fn home(who: Known) -> String {
        format!("{} at home", who.0)
    }

    #[blueprint("/<area>/danger", guard(Admin))]
    pub(super) mod danger {
        use super::*;

        #[get("/")]
        pub(crate) async fn zone(area: &str) -> String {
            format!("danger in {area}")
        }

        #[post("/<id>")]
        async fn act(id: u8, area: String, body: String) -> String {
            format!("{id} {area} {body}")
        }

        #[blueprint("/")]
        mod same {
            use super::*;

            #[get("/deep/<area_of>")]
            async fn deep(area_of: &str, area: &str, who: Admin) -> String {
                format!("{} deep in {area_of} of {area}", who.0)
            }
        }
    }
}

#[cello::blueprint("/")]
mod root {
    use super::*;

    #[get("/")]
    pub(super) async fn index() -> &'static str {
        "index"
    }

    #[get("/slashed/")]
    pub(super) async fn slashed() -> &'static str {
        "slashed"
    }
}

#[get("/open", guard(Gate<0>, Gate<1>))]
async fn open() -> &'static str {
    "open"
}

fn client() -> TestClient {
    let tokens = Tokens(&[("ann", 9), ("bob", 1)]);
    TestClient::new(
        App::new(routes![api, api::orgs, api::orgs::teams, admin, root, open])
            .state(Services { tokens, checks: Checks::default() }),
    )
}

fn row(response: &TestResponse) -> (u16, &str) {
    (response.status().as_u16(), response.text())
}

#[test]
fn prefixes_join_whether_nested_or_named_as_parent() {
    let client = client();
    for (target, text) in [
        ("/api/version", "1"),
        ("/api/orgs/acme", "org acme"),
        ("/api/orgs/acme/", "org acme"),
        ("/api/orgs/acme/teams", "teams of acme"),
        ("/api/orgs/acme/teams/red/7", "7 of red of acme None"),
        ("/api/orgs/a%2Fb/teams/red/7?page=2", "7 of red of a/b Some(2)"),
        ("/api/orgs/acme/teams/red/untaken/x", "x of red"),
        ("/", "index"),
        ("/slashed", "slashed"),
        ("/open", "open"),
    ] {
        assert_eq!(row(&client.get(target).send()), (200, text), "{target}");
    }
    for target in ["/version", "/api", "/teams", "/api/orgs", "/orgs/acme", "/admin/x"] {
        assert_eq!(client.get(target).send().status(), 404, "{target}");
    }
}

#[test]
fn parameters_of_prefixes_are_named_in_problems() {
    let response = client().get("/api/orgs/acme/teams/red/x").send();
    assert_eq!(response.status(), 400);
    assert_eq!(response.problem().unwrap().errors()[0].pointer, "path/member");
}

#[test]
fn guards_run_outermost_first_and_are_inherited() {
    let client = client();
    let target = "/api/orgs/acme/teams/red/7";
    for (closed, who) in [
        (&["0", "1", "2", "3"][..], "outer"),
        (&["3", "2", "1"], "second"),
        (&["3", "2"], "inner"),
        (&["3"], "handler"),
    ] {
        let mut request = client.get(target);
        for gate in closed {
            request = request.header("x-close", *gate);
        }
        assert_eq!(row(&request.send()), (423, who));
    }
    assert_eq!(client.get(target).send().status(), 200);
    // The gates of the teams are not those of the organisations.
    assert_eq!(client.get("/api/orgs/acme").header("x-close", "1").send().status(), 200);
    assert_eq!(row(&client.get("/api/orgs/acme").header("x-close", "0").send()), (423, "outer"));
    assert_eq!(row(&client.get("/open").header("x-close", "1").send()), (423, "second"));
}

#[test]
fn guards_have_state_and_stand_before_parameters_and_body() {
    let client = client();
    for (token, target, expected) in [
        ("", "/admin", 401),
        ("bob", "/admin", 200),
        ("bob", "/admin/x/danger", 403),
        ("ann", "/admin/x/danger", 200),
        // Whoever may not enter learns nothing of what is inside.
        ("", "/admin/x/danger/deep/y", 401),
        ("ann", "/admin/x/danger/deep/y", 200),
    ] {
        let response = client.get(target).header("x-token", token).send();
        assert_eq!(response.status(), expected, "{token} {target}");
    }
    assert_eq!(client.post("/admin/x/danger/999").header("x-token", "bob").send().status(), 403);
    assert_eq!(client.post("/admin/x/danger/999").header("x-token", "ann").send().status(), 400);
    let response = client.post("/admin/x/danger/7").header("x-token", "ann").body("now").send();
    assert_eq!(row(&response), (200, "7 x now"), "a guard leaves the body alone");
    let response = client.get("/admin/x/danger/deep/y").header("x-token", "ann").send();
    assert_eq!(response.text(), "ann deep in y of x");
}

#[test]
fn guards_see_only_requests_of_their_routes() {
    let client = client();
    // No route, no guard: 404, 405 and OPTIONS are answered as everywhere.
    assert_eq!(client.get("/admin/nothing/here").send().status(), 404);
    assert_eq!(client.delete("/admin").send().status(), 405);
    assert_eq!(client.options("/admin").send().status(), 204);
}

#[test]
fn a_route_of_a_blueprint_keeps_its_guards_when_named_alone() {
    let client = TestClient::new(App::new(routes![api::orgs::teams::member]));
    let target = "/api/orgs/acme/teams/red/7";
    assert_eq!(client.get(target).send().status(), 200);
    assert_eq!(client.get(target).header("x-close", "0").send().status(), 423);
    assert_eq!(client.get("/api/orgs/acme").send().status(), 404);
}

#[test]
fn links_have_the_whole_prefix() {
    assert_eq!(api::orgs::teams::member::path("acme".to_owned(), "red", 7), "/api/orgs/acme/teams/red/7");
    assert_eq!(api::orgs::teams::untaken::path("acme", "red", "x"), "/api/orgs/acme/teams/red/untaken/x");
    assert_eq!(root::index::path(), "/");
    assert_eq!(root::slashed::path(), "/slashed/");
    assert_eq!(admin::danger::zone::path("a b"), "/admin/a%20b/danger");
}
