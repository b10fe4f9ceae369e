//! What an application does when its server starts and when it has stopped: [`Hook`].

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use crate::dispatch::isolate::catch;
use crate::lock::lock;
use crate::state::{AppState, Provide, State};
use crate::{Error, Result};

/// What [`App::on_start`](crate::App::on_start) and [`App::on_stop`](crate::App::on_stop) take: a function or closure,
/// `async`, of no argument or of up to three `State<T>` that the state of the application provides. It gives nothing or a
/// `Result<()>`.
#[diagnostic::on_unimplemented(
    message = "this is no hook of an application with the state `{S}`",
    label = "expected an `async` closure of no argument or of up to three `State<T>`",
    note = "help: write `async || ...`, or `async |users: State<Users>| ...` with the type of a field of the state, which is given before, with `.state(...)`. It gives nothing, or a `Result<()>` whose error is one that `cello::Error` can be made of, which a `String` is not. What it holds across an `.await` may go from thread to thread, so no `Rc`"
)]
pub trait Hook<S, Arguments>: Send + 'static {
    /// What is to be done when the application has stopped, after all hooks, is given to `at_stop`. It is dropped if the application is.
    #[doc(hidden)]
    fn call(self, state: &Arc<dyn AppState>, at_stop: &dyn Fn(Running)) -> Result<Running>;
}

/// A hook at work.
pub(crate) type Running = Pin<Box<dyn Future<Output = Result<()>> + Send>>;

type Prepared = Box<dyn FnOnce(&Arc<dyn AppState>, &dyn Fn(Running)) -> Result<Running> + Send>;

/// What a hook gives: nothing, or a `Result<()>`.
#[diagnostic::on_unimplemented(
    message = "a hook cannot give `{Self}`",
    label = "expected `()` or `cello::Result<()>`",
    note = "help: end it with `;`, or with `Ok(())` if `?` stands in it"
)]
pub trait HookOutcome {
    #[doc(hidden)]
    fn outcome(self) -> Result<()>;
}

impl HookOutcome for () {
    fn outcome(self) -> Result<()> {
        Ok(())
    }
}

impl<E: Into<Error>> HookOutcome for Result<(), E> {
    fn outcome(self) -> Result<()> {
        self.map_err(Into::into)
    }
}

macro_rules! hooks {
    ($(($($name:ident)*))+) => { $(
        #[diagnostic::do_not_recommend]
        impl<S, F, Fut, $($name,)*> Hook<S, ($($name,)*)> for F
        where
            F: FnOnce($(State<$name>),*) -> Fut + Send + 'static,
            Fut: Future<Output: HookOutcome> + Send + 'static,
            $(S: Provide<$name>, $name: 'static,)*
        {
            #[allow(unused_variables)] // of no argument
            fn call(self, state: &Arc<dyn AppState>, _: &dyn Fn(Running)) -> Result<Running> {
                let future = self($(found::<$name>(state)?),*);
                Ok(Box::pin(async { future.await.outcome() }))
            }
        }
    )+ };
}

hooks! { () (A) (A B) (A B C) }

/// The type of the hook proves that it is there.
fn found<T: 'static>(state: &Arc<dyn AppState>) -> Result<State<T>> {
    State::find(state).ok_or_else(|| Error::msg(format!("the state has no `{}`", std::any::type_name::<T>())))
}

/// The hooks of one application, each of which is called once.
#[derive(Default)]
pub(crate) struct Hooks {
    start: Mutex<Vec<Prepared>>,
    stop: Mutex<Vec<Prepared>>,
    /// What hooks have begun, and is to end with the application.
    begun: Mutex<Vec<Running>>,
}

impl Hooks {
    pub(crate) fn on_start<S, A>(&mut self, hook: impl Hook<S, A>) {
        add(&mut self.start, hook);
    }

    pub(crate) fn on_stop<S, A>(&mut self, hook: impl Hook<S, A>) {
        add(&mut self.stop, hook);
    }

    /// Calls the hooks for the start, one after the other, until one fails.
    pub(crate) async fn started(&self, state: &Arc<dyn AppState>) -> Result<()> {
        for hook in taken(&self.start) {
            let running = async { hook(state, &|running| self.ends_with(running))?.await };
            no_panic("a hook for the start", running).await?;
        }
        Ok(())
    }

    /// Calls the hooks for the stop, the last one first. One that fails keeps no other from being called.
    pub(crate) async fn stopped(&self, state: &Arc<dyn AppState>) -> Result<()> {
        let mut result = Ok(());
        for hook in taken(&self.stop).into_iter().rev() {
            let running = async { hook(state, &|running| self.ends_with(running))?.await };
            if let Err(error) = no_panic("a hook for the stop", running).await {
                tracing::error!(target: "cello", "a hook for the stop failed: {error}");
                result = result.and(Err(error));
            }
        }
        for begun in taken(&self.begun) {
            result = result.and(no_panic("what a hook has begun", begun).await);
        }
        result
    }

    fn ends_with(&self, running: Running) {
        lock(&self.begun).push(running);
    }
}

/// What comes of `who`; a panic is an error, so that the server ends in good order, and other hooks are called.
pub(crate) async fn no_panic<T>(who: &str, running: impl Future<Output = Result<T>>) -> Result<T> {
    let ended = catch(running).await;
    ended.unwrap_or_else(|panic| Err(Error::msg(format!("{who} panicked: {}", panic.message()))))
}

fn add<S, A>(hooks: &mut Mutex<Vec<Prepared>>, hook: impl Hook<S, A>) {
    let hooks = hooks.get_mut().unwrap_or_else(PoisonError::into_inner);
    hooks.push(Box::new(|state, at_stop| hook.call(state, at_stop)));
}

fn taken<T>(hooks: &Mutex<Vec<T>>) -> Vec<T> {
    std::mem::take(&mut *lock(hooks))
}

impl fmt::Debug for Hooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hooks")
    }
}
