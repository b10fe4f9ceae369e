//! The user service, as a process of its own on port 8001.
#![forbid(unsafe_code)]

mod health;
#[cfg(test)]
mod tests;

use cello::Config;
use cello::prelude::*;
use user_service::{UserStore, users};

#[derive(AppState)]
struct Services {
    users: UserStore,
}

fn app(config: &Config) -> impl Application {
    App::new(routes![users, health])
        .state(Services { users: UserStore::seeded() })
        .configure(config)
        .enable_cors()
        .enable_logging()
        .enable_compression()
}

fn main() -> cello::Result<()> {
    let config = Config::default().port(8001).with_args_and_env();
    config.run(app(&config))
}
