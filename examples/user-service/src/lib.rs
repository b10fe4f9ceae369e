//! Users: the blueprint and its store, for a process of its own or as part of a larger application.
#![forbid(unsafe_code)]

mod store;
pub mod users;

pub use store::{NewUser, User, UserStore};
