//! What an application knows of its routes: `App::route_metas()`.
#![allow(clippy::unwrap_used, clippy::panic, clippy::needless_pass_by_value, reason = "these are tests")]

use std::time::Duration;

use cello::prelude::*;
use cello::{Description, ParamKind, RouteMeta};

/// Lists users.
///
/// Only the active ones if asked.
#[get("/users?<active>&<filter..>", tags("users"))]
async fn list_users(active: Option<bool>, #[query("page-size")] size: Vec<u16>, filter: Filter) -> String {
    format!("{active:?} {size:?} {}", filter.name)
}

#[derive(serde::Deserialize)]
struct Filter {
    #[serde(default)]
    name: String,
}

#[cello::blueprint("/orgs/<org>", tags("orgs", "v1"), body_limit = 5)]
mod orgs {
    use super::*;

    /** One member. */
    #[route("/<member>", methods(GET, PUT, PURGE))]
    pub(super) async fn member(member: &str, org: u64) -> String {
        format!("{member} {org}")
    }

    #[blueprint("/teams", tags("teams"))]
    pub(super) mod teams {
        use super::*;

        #[any("/<rest..>", tags("any", "rest"), body_limit = 1024 * 1024, timeout = Duration::from_secs(5), blocking)]
        pub(crate) fn anything(rest: String, value: Json<u8>) -> String {
            format!("{rest} {}", value.0)
        }

        #[get("/plain/")]
        async fn plain() {}
    }
}

fn routes() -> &'static [RouteMeta] {
    let app = App::new(routes![orgs, list_users]);
    // The same before and after it is an application, in the order in which they were named.
    assert_eq!(format!("{:?}", app.route_metas()), format!("{:?}", Application::route_metas(&app)));
    app.route_metas()
}

fn find(name: &str) -> &'static RouteMeta {
    routes().iter().find(|route| route.name() == name).unwrap()
}

#[test]
fn routes_come_in_the_order_in_which_they_are_named() {
    let names: Vec<_> = routes().iter().map(RouteMeta::name).collect();
    assert_eq!(names, ["member", "anything", "plain", "list_users"]);
}

#[test]
fn methods_and_patterns() {
    for (name, methods, any, pattern) in [
        ("list_users", &["GET"][..], false, "/users"),
        ("member", &["GET", "PUT", "PURGE"], false, "/orgs/<org>/<member>"),
        ("anything", &[], true, "/orgs/<org>/teams/<rest..>"),
        ("plain", &["GET"], false, "/orgs/<org>/teams/plain/"),
    ] {
        let route = find(name);
        assert_eq!((route.methods(), route.is_any(), route.pattern()), (methods, any, pattern));
    }
}

#[test]
fn where_a_handler_stands() {
    for (name, handler, module, blueprint) in [
        ("list_users", "metadata::list_users", "metadata", None),
        ("member", "metadata::orgs::member", "metadata::orgs", Some("metadata::orgs")),
        (
            "anything",
            "metadata::orgs::teams::anything",
            "metadata::orgs::teams",
            Some("metadata::orgs::teams"),
        ),
    ] {
        let route = find(name);
        assert_eq!((route.handler(), route.module(), route.blueprint()), (handler, module, blueprint));
        assert!(route.file().ends_with("metadata.rs"), "{}", route.file());
        let line = include_str!("metadata.rs").lines().nth(route.line() as usize - 1).unwrap();
        let column = route.column() as usize - 1;
        assert_eq!(&line[column..column + name.len()], name, "{line}");
    }
}

#[test]
fn docs_and_tags() {
    assert_eq!(find("list_users").docs(), "Lists users.\n\nOnly the active ones if asked.");
    assert_eq!(find("member").docs().trim(), "One member.");
    assert_eq!(find("plain").docs(), "");
    assert_eq!(find("list_users").tags(), ["users"]);
    assert_eq!(find("member").tags(), ["orgs", "v1"]);
    assert_eq!(find("anything").tags(), ["orgs", "v1", "teams", "any", "rest"]);
}

#[test]
fn parameters() {
    let of = |name| -> Vec<(&str, ParamKind, &str, &str)> {
        find(name)
            .params()
            .iter()
            .map(|param| (param.name, param.kind, param.type_name, param.expected))
            .collect()
    };
    assert_eq!(
        of("list_users"),
        [
            ("active", ParamKind::Query, "Option<bool>", "`true` or `false`"),
            ("page-size", ParamKind::Query, "Vec<u16>", "an integer from 0 to 65535"),
            ("filter", ParamKind::QueryStruct, "Filter", ""),
        ]
    );
    assert_eq!(
        of("member"),
        [
            ("member", ParamKind::Path, "&str", "text"),
            ("org", ParamKind::Path, "u64", "an integer from 0 to 18446744073709551615"),
        ]
    );
    assert_eq!(of("anything"), [("rest", ParamKind::Path, "String", "text")]);
    assert!(of("plain").is_empty());
}

