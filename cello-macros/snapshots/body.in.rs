/// Creates a user.
#[post("/users")]
async fn create_user(new: Json<NewUser>, store: &UserStore) -> Created<Json<User>> {
    store.create(new)
}
