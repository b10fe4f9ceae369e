//! Figures on a port of their own: [`ServeOn`].

use std::fmt;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use ::http::request;
use tokio::sync::oneshot;

use super::super::after::never_waits;
use super::super::{Middleware, Passing};
use super::Metrics;
use crate::hooks::{Hook, Running};
use crate::state::AppState;
use crate::{App, Body, Error, Limits, Response, Result};

/// How long who reads the figures on a port of their own may take when the application has stopped.
const LAST_READ: Duration = Duration::from_millis(500);

/// The hook that [`Metrics::serve_on`] gives, for [`App::on_start`](crate::App::on_start).
#[derive(Debug)]
pub struct ServeOn {
    address: String,
    reader: Reader,
}

impl ServeOn {
    pub(super) fn new(metrics: Metrics, address: impl fmt::Display) -> Self {
        Self { address: address.to_string(), reader: Reader(metrics) }
    }
}

#[diagnostic::do_not_recommend]
impl<S> Hook<S, ()> for ServeOn {
    fn call(self, _: &Arc<dyn AppState>, at_stop: &dyn Fn(Running)) -> Result<Running> {
        let Self { address, reader } = self;
        let (end, ended) = oneshot::channel::<()>();
        let (closing, closed) = oneshot::channel::<()>();
        at_stop(Box::pin(async move {
            drop(end);
            let _ = closed.await;
            Ok(())
        }));
        Ok(Box::pin(async move {
            let listener = tokio::net::TcpListener::bind(&address)
                .await
                .map_err(|error| Error::msg(format!("metrics cannot be served on {address}: {error}")))?;
            let limits = Limits::default().grace(LAST_READ);
            let app = App::new(crate::routes![]).with(reader).banner(false).limits(limits);
            drop(tokio::spawn(async move {
                let _closing = closing;
                let served = app.serve_until(listener, async { drop(ended.await) }).await;
                if let Err(error) = served {
                    tracing::error!(target: "cello", "metrics are no longer served on {address}: {error}");
                }
            }));
            Ok(())
        }))
    }
}

/// The figures on a listener of their own, where nothing is counted.
#[derive(Debug)]
struct Reader(Metrics);

impl Middleware for Reader {
    never_waits!();

    fn enter<'a>(
        &'a self,
        head: &mut request::Parts,
        _: &mut Body,
        passing: Passing<'a>,
    ) -> ControlFlow<Response, impl FnOnce(&'a Self, Passing<'a>, &mut Response) + Send + use<'a>> {
        if self.0.asks_here(head) {
            return ControlFlow::Break(self.0.answer(passing.call));
        }
        ControlFlow::Continue(|_: &Self, _: Passing<'a>, _: &mut Response| {})
    }
}
