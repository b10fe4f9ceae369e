//! The health of this service alone.

use cello::health::{HealthReport, Probe};
use cello::prelude::*;
use product_service::ProductStore;
use serde::Serialize;

blueprint!("/health", [live, ready]);

/// Liveness: the process answers.
#[get("/live")]
async fn live() -> Json<Live> {
    Json(Live { status: "alive" })
}

/// Readiness: what it would serve.
#[get("/ready")]
async fn ready(probe: Probe, products: &ProductStore) -> Result<Json<Ready>, HealthReport> {
    probe.ready().await.passed()?;
    Ok(Json(Ready { status: "ready", products: products.total() }))
}

#[derive(Debug, Serialize)]
struct Live {
    status: &'static str,
}

#[derive(Debug, Serialize)]
struct Ready {
    status: &'static str,
    products: usize,
}
