//! Health checks of the whole application.

use std::time::Instant;

use cello::health::{HealthReport, Probe};
use cello::prelude::*;
use product_service::ProductStore;
use serde::Serialize;
use user_service::UserStore;

blueprint!("/health", [live, ready, report]);

/// When the application was started.
#[derive(Debug)]
pub(crate) struct StartTime(Instant);

impl StartTime {
    pub(crate) fn now() -> Self {
        Self(Instant::now())
    }

    /// Seconds since then, to two decimals.
    fn uptime_seconds(&self) -> f64 {
        (self.0.elapsed().as_secs_f64() * 100.0).round() / 100.0
    }
}

/// Liveness: the process answers.
#[get("/live")]
async fn live() -> Json<Live> {
    Json(Live { status: "alive" })
}

/// Readiness: which services are up. While a check fails or the server stops, the framework's own report is the answer.
#[get("/ready")]
async fn ready(
    probe: Probe,
    users: &UserStore,
    products: &ProductStore,
) -> Result<Json<Report<UsersUp, ProductsUp>>, HealthReport> {
    probe.ready().await.passed()?;
    Ok(Json(Report {
        status: "ready",
        uptime_seconds: None,
        services: Services {
            user_service: UsersUp { status: "up", users: users.total() },
            product_service: ProductsUp { status: "up", products: products.total() },
        },
    }))
}

/// The comprehensive report.
#[get("/")]
async fn report(
    users: &UserStore,
    products: &ProductStore,
    started: &StartTime,
) -> Json<Report<UserFigures, ProductFigures>> {
    let user_service = UserFigures { status: "up", total_users: users.total(), active_users: users.active() };
    let product_service =
        ProductFigures { status: "up", total_products: products.total(), total_stock: products.stock() };
    Json(Report {
        status: "healthy",
        uptime_seconds: Some(started.uptime_seconds()),
        services: Services { user_service, product_service },
    })
}

#[derive(Debug, Serialize)]
struct Live {
    status: &'static str,
}

#[derive(Debug, Serialize)]
struct Report<U, P> {
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    uptime_seconds: Option<f64>,
    services: Services<U, P>,
}

#[derive(Debug, Serialize)]
struct Services<U, P> {
    user_service: U,
    product_service: P,
}

#[derive(Debug, Serialize)]
struct UsersUp {
    status: &'static str,
    users: usize,
}

#[derive(Debug, Serialize)]
struct ProductsUp {
    status: &'static str,
    products: usize,
}

#[derive(Debug, Serialize)]
struct UserFigures {
    status: &'static str,
    total_users: usize,
    active_users: usize,
}

#[derive(Debug, Serialize)]
struct ProductFigures {
    status: &'static str,
    total_products: usize,
    total_stock: u64,
}
