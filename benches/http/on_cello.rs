//! The endpoints on Cello: alone with its default protections, and with CORS, compression and request ids around them.

use cello::middleware::logging::LogOutput;
use cello::prelude::*;
use tokio::net::TcpListener;

use crate::Fault;
use crate::data::{self, HELLO, Live, NewUser, ProductList, Products, Users};

#[derive(AppState)]
struct Services {
    users: Users,
    products: Products,
}

#[get("/")]
async fn hello() -> &'static str {
    HELLO
}

#[get("/health/live")]
async fn live() -> Json<Live> {
    Json(Live { status: "alive" })
}

#[get("/api/v1/users/<id>")]
async fn get_user(id: u64, users: &Users) -> Option<Json<data::User>> {
    users.find(id).map(Json)
}

#[post("/api/v1/users")]
async fn create_user(new: Json<NewUser>, users: &Users) -> Created<Json<data::User>> {
    let user = users.create(new.0);
    Created::at(get_user::path(3), Json(user))
}

#[get("/api/v1/products?<min_price>&<max_price>")]
async fn list_products(
    min_price: Option<f64>,
    max_price: Option<f64>,
    products: &Products,
) -> Json<ProductList> {
    Json(products.list(min_price, max_price))
}

#[get("/", with(BodyLimit::new(1024 * 1024)))]
async fn hello_limited() -> &'static str {
    HELLO
}

#[get("/", with(RateLimit::per_second(1_000_000).fields(false)))]
async fn hello_rated() -> &'static str {
    HELLO
}

#[get("/", with(Onward))]
async fn hello_by_type() -> &'static str {
    HELLO
}

#[get("/", with(onward))]
async fn hello_by_function() -> &'static str {
    HELLO
}

#[cello::blueprint("/", with(BodyLimit::new(1024 * 1024)))]
mod limited {
    use super::*;

    #[get("/")]
    async fn hello() -> &'static str {
        HELLO
    }
}

/// The least that a middleware of the application's can be.
struct Onward;

impl Middleware for Onward {
    async fn handle<'a>(&'a self, request: Request, next: Next<'a, impl Handle>) -> Response {
        next.run(request).await
    }
}

async fn onward(request: Request, next: Next<'_>) -> Response {
    next.run(request).await
}

/// The least that a layer of tower can be.
#[derive(Clone)]
struct Inner<S>(S);

impl<S: tower_service::Service<Request>> tower_service::Service<Request> for Inner<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, cx: &mut std::task::Context<'_>) -> std::task::Poll<Result<(), S::Error>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> S::Future {
        self.0.call(request)
    }
}

/// The application, without middleware.
macro_rules! app {
    () => {
        App::new(routes![hello, live, get_user, create_user, list_products])
            .state(Services { users: Users::seeded(), products: Products::seeded() })
    };
}

/// Stacks by name, for the table of what each member costs.
macro_rules! stacks {
    ($($name:literal => |$app:ident| $stack:expr,)+) => {
        pub(crate) const STACKS: &[&str] = &[$($name),+];

        pub(crate) async fn serve_stack(name: &str, listener: TcpListener) -> Result<(), Fault> {
            let served = match name {
                $($name => {
                    let $app = app!();
                    $stack.serve(listener).await
                })+
                _ => return Err(format!("there is no stack `{name}`").into()),
            };
            served.map_err(|error| error.to_string().into())
        }
    };
}

/// The stack whose cost has a bound.
pub(crate) const TOGETHER: &str = "the same, logging that nobody hears, and a timeout";

// The first is what the others are compared with; a new member gets a line. Standard error goes nowhere.
stacks! {
    "no middleware" => |app| app,
    "logging, nobody listens" => |app| {
        let _ = tracing::subscriber::set_global_default(tracing::subscriber::NoSubscriber::new());
        app.enable_logging()
    },
    "logging, to standard error" => |app| app.with(Logging::new().output(LogOutput::Stderr)),
    "cors" => |app| app.enable_cors(),
    "compression" => |app| app.enable_compression(),
    "request id" => |app| app.enable_request_id(),
    "security headers" => |app| app.enable_security_headers(),
    "security headers, for the web" => |app| app.with(SecurityHeaders::web()),
    "metrics" => |app| app.enable_metrics(),
    "trusted proxies" => |app| app.enable_trusted_proxies(),
    "metrics, request id, cors, security headers" =>
        |app| app.enable_metrics().enable_request_id().enable_cors().enable_security_headers(),
    "the same and logging, nobody listens" => |app| {
        let _ = tracing::subscriber::set_global_default(tracing::subscriber::NoSubscriber::new());
        app.enable_metrics().enable_request_id().enable_logging().enable_cors().enable_security_headers()
    },
    "the same, logging that nobody hears, and a timeout" => |app| {
        let _ = tracing::subscriber::set_global_default(tracing::subscriber::NoSubscriber::new());
        app.enable_metrics()
            .enable_request_id()
            .enable_logging()
            .enable_cors()
            .enable_security_headers()
            .with(Timeout::new(std::time::Duration::from_secs(10)))
    },
    "the same and logging, to standard error" => |app| app
        .enable_metrics()
        .enable_request_id()
        .with(Logging::new().output(LogOutput::Stderr))
        .enable_cors()
        .enable_security_headers(),
    "conditional requests, with a tag" => |app| app.enable_conditional_requests(),
    "timeout" => |app| app.with(Timeout::new(std::time::Duration::from_secs(10))),
    "body limit" => |app| app.with(BodyLimit::new(1024 * 1024)),
    "concurrency limit" => |app| app.with(ConcurrencyLimit::new(1000)),
    "rate limit" => |app| app.with(RateLimit::per_second(1_000_000)),
    "concurrency limit, with a queue" =>
        |app| app.with(ConcurrencyLimit::new(1000).queue(10, std::time::Duration::from_secs(1))),
    "health, mounted" => |_app| App::new(routes![hello, cello::health]),
    "a body limit at the blueprint" => |_app| App::new(routes![limited]),
    "a body limit at the route" => |_app| App::new(routes![hello_limited]),
    "a rate limit at the route, without header fields" => |_app| App::new(routes![hello_rated]),
    "a type of one's own at the route" => |_app| App::new(routes![hello_by_type]),
    "a function at the route" => |_app| App::new(routes![hello_by_function]),
    "a type of one's own" => |app| app.with(Onward),
    "a function" => |app| app.with(onward),
    "a layer of tower" => |app| app.layer(tower_layer::layer_fn(Inner)),
    "rate limit, without header fields" => |app| app.with(RateLimit::per_second(1_000_000).fields(false)),
}

pub(crate) async fn serve(listener: TcpListener, with_stack: bool) -> Result<(), Fault> {
    let app = app!();
    let served = if with_stack {
        app.enable_cors().enable_compression().enable_request_id().serve(listener).await
    } else {
        app.serve(listener).await
    };
    served.map_err(|error| error.to_string().into())
}
