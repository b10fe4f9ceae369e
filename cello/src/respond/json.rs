//! [`Json`].

use std::cell::Cell;
use std::ops::{Deref, DerefMut};

use bytes::Bytes;
use http::HeaderValue;

use super::{IntoResponse, Writable, typed, unsendable};
use crate::Response;

/// JSON: as an argument the body read with serde, as an answer the value written as `application/json`.
///
/// A value that cannot be written (a map with keys that are no strings) is a 500, and is logged.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[must_use = "a response is sent if a handler gives it, and does nothing otherwise"]
pub struct Json<T>(pub T);

/// The most bytes of room that are kept for the next value.
const MOST_KEPT: usize = 64 * 1024;

thread_local! {
    static ROOM: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// A value as JSON. It is written where there is room already, so that one block of memory of just the right size is taken,
/// and none of them grows.
fn written(value: &impl serde::Serialize) -> serde_json::Result<Bytes> {
    let mut room = ROOM.try_with(Cell::take).unwrap_or_default();
    serde_json::to_writer(&mut room, value)?;
    let bytes = Bytes::copy_from_slice(&room);
    if room.capacity() <= MOST_KEPT {
        room.clear();
        let _ = ROOM.try_with(|kept| kept.set(room));
    }
    Ok(bytes)
}

impl<T: Writable> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match written(&self.0) {
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
