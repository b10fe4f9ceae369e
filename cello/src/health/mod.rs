//! Whether the application lives, is ready, has started: three routes to mount, and the checks behind them.
//!
//! ```
//! use std::time::Duration;
//! use cello::health::{Health, HealthCheck};
//! use cello::prelude::*;
//!
//! struct Database(/* a pool */);
//!
//! impl Database {
//!     async fn ping(&self) -> cello::Result<()> {
//!         Ok(())
//!     }
//! }
//!
//! struct Cache(/* a client */);
//!
//! impl Cache {
//!     async fn is_up(&self) -> bool {
//!         false
//!     }
//! }
//!
//! #[derive(AppState)]
//! struct Services {
//!     database: Database,
//!     cache: Cache,
//! }
//!
//! fn app() -> impl Application {
//!     App::new(routes![cello::health])
//!         .state(Services { database: Database(), cache: Cache() })
//!         .health(Health::new().timeout(Duration::from_secs(2)).details(true))
//!         .health_check("database", async |database: State<Database>| database.ping().await)
//!         .health_check(HealthCheck::degraded("cache"), async |cache: State<Cache>| cache.is_up().await)
//! }
//!
//! let client = cello::testing::TestClient::new(app());
//! assert_eq!(client.get("/health/live").send().text(), r#"{"status":"pass"}"#);
//! let ready = client.get("/health/ready").send();
//! assert_eq!(ready.status(), 200);
//! assert!(ready.text().starts_with(r#"{"status":"warn","checks":{"database":{"status":"pass","#));
//! ```
//!
//! # The routes
//! Mounted with `cello::health` among the [`routes!`](crate::routes), so that they stand in the table of routes, pass the stack, and are guarded as
//! others are:
//!
//! | route | 200 | 503 |
//! |---|---|---|
//! | `GET /health/live` | always: the process answers | never |
//! | `GET /health/ready` | the critical checks pass, and the server is not told to stop | else; also before it [has started](Health::starts_by_hand) |
//! | `GET /health/startup` | as ready, and ever after it was so once | else |
//!
//! The body is JSON: `{"status":"pass"}`, or `warn` where a check has failed that is not critical, or `fail`. What each check has found
//! is shown only where [`Health::details`] or [`Health::details_if`] says so: reasons name machines and addresses.
//!
//! For other paths and other answers take a [`Probe`] in a handler of your own.
//!
//! # The checks
//! [`App::health_check`](crate::App::health_check) takes them by name: `async` functions of the application's state, checked by the compiler as hooks are.
//! They run at the same time, each within its timeout; one that panics has failed. What they have found is kept for a moment, and requests
//! that come meanwhile share one run, so that many probes do not become a load.
//!
//! # Defaults
//! | | |
//! |---|---|
//! | timeout of a check | 5 s |
//! | what was found is kept for | 1 s |
//! | details | hidden |

mod check;
mod report;

use std::convert::Infallible;
use std::fmt;
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use http::request;
use tokio::sync::watch;
use tokio::task::JoinSet;

use check::Prepared;
pub use check::{Check, CheckName, CheckOutcome, HealthCheck};
pub use report::{CheckReport, HealthReport, HealthStatus};

use crate::clock::Clock;
use crate::dispatch::isolate::catch_boxed;
use crate::lock::lock;
use crate::prelude::*;
use crate::state::AppState;

blueprint!("/health", [live, ready, startup]);

/// Liveness: the process answers.
#[get("/live")]
pub async fn live(probe: Probe) -> HealthReport {
    probe.live()
}

/// Readiness: whether requests should come here.
#[get("/ready")]
pub async fn ready(probe: Probe) -> HealthReport {
    probe.ready().await
}

/// Start-up: whether it has been ready once.
#[get("/startup")]
pub async fn startup(probe: Probe) -> HealthReport {
    probe.startup().await
}

type MayShow = Arc<dyn Fn(&request::Parts, Option<IpAddr>) -> bool + Send + Sync>;

/// How the health of an application is found, for [`App::health`](crate::App::health). See the [module](self).
#[derive(Clone)]
pub struct Health {
    timeout: Duration,
    keep: Duration,
    may_show: MayShow,
    started: Option<Started>,
}

impl Health {
    /// As the table of defaults says.
    #[must_use]
    pub fn new() -> Self {
        Self {
            timeout: Duration::from_secs(5),
            keep: Duration::from_secs(1),
            may_show: Arc::new(|_, _| false),
            started: None,
        }
    }

