//! The product catalogue.

use cello::prelude::*;
use serde::Serialize;

use crate::{NewProduct, Product, ProductStore};

blueprint!("/api/v1/products", [list_products, get_product, create_product]);

/// Lists products, those in a range of prices if asked. Who has the list already gets a 304.
#[get("/?<min_price>&<max_price>", with(ConditionalRequests::default()))]
async fn list_products(
    min_price: Option<f64>,
    max_price: Option<f64>,
    store: &ProductStore,
) -> Json<ProductList> {
    let products = store.list(min_price, max_price);
    Json(ProductList { count: products.len(), products })
}

/// Fetches one product.
#[get("/<id>")]
async fn get_product(id: u64, store: &ProductStore) -> Result<Json<Product>, ProductError> {
    store.find(id).map(Json).ok_or(ProductError::NotFound)
}

/// Adds a product.
#[post("/")]
async fn create_product(new: Json<NewProduct>, store: &ProductStore) -> Created<Json<Product>> {
    let (id, product) = store.create(new.0);
    Created::at(get_product::path(id), Json(product))
}

#[derive(Debug, Serialize)]
struct ProductList {
    products: Vec<Product>,
    count: usize,
}

#[derive(Debug, HttpError)]
#[http_error(render = as_error)]
enum ProductError {
    /// Product not found
    #[status(404)]
    NotFound,
}

/// This service's own shape of errors: `{"error": "..."}`.
fn as_error(problem: &Problem) -> (StatusCode, Json<ErrorBody>) {
    (problem.status(), Json(ErrorBody { error: problem.detail().unwrap_or_default().to_owned() }))
}

#[derive(Debug, Serialize)]
struct ErrorBody {
    error: String,
}
