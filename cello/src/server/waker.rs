//! The waker of the task of an HTTP/1.1 connection: [`of_task`], [`hold`].
//!
//! hyper's body wakes the task of its connection whenever a piece of it is taken, so that the next one is read. After the
//! last piece there is no next one: the task, which took it itself as a rule, would only run once more, for a tenth of
//! what a request costs.

use std::cell::Cell;
use std::sync::Arc;
use std::task::{Wake, Waker};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Wakes {
    Pass,
    /// Those of the task with this waker, which is told by its address.
    AreHeld {
        whose: *const (),
        woken: bool,
    },
}

thread_local! {
    static WAKES: Cell<Wakes> = const { Cell::new(Wakes::Pass) };
}

/// Wakes a task, unless that is [held back](hold).
struct OfTask(Waker);

impl Wake for OfTask {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    #[inline]
    fn wake_by_ref(self: &Arc<Self>) {
        match WAKES.get() {
            Wakes::AreHeld { whose, .. } if whose == Arc::as_ptr(self).cast() => {
                WAKES.set(Wakes::AreHeld { whose, woken: true });
            }
            _ => self.0.wake_by_ref(),
        }
    }
}

/// The waker for what is polled on this task.
pub(super) fn of_task(task: &Waker) -> Waker {
    Waker::from(Arc::new(OfTask(task.clone())))
}

/// Runs what may wake the task of this waker, and says whether it has: that is for the caller to do. Other tasks are woken.
#[inline]
pub(super) fn hold<T>(task: &Waker, run: impl FnOnce() -> T) -> (T, bool) {
    let whose = task.data();
    let before = Back(WAKES.replace(Wakes::AreHeld { whose, woken: false }));
    let done = run();
    let woken = WAKES.get() == Wakes::AreHeld { whose, woken: true };
    drop(before);
    (done, woken)
}

/// Restores what was there before, also after a panic.
struct Back(Wakes);

impl Drop for Back {
    #[inline]
    fn drop(&mut self) {
        WAKES.set(self.0);
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

    use super::*;

    /// How often a task was woken.
    #[derive(Default)]
    pub(in super::super) struct Woken(pub(in super::super) AtomicUsize);

    impl Wake for Woken {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Relaxed);
        }
    }

    #[test]
    fn a_task_is_not_woken_while_that_is_held_back() {
        let woken = Arc::new(Woken::default());
        let count = || woken.0.load(Relaxed);
        let waker = of_task(&Waker::from(Arc::clone(&woken)));
        waker.wake_by_ref();
        assert_eq!(count(), 1);
        assert!(!hold(&waker, || ()).1);
        let another = waker.clone();
        assert!(hold(&waker, || waker.wake_by_ref()).1 && hold(&waker, || another.wake()).1);
        assert_eq!(count(), 1);
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            hold(&waker, || std::panic::resume_unwind(Box::new(())))
        }));
        assert!(panicked.is_err());
        waker.wake();
        assert_eq!(count(), 2);
    }

    /// As where a handler reads a body: what it wakes is held back there, while the connection's task is polled.
    #[test]
    fn wakes_are_held_back_by_the_innermost() {
        let woken = Arc::new(Woken::default());
        let task = of_task(&Waker::from(Arc::clone(&woken)));
        let (inside, outside) = hold(&task, || hold(&task, || task.wake_by_ref()).1);
        assert!(inside && !outside, "who holds it back says so, and wakes");
        let (inside, outside) = hold(&task, || {
            task.wake_by_ref();
            hold(&task, || ()).1
        });
        assert!(!inside && outside);
        assert_eq!(woken.0.load(Relaxed), 0);
        let other = of_task(Waker::noop());
        let (inside, outside) = hold(&task, || hold(&other, || task.wake_by_ref()).1);
        assert!(!inside && !outside);
        assert_eq!(woken.0.load(Relaxed), 1, "nobody holds it back: it is woken");
    }

    #[test]
    fn other_tasks_are_woken_meanwhile() {
        let (own, others) = (Arc::new(Woken::default()), Arc::new(Woken::default()));
        let [task, other] = [&own, &others].map(|woken| of_task(&Waker::from(Arc::clone(woken))));
        assert!(!hold(&task, || other.wake_by_ref()).1);
        assert_eq!((own.0.load(Relaxed), others.0.load(Relaxed)), (0, 1));
    }
}
