//! Shared state: [`AppState`], [`State`], and the proof that what handlers take is there.

use std::any::{Any, TypeId};
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;

use crate::middleware::Values;

/// The shared state of an application: a struct that provides each of its fields to handlers. Derive it.
///
/// ```
/// use cello::prelude::*;
///
/// struct UserStore;
/// struct Cache;
///
/// #[derive(AppState)]
/// struct Services {
///     users: UserStore,
///     cache: Cache,
///     #[state(skip)]
///     started: std::time::Instant,
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the state of an application",
    label = "expected a struct that derives `AppState`",
    note = "help: add `#[derive(AppState)]` to it; each field is then provided to handlers as `&FieldType`"
)]
pub trait AppState: Send + Sync + 'static {
    /// The part of the state that has this type.
    fn provide(&self, id: TypeId) -> Option<&(dyn Any + Send + Sync)>;
}

/// No state.
impl AppState for () {
    fn provide(&self, _: TypeId) -> Option<&(dyn Any + Send + Sync)> {
        None
    }
}

/// A state that the program goes on using itself.
impl<S: AppState> AppState for Arc<S> {
    fn provide(&self, id: TypeId) -> Option<&(dyn Any + Send + Sync)> {
        S::provide(self, id)
    }
}

impl<T, S: Provide<T>> Provide<T> for Arc<S> {}

/// Every state is a state, `S` itself: what [`App::state`](crate::App::state) accepts.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the state of an application",
    label = "expected a struct that derives `AppState`",
    note = "help: add `#[derive(AppState)]` to it; each field is then provided to handlers as `&FieldType`. What gives a `Result` is called by `.state_with(async || ...)`"
)]
pub trait IsState<S> {
    fn itself(self) -> S;
}

#[diagnostic::do_not_recommend]
impl<S: AppState> IsState<S> for S {
    fn itself(self) -> S {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<S: Nothing> IsState<Anything> for S {
    fn itself(self) -> Anything {
        Anything
    }
}

/// The state that rustc makes of an expression with an error: it has everything, so that nothing else is missed.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct Anything;

impl AppState for Anything {
    fn provide(&self, _: TypeId) -> Option<&(dyn Any + Send + Sync)> {
        None
    }
}

impl<T> Provide<T> for Anything {}

/// What nothing is, but a struct whose derive has refused it as a state. A second implementation of a trait, for all of these, lets rustc weigh the two: for a type of which neither
/// holds it leaves the trait's parameter open, and asks nothing more that depends on it. So a mistake is reported where it is made,
/// and not again wherever the value goes.
#[doc(hidden)]
pub trait Nothing {}

/// Says that a state provides a `T`. Derived with [`AppState`]; it carries no code.
#[diagnostic::on_unimplemented(
    message = "the state `{Self}` has no `{T}`",
    label = "this state has no `{T}`",
    note = "help: add a field of type `{T}` to the struct that derives `AppState`"
)]
pub trait Provide<T> {}

/// The shared state of type `T`, as a handle that can be kept: the owned form of a `&T` argument.
///
/// A handler takes it to hand the state to a task that outlives the request; otherwise `&T` says the same.
pub struct State<T> {
    all: Arc<dyn AppState>,
    _part: PhantomData<fn() -> T>,
}

impl<T: 'static> State<T> {
    /// `None` if the state has no `T`: the only way to make one, on which `deref` relies.
    pub(crate) fn find(all: &Arc<dyn AppState>) -> Option<Self> {
        find::<T>(&**all).is_some().then(|| Self { all: Arc::clone(all), _part: PhantomData })
    }
}

/// The part of type `T`.
pub(crate) fn find<T: 'static>(state: &dyn AppState) -> Option<&T> {
    state.provide(TypeId::of::<T>())?.downcast_ref()
}

impl<T: 'static> Deref for State<T> {
    type Target = T;

    fn deref(&self) -> &T {
        match find(&*self.all) {
            Some(part) => part,
            // `provide` answered for this type when the handle was made, and a state never changes its fields.
            None => unreachable!("a state no longer provides `{}`", std::any::type_name::<T>()),
        }
    }
}

impl<T> Clone for State<T> {
    fn clone(&self) -> Self {
        Self { all: Arc::clone(&self.all), _part: PhantomData }
    }
}

impl<T: fmt::Debug + 'static> fmt::Debug for State<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("State").field(&**self).finish()
    }
}

// The compiler names these in its notes, by the path that is not hidden.
#[doc(hidden)]
pub use crate::route::row::NeedsOf;
#[doc(hidden)]
pub use proof::{
    Needs, NeedsFrom, NotGiven, ProvideFor, ProvideForExtractor, ScopeNeeds, StateListFor, Takes, TakesFor,
};

/// What an extractor or a middleware needs of the shared state: `()`, or a tuple such as `(Sessions, Clock)`.
///
/// Whatever it names is part of the proof that an application's state is complete; see
/// [`FromRequest::State`](crate::FromRequest::State).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no list of what an extractor or a middleware needs of the state",
    label = "expected a tuple of types",
    note = "help: write `type State = ({Self},);`, with the comma, for one type, and `type State = ();` for none"
)]
pub trait StateList {
    /// References to each of the list.
    type Refs<'r>;

