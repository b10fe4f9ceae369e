//! Cross-origin requests: [`Cors`], the server's side of the [fetch standard](https://fetch.spec.whatwg.org/#http-cors-protocol).

mod lists;
mod origin;
mod preflight;

use std::fmt;
use std::future::Future;
use std::ops::ControlFlow;
use std::time::Duration;

use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS,
    HeaderValue, ORIGIN,
};
use http::{HeaderMap, Method, request};

pub use lists::{HeaderNames, Methods, OriginTexts};
pub use origin::{AnyOrigin, CanHaveCredentials, NamedOrigins, NamesOrigins, OriginText, Origins, Verdict};
use preflight::Preflight;

use super::after::{around, never_waits};
use super::fields::{lacks, whole_seconds};
use super::{Handle, Middleware, Next, Passing, vary};
use crate::dispatch::Way;
use crate::{Body, Error, Request, Response};

/// Tells browsers which pages of other origins may call this application and read its answers
/// ([fetch standard](https://fetch.spec.whatwg.org/#http-cors-protocol)).
///
/// ```
/// use std::time::Duration;
/// use cello::prelude::*;
///
/// // Any origin, without credentials: what `.enable_cors()` gives.
/// let open = Cors::default();
///
/// // These origins, with cookies.
/// let own_pages = Cors::new()
///     .allow_origin("https://app.example")
///     .allow_origin("https://admin.example:8443")
///     .allow_credentials()
///     .expose_headers(["x-total-count"])
///     .max_age(Duration::from_secs(3600));
/// # let _ = (open, own_pages);
/// ```
///
/// # What it does
/// - **Responses**, whatever they are (also 404, 405, 500 and those to plain `OPTIONS`), get
///   `Access-Control-Allow-Origin` if the origin is allowed, and with it `Access-Control-Allow-Credentials` and
///   `Access-Control-Expose-Headers` as configured, beside what the handler exposes. If the origin is not allowed, they get none of these.
/// - **Preflights** (`OPTIONS` with `Origin` and `Access-Control-Request-Method`) are judged against the route that they
///   ask about. Where a middleware of the application changes the path, that is the route of the path as it has become
///   behind the last of them, on whichever side of it the `Cors` stands. If path and method have a route, the answer is 204; so it is for `OPTIONS`. If not, it is what the request itself would get: 404, 405
///   with `Allow`, or 501. If the origin or the method is not allowed here, it is 403. No refusal has an
///   `Access-Control` field, so that browsers give up. The answer passes the middleware further in, also that of the blueprints
///   and of the route asked about, so that preflights are logged and counted; handlers and guards are not run. Middleware
///   that answers by itself, because it misses credentials for example, is not heard, since browsers send none with a preflight;
///   the path is then taken as it came to the `Cors`, so put what rewrites paths outside of what answers by itself.
///   A preflight goes on to an `OPTIONS` handler of the application's own and to a
///   [fallback service](crate::App::fallback_service), and their answers get the fields, if origin and method are allowed here.
/// - **The methods that a preflight allows** are only such as pass the same middleware of blueprints and routes as the one that it asks
///   about, since browsers keep the answer for all of them, and another `Cors` may judge the others.
/// - **`Vary`** names the request fields on which the answer depends, also where there is no `Origin`: `Origin` if
///   origins are named, and on preflights `Access-Control-Request-Method`, and `Access-Control-Request-Headers` if
///   these are mirrored.
/// - What is nearest to the handler decides: a response that has `Access-Control-Allow-Origin` already, or was refused
///   by another `Cors` further in, is left as it is.
///
/// # Defaults
/// | | [`Cors::default()`](Self::default) | [`Cors::new()`](Self::new) |
/// |---|---|---|
/// | origins | any (`*`) | those that you name; at least one |
/// | credentials | never: it does not compile | no |
/// | methods | those that the path has, within the same middleware | the same |
/// | request headers | those that the preflight asks for | the same |
/// | exposed headers | none beside the seven that are always readable | the same |
/// | max age | the browser's: 5 seconds | the same |
///
/// A configuration that no browser could match (an origin with a path, say) keeps the application from starting, with
/// a sentence. Any origin together with credentials does not compile:
///
/// ```compile_fail,E0277
/// use cello::prelude::*;
///
/// let cors = Cors::any_origin().allow_credentials();
/// ```
///
/// # Cost
/// One field (any origin), or two fields and a comparison with each named origin; nothing is allocated, unless a
/// `Vary` is there to be merged with, or the origin is refused. Preflights allocate.
pub struct Cors<O = AnyOrigin> {
    origins: O,
    credentials: bool,
    /// Those of the path, if none are configured.
    methods: Option<Vec<Method>>,
    /// Those asked for, if none are configured.
    headers: Option<Names>,
    exposed: Option<Names>,
    max_age: Option<HeaderValue>,
    /// The first mistake in the configuration, reported when the application starts.
    fault: Option<String>,
}

