//! What an application shares among its requests: [`Shared`].

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt;
use std::future::poll_fn;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use cello_routing::Table;
use http::{StatusCode, request};

use super::render_problem;
use crate::clock::Clock;
use crate::health::Checks;
use crate::hooks::Hooks;
use crate::middleware::{BoxFuture, DynStack, ScopedStack, Scopes, Surroundings};
use crate::problem::RenderErrors;
use crate::route::RouteMeta;
use crate::route::shim::{Extracts, Guard, Shim};
use crate::state::{Anything, AppState, Nothing};
use crate::{Body, IntoResponse, Limits, Problem, Request, Response};

/// What a slash at the end of a path means.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum TrailingSlash {
    /// Nothing: `/x` and `/x/` reach the same handler.
    #[default]
    Ignore,
    /// `/x/` is found only where the pattern is written with the slash, `/x` only where it is written without.
    Strict,
    /// A path whose slash is not as in the pattern is redirected with 308 to the one that is.
    Redirect,
}

/// The settings of an application that its requests read.
pub(crate) struct Settings {
    pub(crate) body_limits: BodyLimits,
    /// For a handler whose route says nothing of it, on a connection of our server.
    pub(crate) handler_limit: Duration,
    /// Without a slash at its end; empty for none.
    pub(crate) base_path: String,
    pub(crate) trailing_slash: TrailingSlash,
    pub(crate) render_errors: Option<RenderErrors>,
    pub(crate) fallback: Option<Fallback>,
    pub(crate) clock: Clock,
    pub(crate) hooks: Hooks,
    /// Shared with whoever asks about them; by nobody while the application is put together.
    pub(crate) checks: Arc<Checks>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            body_limits: BodyLimits::of(&Limits::default()),
            handler_limit: Limits::default().handler,
            base_path: String::new(),
            trailing_slash: TrailingSlash::default(),
            render_errors: None,
            fallback: None,
            clock: Clock::system(),
            hooks: Hooks::default(),
            checks: Arc::default(),
        }
    }
}

/// The most bytes that a body may have, in general and as what it is read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BodyLimits {
    pub(crate) any: usize,
    pub(crate) json: usize,
    pub(crate) form: usize,
    /// Whether a route or blueprint states them in its attribute.
    pub(super) are_of_route: bool,
}

impl BodyLimits {
    pub(crate) fn of(limits: &Limits) -> Self {
        let any = limits.body;
        Self { any, json: limits.json.min(any), form: limits.form.min(any), are_of_route: false }
    }

    /// What a route or a middleware says of its body holds for all that reads it.
    pub(super) fn all(limit: usize) -> Self {
        Self { any: limit, json: limit, form: limit, are_of_route: false }
    }

    fn of_route(limit: usize) -> Self {
        Self { are_of_route: true, ..Self::all(limit) }
    }
}

/// All that requests share, built when the application starts.
pub(crate) struct Shared {
    pub(crate) metas: &'static [RouteMeta],
    pub(crate) table: Table<'static>,
    pub(crate) state: Arc<dyn AppState>,
    pub(crate) settings: Settings,
    prepared: Vec<Prepared>,
    /// The stacks of blueprints and routes, each once.
    stacks: Vec<Arc<dyn DynStack>>,
}

/// What a route has collected from itself and its blueprints.
pub(crate) struct Prepared {
    pub(super) meta: &'static RouteMeta,
    pub(super) shim: Shim,
    /// Whether no argument can read the body.
    pub(super) ignores_body: bool,
    /// Outermost first.
    pub(super) guards: Vec<Guard>,
    pub(super) scopes: Option<Scopes>,
    pub(super) body_limits: BodyLimits,
    pub(super) timeout: Option<Duration>,
}

impl Shared {
    /// Makes the middleware of blueprints (one instance each, shared by its routes) and of routes, within what stands around all.
    ///
    /// # Errors
    /// What a middleware refuses in its configuration.
    pub(crate) fn new(
        metas: &'static [RouteMeta],
        table: Table<'static>,
        state: Arc<dyn AppState>,
        settings: Settings,
        around: &Surroundings,
    ) -> crate::Result<Self> {
        // A blueprint is one static, so its address is its identity.
        let mut made: HashMap<usize, (Vec<String>, Arc<dyn DynStack>)> = HashMap::new();
        let mut stacks = Vec::new();
        let mut prepared = Vec::with_capacity(metas.len());
        for meta in metas {
            let row = meta.row;
            let mut route = Prepared {
                meta,
                shim: row.shim,
                ignores_body: matches!(row.extracts, Extracts::Nothing),
                guards: Vec::new(),
                scopes: None,
                body_limits: settings.body_limits,
                timeout: None,
            };
            let mut blueprints: Vec<_> = meta.blueprints().collect();
            blueprints.reverse();
            let (mut scopes, mut names) = (Vec::new(), Vec::new());
            for blueprint in blueprints {
                let more = blueprint.more();
                route.guards.extend(more.guards);
                if let Some(make) = more.with {
                    let address = std::ptr::from_ref(blueprint).addr();
                    let (of_these, stack) = match made.entry(address) {
                        Entry::Occupied(made) => made.into_mut(),
                        Entry::Vacant(place) => {
                            let ScopedStack { names, stack } = make();
                            let stack = stack?;
                            stacks.push(Arc::clone(&stack));
                            place.insert((names, stack))
                        }
                    };
                    names.extend_from_slice(of_these);
                    scopes.push((Arc::clone(stack), true));
                }
                route.apply(&more.config, &mut scopes);
            }
            route.guards.extend(row.more().guards);
            if let Some(make) = row.more().with {
                let own = make();
                let stack = own.stack?;
                stacks.push(Arc::clone(&stack));
                names.extend(own.names);
                scopes.push((stack, true));
            }
            meta.set_middleware(names);
            route.apply(&row.more().config, &mut scopes);
            let mut around = around.on_the_way_to(meta);
            for (stack, _) in &scopes {
                stack.check_within(&mut around)?;
            }
            route.scopes = Scopes::of(scopes);
            if route.timeout.unwrap_or(settings.handler_limit).is_zero() {
                return Err(crate::Error::msg(format!(
                    "the time for `{}`: no time at all lets no handler wait; give it some with `Limits::handler`, `timeout = ...` \
                     at the route or its blueprint, or leave the route out",
                    meta.handler()
                )));
            }
            prepared.push(route);
        }
        Ok(Self { metas, table, state, settings, prepared, stacks })
    }