    #[doc(hidden)]
    fn refs(given: Given<'_>) -> Option<Self::Refs<'_>>;
}

/// What a middleware function that takes handles, `State<AuditLog>`, needs of the shared state: `Handles<(AuditLog,)>` where
/// `(AuditLog,)` stands for references; see [`StateFn`](crate::StateFn).
pub struct Handles<L>(PhantomData<fn() -> L>);

impl<L> fmt::Debug for Handles<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Handles")
    }
}

/// Where extractors and middleware find what they need.
#[doc(hidden)]
#[allow(missing_debug_implementations)] // nobody prints it
#[derive(Clone, Copy)]
pub struct Given<'r> {
    pub(crate) state: &'r Arc<dyn AppState>,
    pub(crate) provided: Values<'r>,
}

impl StateList for () {
    type Refs<'r> = ();

    fn refs(_: Given<'_>) -> Option<()> {
        Some(())
    }
}

/// The proof, as the compiler checks it; generated code implements and asks for these.
#[allow(unreachable_pub)] // generated code reaches it through `cello::__private`
pub mod proof {
    use std::any::Any;

    use super::{Provide, StateList};

    /// All that is mounted finds its state in `S`.
    #[diagnostic::on_unimplemented(
        message = "the state `{S}` does not have everything that the handlers take",
        label = "a handler takes state that this application lacks",
        note = "help: give a struct that derives `AppState`, with a field for each type that handlers take, to `.state(...)`"
    )]
    pub trait Needs<S> {}

    /// `Self` finds all that it needs in the state `S`, which is given as a `U`: naming that lets rustc show it.
    pub trait NeedsFrom<U, S> {}

    impl<N: Needs<S>, S, U> NeedsFrom<U, S> for N {}

    /// The state of an application that has none yet.
    #[diagnostic::on_unimplemented(
        message = "this application has its state already: `{Self}`",
        label = "a second state",
        note = "help: give one state; a struct that derives `AppState` provides all that another does with `#[state(flatten)]` on its field"
    )]
    pub trait NotGiven {}

    impl NotGiven for () {}

    /// The guards and middleware of a blueprint and of its parents find their state in `S`.
    pub trait ScopeNeeds<S> {
        /// What stands around its handlers, where `S` stands around the application.
        type Inside;
    }

    impl<S> Needs<S> for () {}

    macro_rules! all_need {
        ($($first:ident $($rest:ident)*)?) => {
            $(
                impl<S, $first: Needs<S>, $($rest: Needs<S>),*> Needs<S> for ($first, $($rest),*) {}
                all_need!($($rest)*);
            )?
        };
    }
    // As many as the macros write into one tuple.
    all_need!(A B C D E F G H I J K L M N O P);

    /// The extractors that a handler takes, as a tuple. `ARE` says whether all of them are extractors: one that is not
    /// is reported at its type, so that its state is no second mistake.
    #[derive(Debug, Clone, Copy)]
    pub struct Takes<E, const ARE: bool>(std::marker::PhantomData<E>);

    /// The state that the extractors of handler `H` need is in `S`.
    pub trait TakesFor<S, H> {}

    impl<S, H, E> TakesFor<S, H> for Takes<E, false> {}

    /// Asks whether `E` is an extractor: an inherent constant goes before that of a trait. It is asked of `(E,)`, so that
    /// rustc reads what stands there as a type and nothing else.
    #[derive(Debug, Clone, Copy)]
    pub struct Probe<E>(std::marker::PhantomData<E>);

    // What is no list of state, in a `type State`, has been reported there: then nothing is asked of it here.
    impl<E: crate::FromRequest<State: StateList>> Probe<(E,)> {
        /// It is.
        pub const IS: bool = true;
        /// Whether it takes the body.
        pub const TAKES_BODY: bool = E::TAKES_BODY;
    }

    /// A field of a state, on its way out.
    #[derive(Debug, Clone, Copy)]
    pub struct Piece<'s, T>(pub &'s T);

    impl<'s, T: Any + Send + Sync> Piece<'s, T> {
        /// The field.
        pub fn given(self) -> Option<&'s (dyn Any + Send + Sync)> {
            Some(self.0)
        }
    }

    /// What is done with a field that threads cannot share. No state has one: rustc says so of the struct, and thanks to this only
    /// there.
    pub trait NoPiece<'s>: Sized {
        /// Nothing.
        fn given(self) -> Option<&'s (dyn Any + Send + Sync)> {
            None
        }
    }

    impl<'s, T> NoPiece<'s> for Piece<'s, T> {}

    /// What is said of everything that is no extractor.
    pub trait NoExtractor {
        /// It is not.
        const IS: bool = false;
        /// Nothing is asked of it.
        const TAKES_BODY: bool = false;
    }

    impl<E> NoExtractor for Probe<(E,)> {}

    /// `Self`, a state, has the `T` that handler `H` takes.
    #[diagnostic::on_unimplemented(
        message = "handler `{H}` takes `&{T}`, but the application's state has no `{T}`",
        label = "no `{T}` in `{Self}`",
        note = "help: add a field of type `{T}` to the struct that derives `AppState` and is given to `.state(...)`; of a field of type `Arc<{T}>` a handler takes `&Arc<{T}>`, and of the state itself its fields"
    )]
    pub trait ProvideFor<T, H> {}

    #[diagnostic::do_not_recommend]
    impl<S: Provide<T>, T, H> ProvideFor<T, H> for S {}

    /// `Self`, a state, has the `T` that extractor `E` of handler `H` needs.
    #[diagnostic::on_unimplemented(
        message = "`{E}` of `{H}` needs a `{T}`, but the application's state has none",
        label = "no `{T}` in `{Self}`",
        note = "help: add a field of type `{T}` to the struct that derives `AppState` and is given to `.state(...)`"
    )]
    pub trait ProvideForExtractor<T, E, H> {}

    #[diagnostic::do_not_recommend]
    impl<S: Provide<T>, T, E, H> ProvideForExtractor<T, E, H> for S {}

    /// All of a state list is in `S`.
    pub trait StateListFor<S, E, H>: StateList {}

    impl<S, E, H> StateListFor<S, E, H> for () {}
}

