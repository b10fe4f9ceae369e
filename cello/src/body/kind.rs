//! What a body is made of: [`Kind`].

use std::sync::Mutex;

use bytes::Bytes;
use http_body::{Body as HttpBody, SizeHint};

use super::Boxed;
use crate::dispatch::isolate::catch_now;
use crate::error::OneLine;
use crate::lock::lock;
use crate::seldom::Place;
use crate::server::Received;

#[derive(Default)]
pub(super) enum Kind {
    #[default]
    Empty,
    Full(Bytes),
    Received(Received),
    /// Behind a mutex that is never contended (`get_mut`), so that `Body`, and with it `&Request`, is `Sync`.
    Boxed(Mutex<Boxed>),
    /// What is left of a frame that was too large to be taken at once, and what comes after it.
    Cut(Box<(Bytes, Kind)>),
}

impl Place for Kind {
    #[inline]
    fn holds_nothing(&self) -> bool {
        matches!(self, Self::Empty)
    }

    fn clear(&mut self) {
        *self = Self::Empty;
    }
}

impl Kind {
    #[inline(never)] // asked of what is neither nothing nor at hand
    pub(super) fn is_at_end(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Full(bytes) => bytes.is_empty(),
            Self::Received(received) => received.is_at_end(),
            Self::Boxed(body) => asked(body, HttpBody::is_end_stream),
            Self::Cut(_) => false,
        }
    }

    #[inline(never)] // as is this
    pub(super) fn len(&self) -> SizeHint {
        match self {
            Self::Empty => SizeHint::with_exact(0),
            Self::Full(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Self::Received(received) => received.len(),
            Self::Boxed(body) => asked(body, HttpBody::size_hint),
            Self::Cut(cut) => len_of_both(cut),
        }
    }
}

#[inline(never)] // not in the way of what is nothing or at hand
fn len_of_both((rest, then): &(Bytes, Kind)) -> SizeHint {
    let (rest, then) = (rest.len() as u64, then.len());
    let mut len = SizeHint::new();
    len.set_lower(then.lower().saturating_add(rest));
    if let Some(upper) = then.upper() {
        len.set_upper(upper.saturating_add(rest));
    }
    len
}

/// What a foreign body says of itself; nothing, if it panics.
#[inline(never)] // not in the way of what is nothing or at hand
fn asked<T: Default>(body: &Mutex<Boxed>, question: impl FnOnce(&Boxed) -> T) -> T {
    let body = lock(body);
    catch_now(|| question(&body)).unwrap_or_else(|panic| {
        tracing::error!(target: "cello", "a body panicked: {}", OneLine(panic.message()));
        T::default()
    })
}
