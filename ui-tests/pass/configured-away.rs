//! A `cfg` takes the route away with its function, wherever it stands.
use cello::prelude::*;
use cello::testing::TestClient;

#[cfg(any())]
#[get("/above")]
fn above(nonsense: Nonsense) {}

#[get("/below")]
#[cfg(any())]
fn below(nonsense: Nonsense) {}

#[get("/kept")]
#[cfg(all())]
fn kept() -> &'static str {
    "kept"
}

#[cello::blueprint("/inside")]
mod inside {
    use cello::prelude::*;

    #[cfg(any())]
    #[get("/{what the macro refuses}")]
    fn above(nonsense: Nonsense) {}

    #[get("/below")]
    #[cfg(any())]
    #[cfg(all())]
    fn below(nonsense: Nonsense) {}

    #[cfg(all())]
    #[get("/kept")]
    fn kept() -> &'static str {
        "kept inside"
    }

    #[cfg(any())]
    #[blueprint("/gone")]
    mod gone {
        #[get("/")]
        fn index(nonsense: Nonsense) {}
    }
}

mod listed {
    use cello::prelude::*;

    blueprint!("/listed", [kept, #[cfg(any())] gone, #[cfg(all())] stays]);

    #[get("/kept")]
    fn kept() -> &'static str {
        "kept in a list"
    }

    #[cfg(any())]
    #[get("/gone")]
    fn gone() {}

    #[get("/stays")]
    fn stays() -> &'static str {
        "stays"
    }
}

fn main() {
    let routes = routes![#[cfg(any())] above, #[cfg(any())] below, kept, inside, listed, #[cfg(any())] nowhere];
    let client = TestClient::new(App::new(routes));
    let get = |path: &str| client.get(path).send();
    assert_eq!(get("/kept").text(), "kept");
    assert_eq!(get("/inside/kept").text(), "kept inside");
    assert_eq!(get("/listed/kept").text(), "kept in a list");
    assert_eq!(get("/listed/stays").text(), "stays");
    for gone in ["/above", "/below", "/inside/below", "/inside/gone", "/listed/gone"] {
        assert_eq!(get(gone).status(), 404, "{gone}");
    }
}
