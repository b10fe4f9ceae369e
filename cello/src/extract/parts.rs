//! The request, whole and in parts, as owned arguments.

use std::convert::Infallible;

use http::{HeaderMap, Method, Uri, Version};

use super::{FromRequest, RequestContext};
use crate::state::proof::{ProvideFor, StateListFor};
use crate::state::{Given, StateList};
use crate::{Problem, Request, State};

/// The whole request: a copy of its head, and its body, which fails beyond the limit of the route.
impl FromRequest for Request {
    type Rejection = Problem;
    type State = ();

    const TAKES_BODY: bool = true;

    async fn from_request(cx: &mut RequestContext<'_, Self>) -> Result<Self, Problem> {
        let limit = cx.body_limit();
        let body = cx.take_body().limited(limit);
        Ok(Self::from_parts(cx.parts().clone(), body))
    }
}

macro_rules! copies {
    ($($type:ty: $cx:ident => $value:expr),+ $(,)?) => { $(
        impl FromRequest for $type {
            type Rejection = Infallible;
            type State = ();

            async fn from_request($cx: &mut RequestContext<'_, Self>) -> Result<Self, Infallible> {
                Ok($value)
            }
        }
    )+ };
}

copies! {
    HeaderMap: cx => cx.headers().clone(),
    Method: cx => cx.method().clone(),
    Uri: cx => cx.uri().clone(),
    Version: cx => cx.parts().version,
}

/// Shared state as a handle.
impl<T: Send + Sync + 'static> FromRequest for State<T> {
    type Rejection = Problem;
    type State = Only<T>;

    async fn from_request(cx: &mut RequestContext<'_, Self>) -> Result<Self, Problem> {
        Self::find(cx.exchange.call.shared_state()).ok_or_else(crate::dispatch::no_state::<Self>)
    }
}

/// The state list of a [`State<T>`](State), which is missed in the words of a `&T`.
#[derive(Debug)]
pub struct Only<T>(std::marker::PhantomData<fn() -> T>);

impl<T: 'static> StateList for Only<T> {
    type Refs<'r> = &'r T;

    fn refs(given: Given<'_>) -> Option<&T> {
        crate::state::find(&**given.state)
    }
}

impl<S: ProvideFor<T, H>, T: 'static, E, H> StateListFor<S, E, H> for Only<T> {}
