/// Renames a user.
#[put("/users/<id>?<notify>")]
pub async fn rename(
    id: u64,
    notify: Option<bool>,
    store: &UserStore,
    headers: &HeaderMap,
    new: Json<NewName>,
) -> Result<Json<User>, UserError> {
    store.rename(id, new, notify, headers)
}
