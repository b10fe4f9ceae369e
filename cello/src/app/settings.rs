//! What an application is told besides routes, state and middleware: the settings of [`App`].

use std::sync::Arc;

use http::request;

use super::App;
use crate::clock::Clock;
use crate::dispatch::{BodyLimits, TrailingSlash};
use crate::health::Health;
use crate::route::RouteMeta;
use crate::server::{Place, Threading};
use crate::{Limits, Problem, Response};

impl<N, S, L> App<N, S, L> {
    /// Shows every [`Problem`] otherwise than as `application/problem+json`. Header fields that the problem or the
    /// stack has set (`Allow`, those of CORS) are kept, and so is the status, unless the response made here has one
    /// other than 200.
    ///
    /// ```
    /// use cello::http::request::Parts;
    /// use cello::prelude::*;
    ///
    /// fn in_short(problem: &Problem, _request: &Parts) -> Response {
    ///     Json((problem.title(), problem.detail())).into_response()
    /// }
    ///
    /// let client = cello::testing::TestClient::new(App::new(routes![]).render_errors(in_short));
    /// let response = client.get("/nowhere").send();
    /// assert_eq!((response.status().as_u16(), response.text()), (404, r#"["Not Found","there is nothing at `/nowhere`"]"#));
    /// ```
    #[must_use]
    pub fn render_errors(mut self, render: fn(&Problem, &request::Parts) -> Response) -> Self {
        self.settings.render_errors = Some(render);
        self
    }

    /// Serves below a prefix that a proxy keeps: with `/svc`, the route `/users` answers `/svc/users`, and nothing
    /// else is found.
    ///
    /// **Links do not have the prefix.** `get_user::path(3)` is `/users/3`, and so is the `Location` of
    /// `Created::at(get_user::path(3), ..)` and of a [`Redirect`](crate::Redirect): behind a proxy that keeps the prefix it leads to
    /// a 404, unless the proxy adds the prefix to what it passes back. A program that makes links there writes the
    /// prefix in front of them itself: `format!("/svc{}", get_user::path(3))`. A proxy that takes the prefix away needs
    /// no `base_path`, and rewrites `Location`, as `proxy_redirect` does in nginx.
    ///
    /// An empty prefix is none. One that does not begin with `/`, or that holds parameters, is reported when the application starts.
    #[must_use]
    pub fn base_path(mut self, prefix: &str) -> Self {
        match crate::dispatch::check_base_path(prefix) {
            Ok(prefix) => {
                self.server.base_path.clone_from(&prefix);
                self.settings.base_path = prefix;
            }
            Err(error) => self.fault = self.fault.or(Some(error)),
        }
        self
    }

    /// What a slash at the end of a path means; nothing by default.
    #[must_use]
    pub fn trailing_slash(mut self, policy: TrailingSlash) -> Self {
        self.settings.trailing_slash = policy;
        self
    }

    /// Sets limits other than the defaults.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.settings.body_limits = BodyLimits::of(&limits);
        self.settings.handler_limit = limits.handler;
        self.server.limits = limits;
        self
    }

    /// Speaks TLS at the address that [`run`](super::Application::run), or on the listener that [`serve`](super::Application::serve) is
    /// given. Feature `tls`.
    ///
    /// A certificate that cannot be used is reported when the server starts. A handler learns of TLS by
    /// [`Scheme`](crate::extract::Scheme), a middleware by [`Next::scheme`](crate::Next::scheme).
    #[cfg(feature = "tls")]
    #[must_use]
    pub fn tls(mut self, tls: crate::Tls) -> Self {
        self.server.tls = Some(tls);
        self
    }

    /// Listens on a Unix socket at this path too. What a server has left there is replaced; when the server stops, the
    /// file is removed. Who may connect is a matter of the rights of its folder. Such a client has no
    /// [`ClientAddr`](crate::ClientAddr).
    #[cfg(unix)]
    #[must_use]
    pub fn also_listen_unix(mut self, path: impl Into<std::path::PathBuf>) -> Self {
        self.server.also.push(Place::Unix(path.into()));
        self
    }

    /// How many threads serve; as many as there are cores by default.
    #[must_use]
    pub fn workers(mut self, workers: usize) -> Self {
        self.server.workers = Some(workers);
        self
    }

    /// Takes over what a [`Config`](crate::Config) says: the number of workers, the certificate for TLS, and how [`enable_logging`](Self::enable_logging)
    /// prints if it is called after this.
    #[cfg(feature = "cli")]
    #[must_use]
    pub fn configure(mut self, config: &crate::Config) -> Self {
        self.server.workers = config.workers.or(self.server.workers);
        #[cfg(feature = "tls")]
        if let Some((certificates, key)) = &config.tls {
            self.server.tls = Some(crate::Tls::from_pem_files(certificates, key));
        }
        self.log_format = config.log_format;
        self
    }

    /// How the threads share the work.
    #[must_use]
    pub fn threading(mut self, threading: Threading) -> Self {
        self.server.threading = threading;
        self
    }

    /// Whether `run` prints where it listens, the routes and the limits, and that it stops, to standard error; it does by
    /// default.
    #[must_use]
    pub fn banner(mut self, on: bool) -> Self {
        self.server.banner = on;
        self
    }

    /// Tells the time, for the stack: the system's clock by default.
    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Self {
        self.settings.clock = clock;
        self
    }

    /// How the application's health is found, other than by default: how long checks may take, who sees details. The routes
    /// that tell it are mounted with [`cello::health`](crate::health).
    #[must_use]
    pub fn health(mut self, health: Health) -> Self {
        if let Some(checks) = Arc::get_mut(&mut self.settings.checks) {
            checks.health = health;
        }
        self
    }

    /// All routes, in the order in which `routes![...]` names them.
    pub fn route_metas(&self) -> &'static [RouteMeta] {
        self.routes.metas
    }
}