impl Cors {
    /// Any origin may call and read, without credentials. The same as `Cors::default()`.
    #[must_use]
    pub fn any_origin() -> Self {
        Self::of(AnyOrigin)
    }
}

impl Default for Cors {
    /// Any origin may call and read, without credentials.
    fn default() -> Self {
        Self::any_origin()
    }
}

impl Cors<NamedOrigins> {
    /// Only the origins that are allowed next, of which there must be one at least.
    #[must_use]
    pub fn new() -> Self {
        Self::of(NamedOrigins::default())
    }
}

impl<O: Origins> Cors<O> {
    /// Allows one more origin, as browsers write it: `https://app.example`, with a port where it is not the scheme's
    /// own. `null` stands for pages without an origin, such as local files and sandboxed frames. Anyone can make one, so
    /// that an application which allows it together with credentials does not start.
    #[must_use]
    pub fn allow_origin(mut self, origin: impl OriginText) -> Self
    where
        O: NamesOrigins,
    {
        match origin::parse(origin.as_ref()) {
            Ok(origin) => self.origins.named().exact.push(origin),
            Err(fault) => self.blame(fault),
        }
        self
    }

    /// Allows several more origins, as [`allow_origin`](Self::allow_origin) does.
    #[must_use]
    pub fn allow_origins(self, origins: impl OriginTexts) -> Self
    where
        O: NamesOrigins,
    {
        origins.each(self, Self::allow_origin)
    }

    /// Allows also the origins for which a function says so; it gets what the browser sent.
    ///
    /// Compare whole origins, or ends that begin with `://` or a dot: `evil-app.example` ends with `app.example` too.
    ///
    /// With [`allow_credentials`](Self::allow_credentials), every origin that passes can act as the visitor who is
    /// logged in here. A function that says yes to all, to `null`, or to hosts on which strangers can put pages gives the
    /// visitor's account away; nothing can check that.
    ///
    /// ```
    /// # use cello::prelude::*;
    /// let tenants = Cors::new().allow_origin_fn(|origin| {
    ///     origin.strip_prefix("https://").is_some_and(|host| host.ends_with(".app.example"))
    /// });
    /// # let _ = tenants;
    /// ```
    #[must_use]
    pub fn allow_origin_fn(mut self, test: impl Fn(&str) -> bool + Send + Sync + 'static) -> Self
    where
        O: NamesOrigins,
    {
        let named = self.origins.named();
        named.test = Some(match named.test.take() {
            None => Box::new(test),
            Some(earlier) => Box::new(move |origin| earlier(origin) || test(origin)),
        });
        self
    }

    fn of(origins: O) -> Self {
        Self {
            origins,
            credentials: false,
            methods: None,
            headers: None,
            exposed: None,
            max_age: None,
            fault: None,
        }
    }

    /// Lets pages send cookies and other credentials, and read the answers. It does not compile for
    /// [`any_origin`](Cors::any_origin).
    #[must_use]
    pub fn allow_credentials(mut self) -> Self
    where
        O: CanHaveCredentials,
    {
        self.credentials = true;
        self
    }

    /// Allows these methods only, of those that a path has; one at least. By default, all that it has.
    #[must_use]
    pub fn allow_methods(mut self, methods: impl Methods) -> Self {
        self.methods = Some(methods.listed());
        self
    }

    /// Allows pages to send these request headers only, beside those that they can always send. By default, all that
    /// they ask for.
    #[must_use]
    pub fn allow_headers(mut self, names: impl HeaderNames) -> Self {
        self.headers = self.names(names);
        self
    }

    /// Lets pages read these response headers, beside the seven that they can always read.
    #[must_use]
    pub fn expose_headers(mut self, names: impl HeaderNames) -> Self {
        self.exposed = self.names(names);
        self
    }

    /// Lets browsers remember the answer to a preflight for so long, in whole seconds. They have limits of their own:
    /// two hours in Chromium, a day in Firefox. With zero they ask each time; less than a second keeps the application from starting.
    #[must_use]
    pub fn max_age(mut self, age: Duration) -> Self {
        match whole_seconds(age) {
            Ok(seconds) => self.max_age = Some(HeaderValue::from(seconds)),
            Err(why) => self.blame(format!("CORS: the time for which browsers remember a preflight: {why}")),
        }
        self
    }

    fn names(&mut self, names: impl HeaderNames) -> Option<Names> {
        match names.joined() {
            Ok(names) => Some(Names(names)),
            Err(fault) => {
                self.blame(fault);
                None
            }
        }
    }

    fn blame(&mut self, fault: String) {
        self.fault.get_or_insert(fault);
    }

    #[inline]
    fn judge(&self, headers: &HeaderMap) -> O::Verdict {
        self.origins.judge(if O::VARIES { headers.get(ORIGIN) } else { None })
    }

    /// What it does where others wait; `run` hands the request on.
    #[inline]
    fn answer<'a, H: Handle, R, F>(
        &'a self,
        request: Request,
        next: Next<'a, H>,
        run: R,
    ) -> impl Future<Output = Response> + Send + use<'a, O, H, R, F>
    where
        R: FnOnce(Next<'a, H>, Request) -> F,
        F: Future<Output = Response> + Send,
    {
        match Preflight::of(&request) {
            None => Way::Straight { future: around(self, request, next, run) },
            // Boxed, so that other requests need not carry room for it.
            Some(preflight) => Way::Elsewhere { future: Box::pin(self.preflight(preflight, request, next)) },
        }
    }

    /// Adds to a response what the verdict on its origin asks for. Says whether the origin may read it by this.
    fn mark(&self, response: &mut Response, verdict: Verdict) -> bool {
        if O::VARIES {
            vary::add(response.headers_mut(), &[ORIGIN]);
        }
        if is_judged(response) {
            return false;
        }
        let origin = match verdict {
            Verdict::Allowed(origin) => origin,
            Verdict::Refused => {
                response.extensions_mut().insert(RefusedWithin);
                return false;
            }
            Verdict::Absent => return false,
        };
        self.allow(response.headers_mut(), origin);
        if let Some(exposed) = &self.exposed {
            // Beside those that the handler exposes: lists in several fields are one.
            response.headers_mut().append(ACCESS_CONTROL_EXPOSE_HEADERS, exposed.0.clone());
        }
        true
    }

    #[inline]
    fn allow(&self, headers: &mut HeaderMap, origin: HeaderValue) {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        if self.credentials {
            headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
        }
    }
}

impl<O: Origins> Middleware for Cors<O> {
    const WAITS: bool = false;
    const CALLS_OUT: bool = O::VARIES;

