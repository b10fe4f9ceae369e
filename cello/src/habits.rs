//! Methods that people know from other frameworks, and an [`App`] does not have: who types one is told what to type instead.
//!
//! They are hidden from the documentation and from editors, and none can be called: nothing implements their traits. rustc itself names
//! a method's `#[doc(alias)]` only within the crate that has it.

use crate::middleware::proof::Proven;
use crate::state::Anything;
use crate::{App, Result};

/// That routes can be added. They cannot: the table is frozen when the application is compiled.
#[diagnostic::on_unimplemented(
    message = "an `App` gets all its routes at once, from `routes![...]`: none can be added",
    label = "`App` has no such method",
    note = "help: put an attribute such as `#[get(\"/path\")]` on each handler, and `#[cello::blueprint(\"/prefix\")]` on a module of handlers, or `blueprint!(\"/prefix\", [...])` in its file; then name handlers and modules in `App::new(routes![...])`"
)]
pub trait AddsRoutes {}

/// That the state is given so.
#[diagnostic::on_unimplemented(
    message = "an `App` gets its shared state by `.state(...)`",
    label = "`App` has no such method",
    note = "help: write `.state(...)` with one struct that derives `AppState`: each of its fields is state that a handler takes as `&FieldType`"
)]
pub trait GivesState {}

/// That middleware is added so.
#[diagnostic::on_unimplemented(
    message = "an `App` gets its middleware by `.with(...)`",
    label = "`App` has no such method",
    note = "help: write `.with(...)`; what is added first is outermost. A layer of tower needs the feature `tower`"
)]
pub trait AddsMiddleware {}

/// That an application listens so.
#[diagnostic::on_unimplemented(
    message = "an `App` is served by `.run(...)`",
    label = "`App` has no such method",
    note = "help: write `.run(\"127.0.0.1:8000\")`, in a `main` that is not `async`; it returns when the server has stopped"
)]
pub trait Listens {}

#[doc(hidden)]
#[allow(clippy::must_use_candidate, clippy::return_self_not_must_use, clippy::missing_errors_doc)] // nobody can call them
impl<N, S, L> App<N, S, L> {
    pub fn route<A, B>(self, _: A, _: B) -> Self
    where
        N: AddsRoutes,
    {
        self
    }

    pub fn mount<A, B>(self, _: A, _: B) -> Self
    where
        N: AddsRoutes,
    {
        self
    }

    pub fn nest<A, B>(self, _: A, _: B) -> Self
    where
        N: AddsRoutes,
    {
        self
    }

    pub fn merge<A>(self, _: A) -> Self
    where
        N: AddsRoutes,
    {
        self
    }

    pub fn service<A>(self, _: A) -> Self
    where
        N: AddsRoutes,
    {
        self
    }

    pub fn with_state<A>(self, _: A) -> App<Proven<N>, Anything, L>
    where
        N: GivesState,
    {
        self.with_anything()
    }

    pub fn manage<A>(self, _: A) -> App<Proven<N>, Anything, L>
    where
        N: GivesState,
    {
        self.with_anything()
    }

    pub fn app_data<A>(self, _: A) -> App<Proven<N>, Anything, L>
    where
        N: GivesState,
    {
        self.with_anything()
    }

    #[cfg(not(feature = "tower"))]
    pub fn layer<A>(self, _: A) -> Self
    where
        N: AddsMiddleware,
    {
        self
    }

    pub fn wrap<A>(self, _: A) -> Self
    where
        N: AddsMiddleware,
    {
        self
    }

    pub fn attach<A>(self, _: A) -> Self
    where
        N: AddsMiddleware,
    {
        self
    }

    pub fn bind<A>(self, _: A) -> Self
    where
        N: Listens,
    {
        self
    }

    pub fn listen<A>(self, _: A) -> Result<()>
    where
        N: Listens,
    {
        Ok(())
    }

    pub fn launch(self) -> Result<()>
    where
        N: Listens,
    {
        Ok(())
    }
}
