//! User management.

use cello::prelude::*;
use serde::Serialize;

use crate::{NewUser, User, UserStore};

// Of a rush on this service the others notice nothing: what is over 256 at a time gets a 503 at once.
blueprint!(
    "/api/v1/users",
    [list_users, get_user, create_user, delete_user],
    with(ConcurrencyLimit::new(256))
);

/// Lists users, only the active ones if asked.
#[get("/?<active>")]
async fn list_users(active: Option<bool>, store: &UserStore) -> Json<UserList> {
    let users = store.list(active.unwrap_or(false));
    Json(UserList { count: users.len(), users })
}

/// Fetches one user.
#[get("/<id>")]
async fn get_user(id: u64, store: &UserStore) -> Result<Json<User>, UserError> {
    store.find(id).map(Json).ok_or(UserError::NotFound)
}

/// Adds a user.
#[post("/")]
async fn create_user(new: Json<NewUser>, store: &UserStore) -> Created<Json<User>> {
    let (id, user) = store.create(new.0);
    Created::at(get_user::path(id), Json(user))
}

/// Deactivates a user.
#[delete("/<id>")]
async fn delete_user(id: u64, store: &UserStore) -> Result<Json<Deactivated>, UserError> {
    if store.deactivate(id) { Ok(Json(Deactivated { deactivated: true })) } else { Err(UserError::NotFound) }
}

#[derive(Debug, Serialize)]
struct UserList {
    users: Vec<User>,
    count: usize,
}

#[derive(Debug, Serialize)]
struct Deactivated {
    deactivated: bool,
}

#[derive(Debug, HttpError)]
#[http_error(render = as_error)]
enum UserError {
    /// User not found
    #[status(404)]
    NotFound,
}

/// This service's own shape of errors: `{"error": "..."}`.
fn as_error(problem: &Problem) -> (StatusCode, Json<ErrorBody>) {
    (problem.status(), Json(ErrorBody { error: problem.detail().unwrap_or_default().to_owned() }))
}

#[derive(Debug, Serialize)]
struct ErrorBody {
    error: String,
}