#[test]
fn settings_are_the_handlers_own() {
    let config = find("anything").config();
    assert_eq!((config.body_limit, config.timeout), (Some(1024 * 1024), Some(Duration::from_secs(5))));
    assert!(config.blocking);
    let config = find("member").config();
    assert_eq!((config.body_limit, config.timeout, config.blocking), (None, None, false));
}

#[test]
fn a_route_is_shown_in_one_line() {
    let route = find("member");
    let (file, line) = (route.file(), route.line());
    assert_eq!(
        route.to_string(),
        format!("GET,PUT,PURGE /orgs/<org>/<member> -> metadata::orgs::member ({file}:{line})")
    );
    assert!(find("anything").to_string().starts_with("ANY /orgs/<org>/teams/<rest..> -> "));
    find("anything").describe(&mut Description::default());
}

mod described {
    use std::cell::RefCell;

    use super::*;

    thread_local! {
        /// Who was asked for a description, in order.
        static ASKED: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
    }

    fn note(who: &'static str) {
        ASKED.with_borrow_mut(|asked| asked.push(who));
    }

    macro_rules! extractors {
        ($($name:ident)+) => { $(
            struct $name;

            impl FromRequest for $name {
                type Rejection = Problem;
                type State = ();

                async fn from_request(_: &mut RequestContext<'_, Self>) -> Result<Self, Problem> {
                    Ok(Self)
                }

                fn describe(_: &mut Description) {
                    note(stringify!($name));
                }
            }
        )+ };
    }

    extractors! { First Second }

    struct Answer;

    impl IntoResponse for Answer {
        fn into_response(self) -> Response {
            "answered".into_response()
        }

        fn describe(_: &mut Description) {
            note("Answer");
        }
    }

    #[get("/async/<id>")]
    async fn waits(_first: First, id: u8, _second: Second) -> Answer {
        panic!("called with {id}, though nobody asked for an answer")
    }

    #[get("/plain/<id>")]
    fn plain(id: u8, _first: First, _headers: &HeaderMap) -> impl IntoResponse + use<> {
        assert_eq!(id, 7, "called, though nobody asked for an answer");
        Answer
    }

    #[get("/direct/<id>")]
    async fn direct(id: u8, _method: &Method) -> Answer {
        panic!("called with {id}, though nobody asked for an answer")
    }

    #[get("/nothing")]
    fn nothing() -> Answer {
        panic!("called, though nobody asked for an answer")
    }

    #[get("/blocking/<id>", blocking)]
    fn blocks(id: u8, _first: First) -> Answer {
        panic!("called with {id}, though nobody asked for an answer")
    }

    #[get("/elsewhere/<id>", blocking)]
    fn elsewhere(id: u8) -> Answer {
        panic!("called with {id}, though nobody asked for an answer")
    }

    #[get("/<a>/<b>/<c>/<d>/<e>/<f>/<g>")]
    #[allow(clippy::many_single_char_names)]
    async fn many(a: u8, b: u8, c: u8, d: u8, e: u8, f: u8, g: u8) -> Result<Answer, StatusCode> {
        assert_eq!([a, b, c, d, e, f, g], [1, 2, 3, 4, 5, 6, 7], "called, though nobody asked for an answer");
        Ok(Answer)
    }

    /// The shim is asked, and the handler is not called: each has its parameters, extractors and answer, however it is called.
    #[test]
    fn each_argument_and_the_answer_are_asked() {
        let app = App::new(routes![waits, plain, direct, nothing, blocks, elsewhere, many]);
        for (name, params, expected) in [
            ("waits", 1, &["First", "Second", "Answer"][..]),
            ("plain", 1, &["First"]), // its answer has no name
            ("direct", 1, &["Answer"]),
            ("nothing", 0, &["Answer"]),
            ("blocks", 1, &["First", "Answer"]),
            ("elsewhere", 1, &["Answer"]),
            ("many", 7, &["Answer"]),
        ] {
            let route = app.route_metas().iter().find(|route| route.name() == name).unwrap();
            assert_eq!(route.params().len(), params, "{name}");
            // Asked anew each time.
            for _ in 0..2 {
                route.describe(&mut Description::default());
                assert_eq!(ASKED.take(), expected, "{name}");
            }
        }
        let app = cello::testing::TestClient::new(app);
        assert_eq!(app.get("/plain/7").send().text(), "answered");
        assert_eq!(app.get("/1/2/3/4/5/6/7").send().text(), "answered");
    }
}

