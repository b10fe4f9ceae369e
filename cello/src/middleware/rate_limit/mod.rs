//! Limits on how often clients may ask: [`RateLimit`].

mod by_provided;
mod key;
mod limit;
mod memory;
mod store;
mod window;

use std::fmt::Write as _;
use std::future::Future;
use std::net::SocketAddr;
use std::ops::ControlFlow;
use std::sync::OnceLock;
use std::time::Duration;

use http::header::{HeaderName, HeaderValue, RETRY_AFTER};
use http::{HeaderMap, StatusCode, request};

pub use by_provided::RateLimitBy;
pub use key::{Key, KeyBytes};
pub use limit::{Algorithm, Limit};
pub use memory::MemoryStore;
use store::MOST_LIMITS;
pub use store::{Charge, Standing, Store};

use super::after::{around, never_waits};
use super::{Handle, Middleware, Next, Passing, Surroundings, Values};
use crate::dispatch::{Way, isolate, take};
use crate::{Body, Error, IntoResponse, Problem, Request, Response};

/// What functions make of a request, each at the place of its limit.
type Made = [Option<Vec<u8>>; MOST_LIMITS];

/// Refuses requests of clients that ask too often, with 429 ([RFC 6585](https://www.rfc-editor.org/rfc/rfc6585), section 4),
/// and tells all of them what they have left ([draft-ietf-httpapi-ratelimit-headers](https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/10/),
/// version 10).
///
/// ```
/// use std::time::Duration;
/// use cello::middleware::rate_limit::{Key, Limit};
/// use cello::prelude::*;
///
/// // A search costs more than other requests: 5 at once, and then one every 2 s.
/// #[get("/search?<q>", with(RateLimit::new(Limit::token_bucket(30, Duration::from_secs(60)).burst(5).name("search"))))]
/// async fn search(q: &str) -> String {
///     q.to_owned()
/// }
///
/// let app = App::new(routes![search]).with(
///     // Each address 10 requests a second, and each API key 1,000 in any hour.
///     RateLimit::per_second(10)
///         .and(Limit::sliding_window(1000, Duration::from_secs(3600)).name("hourly").by(Key::header("x-api-key"))),
/// );
/// # let client = cello::testing::TestClient::new(app);
/// # for _ in 0..5 { assert_eq!(client.get("/search?q=x").send().status(), 200); }
/// # let refused = client.get("/search?q=x").send();
/// # assert_eq!((refused.status().as_u16(), refused.header("retry-after")), (429, Some("2")));
/// ```
///
/// # What it does
/// - **A request is admitted if all limits admit it**, and counts for all of them then. One that is refused counts for none.
/// - **What is admitted in any window** is bounded, and who stays below the limit is never refused: each algorithm says how,
///   [`Limit::token_bucket`] and [`Limit::sliding_window`]. The bound holds for all connections and workers together.
/// - **Whose requests are counted together** is said by the [`Key`] of each limit: the address of the client by default.
/// - **A refusal** is a 429 problem of the type `quota-exceeded` with `violated-policies` and `Retry-After`, in whole seconds.
/// - **Header fields** of every response: `RateLimit-Policy: "default";q=10;w=1` has the limits, `RateLimit: "default";r=9;t=1` what
///   is left and the seconds until there is more. A burst other than the quota is told as `cello-burst`. Several of these
///   middleware add to the same fields, so give their limits names.
/// - **At a route or blueprint** (`with(...)`) it counts what comes to the routes below it, those of a blueprint together; in the
///   application's stack everything, also what has no route. Behind [`Cors`](crate::Cors) refusals can be read by scripts.
/// - **State** is in the memory of the process, in a [`MemoryStore`] of its own, whose bounds stand there. Another [`Store`], one
///   that several processes share for example, comes with [`store`](Self::store).
///
/// Time is that of the [application's clock](crate::App::clock).
///
/// # Defaults
/// There is no usual limit, so there is no `enable_...`. Up to 4 limits each; 65,536 clients in 4.3 MB,
/// in 78 MB where [windows slide](Limit::sliding_window); header fields on all responses.
///
/// # Cost
/// Two hashes of the key and a look at some 64 numbers for each limit, under one lock of many; and two allocations for
/// the text of the fields. Without [fields](Self::fields) a request that is admitted allocates nothing.
#[derive(Debug)]
pub struct RateLimit<S = MemoryStore> {
    limits: Vec<Limit>,
    store: S,
    fields: bool,
    refuse_on_failure: bool,
    policy: OnceLock<Option<HeaderValue>>,
}

