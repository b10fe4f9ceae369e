//! [`Json`].

use std::ops::{Deref, DerefMut};

use http::{HeaderValue, header};

use super::{IntoResponse, Writable, unsendable};
use crate::{Body, Response};

/// JSON: as an argument the body read with serde, as an answer the value written as `application/json`.
///
/// A value that cannot be written (a map with keys that are no strings) is a 500, and is logged.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Json<T>(pub T);

impl<T: Writable> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(bytes) => {
                let mut response = Response::new(Body::from(bytes));
                let value = const { HeaderValue::from_static("application/json") };
                response.headers_mut().insert(header::CONTENT_TYPE, value);
                response
            }
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
