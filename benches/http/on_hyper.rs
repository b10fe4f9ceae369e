//! The endpoints on hyper alone, written as hyper's own examples are. Frozen: what the others are compared with does
//! not move.

use std::convert::Infallible;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderValue, LOCATION};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde::Serialize;
use tokio::net::TcpListener;

use crate::data::{HELLO, Live, NewUser, Products, Users};

struct Services {
    users: Users,
    products: Products,
}

pub(crate) async fn serve(listener: TcpListener) -> std::io::Result<()> {
    let services = Arc::new(Services { users: Users::seeded(), products: Products::seeded() });
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let services = Arc::clone(&services);
        tokio::spawn(async move {
            let service = service_fn(|request| answer(request, Arc::clone(&services)));
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

async fn answer(
    request: Request<Incoming>,
    services: Arc<Services>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let path = request.uri().path();
    Ok(match (request.method(), path) {
        (&Method::GET, "/") => {
            let mut response = Response::new(Full::new(Bytes::from_static(HELLO.as_bytes())));
            let text = HeaderValue::from_static("text/plain; charset=utf-8");
            response.headers_mut().insert(CONTENT_TYPE, text);
            response
        }
        (&Method::GET, "/health/live") => json(&Live { status: "alive" }),
        (&Method::GET, "/api/v1/products") => {
            let (mut min_price, mut max_price) = (None, None);
            for (key, value) in form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes()) {
                let place = match &*key {
                    "min_price" => &mut min_price,
                    "max_price" => &mut max_price,
                    _ => continue,
                };
                let Ok(price) = value.parse() else { return Ok(bare(StatusCode::BAD_REQUEST)) };
                *place = Some(price);
            }
            json(&services.products.list(min_price, max_price))
        }
        (&Method::POST, "/api/v1/users") => {
            let Ok(body) = request.into_body().collect().await else {
                return Ok(bare(StatusCode::BAD_REQUEST));
            };
            let Ok(new) = serde_json::from_slice::<NewUser>(&body.to_bytes()) else {
                return Ok(bare(StatusCode::BAD_REQUEST));
            };
            let user = services.users.create(new);
            let Ok(location) = HeaderValue::try_from(format!("/api/v1/users/{}", user.id)) else {
                return Ok(bare(StatusCode::INTERNAL_SERVER_ERROR));
            };
            let mut response = json(&user);
            *response.status_mut() = StatusCode::CREATED;
            response.headers_mut().insert(LOCATION, location);
            response
        }
        (&Method::GET, path) => match path.strip_prefix("/api/v1/users/").map(str::parse) {
            Some(Ok(id)) => match services.users.find(id) {
                Some(user) => json(&user),
                None => bare(StatusCode::NOT_FOUND),
            },
            Some(Err(_)) => bare(StatusCode::BAD_REQUEST),
            None => bare(StatusCode::NOT_FOUND),
        },
        _ => bare(StatusCode::NOT_FOUND),
    })
}

fn json(value: &impl Serialize) -> Response<Full<Bytes>> {
    let Ok(text) = serde_json::to_vec(value) else { return bare(StatusCode::INTERNAL_SERVER_ERROR) };
    let mut response = Response::new(Full::new(Bytes::from(text)));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

fn bare(status: StatusCode) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::default());
    *response.status_mut() = status;
    response
}