    /// How long a check may take that says nothing of it; 5 s by default.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How long what was found is told again without asking; 1 s by default, zero for not at all.
    #[must_use]
    pub fn keep_for(mut self, keep: Duration) -> Self {
        self.keep = keep;
        self
    }

    /// Whether everybody is shown what each check has found; nobody is by default.
    #[must_use]
    pub fn details(self, shown: bool) -> Self {
        self.details_if(move |_, _| shown)
    }

    /// Shows what each check has found to whom this function says: it gets the head of the request, and the address of the
    /// client ([`ClientAddr`]) where there is one.
    #[must_use]
    pub fn details_if(
        mut self,
        may: impl Fn(&request::Parts, Option<IpAddr>) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.may_show = Arc::new(may);
        self
    }

    /// The application is not ready before [`Started::set`] is called on this: when it has filled its caches, for example.
    #[must_use]
    pub fn starts_by_hand(mut self, started: &Started) -> Self {
        self.started = Some(started.clone());
        self
    }
}

impl Default for Health {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Health {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Health")
            .field("timeout", &self.timeout)
            .field("keep", &self.keep)
            .finish_non_exhaustive()
    }
}

/// Whether an application has started, where it says so itself: see [`Health::starts_by_hand`]. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Started(Arc<AtomicBool>);

impl Started {
    /// Not yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// It has started now.
    pub fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// The checks of an application, and what they have found last.
#[derive(Default)]
pub(crate) struct Checks {
    pub(crate) health: Health,
    checks: Vec<(HealthCheck, Prepared)>,
    found: Mutex<Found>,
    has_been_ready: AtomicBool,
}

/// What a check has found, and how long that took.
type Outcome = (Result<(), String>, Duration);

/// What the checks have found last, and what they are about to find.
#[derive(Default)]
struct Found {
    last: Option<(Instant, Vec<CheckReport>)>,
    running: Option<watch::Receiver<Option<Vec<CheckReport>>>>,
}

impl Checks {
    /// # Errors
    /// A sentence, where the name cannot be one.
    pub(crate) fn add<S, A>(&mut self, check: HealthCheck, run: impl Check<S, A>) -> crate::Result<()> {
        let name = &check.name;
        if name.is_empty() || self.checks.iter().any(|(known, _)| known.name == *name) {
            return Err(crate::Error::msg(format!(
                "health check {name:?}: each check has a name of its own"
            )));
        }
        self.checks.push((check, Arc::new(move |state| run.call(state))));
        Ok(())
    }

    /// # Errors
    /// A sentence, where a check could never pass.
    pub(crate) fn verify(&self) -> crate::Result<()> {
        let timeout = |check: &HealthCheck| check.timeout.unwrap_or(self.health.timeout);
        match self.checks.iter().find(|(check, _)| timeout(check).is_zero()) {
            Some((check, _)) => {
                let name = &check.name;
                Err(crate::Error::msg(format!(
                    "health check {name:?}: a timeout of zero leaves it no time to pass"
                )))
            }
            None => Ok(()),
        }
    }

    /// What the checks find, or have found a moment ago.
    async fn ask(self: &Arc<Self>, state: &Arc<dyn AppState>, clock: &Clock) -> Vec<CheckReport> {
        let mut running = {
            let mut found = lock(&self.found);
            if let Some((at, checks)) = &found.last
                && clock.now().saturating_duration_since(*at) < self.health.keep
            {
                return checks.clone();
            }
            // Who comes while they run is told the same. A run whose runtime has ended tells nothing.
            let running = found.running.take().filter(|running| running.has_changed().is_ok());
            let running = running.unwrap_or_else(|| self.start(state, clock));
            found.running.insert(running).clone()
        };
        match running.wait_for(Option::is_some).await {
            Ok(found) => found.clone().unwrap_or_default(),
            Err(_) => self.reports(self.checks.iter().map(|_| None)),
        }
    }

    /// Starts a run, as a task of its own: probes that are given up do not start it again and again.
    fn start(
        self: &Arc<Self>,
        state: &Arc<dyn AppState>,
        clock: &Clock,
    ) -> watch::Receiver<Option<Vec<CheckReport>>> {
        let (tell, told) = watch::channel(None);
        let (this, state, clock) = (Arc::clone(self), Arc::clone(state), clock.clone());
        drop(tokio::spawn(async move {
            let checks = this.run(&state).await;
            let mut found = lock(&this.found);
            found.last = Some((clock.now(), checks.clone()));
            found.running = None;
            drop(found);
            tell.send_replace(Some(checks));
        }));
        told
    }

