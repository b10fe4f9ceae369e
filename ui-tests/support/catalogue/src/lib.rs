//! Products for sale: one of two crates that cases mount together.
#![forbid(unsafe_code)]

pub mod products {
    //! The blueprint `/products`, without state.
    use cello::prelude::*;

    blueprint!("/products", [list, product]);

    /// Lists all products.
    #[get("/")]
    pub async fn list() -> &'static str {
        "all"
    }

    /// Fetches one product.
    #[get("/<id>")]
    pub async fn product(id: u64) -> String {
        format!("product {id}")
    }
}

pub mod search {
    //! The blueprint `/search`, whose handler takes state.
    use cello::prelude::*;

    blueprint!("/search", [find]);

    /// What is searched.
    #[derive(Debug, Default)]
    pub struct Index {
        /// The words in it.
        pub words: Vec<String>,
    }

    /// Finds a word.
    #[get("/?<word>")]
    pub async fn find(word: &str, index: &Index) -> String {
        index.words.iter().any(|known| known == word).to_string()
    }
}
