//! What middleware needs and hands on: state, values for handlers, values for other middleware.
#![allow(clippy::panic, clippy::unwrap_used, reason = "these are tests")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use cello::middleware::FromMiddleware;
use cello::prelude::*;
use cello::testing::TestClient;

#[derive(Default)]
struct Visits(AtomicU64);

#[derive(AppState)]
struct Services {
    visits: Visits,
    greeting: &'static str,
}

fn services() -> Services {
    Services { visits: Visits::default(), greeting: "hello" }
}

#[derive(Clone)]
struct User {
    name: String,
    visit: u64,
}

/// Says who calls: needs state, hands a value on.
struct Sessions;

impl MiddlewareWith for Sessions {
    type State = (Visits, &'static str);
    type Provides = User;

    async fn handle<'a>(
        &'a self,
        request: Request,
        (visits, greeting): (&'a Visits, &'a &'static str),
        next: Next<'a, impl Handle, User>,
    ) -> Response {
        assert_eq!(*greeting, "hello");
        let Some(name) = request.headers().get("x-user").and_then(|name| name.to_str().ok()) else {
            return StatusCode::UNAUTHORIZED.into_response();
        };
        let user = User { name: name.to_owned(), visit: visits.0.fetch_add(1, Ordering::SeqCst) + 1 };
        next.run_with(request, &user).await
    }
}

/// Needs what another middleware hands on, and hands on more of it.
struct Roles;

#[derive(Clone, Copy, PartialEq, Debug)]
enum Role {
    Guest,
    Admin,
}

impl MiddlewareWith for Roles {
    type State = FromMiddleware<User>;
    type Provides = Role;

    async fn handle<'a>(
        &'a self,
        request: Request,
        user: &'a User,
        next: Next<'a, impl Handle, Role>,
    ) -> Response {
        assert!(next.provided::<User>().is_some());
        let role = if user.name == "ada" { Role::Admin } else { Role::Guest };
        next.run_with(request, &role).await
    }
}

/// Needs state alone.
struct Greeting;

impl MiddlewareWith for Greeting {
    type State = (&'static str,);
    type Provides = ();

    async fn handle<'a>(
        &'a self,
        request: Request,
        (greeting,): (&'a &'static str,),
        next: Next<'a, impl Handle>,
    ) -> Response {
        let mut response = next.run(request).await;
        response.headers_mut().insert("x-greeting", HeaderValue::from_static(greeting));
        response
    }
}

struct Admin;

impl FromRequest for Admin {
    type Rejection = StatusCode;
    type State = FromMiddleware<Role>;

    async fn from_request(cx: &mut RequestContext<'_, Self>) -> Result<Self, StatusCode> {
        let role = cx.state().map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
        if *role == Role::Admin { Ok(Self) } else { Err(StatusCode::FORBIDDEN) }
    }
}

#[get("/me")]
async fn me(user: Provided<User>, role: Provided<Role>) -> String {
    format!("{} {} {:?}", user.name, user.visit, *role)
}

#[get("/admin", guard(Admin))]
async fn admin() -> &'static str {
    "secret"
}

#[get("/plain")]
async fn plain(visits: &Visits) -> String {
    visits.0.load(Ordering::SeqCst).to_string()
}

#[test]
fn the_application_s_stack_hands_values_to_handlers_extractors_and_middleware() {
    let app = App::new(routes![me, admin, plain])
        .with(Greeting)
        .with(Arc::new(Sessions))
        .enable_cors()
        .with(Roles)
        .state(services());
    let client = TestClient::new(app);
    let get = |path: &str, user: &str| client.get(path).header("x-user", user).send();
    assert_eq!(get("/me", "ada").text(), "ada 1 Admin");
    assert_eq!(get("/me", "eve").text(), "eve 2 Guest");
    assert_eq!(get("/admin", "ada").text(), "secret");
    assert_eq!(get("/admin", "eve").status(), 403);
    assert_eq!(get("/plain", "eve").text(), "5");
    let refused = client.get("/me").send();
    assert_eq!((refused.status().as_u16(), refused.header("x-greeting")), (401, Some("hello")));
}

