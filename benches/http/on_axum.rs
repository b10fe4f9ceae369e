//! The endpoints on axum.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use axum::serve::ListenerExt;
use axum::{Json, Router};
use serde::Deserialize;
use tokio::net::TcpListener;

use crate::data::{HELLO, Live, NewUser, ProductList, Products, User, Users};

struct Services {
    users: Users,
    products: Products,
}

#[derive(Deserialize)]
struct Prices {
    min_price: Option<f64>,
    max_price: Option<f64>,
}

pub(crate) async fn serve(listener: TcpListener) -> std::io::Result<()> {
    let services = Arc::new(Services { users: Users::seeded(), products: Products::seeded() });
    let app = Router::new()
        .route("/", get(async || HELLO))
        .route("/health/live", get(async || Json(Live { status: "alive" })))
        .route("/api/v1/users", axum::routing::post(create_user))
        .route("/api/v1/users/{id}", get(find_user))
        .route("/api/v1/products", get(list_products))
        .with_state(services);
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    axum::serve(listener, app).await
}

async fn find_user(
    Path(id): Path<u64>,
    State(services): State<Arc<Services>>,
) -> Result<Json<User>, StatusCode> {
    services.users.find(id).map(Json).ok_or(StatusCode::NOT_FOUND)
}

async fn create_user(State(services): State<Arc<Services>>, Json(new): Json<NewUser>) -> impl IntoResponse {
    let user = services.users.create(new);
    (StatusCode::CREATED, [(header::LOCATION, format!("/api/v1/users/{}", user.id))], Json(user))
}

async fn list_products(
    Query(prices): Query<Prices>,
    State(services): State<Arc<Services>>,
) -> Json<ProductList> {
    Json(services.products.list(prices.min_price, prices.max_price))
}
