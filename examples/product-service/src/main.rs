//! The product service, as a process of its own on port 8002.
#![forbid(unsafe_code)]

mod health;
#[cfg(test)]
mod tests;

use cello::Config;
use cello::prelude::*;
use product_service::{ProductStore, products};

#[derive(AppState)]
struct Services {
    products: ProductStore,
}

fn app(config: &Config) -> impl Application {
    App::new(routes![products, health])
        .state(Services { products: ProductStore::seeded() })
        .configure(config)
        .enable_cors()
        .enable_logging()
        .enable_compression()
}

fn main() -> cello::Result<()> {
    let config = Config::default().port(8002).with_args_and_env();
    config.run(app(&config))
}
