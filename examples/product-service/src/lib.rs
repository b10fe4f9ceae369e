//! Products: the blueprint and its store, for a process of its own or as part of a larger application.
#![forbid(unsafe_code)]

pub mod products;
mod store;

pub use store::{NewProduct, Product, ProductStore};