    /// Starts the middleware of blueprints and routes, each instance once.
    pub(crate) fn start(&self) {
        for stack in &self.stacks {
            stack.start();
        }
    }

    /// `route` is an index of the frozen table, whose routes are these.
    #[inline]
    pub(super) fn prepared(&self, route: usize) -> &Prepared {
        &self.prepared[route]
    }

    /// Shows a problem as the application wants it.
    pub(super) fn rendered(&self, response: Response, parts: &request::Parts) -> Response {
        match self.settings.render_errors {
            Some(render) => render_problem(render, response, parts),
            None => response,
        }
    }
}

impl fmt::Debug for Prepared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.meta, f)
    }
}

impl Prepared {
    /// Whether the handler is all that there is.
    #[inline]
    pub(super) fn is_plain(&self) -> bool {
        self.guards.is_empty() && self.timeout.is_none()
    }

    /// `scopes` are those of the owner of the attribute and around it, which count for less than it.
    fn apply(&mut self, config: &crate::RouteConfig, scopes: &mut [(Arc<dyn DynStack>, bool)]) {
        if let Some(limit) = config.body_limit {
            self.body_limits = BodyLimits::of_route(limit);
            scopes.iter_mut().for_each(|(_, is_near)| *is_near = false);
        }
        self.timeout = config.timeout.or(self.timeout);
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").field("routes", &self.metas).finish_non_exhaustive()
    }
}

/// A service that answers what no route does, such as the router of another framework: every [`tower_service::Service`] whose response has a body
/// `B`, whose future is `F` and whose error is `E`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no service that answers requests",
    label = "expected a service of tower",
    note = "help: give the router of another framework, or a service of tower that takes a `cello::Request` and gives an `http::Response`; a function that answers where no other route does is a handler: put `#[any(\"/<path..>\")]` on it and name it in `routes![...]`"
)]
pub trait FallbackService<F, B, E> {
    #[doc(hidden)]
    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), E>>;

    #[doc(hidden)]
    fn call(&mut self, request: Request) -> F;
}

#[diagnostic::do_not_recommend]
impl<T, F, B, E> FallbackService<F, B, E> for T
where
    T: tower_service::Service<Request, Response = http::Response<B>, Error = E, Future = F>,
    F: Future<Output = Result<http::Response<B>, E>>,
{
    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), E>> {
        tower_service::Service::poll_ready(self, cx)
    }

    fn call(&mut self, request: Request) -> F {
        tower_service::Service::call(self, request)
    }
}

/// Of what is no service it leaves open which future and which body it would have: see [`Nothing`].
#[doc(hidden)]
#[diagnostic::do_not_recommend]
impl<T: Nothing> FallbackService<Anything, Anything, Anything> for T {
    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Anything>> {
        Poll::Ready(Err(Anything))
    }

    fn call(&mut self, _: Request) -> Anything {
        Anything
    }
}

/// The service that answers what no route matches.
pub(crate) struct Fallback(Box<dyn Fn(Request) -> BoxFuture<'static, Response> + Send + Sync>);

impl Fallback {
    pub(crate) fn new<T, F, B, E>(service: T) -> Self
    where
        T: FallbackService<F, B, E> + Clone + Send + Sync + 'static,
        F: Future<Output = Result<http::Response<B>, E>> + Send,
        B: http_body::Body<Data = bytes::Bytes> + Send + 'static,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        Self(Box::new(move |request| {
            let mut service = service.clone();
            Box::pin(async move {
                let answered = async {
                    poll_fn(|cx| service.poll_ready(cx)).await?;
                    service.call(request).await
                };
                match answered.await {
                    Ok(response) => response.map(Body::new),
                    Err(error) => {
                        crate::error::log_error(&*error.into());
                        Problem::new(StatusCode::INTERNAL_SERVER_ERROR).into_response()
                    }
                }
            })
        }))
    }

    pub(crate) fn call(&self, request: Request) -> BoxFuture<'static, Response> {
        (self.0)(request)
    }
}
