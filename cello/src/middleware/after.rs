//! A member that never waits where others do: [`around`].

use std::future::Future;
use std::ops::ControlFlow;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use super::{Handle, Middleware, Next};
use crate::dispatch::isolate;
use crate::{Request, Response};

/// What [`Middleware`](super::Middleware) has beside `enter`, for a member that says there all that it does. Where others wait, it
/// answers as [`around`] does, or `by` a function of its own that takes the same.
macro_rules! never_waits {
    () => {
        const WAITS: bool = false;

        never_waits!(by $crate::middleware::after::around);
    };
    (by $answer:path) => {
        #[inline]
        fn handle<'a>(
            &'a self,
            request: $crate::Request,
            next: $crate::middleware::Next<'a, impl $crate::middleware::Handle>,
        ) -> impl Future<Output = $crate::Response> + Send + 'a {
            $answer(self, request, next, $crate::middleware::Next::run)
        }

        #[inline]
        fn whole<'a>(
            &'a self,
            request: $crate::Request,
            next: $crate::middleware::Next<'a, impl $crate::middleware::Handle>,
        ) -> impl Future<Output = $crate::Response> + Send + 'a {
            $answer(self, request, next, $crate::middleware::Next::run_whole)
        }

        never_waits!(at_once);
    };
    (at_once) => {
        #[inline]
        fn in_stack<'a>(
            &'a self,
            request: $crate::Request,
            next: $crate::middleware::Next<'a, impl $crate::middleware::Handle>,
        ) -> impl Future<Output = $crate::Response> + Send + 'a {
            self.handle(request, next)
        }
    };
}
pub(super) use never_waits;

/// What [`Middleware::handle`] is for a member that says in [`Middleware::enter`] all that it does; `run` hands the request on.
#[inline]
pub(super) fn around<'a, M: Middleware, H: Handle, R, F>(
    member: &'a M,
    request: Request,
    next: Next<'a, H>,
    run: R,
) -> impl Future<Output = Response> + Send + use<'a, M, H, R, F>
where
    R: FnOnce(Next<'a, H>, Request) -> F,
    F: Future<Output = Response> + Send,
{
    let (mut head, mut body) = request.into_parts();
    match isolate::catch_now(|| member.enter(&mut head, &mut body, next.passing)) {
        Ok(ControlFlow::Continue(leave)) => {
            let passing = next.passing;
            let rest = run(next, Request::from_parts(head, body));
            After::Rest { rest, leave: Some(move |response: &mut Response| leave(member, passing, response)) }
        }
        Ok(ControlFlow::Break(response)) => After::Answered { response: Some(response) },
        Err(panic) => After::Answered { response: Some(next.passing.call.answer_to(&panic)) },
    }
}

pin_project! {
    /// The rest of the stack at work, and what is done to its response. The request passes it at once, where an `async` block would
    /// hold it, and the future behind it, twice.
    #[project = AfterProjection]
    enum After<F, T> {
        Rest { #[pin] rest: F, leave: Option<T> },
        Answered { response: Option<Response> },
    }
}

impl<F: Future<Output = Response>, T: FnOnce(&mut Response)> Future for After<F, T> {
    type Output = Response;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Response> {
        match self.project() {
            AfterProjection::Rest { rest, leave } => {
                let mut polled = rest.poll(cx);
                if let Poll::Ready(response) = &mut polled
                    && let Some(leave) = leave.take()
                {
                    leave(response);
                }
                polled
            }
            AfterProjection::Answered { response } => response.take().map_or(Poll::Pending, Poll::Ready),
        }
    }
}
