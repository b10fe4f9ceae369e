//! How large bodies may be, from the application to the route.
#![allow(clippy::unwrap_used, reason = "these are tests")]

use cello::prelude::*;
use cello::testing::TestClient;

#[post("/bytes")]
async fn bytes(content: Bytes) -> String {
    content.len().to_string()
}

#[post("/json")]
async fn json(content: Json<Vec<u8>>) -> String {
    content.0.len().to_string()
}

#[post("/form")]
async fn form(content: Form<std::collections::HashMap<String, String>>) -> String {
    content.0.len().to_string()
}

#[post("/stated", body_limit = 20)]
async fn stated(content: Bytes) -> String {
    content.len().to_string()
}

#[post("/route", with(BodyLimit::new(30)))]
async fn route(content: Bytes) -> String {
    content.len().to_string()
}

#[post("/unread")]
async fn unread() -> &'static str {
    "unread"
}

#[post("/piecewise")]
async fn piecewise(mut content: Body) -> Result<String, Problem> {
    let mut len = 0;
    while let Some(data) = content
        .next_data()
        .await
        .map_err(|error| Problem::new(StatusCode::PAYLOAD_TOO_LARGE).with_detail(error.to_string()))?
    {
        len += data.len();
    }
    Ok(len.to_string())
}

#[cello::blueprint("/scope", with(BodyLimit::new(40)))]
mod scope {
    use super::*;

    #[post("/bytes")]
    async fn bytes(content: Bytes) -> String {
        content.len().to_string()
    }

    #[post("/inner", with(BodyLimit::new(60)))]
    async fn inner(content: Bytes) -> String {
        content.len().to_string()
    }

    #[post("/smaller", with(BodyLimit::new(10)))]
    async fn smaller(content: Bytes) -> String {
        content.len().to_string()
    }

    #[post("/stated", body_limit = 50)]
    async fn stated(content: Bytes) -> String {
        content.len().to_string()
    }
}

#[cello::blueprint("/stating", body_limit = 60)]
mod stating {
    use super::*;

    #[post("/bytes")]
    async fn bytes(content: Bytes) -> String {
        content.len().to_string()
    }

    #[post("/nearer", with(BodyLimit::new(10)))]
    async fn nearer(content: Bytes) -> String {
        content.len().to_string()
    }

    #[post("/larger", with(BodyLimit::new(90)))]
    async fn larger(content: Bytes) -> String {
        content.len().to_string()
    }

    #[post("/both", body_limit = 70, with(BodyLimit::new(10)))]
    async fn both(content: Bytes) -> String {
        content.len().to_string()
    }
}

macro_rules! app {
    () => {
        App::new(routes![bytes, json, form, stated, route, unread, piecewise, scope, stating])
    };
}

/// Of a length that is known, and of one that is not.
fn bodies(len: usize) -> [Body; 2] {
    let content = vec![b'x'; len];
    [Body::from(content.clone()), Body::from_reader(std::io::Cursor::new(content))]
}

#[track_caller]
fn assert_limit(client: &TestClient, path: &str, most: usize) {
    for body in bodies(most) {
        assert_eq!(client.post(path).body(body).send().text(), most.to_string(), "{path}");
    }
    for body in bodies(most + 1) {
        let refused = client.post(path).body(body).send();
        assert_eq!(refused.status(), 413, "{path}");
        assert!(refused.text().contains(&format!("{most} bytes")), "{path}: {}", refused.text());
    }
}

#[test]
fn the_limit_nearest_to_the_handler_counts() {
    let client = TestClient::new(app!().limits(Limits::default().body(100)).with(BodyLimit::new(50)));
    for (path, most) in [
        ("/bytes", 50),
        ("/piecewise", 50),
        ("/stated", 20),
        ("/route", 30),
        ("/scope/bytes", 40),
        ("/scope/inner", 60),
        ("/scope/smaller", 10),
        ("/scope/stated", 50),
        ("/stating/bytes", 60),
        ("/stating/nearer", 10),
        ("/stating/larger", 90),
        ("/stating/both", 70),
    ] {
        assert_limit(&client, path, most);
    }
}

#[test]
fn it_may_be_larger_than_that_of_the_application_for_all_kinds_of_bodies() {
    let client = TestClient::new(
        app!().limits(Limits::default().body(100).json(10).form(10)).with(BodyLimit::new(1000)),
    );
    assert_limit(&client, "/bytes", 1000);
    assert_eq!(client.post("/json").json(vec![1_u8; 400]).send().text(), "400");
    assert_eq!(client.post("/json").json(vec![1_u8; 600]).send().status(), 413);
    let fields: Vec<_> = (0..100).map(|number| format!("a{number}")).collect();
    let fields: Vec<_> = fields.iter().map(|name| (name.as_str(), "1")).collect();
    assert_eq!(client.post("/form").form(&fields).send().text(), "100");
}

#[test]
fn what_nobody_reads_is_not_refused() {
    let client = TestClient::new(app!().with(BodyLimit::new(10)));
    for body in bodies(1000) {
        assert_eq!(client.post("/unread").body(body).send().text(), "unread");
    }
}

#[test]
fn it_holds_for_a_request_that_is_routed_anew() {
    async fn to_bytes(mut request: Request, next: Next<'_>) -> Response {
        if request.uri().path() == "/elsewhere" {
            *request.uri_mut() = Uri::from_static("/bytes");
        }
        next.run(request).await
    }
    let client = TestClient::new(app!().with(BodyLimit::new(10)).with(to_bytes));
    assert_limit(&client, "/elsewhere", 10);
    assert_limit(&client, "/stated", 20);
}