    never_waits!(by Self::answer);

    #[inline]
    fn enter<'a>(
        &'a self,
        head: &mut request::Parts,
        _: &mut Body,
        _: Passing<'a>,
    ) -> ControlFlow<Response, impl FnOnce(&'a Self, Passing<'a>, &mut Response) + Send + use<'a, O>> {
        let verdict = self.judge(&head.headers);
        ControlFlow::Continue(move |this: &Self, _: Passing<'a>, response: &mut Response| {
            this.mark(response, verdict.into());
        })
    }

    fn check(&self) -> crate::Result<()> {
        if let Some(fault) = &self.fault {
            return Err(Error::msg(fault.clone()));
        }
        if self.origins.is_empty() {
            return Err(Error::msg(
                "CORS: no origin is allowed; name one with `allow_origin`, or say `Cors::any_origin()` for all",
            ));
        }
        if self.credentials && self.origins.has_null() {
            return Err(Error::msg(
                "CORS: `null` cannot be allowed with credentials: any page can have it, in a sandboxed frame",
            ));
        }
        if self.methods.as_ref().is_some_and(Vec::is_empty) {
            return Err(Error::msg(
                "CORS: no method is allowed; leave `allow_methods` out to allow those that a path has",
            ));
        }
        let star = |names: &Option<Names>| names.as_ref().is_some_and(Names::has_star);
        if self.credentials && (star(&self.headers) || star(&self.exposed)) {
            return Err(Error::msg(
                "CORS: with credentials, `*` among header names is a name like others; write the names out",
            ));
        }
        Ok(())
    }
}

impl<O: fmt::Debug> fmt::Debug for Cors<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cors")
            .field("origins", &self.origins)
            .field("credentials", &self.credentials)
            .field("methods", &self.methods)
            .field("headers", &self.headers)
            .field("exposed", &self.exposed)
            .field("max_age", &self.max_age)
            .finish()
    }
}

/// Says that an inner `Cors` has refused the origin, so that an outer one does not allow it.
#[derive(Debug, Clone, Copy)]
struct RefusedWithin;

/// Whether something further in has decided who may read this response.
#[inline]
fn is_judged(response: &Response) -> bool {
    !lacks(response.headers(), &ACCESS_CONTROL_ALLOW_ORIGIN)
        || response.extensions().get::<RefusedWithin>().is_some()
}

/// Names of header fields, as a header lists them.
#[derive(Debug, Clone)]
struct Names(HeaderValue);

impl Names {
    fn has_star(&self) -> bool {
        self.0.to_str().is_ok_and(|names| names.split(", ").any(|name| name == "*"))
    }
}
