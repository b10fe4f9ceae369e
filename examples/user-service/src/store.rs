//! The users, in memory.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

/// A user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// A number, as text.
    pub id: String,
    /// The name.
    pub name: String,
    /// The address for mail.
    pub email: String,
    /// Whether the user has not been deactivated.
    pub active: bool,
}

/// What a new user is made of.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub struct NewUser {
    /// The name.
    pub name: String,
    /// The address for mail.
    pub email: String,
}

/// All users, in the order of their ids.
#[derive(Debug)]
pub struct UserStore(Mutex<Users>);

#[derive(Debug)]
struct Users {
    by_id: BTreeMap<u64, User>,
    next_id: u64,
}

impl UserStore {
    /// No users.
    pub fn empty() -> Self {
        Self(Mutex::new(Users { by_id: BTreeMap::new(), next_id: 1 }))
    }

    /// The two users that the application starts with.
    pub fn seeded() -> Self {
        let store = Self::empty();
        store.create(NewUser { name: "Alice".to_owned(), email: "alice@example.com".to_owned() });
        store.create(NewUser { name: "Bob".to_owned(), email: "bob@example.com".to_owned() });
        store
    }

    /// The users, or only the active ones.
    pub fn list(&self, only_active: bool) -> Vec<User> {
        self.users().by_id.values().filter(|user| user.active || !only_active).cloned().collect()
    }

    /// The user of that id.
    pub fn find(&self, id: u64) -> Option<User> {
        self.users().by_id.get(&id).cloned()
    }

    /// Adds a user, and gives it with its id.
    pub fn create(&self, new: NewUser) -> (u64, User) {
        let mut users = self.users();
        let id = users.next_id;
        let user = User { id: id.to_string(), name: new.name, email: new.email, active: true };
        users.by_id.insert(id, user.clone());
        users.next_id += 1;
        (id, user)
    }

    /// Deactivates the user of that id; `false` if there is none.
    pub fn deactivate(&self, id: u64) -> bool {
        self.users().by_id.get_mut(&id).map(|user| user.active = false).is_some()
    }

    /// How many users there are.
    pub fn total(&self) -> usize {
        self.users().by_id.len()
    }

    /// How many of them are active.
    pub fn active(&self) -> usize {
        self.users().by_id.values().filter(|user| user.active).count()
    }

    fn users(&self) -> MutexGuard<'_, Users> {
        // No change is left half done, so what a panic left behind is whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
