//! An application that is whole, and can be served: [`Application`].

use std::future::Future;
use std::net::ToSocketAddrs;

use super::{App, StateSource};
use crate::Result;
use crate::dispatch::{Endpoint, Shared};
use crate::hooks::no_panic;
use crate::middleware::proof::{StackNeeds, Through};
use crate::middleware::{Handle, Layers, Surroundings};
use crate::route::RouteMeta;
use crate::server::ServerConfig;
use crate::service::AppService;
use crate::state::proof::Needs;
use crate::testing::Overrides;

/// Where an application listens: all that [`ToSocketAddrs`] takes, such as `"127.0.0.1:8000"`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no address to listen on",
    label = "expected an address with a port",
    note = "help: write both as text, `\"127.0.0.1:8000\"`, or as a pair, `(\"127.0.0.1\", 8000)`; `0.0.0.0` listens on every network. A `Config` runs the application itself: `config.run(app)`"
)]
pub trait Address: ToSocketAddrs {}

#[diagnostic::do_not_recommend]
impl<A: ToSocketAddrs> Address for A {}

/// An application that is whole: its state has all that its handlers take. Every [`App`] that compiles is one.
///
#[doc = include_str!("cancellation.md")]
#[diagnostic::on_unimplemented(
    message = "this application is not whole",
    label = "not an application that can run",
    note = "help: give the state that its handlers take with `.state(...)`; of routes alone make an application, `App::new(routes![...])`"
)]
pub trait Application: Sized + Send + 'static {
    #[doc(hidden)]
    type Stack: Handle + 'static;

    /// All routes, in the order in which `routes![...]` names them.
    fn route_metas(&self) -> &'static [RouteMeta];

    /// The names of the application's own middleware, outermost first: what every request passes.
    /// [`RouteMeta::middleware`] tells what a route has besides.
    fn middleware_names(&self) -> Vec<String>;

    #[doc(hidden)]
    fn server_config(&self) -> ServerConfig;

    #[doc(hidden)]
    fn build(self, overrides: Overrides) -> impl Future<Output = Result<AppService<Self::Stack>>> + Send;

    /// Serves on an address until the process is told to stop (SIGTERM or Ctrl-C): starts the runtime, prints where it
    /// listens, the routes and the limits, and on the signal finishes what is in flight.
    ///
    /// # Errors
    /// A sentence: the address cannot be had (a port in use, for example), the state could not be built, a middleware
    /// refuses its configuration, or the caller is inside a runtime already (use [`serve`](Self::serve) there).
    fn run(self, address: impl Address) -> Result<()> {
        crate::server::run(self, address)
    }

    /// Serves on a listener, inside the caller's Tokio runtime, until the process is told to stop.
    ///
    /// Others may hold its socket too (a service manager, for example): they go on accepting after the stop.
    ///
    /// # Errors
    /// As [`run`](Self::run), but for the address.
    fn serve(self, listener: tokio::net::TcpListener) -> impl Future<Output = Result<()>> + Send {
        crate::server::serve(self, listener)
    }

    /// Serves on a listener until `shutdown` ends; signals are left to the caller.
    ///
    /// # Errors
    /// As [`run`](Self::run), but for the address.
    fn serve_until(
        self,
        listener: tokio::net::TcpListener,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) -> impl Future<Output = Result<()>> + Send {
        crate::server::serve_until(self, listener, shutdown)
    }

    /// The application as a [`tower_service::Service`], for servers and tests of other libraries.
    ///
    /// # Errors
    /// The state could not be built, or a middleware refuses its configuration.
    fn into_service(self) -> impl Future<Output = Result<AppService<Self::Stack>>> + Send {
        self.build(Overrides::default())
    }
}

impl<N, S, L> Application for App<N, S, L>
where
    N: Needs<S> + Needs<Through<L>> + 'static,
    S: 'static,
    L: Layers + StackNeeds<S>,
{
    type Stack = L::Around<Endpoint>;

    fn route_metas(&self) -> &'static [RouteMeta] {
        self.routes.metas
    }

    fn middleware_names(&self) -> Vec<String> {
        let mut names = Vec::new();
        self.layers.names(&mut names);
        names
    }

    fn server_config(&self) -> ServerConfig {
        self.server.clone()
    }

    async fn build(self, overrides: Overrides) -> Result<AppService<Self::Stack>> {
        if let Some(fault) = self.fault {
            return Err(fault);
        }
        self.settings.checks.verify()?;
        let in_test = overrides.in_test();
        let stack = self.layers.around(Endpoint);
        let mut around = Surroundings::application(self.routes.metas, &self.settings.base_path);
        stack.check_within(&mut around)?;
        if !in_test {
            stack.start();
        }
        let state = match self.state {
            StateSource::Ready(state) => state,
            StateSource::Later(connect) => {
                no_panic("the function given to `state_with`", async { connect().await }).await?
            }
        };
        let state = overrides.over(state)?;
        let shared = Shared::new(self.routes.metas, self.routes.table, state, self.settings, &around)?;
        if !in_test {
            shared.start();
        }
        Ok(AppService::new(stack, shared))
    }
}
