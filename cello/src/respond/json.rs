//! [`Json`].

use std::ops::{Deref, DerefMut};

use http::HeaderValue;

use super::{IntoResponse, Writable, typed, unsendable};
use crate::Response;

/// JSON: as an argument the body read with serde, as an answer the value written as `application/json`.
///
/// A value that cannot be written (a map with keys that are no strings) is a 500, and is logged.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Json<T>(pub T);

impl<T: Writable> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(bytes) => typed(bytes.into(), const { HeaderValue::from_static("application/json") }),
            Err(error) => unsendable(error),
        }
    }
}

impl<T> Deref for Json<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for Json<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<T> From<T> for Json<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}
