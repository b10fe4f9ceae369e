//! Who wants to know how a body ends: [`Watch`].

use std::sync::Arc;

use crate::dispatch::isolate::catch_now;
use crate::server;

type EndHook = Box<dyn FnOnce(BodyEnd) + Send + Sync>;

/// How a body ended, as told to the function given to [`Body::on_end`](super::Body::on_end).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct BodyEnd {
    /// How many bytes of data were read from it.
    pub bytes: u64,
    /// Whether it was read to its end: `false` if it failed, or if its reader went away before.
    pub complete: bool,
}

/// What has been read from a body, and whom to tell.
pub(super) struct Watch {
    pub(super) sent: u64,
    pub(super) failed: bool,
    hook: Option<EndHook>,
    /// The most bytes that are taken of it at once.
    pub(super) most: usize,
    /// By which connection it is sent, if that is to know when it is gone.
    sender: Option<Sender>,
}

impl Default for Watch {
    fn default() -> Self {
        Self { sent: 0, failed: false, hook: None, most: usize::MAX, sender: None }
    }
}

impl Watch {
    /// Calls this function too, after those that are there.
    pub(super) fn add(&mut self, hook: impl FnOnce(BodyEnd) + Send + Sync + 'static) {
        self.hook = Some(match self.hook.take() {
            None => Box::new(hook),
            Some(earlier) => Box::new(move |end| {
                tell(earlier, end);
                hook(end);
            }),
        });
    }

    /// This connection sends it, so many bytes at a time at most.
    pub(super) fn send_by(&mut self, connection: Arc<server::Watch>, most: usize) {
        self.most = most;
        self.sender = Some(Sender(connection));
    }

    /// Whether somebody is still to be told of the end.
    pub(super) fn is_awaited(&self) -> bool {
        self.hook.is_some()
    }

    pub(super) fn end(&mut self, complete: bool) {
        if let Some(hook) = self.hook.take() {
            tell(hook, BodyEnd { bytes: self.sent, complete: complete && !self.failed });
        }
    }
}

/// Tells a connection that the body which it sends is handed over, or given up.
struct Sender(Arc<server::Watch>);

impl Drop for Sender {
    fn drop(&mut self) {
        self.0.answered();
    }
}

/// A function that panics harms neither the response nor the functions after it; nor the process, when the body is
/// dropped by another panic.
fn tell(hook: EndHook, end: BodyEnd) {
    if let Err(panic) = catch_now(|| hook(end)) {
        tracing::error!(target: "cello", "a function given to `Body::on_end` panicked: {}", crate::error::OneLine(panic.message()));
    }
}
