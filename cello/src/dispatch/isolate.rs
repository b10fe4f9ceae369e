//! Panics kept in: around each poll, around the synchronous part, around the drop.

use std::any::Any;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

/// What a panic carried.
pub(crate) struct Panic(Box<dyn Any + Send>);

impl Panic {
    /// Its message, as far as it has one.
    pub(crate) fn message(&self) -> &str {
        if let Some(text) = self.0.downcast_ref::<&'static str>() {
            text
        } else if let Some(text) = self.0.downcast_ref::<String>() {
            text
        } else {
            "no message"
        }
    }
}

impl Drop for Panic {
    /// What it carried may panic in its turn.
    fn drop(&mut self) {
        let carried = std::mem::replace(&mut self.0, Box::new(()));
        if let Err(another) = catch_unwind(AssertUnwindSafe(|| drop(carried))) {
            std::mem::forget(another);
        }
    }
}

/// Runs a function.
///
/// What a panic leaves behind is judged unwind-safe throughout this module: the future or closure is never used again,
/// and what it shares with others is behind the types of its author, whose locks poison.
#[inline]
pub(crate) fn catch_now<T>(run: impl FnOnce() -> T) -> Result<T, Panic> {
    catch_unwind(AssertUnwindSafe(run)).map_err(Panic)
}

/// Makes a boxed future and runs it.
pub(crate) async fn catch_boxed<'a, T>(
    make: impl FnOnce() -> Pin<Box<dyn Future<Output = T> + Send + 'a>>,
) -> Result<T, Panic> {
    Isolated::new(catch_now(make)?).await
}

pin_project! {
    /// A future whose panics are kept in.
    struct Caught<F> {
        #[pin]
        future: Option<F>,
    }

    impl<F> PinnedDrop for Caught<F> {
        /// Nobody waits for the answer any more; the panic hook has reported what there was.
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            let _ = catch_now(|| this.future.set(None));
        }
    }
}

/// Runs a future in place.
pub(crate) fn catch<F: Future>(future: F) -> impl Future<Output = Result<F::Output, Panic>> {
    Caught { future: Some(future) }
}

impl<F: Future> Future for Caught<F> {
    type Output = Result<F::Output, Panic>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        match catch_now(|| this.future.as_mut().as_pin_mut().map_or(Poll::Pending, |future| future.poll(cx)))
        {
            Ok(poll) => poll.map(Ok),
            Err(panic) => Poll::Ready(Err(panic)),
        }
    }
}

pin_project! {
    /// A future that is made at the first poll, in the place of what makes it.
    #[project = LazyProjection]
    #[project_replace = LazyBefore]
    enum Lazy<M, F> {
        Making { make: M },
        Made { #[pin] future: F },
        // While it is made, and if that panicked.
        Nothing,
    }
}

/// Makes a future at the first poll, so that whoever keeps in the panics of its polls keeps in those of its making too.
pub(crate) fn lazy<F: Future>(make: impl FnOnce() -> F) -> impl Future<Output = F::Output> {
    Lazy::Making { make }
}

impl<M: FnOnce() -> F, F: Future> Future for Lazy<M, F> {
    type Output = F::Output;

    #[inline(always)] // what it makes would be copied
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        if let LazyProjection::Made { future } = self.as_mut().project() {
            return future.poll(cx);
        }
        if let LazyBefore::Making { make } = self.as_mut().project_replace(Lazy::Nothing) {
            let future = make();
            self.set(Lazy::Made { future });
        }
        match self.project() {
            LazyProjection::Made { future } => future.poll(cx),
            _ => Poll::Pending,
        }
    }
}

/// Runs a boxed future, and drops it as carefully: also when the request is cancelled.
struct Isolated<'a, T> {
    future: Option<Pin<Box<dyn Future<Output = T> + Send + 'a>>>,
}

impl<'a, T> Isolated<'a, T> {
    fn new(future: Pin<Box<dyn Future<Output = T> + Send + 'a>>) -> Self {
        Self { future: Some(future) }
    }

    fn discard(&mut self) -> Result<(), Panic> {
        match self.future.take() {
            Some(future) => catch_now(|| drop(future)),
            None => Ok(()),
        }
    }
}

impl<T> Future for Isolated<'_, T> {
    type Output = Result<T, Panic>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let future = &mut self.future;
        match catch_now(|| {
            let output = future.as_mut().map_or(Poll::Pending, |future| future.as_mut().poll(cx));
            if output.is_ready() {
                drop(future.take());
            }
            output
        }) {
            Ok(output) => output.map(Ok),
            Err(panic) => {
                let _ = self.discard();
                Poll::Ready(Err(panic))
            }
        }
    }
}

impl<T> Drop for Isolated<'_, T> {
    fn drop(&mut self) {
        // Nobody waits for the answer any more; the panic hook has reported what there was.
        let _ = self.discard();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Bomb;

    impl Drop for Bomb {
        fn drop(&mut self) {
            std::panic::resume_unwind(Box::new(()));
        }
    }

    #[test]
    fn what_a_panic_carries_may_panic_when_it_is_dropped() {
        let caught = catch_now(|| std::panic::resume_unwind(Box::new(Bomb)));
        assert_eq!(caught.map_err(|panic| panic.message().to_owned()), Err::<(), _>("no message".to_owned()));
    }
}