macro_rules! takes {
    ($(($($name:ident)+))+) => { $(
        impl<S, H, $($name: crate::FromRequest,)+> proof::TakesFor<S, H> for proof::Takes<($($name,)+), true>
        where
            $($name::State: proof::StateListFor<S, $name, H>,)+
        {
        }
    )+ };
}

takes! { (A) (A B) (A B C) (A B C D) (A B C D E) (A B C D E F) (A B C D E F G) (A B C D E F G I)
(A B C D E F G I J) (A B C D E F G I J K) (A B C D E F G I J K L) (A B C D E F G I J K L M) }

macro_rules! lists {
    ($(($($name:ident)+))+) => { $(
        impl<$($name: 'static),+> StateList for ($($name,)+) {
            type Refs<'r> = ($(&'r $name,)+);

            fn refs(given: Given<'_>) -> Option<Self::Refs<'_>> {
                Some(($(find::<$name>(&**given.state)?,)+))
            }
        }

        impl<$($name: 'static),+> StateList for Handles<($($name,)+)> {
            type Refs<'r> = ($(State<$name>,)+);

            fn refs(given: Given<'_>) -> Option<Self::Refs<'_>> {
                Some(($(State::<$name>::find(given.state)?,)+))
            }
        }

        impl<S, E, H, $($name: 'static),+> proof::StateListFor<S, E, H> for Handles<($($name,)+)>
        where
            $(S: proof::ProvideForExtractor<$name, E, H>,)+
        {
        }

        impl<S, E, H, $($name: 'static),+> proof::StateListFor<S, E, H> for ($($name,)+)
        where
            $(S: proof::ProvideForExtractor<$name, E, H>,)+
        {
        }
    )+ };
}

lists! { (A) (A B) (A B C) (A B C D) (A B C D F) (A B C D F G) (A B C D F G I) (A B C D F G I J) }

/// What [`App::state_with`](crate::App::state_with) makes a state `S` of: the state itself, or a `Result` of it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the state of an application",
    label = "expected a struct that derives `AppState`, or a `Result` of one",
    note = "help: add `#[derive(AppState)]` to it; each field is then provided to handlers as `&FieldType`. The error of a `Result` is one that `cello::Error` can be made of, which a `String` is not; of an `Option` make a `Result`"
)]
pub trait IntoState<S> {
    /// The state, or why there is none.
    ///
    /// # Errors
    /// The error of the `Result`.
    fn into_state(self) -> crate::Result<S>;
}

#[diagnostic::do_not_recommend]
impl<S: AppState> IntoState<S> for S {
    fn into_state(self) -> crate::Result<S> {
        Ok(self)
    }
}

#[diagnostic::do_not_recommend]
impl<S: AppState, E: Into<crate::Error>> IntoState<S> for Result<S, E> {
    fn into_state(self) -> crate::Result<S> {
        self.map_err(Into::into)
    }
}

#[diagnostic::do_not_recommend]
impl<S: Nothing> IntoState<Anything> for S {
    fn into_state(self) -> crate::Result<Anything> {
        Ok(Anything)
    }
}

/// What the closure of [`App::state_with`](crate::App::state_with) gives: every future, here one of `R`.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no future of a state",
    label = "expected an `async` closure",
    note = "help: write `.state_with(async || ...)`, with `.await` where it waits; a state that waits for nothing is given by `.state(...)`"
)]
pub trait StateFuture<R>: Future<Output = R> {}

#[diagnostic::do_not_recommend]
impl<F: Future> StateFuture<F::Output> for F {}