impl RateLimit {
    /// With this limit.
    #[must_use]
    pub fn new(limit: Limit) -> Self {
        Self {
            limits: vec![limit],
            store: MemoryStore::default(),
            fields: true,
            refuse_on_failure: false,
            policy: OnceLock::new(),
        }
    }

    /// So many requests a second for each client address, by a [token bucket](Limit::token_bucket).
    #[must_use]
    pub fn per_second(quota: u32) -> Self {
        Self::new(Limit::token_bucket(quota, Duration::from_secs(1)))
    }

    /// So many requests a minute for each client address, by a [token bucket](Limit::token_bucket).
    #[must_use]
    pub fn per_minute(quota: u32) -> Self {
        Self::new(Limit::token_bucket(quota, Duration::from_secs(60)))
    }

    /// So many requests an hour for each client address, by a [token bucket](Limit::token_bucket).
    #[must_use]
    pub fn per_hour(quota: u32) -> Self {
        Self::new(Limit::token_bucket(quota, Duration::from_secs(60 * 60)))
    }

    /// How many clients to remember at once, 65 bytes each; 65,536 by default. See [`MemoryStore`].
    #[must_use]
    pub fn clients(self, clients: usize) -> Self {
        self.store(MemoryStore::new(clients))
    }
}

impl<S: Store> RateLimit<S> {
    /// With one more limit; 4 at most.
    #[must_use]
    pub fn and(mut self, limit: Limit) -> Self {
        self.limits.push(limit);
        self
    }

    /// Keeps what clients have used in this store.
    #[must_use]
    pub fn store<T: Store>(self, store: T) -> RateLimit<T> {
        let Self { limits, store: _, fields, refuse_on_failure, policy } = self;
        RateLimit { limits, store, fields, refuse_on_failure, policy }
    }

    /// Whether responses that are not refusals have the fields `RateLimit` and `RateLimit-Policy` too; they do by default.
    #[must_use]
    pub fn fields(mut self, on_all: bool) -> Self {
        self.fields = on_all;
        self
    }

    /// Whether requests are refused, with 503, while the store cannot be asked. By default they are admitted, so that a service
    /// does not fail with its counters. What is kept in memory can always be asked.
    #[must_use]
    pub fn refuse_on_failure(mut self, refuse: bool) -> Self {
        self.refuse_on_failure = refuse;
        self
    }

    /// What functions of the application's make of a request, each at the place of its limit.
    #[inline]
    fn made(
        &self,
        head: &mut request::Parts,
        body: &mut Body,
        provided: Values<'_>,
    ) -> Result<Made, isolate::Panic> {
        let mut made = Made::default();
        if !self.limits.iter().any(|limit| limit.key.is_made()) {
            return Ok(made);
        }
        // They look at a whole request.
        let request = take(head, body);
        let called = isolate::catch_now(|| {
            for (made, limit) in made.iter_mut().zip(&self.limits) {
                *made = limit.key.made(&request, provided);
            }
        });
        (*head, *body) = request.into_parts();
        called.map(|()| made)
    }

