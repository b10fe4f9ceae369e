//! The endpoints on actix-web, with one worker.

use std::net::TcpListener;

use actix_web::http::header;
use actix_web::web::{Data, Json, Path, Query};
use actix_web::{App, HttpResponse, HttpServer, Responder, get, post};
use serde::Deserialize;

use crate::data::{HELLO, Live, NewUser, Products, Users};

struct Services {
    users: Users,
    products: Products,
}

#[derive(Deserialize)]
struct Prices {
    min_price: Option<f64>,
    max_price: Option<f64>,
}

pub(crate) fn serve(listener: TcpListener) -> std::io::Result<()> {
    let services = Data::new(Services { users: Users::seeded(), products: Products::seeded() });
    let app = move || {
        let app = App::new().app_data(services.clone());
        app.service(hello).service(live).service(find_user).service(create_user).service(list_products)
    };
    let server = HttpServer::new(app).workers(1).disable_signals().listen(listener)?;
    actix_web::rt::System::new().block_on(server.run())
}

#[get("/")]
async fn hello() -> impl Responder {
    HELLO
}

#[get("/health/live")]
async fn live() -> impl Responder {
    Json(Live { status: "alive" })
}

#[get("/api/v1/users/{id}")]
async fn find_user(id: Path<u64>, services: Data<Services>) -> HttpResponse {
    match services.users.find(*id) {
        Some(user) => HttpResponse::Ok().json(user),
        None => HttpResponse::NotFound().finish(),
    }
}

#[post("/api/v1/users")]
async fn create_user(new: Json<NewUser>, services: Data<Services>) -> HttpResponse {
    let user = services.users.create(new.into_inner());
    let location = format!("/api/v1/users/{}", user.id);
    HttpResponse::Created().insert_header((header::LOCATION, location)).json(user)
}

#[get("/api/v1/products")]
async fn list_products(prices: Query<Prices>, services: Data<Services>) -> impl Responder {
    Json(services.products.list(prices.min_price, prices.max_price))
}
