//! The products, in memory.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

/// A product.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Product {
    /// A number, as text.
    pub id: String,
    /// The name.
    pub name: String,
    /// The price of one.
    pub price: f64,
    /// How many there are.
    pub stock: u64,
}

/// What a new product is made of.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub struct NewProduct {
    /// The name.
    pub name: String,
    /// The price of one; free if it is not said.
    #[serde(default)]
    pub price: f64,
    /// How many there are; none if it is not said.
    #[serde(default)]
    pub stock: u64,
}

/// All products, in the order of their ids.
#[derive(Debug)]
pub struct ProductStore(Mutex<Products>);

#[derive(Debug)]
struct Products {
    by_id: BTreeMap<u64, Product>,
    next_id: u64,
}

impl ProductStore {
    /// No products.
    pub fn empty() -> Self {
        Self(Mutex::new(Products { by_id: BTreeMap::new(), next_id: 1 }))
    }

    /// The two products that the application starts with.
    pub fn seeded() -> Self {
        let store = Self::empty();
        store.create(NewProduct { name: "Cello Framework License".to_owned(), price: 0.0, stock: 999 });
        store.create(NewProduct { name: "Premium Support".to_owned(), price: 99.0, stock: 50 });
        store
    }

    /// The products whose price is in the range, ends included.
    pub fn list(&self, min_price: Option<f64>, max_price: Option<f64>) -> Vec<Product> {
        let fits = |product: &&Product| {
            min_price.is_none_or(|min| product.price >= min)
                && max_price.is_none_or(|max| product.price <= max)
        };
        self.products().by_id.values().filter(fits).cloned().collect()
    }

    /// The product of that id.
    pub fn find(&self, id: u64) -> Option<Product> {
        self.products().by_id.get(&id).cloned()
    }

    /// Adds a product, and gives it with its id.
    pub fn create(&self, new: NewProduct) -> (u64, Product) {
        let mut products = self.products();
        let id = products.next_id;
        let product = Product { id: id.to_string(), name: new.name, price: new.price, stock: new.stock };
        products.by_id.insert(id, product.clone());
        products.next_id += 1;
        (id, product)
    }

    /// How many products there are.
    pub fn total(&self) -> usize {
        self.products().by_id.len()
    }

    /// How many of all products together are in stock.
    pub fn stock(&self) -> u64 {
        self.products().by_id.values().fold(0, |sum, product| sum.saturating_add(product.stock))
    }

    fn products(&self) -> MutexGuard<'_, Products> {
        // No change is left half done, so what a panic left behind is whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