    /// The request at each of its limits, which are so many.
    #[inline]
    fn charges<'r>(
        &'r self,
        headers: &'r HeaderMap,
        client: Option<SocketAddr>,
        made: Made,
    ) -> ([Charge<'r>; MOST_LIMITS], usize) {
        let mut charges = std::array::from_fn(|_| Charge::new(&self.limits[0], b""));
        let mut count = 0;
        for (limit, made) in self.limits.iter().zip(made) {
            if let (Some(key), Some(charge)) = (limit.key.read(headers, client, made), charges.get_mut(count))
            {
                *charge = Charge::of(limit, key);
                count += 1;
            }
        }
        (charges, count)
    }

    /// What follows from what the store has said: what the response is told, or the refusal.
    fn judged(
        &self,
        charges: &[Charge<'_>],
        admitted: crate::Result<bool>,
    ) -> Result<Option<HeaderValue>, Problem> {
        match admitted {
            Ok(true) => Ok(if self.fields && !charges.is_empty() { told(charges) } else { None }),
            Ok(false) => Err(self.refusal(charges)),
            Err(error) => {
                tracing::error!(target: "cello", "the store of a rate limit failed: {}", crate::error::OneLine(error));
                if self.refuse_on_failure {
                    return Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE));
                }
                Ok(None)
            }
        }
    }

    /// What it does where others wait; `run` hands the request on.
    #[inline]
    fn answer<'a, H: Handle, R, F>(
        &'a self,
        request: Request,
        next: Next<'a, H>,
        run: R,
    ) -> impl Future<Output = Response> + Send + use<'a, S, H, R, F>
    where
        R: FnOnce(Next<'a, H>, Request) -> F,
        F: Future<Output = Response> + Send,
    {
        if S::WAITS {
            // Boxed, so that where the store is at hand there need be no room for it.
            Way::Elsewhere { future: Box::pin(self.ask(request, next)) }
        } else {
            Way::Straight { future: around(self, request, next, run) }
        }
    }

    /// A request whose store may have to be waited for.
    async fn ask(&self, request: Request, next: Next<'_, impl Handle>) -> Response {
        let call = next.passing.call;
        let (mut head, mut body) = request.into_parts();
        let made = match self.made(&mut head, &mut body, next.passing.provided) {
            Ok(made) => made,
            Err(panic) => return call.answer_to(&panic),
        };
        let told = {
            let (mut charges, count) = self.charges(&head.headers, call.client(), made);
            let charges = &mut charges[..count];
            let admitted = if charges.is_empty() {
                Ok(true)
            } else {
                self.store.admit(charges, next.clock().now()).await
            };
            match self.judged(charges, admitted) {
                Ok(told) => told,
                Err(problem) => return problem.into_response(),
            }
        };
        let mut response = next.run(Request::from_parts(head, body)).await;
        self.tell(response.headers_mut(), told);
        response
    }

    /// Tells a client how it stands.
    fn tell(&self, headers: &mut HeaderMap, told: Option<HeaderValue>) {
        let Some(told) = told else { return };
        if let Some(policy) = self.policy() {
            headers.append(RATELIMIT_POLICY, policy);
        }
        headers.append(RATELIMIT, told);
    }

    #[cold]
    fn refusal(&self, charges: &[Charge<'_>]) -> Problem {
        let refusing = || charges.iter().filter(|charge| charge.standing().refuses);
        let seconds =
            refusing().map(|charge| seconds(charge.standing().next)).max().unwrap_or_default().max(1);
        let names: Vec<&str> = refusing().map(|charge| charge.limit().as_name()).collect();
        let mut detail = String::from("no more is allowed than ");
        for (index, charge) in refusing().enumerate() {
            detail.push_str(if index == 0 { "" } else { " and " });
            detail.push_str(&charge.limit().in_words());
        }
        let _ = write!(detail, "; try again in {seconds} s");
        let mut problem = Problem::new(StatusCode::TOO_MANY_REQUESTS)
            .with_type(QUOTA_EXCEEDED)
            .with_detail(detail)
            .with_member("violated-policies", names)
            .with_header(RETRY_AFTER, HeaderValue::from(seconds));
        for (name, value) in [(RATELIMIT_POLICY, self.policy()), (RATELIMIT, told(charges))] {
            if let Some(value) = value {
                problem = problem.with_header(name, value);
            }
        }
        problem
    }

    /// The value of `RateLimit-Policy`.
    fn policy(&self) -> Option<HeaderValue> {
        let made = || {
            let policies: Vec<_> = self.limits.iter().map(Limit::policy).collect();
            HeaderValue::try_from(policies.join(", ")).ok()
        };
        self.policy.get_or_init(made).clone()
    }
}

impl<S: Store> Middleware for RateLimit<S> {
    const WAITS: bool = S::WAITS;

    never_waits!(by Self::answer);

    #[inline]
    fn enter<'a>(
        &'a self,
        head: &mut request::Parts,
        body: &mut Body,
        passing: Passing<'a>,
    ) -> ControlFlow<Response, impl FnOnce(&'a Self, Passing<'a>, &mut Response) + Send + use<'a, S>> {
        let call = passing.call;
        let made = match self.made(head, body, passing.provided) {
            Ok(made) => made,
            Err(panic) => return ControlFlow::Break(call.answer_to(&panic)),
        };
        let (mut charges, count) = self.charges(&head.headers, call.client(), made);
        let charges = &mut charges[..count];
        let admitted =
            charges.is_empty() || self.store.admit_at_once(charges, call.shared.settings.clock.now());
        let told = match self.judged(charges, Ok(admitted)) {
            Ok(told) => told,
            Err(problem) => return ControlFlow::Break(problem.into_response()),
        };
        ControlFlow::Continue(move |this: &Self, _: Passing<'a>, response: &mut Response| {
            this.tell(response.headers_mut(), told);
        })
    }

    fn check(&self) -> crate::Result<()> {
        for (index, limit) in self.limits.iter().enumerate() {
            limit.check()?;
            let name = limit.as_name();
            if self.limits[..index].iter().any(|earlier| earlier.as_name() == name) {
                return Err(Error::msg(format!(
                    "rate limit: two limits have the name `{name}`; give one another with `.name(...)`"
                )));
            }
        }
        if self.limits.len() > MOST_LIMITS {
            return Err(Error::msg(format!(
                "rate limit: {} limits are more than {MOST_LIMITS}; put the rest into a second `RateLimit`",
                self.limits.len()
            )));
        }
        Ok(())
    }

    /// The header fields and problems of one response speak of all limits around it, by their names.
    fn check_within(&self, around: &mut Surroundings) -> crate::Result<()> {
        for limit in &self.limits {
            let name = limit.as_name().to_owned();
            if around.limits.contains(&name) {
                return Err(Error::msg(format!(
                    "rate limit: two limits have the name `{name}` {}; give one another with `.name(...)`",
                    around.place()
                )));
            }
            if limit.key.is_of_client() {
                around.limit_by_client.get_or_insert(name.clone());
            }
            around.limits.push(name);
        }
        Ok(())
    }
}

const RATELIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATELIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// The type of the problem, as the draft registers it.
const QUOTA_EXCEEDED: &str = "https://iana.org/assignments/http-problem-types#quota-exceeded";

/// The value of `RateLimit`, written without the machinery of `fmt`: it is done for each request.
fn told(charges: &[Charge<'_>]) -> Option<HeaderValue> {
    let mut told = Vec::with_capacity(40 * charges.len());
    for charge in charges {
        let Standing { remaining, next, .. } = charge.standing();
        told.extend_from_slice(if told.is_empty() { b"\"" } else { b", \"" });
        told.extend_from_slice(charge.limit().as_name().as_bytes());
        told.extend_from_slice(b"\";r=");
        told.extend_from_slice(itoa::Buffer::new().format(remaining).as_bytes());
        told.extend_from_slice(b";t=");
        told.extend_from_slice(itoa::Buffer::new().format(seconds(next)).as_bytes());
    }
    HeaderValue::try_from(told).ok()
}

/// In whole seconds, after which it is over.
fn seconds(time: Duration) -> u64 {
    time.as_secs() + u64::from(time.subsec_nanos() > 0)
}
