#[get("/users/<id>", blocking)]
pub async fn user() -> String {
    "user".to_owned()
}
