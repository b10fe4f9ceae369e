//! Methods that people know from other frameworks, and an [`App`] does not have: who types one is told what to type instead.
//!
//! They are hidden from the documentation and from editors, and none can be called: nothing is an [`AddsRoutes`].

use crate::App;

/// That routes can be added. They cannot: the table is frozen when the application is compiled.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "an `App` gets all its routes at once, from `routes![...]`: none can be added",
    label = "`App` has no such method",
    note = "help: put an attribute such as `#[get(\"/path\")]` on each handler, and `#[cello::blueprint(\"/prefix\")]` on a module of handlers, or `blueprint!(\"/prefix\", [...])` in its file; then name handlers and modules in `App::new(routes![...])`"
)]
pub trait AddsRoutes {}

#[doc(hidden)]
#[allow(clippy::must_use_candidate, clippy::return_self_not_must_use)] // nobody can call them
impl<N, S, L> App<N, S, L> {
    pub fn route<P, H>(self, _path: P, _handler: H) -> Self
    where
        N: AddsRoutes,
    {
        self
    }

    pub fn mount<P, R>(self, _prefix: P, _routes: R) -> Self
    where
        N: AddsRoutes,
    {
        self
    }

    pub fn nest<P, R>(self, _prefix: P, _routes: R) -> Self
    where
        N: AddsRoutes,
    {
        self
    }

    pub fn merge<R>(self, _routes: R) -> Self
    where
        N: AddsRoutes,
    {
        self
    }

    pub fn service<R>(self, _routes: R) -> Self
    where
        N: AddsRoutes,
    {
        self
    }
}
