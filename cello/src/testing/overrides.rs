//! What a test replaces of an application's state: [`Overrides`].

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use crate::Result;
use crate::state::AppState;

/// What a test does otherwise: the parts of the state that it replaces.
#[derive(Default)]
pub struct Overrides {
    in_test: bool,
    parts: HashMap<TypeId, Replacement>,
}

struct Replacement {
    name: &'static str,
    value: Box<dyn Any + Send + Sync>,
}

impl Overrides {
    /// Nothing is replaced yet.
    pub(super) fn of_test() -> Self {
        Self { in_test: true, ..Self::default() }
    }

    /// Replaces the part of the state that has this type.
    pub(super) fn replace<T: Send + Sync + 'static>(&mut self, part: T) {
        let part = Replacement { name: std::any::type_name::<T>(), value: Box::new(part) };
        self.parts.insert(TypeId::of::<T>(), part);
    }

    /// Whether the application is built for a test client.
    pub(crate) fn in_test(&self) -> bool {
        self.in_test
    }

    pub(crate) fn over(self, state: Arc<dyn AppState>) -> Result<Arc<dyn AppState>> {
        if let Some(unknown) = self.parts.iter().find(|(id, _)| state.provide(**id).is_none()) {
            let name = unknown.1.name;
            return Err(crate::Error::msg(format!(
                "a test replaces the state `{name}`, which the application does not have"
            )));
        }
        Ok(if self.parts.is_empty() { state } else { Arc::new(Overridden { state, parts: self.parts }) })
    }
}

impl fmt::Debug for Overrides {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.parts.values().map(|part| part.name)).finish()
    }
}

struct Overridden {
    state: Arc<dyn AppState>,
    parts: HashMap<TypeId, Replacement>,
}

impl AppState for Overridden {
    fn provide(&self, id: TypeId) -> Option<&(dyn Any + Send + Sync)> {
        match self.parts.get(&id) {
            Some(part) => Some(&*part.value),
            None => self.state.provide(id),
        }
    }
}
