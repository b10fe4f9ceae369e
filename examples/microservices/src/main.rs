//! Users, products and health in one process: each service is a blueprint with its own routes and data.
#![forbid(unsafe_code)]

mod health;
#[cfg(test)]
mod tests;

use cello::Config;
use cello::prelude::*;
use product_service::{ProductStore, products};
use serde::Serialize;
use user_service::{UserStore, users};

use crate::health::StartTime;

#[derive(AppState)]
struct Services {
    users: UserStore,
    products: ProductStore,
    started: StartTime,
}

impl Services {
    fn seeded() -> Self {
        Self { users: UserStore::seeded(), products: ProductStore::seeded(), started: StartTime::now() }
    }
}

/// Service discovery: what there is, and where.
#[get("/")]
async fn service_index() -> Json<ServiceIndex> {
    let services = vec![
        Service { name: "users", base_url: "/api/v1/users" },
        Service { name: "products", base_url: "/api/v1/products" },
    ];
    Json(ServiceIndex { name: "Cello Microservices", services, health: "/health" })
}

#[derive(Debug, Serialize)]
struct ServiceIndex {
    name: &'static str,
    services: Vec<Service>,
    health: &'static str,
}

#[derive(Debug, Serialize)]
struct Service {
    name: &'static str,
    base_url: &'static str,
}

fn app(config: &Config) -> impl Application {
    App::new(routes![service_index, users, products, health])
        .state(Services::seeded())
        .health_check("user_service", async |users: State<UserStore>| {
            users.total();
        })
        .health_check("product_service", async |products: State<ProductStore>| {
            products.total();
        })
        .configure(config)
        // Around every route. The blueprint of users and the list of products have middleware of their own.
        .enable_cors()
        .enable_logging()
        .enable_compression()
}

fn main() -> cello::Result<()> {
    let config = Config::from_args_and_env();
    config.run(app(&config))
}
