//! Panics kept in: around each poll, around the synchronous part, around the drop.

use std::any::Any;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

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

/// Runs a function.
///
/// What a panic leaves behind is judged unwind-safe throughout this module: the future or closure is never used again,
/// and what it shares with others is behind the types of its author, whose locks poison.
pub(crate) fn catch_now<T>(run: impl FnOnce() -> T) -> Result<T, Panic> {
    catch_unwind(AssertUnwindSafe(run)).map_err(Panic)
}

/// Makes a boxed future and runs it.
pub(crate) async fn catch_boxed<'a, T>(
    make: impl FnOnce() -> Pin<Box<dyn Future<Output = T> + Send + 'a>>,
) -> Result<T, Panic> {
    Isolated::new(catch_now(make)?).await
}

/// Runs a future in place.
pub(crate) async fn catch<F: Future>(future: F) -> Result<F::Output, Panic> {
    let mut future = pin!(future);
    poll_fn(|cx| match catch_now(|| future.as_mut().poll(cx)) {
        Ok(poll) => poll.map(Ok),
        Err(panic) => Poll::Ready(Err(panic)),
    })
    .await
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
        let Some(future) = &mut self.future else { return Poll::Pending };
        let output = match catch_now(|| future.as_mut().poll(cx)) {
            Ok(Poll::Pending) => return Poll::Pending,
            Ok(Poll::Ready(output)) => Ok(output),
            Err(panic) => Err(panic),
        };
        let discarded = self.discard();
        Poll::Ready(output.and_then(|output| discarded.map(|()| output)))
    }
}

impl<T> Drop for Isolated<'_, T> {
    fn drop(&mut self) {
        // Nobody waits for the answer any more; the panic hook has reported what there was.
        let _ = self.discard();
    }
}
