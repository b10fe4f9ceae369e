/// Users.
#[blueprint("/users", guard(Session))]
pub mod users {
    use super::*;

    #[get("/<id>")]
    pub async fn user(id: u64) -> String {
        id.to_string()
    }

    #[blueprint("/<id>/posts")]
    mod posts {
        use super::*;

        #[get("/")]
        async fn posts(id: u64) -> String {
            id.to_string()
        }
    }
}
