//! Handlers and blueprints that a `macro_rules!` makes, with every kind of fragment.
use cello::prelude::*;
use cello::testing::TestClient;

macro_rules! handler {
    ($(#[$meta:meta])* $visibility:vis $name:ident, $path:literal, $ty:ty, $value:expr) => {
        $(#[$meta])*
        #[get($path)]
        $visibility async fn $name(id: $ty) -> String {
            let x = $value;
            format!("{id} {x}")
        }
    };
}

handler!(
    /// Documented.
    pub first, "/first/<id>", u64, 1);
handler!(second, "/second/<id>", &str, 2);

macro_rules! blueprint_of {
    ($name:ident, $prefix:literal, $($item:item)*) => {
        #[cello::blueprint($prefix)]
        mod $name {
            use super::*;
            $($item)*
        }
    };
}

blueprint_of! { third, "/third",
    #[get("/<id>")]
    pub fn one(id: u8) -> String {
        format!("one {id}")
    }
    #[get("/")]
    fn all() -> &'static str {
        "all"
    }
}

macro_rules! text_of {
    ($body:block) => {
        #[get("/block")]
        async fn block() -> &'static str $body
    };
}

text_of!({ "block" });

fn main() {
    let client = TestClient::new(App::new(routes![first, second, third, block]));
    let get = |path: &str| client.get(path).send().text().to_owned();
    assert_eq!(get("/first/3"), "3 1");
    assert_eq!(get("/second/x"), "x 2");
    assert_eq!(get("/third/7"), "one 7");
    assert_eq!(get("/third"), "all");
    assert_eq!(get("/block"), "block");
    assert_eq!(third::one::path(7), "/third/7");
}
