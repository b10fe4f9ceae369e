/// Says hello.
#[get("/")]
async fn index() -> &'static str {
    "hello"
}
