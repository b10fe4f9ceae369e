//! The promise that every value a handler takes from middleware is handed to it, as the compiler checks it.
//!
//! A stack is a type, [`Chain`](super::Chain) by `Chain`. Each member that provides a value pushes its type to a list; the list is
//! turned into a trait object whose supertraits say `Has<T>` for each. So "is `T` one of them" is a question that the compiler answers by
//! itself: no implementation of a trait could, since two for one list would overlap.
#![allow(unreachable_pub)] // generated code and the compiler's notes reach it

use std::marker::PhantomData;

use super::{Chain, Identity, MiddlewareWith};
use crate::App;
use crate::state::AppState;
use crate::state::proof::{Needs, StateListFor};
use crate::state::{Provide, StateList};

/// `T` is one of the values.
pub trait Has<T> {}

/// Several values.
pub trait HasAll<A, B, C, D, E, F, G, H, I, J, K, L>:
    Has<A> + Has<B> + Has<C> + Has<D> + Has<E> + Has<F> + Has<G> + Has<H> + Has<I> + Has<J> + Has<K> + Has<L>
{
}

/// The values that middleware provides, innermost first: a tuple of twelve. More than that are not remembered.
pub trait ValueList: 'static {
    /// With one more.
    type Push<T: 'static>: ValueList;
    /// What has them all.
    type All: ?Sized;
}

/// No value, where there could be one.
#[derive(Debug, Clone, Copy)]
pub struct NoValue;

/// A list without values.
pub type NoValues = (
    NoValue,
    NoValue,
    NoValue,
    NoValue,
    NoValue,
    NoValue,
    NoValue,
    NoValue,
    NoValue,
    NoValue,
    NoValue,
    NoValue,
);

macro_rules! value_list {
    ($($name:ident)+; $last:ident) => {
        impl<$($name: 'static,)+ $last: 'static> ValueList for ($($name,)+ $last) {
            type Push<T: 'static> = (T, $($name),+);
            type All = dyn HasAll<$($name,)+ $last>;
        }
    };
}

value_list! { A B C D E F G H I J K; L }

/// What is known of a member of a stack: nothing (`()`), or what `M` says ([`Of<M>`]).
pub trait Facts: 'static {
    /// The values of those outside it, and its own.
    type Onto<V: ValueList>: ValueList;
}

/// What `M` says, a [`MiddlewareWith`].
#[derive(Debug, Clone, Copy)]
pub struct Of<M>(PhantomData<fn() -> M>);

impl Facts for () {
    type Onto<V: ValueList> = V;
}

impl<M: MiddlewareWith> Facts for Of<M> {
    type Onto<V: ValueList> = V::Push<M::Provides>;
}

/// A member of `with(...)` whose type stands there, and whether it is a [`MiddlewareWith`].
#[derive(Debug, Clone, Copy)]
pub struct Member<T, const IS: bool>(PhantomData<fn() -> T>);

impl<T: 'static> Facts for Member<T, false> {
    type Onto<V: ValueList> = V;
}

impl<M: MiddlewareWith> Facts for Member<M, true> {
    type Onto<V: ValueList> = V::Push<M::Provides>;
}

/// Members of one `with(...)`, outermost first: pairs, whose last second half is `()`.
impl<A: Facts, B: Facts> Facts for (A, B) {
    type Onto<V: ValueList> = B::Onto<A::Onto<V>>;
}

/// Asks whether a type is a [`MiddlewareWith`]: an inherent constant goes before that of a trait.
#[derive(Debug, Clone, Copy)]
pub struct Whether<T>(PhantomData<T>);

impl<M: MiddlewareWith> Whether<(M,)> {
    /// It is.
    pub const IS: bool = true;
}

/// What is said of everything else.
pub trait NoNeeds {
    /// It is not.
    const IS: bool = false;
}

impl<T> NoNeeds for Whether<(T,)> {}

/// What stands around a handler within the scopes `W` of a blueprint or route. A state stays as it is.
pub trait Enter<W> {
    /// What stands around it there.
    type Inside;
}

#[diagnostic::do_not_recommend]
impl<S: AppState, W> Enter<W> for S {
    type Inside = S;
}

impl<L, W> Enter<W> for Through<L> {
    type Inside = Through<Within<L, W>>;
}

