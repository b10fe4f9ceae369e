//! What is nearly never there: [`Seldom`].

use std::fmt;
use std::mem::ManuallyDrop;
use std::ops::{Deref, DerefMut};
use std::sync::OnceLock;

/// A place that is nearly always empty. To drop it is to look whether it is; what it holds is dropped by a function of its own.
///
/// Of a place by itself the whole of its drop stands wherever it is dropped, or in a function that is called for nothing: each
/// such function costs every request two or three lines of the processor's cache of code.
#[derive(Default)]
pub(crate) struct Seldom<P: Place>(ManuallyDrop<P>);

/// What may hold something.
pub(crate) trait Place {
    fn is_empty(&self) -> bool;

    /// Drops what it holds.
    fn empty(&mut self);
}

impl<P: Place> Seldom<P> {
    pub(crate) const fn new(place: P) -> Self {
        Self(ManuallyDrop::new(place))
    }

    #[cold]
    #[inline(never)] // see above
    fn discard(&mut self) {
        self.0.empty();
    }
}

impl<P: Place> Drop for Seldom<P> {
    #[inline]
    fn drop(&mut self) {
        if !self.0.is_empty() {
            self.discard();
        }
    }
}

impl<P: Place> Deref for Seldom<P> {
    type Target = P;

    #[inline]
    fn deref(&self) -> &P {
        &self.0
    }
}

impl<P: Place> DerefMut for Seldom<P> {
    #[inline]
    fn deref_mut(&mut self) -> &mut P {
        &mut self.0
    }
}

impl<P: Place + fmt::Debug> fmt::Debug for Seldom<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        P::fmt(self, f)
    }
}

impl<T> Place for Option<T> {
    #[inline]
    fn is_empty(&self) -> bool {
        self.is_none()
    }

    fn empty(&mut self) {
        drop(self.take());
    }
}

impl<T> Place for OnceLock<T> {
    #[inline]
    fn is_empty(&self) -> bool {
        self.get().is_none()
    }

    fn empty(&mut self) {
        drop(self.take());
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;

    #[test]
    fn what_it_holds_is_dropped_once() {
        let held = Rc::new(());
        drop(Seldom::new(Some(Rc::clone(&held))));
        let place = Seldom::new(OnceLock::new());
        assert!(place.set(Rc::clone(&held)).is_ok());
        assert_eq!(Rc::strong_count(&held), 2);
        drop(place);
        let mut taken = Seldom::new(Some(Rc::clone(&held)));
        drop(taken.take());
        drop(taken);
        assert_eq!(Rc::strong_count(&held), 1);
    }
}