    /// Runs all of them at the same time, each as a task of its own.
    async fn run(&self, state: &Arc<dyn AppState>) -> Vec<CheckReport> {
        let mut tasks = JoinSet::new();
        for (number, (check, run)) in self.checks.iter().enumerate() {
            let timeout = check.timeout.unwrap_or(self.health.timeout);
            let (run, state) = (Arc::clone(run), Arc::clone(state));
            tasks.spawn(async move {
                let started = Instant::now();
                let asked = tokio::time::timeout(timeout, catch_boxed(|| run(&state))).await;
                let outcome = match asked {
                    Ok(Ok(outcome)) => outcome,
                    Ok(Err(_)) => Err("it panicked".to_owned()),
                    Err(_) => Err(format!("it took longer than {timeout:?}")),
                };
                (number, outcome, started.elapsed())
            });
        }
        let mut outcomes: Vec<_> = self.checks.iter().map(|_| None).collect();
        while let Some(ended) = tasks.join_next().await {
            if let Ok((number, outcome, taken)) = ended {
                outcomes[number] = Some((outcome, taken));
            }
        }
        self.reports(outcomes)
    }

    fn reports(&self, outcomes: impl IntoIterator<Item = Option<Outcome>>) -> Vec<CheckReport> {
        let reports = self.checks.iter().zip(outcomes).map(|((check, _), ended)| {
            let (outcome, duration) =
                ended.unwrap_or_else(|| (Err("it did not end".to_owned()), Duration::ZERO));
            let status = match (&outcome, check.is_critical) {
                (Ok(()), _) => HealthStatus::Pass,
                (Err(_), true) => HealthStatus::Fail,
                (Err(_), false) => HealthStatus::Warn,
            };
            CheckReport { name: check.name.clone(), status, reason: outcome.err(), duration }
        });
        reports.collect()
    }
}

impl fmt::Debug for Checks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.checks.iter().map(|(check, _)| check)).finish()
    }
}

/// What a handler asks about the health of its application.
///
/// ```
/// use cello::health::{HealthReport, Probe};
/// use cello::prelude::*;
///
/// // Another path, and another answer where all is well.
/// #[get("/readyz")]
/// async fn readyz(probe: Probe) -> Result<&'static str, HealthReport> {
///     probe.ready().await.passed()?;
///     Ok("ok")
/// }
/// # let client = cello::testing::TestClient::new(App::new(routes![readyz]));
/// # assert_eq!(client.get("/readyz").send().text(), "ok");
/// ```
pub struct Probe {
    checks: Arc<Checks>,
    state: Arc<dyn AppState>,
    clock: Clock,
    is_stopping: bool,
    shows_details: bool,
}

impl Probe {
    /// The process answers: it passes.
    pub fn live(&self) -> HealthReport {
        HealthReport::of(HealthStatus::Pass, None)
    }

    /// Whether requests should come here.
    pub async fn ready(&self) -> HealthReport {
        if self.is_stopping {
            return HealthReport::of(HealthStatus::Fail, Some("the server is stopping"));
        }
        if self.checks.health.started.as_ref().is_some_and(|started| !started.is_set()) {
            return HealthReport::of(HealthStatus::Fail, Some("the application has not started yet"));
        }
        let checks = self.checks.ask(&self.state, &self.clock).await;
        let status = checks.iter().map(|check| check.status).max().unwrap_or(HealthStatus::Pass);
        if status != HealthStatus::Fail {
            self.checks.has_been_ready.store(true, Ordering::Relaxed);
        }
        HealthReport { status, reason: None, checks, shows_details: self.shows_details }
    }

    /// Whether it has been ready once.
    pub async fn startup(&self) -> HealthReport {
        if self.checks.has_been_ready.load(Ordering::Relaxed) {
            return HealthReport::of(HealthStatus::Pass, None);
        }
        self.ready().await
    }
}

impl FromRequest for Probe {
    type Rejection = Infallible;
    type State = ();

    async fn from_request(cx: &mut RequestContext<'_, Self>) -> Result<Self, Infallible> {
        let call = cx.exchange.call;
        let settings = &call.shared.settings;
        let client = cx.client_addr().map(|address| address.ip().to_canonical());
        Ok(Self {
            checks: Arc::clone(&settings.checks),
            state: Arc::clone(call.shared_state()),
            clock: settings.clock.clone(),
            is_stopping: cx.is_stopping(),
            shows_details: (settings.checks.health.may_show)(cx.parts(), client),
        })
    }
}

impl fmt::Debug for Probe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Probe").field("checks", &self.checks).finish_non_exhaustive()
    }
}