/// `L`, and `W` within it.
#[derive(Debug, Clone, Copy)]
pub struct Within<L, W>(PhantomData<fn() -> (L, W)>);

/// What hands values on.
pub trait Around {
    /// Their types.
    type Values: ValueList;
}

impl Around for Identity {
    type Values = NoValues;
}

impl<L: Around, M, F: Facts> Around for Chain<L, M, F> {
    type Values = F::Onto<L::Values>;
}

impl<L: Around, W: Facts> Around for Within<L, W> {
    type Values = W::Onto<L::Values>;
}

/// The members of a `with(...)` find what they need in `S`.
pub trait MembersNeed<S, H> {}

impl<S, H> MembersNeed<S, H> for () {}

impl<S, H, T> MembersNeed<S, H> for Member<T, false> {}

impl<S, H, M: MiddlewareWith> MembersNeed<S, H> for Member<M, true> where M::State: StateListFor<S, M, H> {}

impl<S, H, A, B> MembersNeed<S, H> for (A, B)
where
    A: MembersNeed<S, H>,
    S: Enter<A>,
    B: MembersNeed<S::Inside, H>,
{
}

/// What a member says is in the state `S`, or comes from the members outside it, `L`.
pub trait FactsFor<S, L, H> {}

impl<S, L, H> FactsFor<S, L, H> for () {}

impl<S, L, H, M: MiddlewareWith> FactsFor<S, L, H> for Of<M> where
    M::State: StateListFor<S, M, H> + StateListFor<Through<L>, M, H>
{
}

/// All members of an application's stack find what they need. Who needs it is said to be `cello::App`.
pub trait StackNeeds<S> {}

impl<S> StackNeeds<S> for Identity {}

impl<S, L, M, F> StackNeeds<S> for Chain<L, M, F>
where
    L: StackNeeds<S>,
    F: FactsFor<S, L, App>,
{
}

/// What stands around a handler, where a state stands otherwise: it answers for values that middleware provides, as a state does for its
/// parts.
#[derive(Debug, Clone, Copy)]
pub struct Through<L>(PhantomData<fn() -> L>);

/// The state has been seen to elsewhere.
impl<L, T> Provide<T> for Through<L> {}

/// `Self` hands a `T` to extractor or middleware `E` of `H`. A state does not mind: the stack has been seen to elsewhere.
#[diagnostic::on_unimplemented(
    message = "`{E}` of `{H}` needs a `{T}` from a middleware, but no middleware around it provides one",
    label = "no middleware here provides `{T}`",
    note = "help: add a middleware that says `type Provides = {T};`: to the application with `.with(...)`, or to the handler or one of its blueprints with `with(...)` in the attribute; a middleware that needs the value comes after it"
)]
pub trait ProvidedFor<T, E, H> {}

#[diagnostic::do_not_recommend]
impl<S: AppState, T, E, H> ProvidedFor<T, E, H> for S {}

#[diagnostic::do_not_recommend]
impl<L: Around, T, E, H> ProvidedFor<T, E, H> for Through<L> where <L::Values as ValueList>::All: Has<T> {}

impl<S, E, H, T: Sync + 'static> StateListFor<S, E, H> for super::FromMiddleware<T>
where
    S: ProvidedFor<T, E, H>,
    Self: StateList,
{
}

/// The needs of an application whose state was given: `.state(...)` has asked for the proof of it, so that only what comes from
/// middleware is left.
#[derive(Debug, Clone, Copy)]
pub struct Proven<N>(PhantomData<fn() -> N>);

impl<N, S: AppState> Needs<S> for Proven<N> {}

impl<N: Needs<Through<L>>, L> Needs<Through<L>> for Proven<N> {}

/// What a member of `with(...)` says must be said of the type that stands there, so that the compiler can see to it.
#[diagnostic::on_unimplemented(
    message = "the compiler cannot see what this middleware needs and provides: its type does not stand in `with(...)`",
    label = "expected a middleware whose type stands here",
    note = "help: write the type of the middleware behind it: `with(sessions() as Sessions)`; of a function, the state that it takes: `with(audit as StateFn<(AuditLog,)>)`"
)]
pub trait Named<T> {}

impl<T> Named<T> for () {}

impl<M> Named<M> for Of<M> {}
