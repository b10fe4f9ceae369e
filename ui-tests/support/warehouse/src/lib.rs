//! Products in store: one of two crates that cases mount together.
#![forbid(unsafe_code)]

pub mod stock {
    //! A blueprint that clashes with `catalogue::products`.
    use cello::prelude::*;

    blueprint!("/products", [count]);

    /// Counts a product.
    #[get("/<sku>")]
    pub async fn count(sku: &str) -> String {
        format!("none of {sku}")
    }
}

pub mod shelves {
    //! A blueprint that clashes with nothing.
    use cello::prelude::*;

    blueprint!("/shelves", [shelf]);

    /// Describes a shelf.
    #[get("/<row>/<place>")]
    pub async fn shelf(row: u8, place: u8) -> String {
        format!("row {row}, place {place}")
    }
}

pub mod prelude {
    //! A name that an extractor has too.

    /// How much is in store.
    #[derive(Debug)]
    pub struct State(pub u8);
}
