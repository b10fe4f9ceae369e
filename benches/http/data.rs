//! What the services hold: users and products, as in the microservices application. All servers share this code.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

/// The text of `GET /`.
pub(crate) const HELLO: &str = "Hello, World!";

#[derive(Debug, Clone, Serialize)]
pub(crate) struct User {
    pub(crate) id: String,
    name: String,
    email: String,
    active: bool,
}

#[derive(Debug, Deserialize)]
pub(crate) struct NewUser {
    name: String,
    email: String,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct Product {
    id: String,
    name: String,
    price: f64,
    stock: u64,
}

#[derive(Debug, Serialize)]
pub(crate) struct ProductList {
    pub(crate) products: Vec<Product>,
    pub(crate) count: usize,
}

#[derive(Debug, Serialize)]
pub(crate) struct Live {
    pub(crate) status: &'static str,
}

#[derive(Debug)]
pub(crate) struct Users(Mutex<BTreeMap<u64, User>>);

#[derive(Debug)]
pub(crate) struct Products(Mutex<BTreeMap<u64, Product>>);

impl Users {
    pub(crate) fn seeded() -> Self {
        let user = |id: u64, name: &str, email: &str| {
            let user =
                User { id: id.to_string(), name: name.to_owned(), email: email.to_owned(), active: true };
            (id, user)
        };
        let users = [user(1, "Alice", "alice@example.com"), user(2, "Bob", "bob@example.com")];
        Self(Mutex::new(users.into()))
    }

    pub(crate) fn find(&self, id: u64) -> Option<User> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&id).cloned()
    }

    /// Always under the same number, so that a long load does not fill the memory, and answers have one length.
    pub(crate) fn create(&self, new: NewUser) -> User {
        let user = User { id: "3".to_owned(), name: new.name, email: new.email, active: true };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(3, user.clone());
        user
    }
}

impl Products {
    pub(crate) fn seeded() -> Self {
        let product = |id: u64, name: &str, price, stock| {
            (id, Product { id: id.to_string(), name: name.to_owned(), price, stock })
        };
        let products =
            [product(1, "Cello Framework License", 0.0, 999), product(2, "Premium Support", 99.0, 50)];
        Self(Mutex::new(products.into()))
    }

    pub(crate) fn list(&self, min_price: Option<f64>, max_price: Option<f64>) -> ProductList {
        let fits = |product: &&Product| {
            min_price.is_none_or(|min| product.price >= min)
                && max_price.is_none_or(|max| product.price <= max)
        };
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let products: Vec<_> = all.values().filter(fits).cloned().collect();
        ProductList { count: products.len(), products }
    }
}
