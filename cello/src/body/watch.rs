//! Who wants to know how a body ends: [`Watch`].

use crate::dispatch::isolate::catch_now;

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
}

impl Watch {
    pub(super) fn new(hook: impl FnOnce(BodyEnd) + Send + Sync + 'static) -> Self {
        Self { sent: 0, failed: false, hook: Some(Box::new(hook)) }
    }

    /// Calls this function too, after those that are there.
    pub(super) fn add(&mut self, hook: impl FnOnce(BodyEnd) + Send + Sync + 'static) {
        if let Some(earlier) = self.hook.take() {
            self.hook = Some(Box::new(move |end| {
                tell(earlier, end);
                hook(end);
            }));
        }
    }

    pub(super) fn end(&mut self, complete: bool) {
        if let Some(hook) = self.hook.take() {
            tell(hook, BodyEnd { bytes: self.sent, complete: complete && !self.failed });
        }
    }
}

/// A function that panics harms neither the response nor the functions after it; nor the process, when the body is
/// dropped by another panic.
fn tell(hook: EndHook, end: BodyEnd) {
    if let Err(panic) = catch_now(|| hook(end)) {
        tracing::error!(target: "cello", "a function given to `Body::on_end` panicked: {}", crate::error::OneLine(panic.message()));
    }
}
