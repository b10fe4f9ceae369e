//! What is asked about the health of an application: [`Check`], [`HealthCheck`].

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use crate::state::{AppState, Provide, State};

/// What [`App::health_check`](crate::App::health_check) takes: a function or closure, `async`, of no argument or of up to three `State<T>`
/// that the state of the application provides. It gives nothing, a `bool`, or a `Result<()>`.
#[diagnostic::on_unimplemented(
    message = "this is no health check of an application with the state `{S}`",
    label = "expected an `async` closure of no argument or of up to three `State<T>`",
    note = "help: write `async || ...`, or `async |users: State<Users>| ...` with the type of a field of the state, which is given before, with `.state(...)`. It gives nothing, a `bool`, or a `Result<()>`. What it holds across an `.await` may go from thread to thread, so no `Rc`"
)]
pub trait Check<S, Arguments>: Send + Sync + 'static {
    #[doc(hidden)]
    fn call(&self, state: &Arc<dyn AppState>) -> Checking;
}

/// A check at work: `Err` says why it has failed.
type Checking = Pin<Box<dyn Future<Output = Result<(), String>> + Send>>;

pub(super) type Prepared = Arc<dyn Fn(&Arc<dyn AppState>) -> Checking + Send + Sync>;

/// What a check gives: nothing, which is good; whether it is good; or a `Result<()>`.
#[diagnostic::on_unimplemented(
    message = "a check cannot give `{Self}`",
    label = "expected `()`, `bool` or a `Result<()>`",
    note = "help: end it with `;`, with whether it is good, or with `Ok(())` if `?` stands in it"
)]
pub trait CheckOutcome {
    #[doc(hidden)]
    fn outcome(self) -> Result<(), String>;
}

impl CheckOutcome for () {
    fn outcome(self) -> Result<(), String> {
        Ok(())
    }
}

impl CheckOutcome for bool {
    fn outcome(self) -> Result<(), String> {
        if self { Ok(()) } else { Err("it says no".to_owned()) }
    }
}

impl<E: fmt::Display> CheckOutcome for Result<(), E> {
    fn outcome(self) -> Result<(), String> {
        self.map_err(|error| error.to_string())
    }
}

macro_rules! checks {
    ($(($($name:ident)*))+) => { $(
        #[diagnostic::do_not_recommend]
        impl<S, F, Fut, $($name,)*> Check<S, ($($name,)*)> for F
        where
            F: Fn($(State<$name>),*) -> Fut + Send + Sync + 'static,
            Fut: Future<Output: CheckOutcome> + Send + 'static,
            $(S: Provide<$name>, $name: 'static,)*
        {
            #[allow(unused_variables, non_snake_case)] // of no argument; the type parameters serve as names
            fn call(&self, state: &Arc<dyn AppState>) -> Checking {
                $(let Some($name) = State::<$name>::find(state) else {
                    // The type of the check proves that it is there.
                    let missing = format!("the state has no `{}`", std::any::type_name::<$name>());
                    return Box::pin(std::future::ready(Err(missing)));
                };)*
                let future = self($($name),*);
                Box::pin(async { future.await.outcome() })
            }
        }
    )+ };
}

checks! { () (A) (A B) (A B C) }

/// How a check is called: a text, or a [`HealthCheck`].
#[diagnostic::on_unimplemented(
    message = "a health check has a name, which stands before what it does",
    label = "expected a text or a `HealthCheck`",
    note = "help: write `.health_check(\"database\", async || ...)`; one whose failure leaves the application ready is called `HealthCheck::degraded(\"cache\")`"
)]
pub trait CheckName {
    #[doc(hidden)]
    fn named(self) -> HealthCheck;
}

#[diagnostic::do_not_recommend]
impl<C: Into<HealthCheck>> CheckName for C {
    fn named(self) -> HealthCheck {
        self.into()
    }
}

/// The name of a check, and what it means when it fails. A name alone is [critical](Self::critical).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HealthCheck {
    pub(super) name: String,
    pub(super) is_critical: bool,
    pub(super) timeout: Option<Duration>,
}

impl HealthCheck {
    /// Without it the application cannot do its work: it is not ready while this fails.
    #[must_use]
    pub fn critical(name: impl Into<String>) -> Self {
        Self { name: name.into(), is_critical: true, timeout: None }
    }

    /// Without it the application works worse: it is ready, and says `warn`, while this fails.
    #[must_use]
    pub fn degraded(name: impl Into<String>) -> Self {
        Self { is_critical: false, ..Self::critical(name) }
    }

    /// How long it may take until it has failed; what [`Health::timeout`](super::Health::timeout) says by default.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }
}

impl From<&str> for HealthCheck {
    fn from(name: &str) -> Self {
        Self::critical(name)
    }
}