#[test]
fn handlers_stay_functions() {
    assert_eq!(orgs::teams::anything("a/b".to_owned(), Json(7)), "a/b 7");
}

mod passed {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    async fn audit(request: Request, next: Next<'_>) -> Response {
        next.run(request).await
    }

    struct Tenant;

    impl MiddlewareWith for Tenant {
        type State = ();
        type Provides = ();

        async fn handle<'a>(&'a self, request: Request, (): (), next: Next<'a, impl Handle>) -> Response {
            next.run(request).await
        }

        fn name(&self) -> String {
            "Tenant of the house".to_owned()
        }
    }

    struct Role<T>(std::marker::PhantomData<T>);
    struct Admin;
    struct Known;

    impl<T: Send + Sync + 'static> FromRequest for Role<T> {
        type Rejection = Problem;
        type State = ();

        async fn from_request(_: &mut RequestContext<'_, Self>) -> Result<Self, Problem> {
            Ok(Self(std::marker::PhantomData))
        }
    }

    impl FromRequest for Known {
        type Rejection = Problem;
        type State = ();

        async fn from_request(_: &mut RequestContext<'_, Self>) -> Result<Self, Problem> {
            Ok(Self)
        }
    }

    #[cello::blueprint("/outer", with(Timeout::new(Duration::from_secs(1)), Tenant), guard(Known))]
    mod outer {
        use super::*;

        #[blueprint("/inner", with(audit))]
        mod inner {
            use super::*;

            #[get("/all", with(BodyLimit::new(9), None::<Cors>), guard(Role<Admin>))]
            async fn all() {}
        }

        #[get("/some")]
        async fn some() {}
    }

    #[get("/")]
    async fn nothing() {}

    const ALL: [&str; 4] = ["Timeout", "Tenant of the house", "audit", "BodyLimit"];

    fn app() -> impl Application {
        App::new(routes![outer, nothing])
            .enable_logging()
            .with(audit)
            .with(None::<Cors>)
            .with(Compression::default())
    }

    #[test]
    fn what_a_request_passes_is_told_in_its_order() {
        let app = app();
        let [all, some, nothing] = app.route_metas() else { panic!("three routes") };
        assert_eq!(all.middleware(), ALL);
        assert_eq!(all.guards(), ["Known", "Role<Admin>"]);
        assert_eq!(some.middleware(), ["Timeout", "Tenant of the house"]);
        assert_eq!(some.guards(), ["Known"]);
        assert!(nothing.middleware().is_empty() && nothing.guards().is_empty());
        assert_eq!(
            app.middleware_names(),
            ["Logging", "audit", "Compression"],
            "what is turned off has no name"
        );
        assert!(some.to_string().ends_with(") through Timeout, Tenant of the house, guard(Known)"), "{some}");
    }

    #[test]
    fn the_table_tells_it_too() {
        let table = cello::route_table(&app()).to_string();
        let lines: Vec<_> = table.lines().collect();
        assert_eq!(lines.len(), 4, "{table}");
        assert_eq!(lines[0], "Middleware: Logging, audit, Compression");
        assert!(
            lines[1].starts_with("GET  /outer/inner/all  metadata::passed::outer::inner::all  "),
            "{table}"
        );
        let through =
            "  through Timeout, Tenant of the house, audit, BodyLimit, guard(Known), guard(Role<Admin>)";
        assert!(lines[1].ends_with(through), "{table}");
        let bare = lines[3].strip_suffix(|last: char| last.is_ascii_digit());
        assert!(bare.is_some(), "nothing behind the position: {table}");
        let bare = cello::route_table(&App::new(routes![nothing])).to_string();
        assert!(bare.starts_with("GET  /  "), "no line for no middleware: {bare}");
    }

    static MADE: AtomicUsize = AtomicUsize::new(0);

    struct Counted;

    impl Counted {
        fn new() -> Self {
            MADE.fetch_add(1, Ordering::Relaxed);
            Self
        }
    }

    impl Middleware for Counted {
        async fn handle<'a>(&'a self, request: Request, next: Next<'a, impl Handle>) -> Response {
            next.run(request).await
        }
    }

    #[cello::blueprint("/counted", with(Counted::new()))]
    mod counted {
        use super::*;

        #[get("/a")]
        async fn a() {}

        #[get("/b")]
        async fn b() {}
    }

    #[test]
    fn middleware_that_serves_is_made_once_though_it_is_asked_for_its_name() {
        let app = App::new(routes![counted]);
        let routes = app.route_metas();
        let client = cello::testing::TestClient::new(app);
        assert_eq!(client.get("/counted/a").send().status(), 200);
        assert!(routes.iter().all(|route| route.middleware() == ["Counted"]));
        assert_eq!(MADE.load(Ordering::Relaxed), 1);
    }
}
