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
    /// Whether nothing would be lost if it were never dropped: no memory either.
    fn holds_nothing(&self) -> bool;

    /// Drops what it holds.
    fn clear(&mut self);
}

impl<P: Place> Seldom<P> {
    pub(crate) const fn new(place: P) -> Self {
        Self(ManuallyDrop::new(place))
    }

    #[cold]
    #[inline(never)] // see above
    fn discard(&mut self) {
        self.0.clear();
    }
}

impl<P: Place> Drop for Seldom<P> {
    #[inline]
    fn drop(&mut self) {
        if !self.0.holds_nothing() {
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
    fn holds_nothing(&self) -> bool {
        self.is_none()
    }

    fn clear(&mut self) {
        drop(self.take());
    }
}

impl<T> Place for OnceLock<T> {
    #[inline]
    fn holds_nothing(&self) -> bool {
        self.get().is_none()
    }

    fn clear(&mut self) {
        drop(self.take());
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};
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

    /// Drops what it holds although that panics.
    #[test]
    fn what_panics_when_it_is_dropped_is_dropped_once() {
        struct Loud(#[expect(dead_code)] Rc<()>);

        impl Drop for Loud {
            fn drop(&mut self) {
                std::panic::resume_unwind(Box::new(()));
            }
        }

        let held = Rc::new(());
        let place = Seldom::new(Some(Loud(Rc::clone(&held))));
        assert!(catch_unwind(AssertUnwindSafe(|| drop(place))).is_err());
        assert_eq!(Rc::strong_count(&held), 1);
    }
}