/// A middleware of the application that rewrites the path does not lose what is handed on.
#[test]
fn values_stay_when_a_request_is_routed_anew() {
    async fn to_me(mut request: Request, next: Next<'_>) -> Response {
        *request.uri_mut() = Uri::from_static("/me");
        next.run(request).await
    }
    let app = App::new(routes![me]).state(services()).with(Sessions).with(Roles).with(to_me);
    let response = TestClient::new(app).get("/nothing").header("x-user", "ada").send();
    assert_eq!(response.text(), "ada 1 Admin");
}

/// The nearest middleware that provides a type is the one that is heard.
#[test]
fn the_innermost_value_of_a_type_is_taken() {
    struct Say(&'static str);
    impl MiddlewareWith for Say {
        type State = ();
        type Provides = &'static str;

        async fn handle<'a>(
            &'a self,
            request: Request,
            (): (),
            next: Next<'a, impl Handle, &'static str>,
        ) -> Response {
            next.run_with(request, &self.0).await
        }
    }
    #[get("/")]
    async fn said(said: Provided<&'static str>) -> &'static str {
        *said
    }
    let client = TestClient::new(App::new(routes![said]).with(Say("outer")).with(Say("inner")));
    assert_eq!(client.get("/").send().text(), "inner");
}

/// In the scopes of blueprints and of a route.
#[cello::blueprint("/account", with(Sessions))]
mod account {
    use super::*;

    #[get("/name")]
    async fn name(user: Provided<User>) -> String {
        user.0.name
    }

    #[get("/role", with(function, Roles))]
    async fn role(role: Provided<Role>, user: Provided<User>) -> String {
        format!("{} {:?}", user.name, *role)
    }

    #[blueprint("/admin", with(sheltered(Roles) as Arc<Roles>), guard(Admin))]
    pub(super) mod admin {
        use super::*;

        #[get("/<id>")]
        async fn one(id: u8, role: Provided<Role>) -> String {
            format!("{id} {:?}", *role)
        }
    }
}

fn sheltered<T>(value: T) -> Arc<T> {
    Arc::new(value)
}

async fn function(request: Request, next: Next<'_>) -> Response {
    next.run(request).await
}

mod file {
    use super::*;

    blueprint!("/file", [named], parent = account::admin, with(Greeting));

    #[get("/named", with(Arc::new(Roles) as Arc<Roles>))]
    async fn named(user: Provided<User>, role: Provided<Role>) -> String {
        format!("{} {:?}", user.name, *role)
    }
}

#[test]
fn the_scopes_of_blueprints_and_routes_hand_values_to_their_handlers() {
    let client = TestClient::new(App::new(routes![account, file]).state(services()));
    let get = |path: &str, user: &str| client.get(path).header("x-user", user).send();
    assert_eq!(get("/account/name", "eve").text(), "eve");
    assert_eq!(get("/account/role", "eve").text(), "eve Guest");
    assert_eq!(get("/account/admin/7", "ada").text(), "7 Admin");
    assert_eq!(get("/account/admin/7", "eve").status(), 403);
    let response = get("/account/admin/file/named", "ada");
    assert_eq!((response.text(), response.header("x-greeting")), ("ada Admin", Some("hello")));
    assert_eq!(client.get("/account/name").send().status(), 401);
}

mod functions {
    use std::sync::Mutex;

    use super::*;

    #[derive(Default)]
    struct AuditLog(Mutex<Vec<String>>);

    struct Closed(&'static str);

    async fn audit(request: Request, next: Next<'_>, log: &AuditLog) -> Response {
        let path = request.uri().path().to_owned();
        let response = next.run(request).await;
        log.0.lock().unwrap().push(format!("{path} {}", response.status().as_u16()));
        response
    }

    /// Another return type, and two parts.
    async fn gate(
        request: Request,
        next: Next<'_>,
        closed: &Closed,
        log: &AuditLog,
    ) -> Result<Response, StatusCode> {
        if request.uri().path() == closed.0 {
            log.0.lock().unwrap().push("closed".to_owned());
            return Err(StatusCode::FORBIDDEN);
        }
        Ok(next.run(request).await)
    }

    async fn breaks(_: Request, _: Next<'_>, closed: &Closed) -> Response {
        panic!("{}", closed.0)
    }

    #[get("/log")]
    async fn read(log: &AuditLog) -> String {
        log.0.lock().unwrap().join(", ")
    }

    #[cello::blueprint("/scoped", with(audit as StateFn<(AuditLog,)>))]
    mod scoped {
        use super::*;

        #[get("/open")]
        async fn open() {}

        #[get("/secret", with(gate as StateFn<(Closed, AuditLog)>))]
        async fn secret() {}

        #[get("/broken", with(breaks as StateFn<(Closed,)>))]
        async fn broken() {}
    }

    #[derive(AppState)]
    struct Services {
        log: AuditLog,
        closed: Closed,
    }

    fn services() -> Services {
        Services { log: AuditLog::default(), closed: Closed("/scoped/secret") }
    }

    #[test]
    fn a_function_takes_parts_of_the_state() {
        let app = App::new(routes![read]).with(audit).with(gate).state(services());
        assert_eq!(app.middleware_names(), ["audit", "gate"]);
        let client = TestClient::new(app);
        assert_eq!(client.get("/nowhere").send().status(), 404);
        assert_eq!(client.get("/scoped/secret").send().status(), 403);
        assert_eq!(client.get("/log").send().text(), "/nowhere 404, closed, /scoped/secret 403");
    }

    #[test]
    fn so_does_one_of_a_blueprint_or_route() {
        let app = App::new(routes![read, scoped]).state(services());
        let through: Vec<_> = app.route_metas().iter().map(|route| route.middleware().join(" ")).collect();
        assert_eq!(through, ["", "audit", "audit gate", "audit breaks"]);
        let client = TestClient::new(app);
        assert_eq!(client.get("/scoped/open").send().status(), 200);
        assert_eq!(client.get("/scoped/secret").send().status(), 403);
        assert_eq!(client.get("/scoped/broken").send().status(), 500);
        assert_eq!(
            client.get("/log").send().text(),
            "/scoped/open 200, closed, /scoped/secret 403, /scoped/broken 500"
        );
    }

    /// What outlives the request takes a handle.
    async fn kept(request: Request, next: Next<'_>, log: State<AuditLog>, closed: State<Closed>) -> Response {
        let path = request.uri().path().to_owned();
        let noted =
            tokio::spawn(async move { log.0.lock().unwrap().push(format!("{path} beside {}", closed.0)) });
        noted.await.unwrap();
        next.run(request).await
    }

    #[get("/kept", with(kept as StateFn<Handles<(AuditLog, Closed)>>))]
    async fn at_a_route() {}

    #[test]
    fn a_function_takes_handles_as_well() {
        let client = TestClient::new(App::new(routes![read, at_a_route]).with(kept).state(services()));
        assert_eq!(client.get("/kept").send().status(), 200);
        assert_eq!(
            client.get("/log").send().text(),
            "/kept beside /scoped/secret, /kept beside /scoped/secret, /log beside /scoped/secret"
        );
    }

    #[test]
    fn a_closure_may_be_one() {
        let log = |request: Request, next: Next<'_>, log: &AuditLog| {
            log.0.lock().unwrap().push("seen".to_owned());
            let _ = (request, next);
            std::future::ready(StatusCode::ACCEPTED)
        };
        let client = TestClient::new(App::new(routes![read]).with(log).state(services()));
        assert_eq!(client.get("/log").send().status(), 202);
    }
}
