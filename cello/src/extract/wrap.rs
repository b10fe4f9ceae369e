//! `Option` and `Result` of extractors.

use std::convert::Infallible;

use super::{FromRequest, RequestContext};
use crate::route::Description;

/// `None` where it is absent; what is there and malformed is still rejected.
impl<E: FromRequest> FromRequest for Option<E> {
    type Rejection = E::Rejection;
    type State = E::State;

    const TAKES_BODY: bool = E::TAKES_BODY;

    async fn from_request(cx: &mut RequestContext<'_, Self>) -> Result<Self, E::Rejection> {
        let mut cx = cx.inner::<E>();
        if E::is_absent(&cx) { Ok(None) } else { E::from_request(&mut cx).await.map(Some) }
    }

    fn describe(description: &mut Description) {
        E::describe(description);
    }
}

/// Never rejects: the handler gets the rejection as a value.
impl<E: FromRequest> FromRequest for Result<E, E::Rejection> {
    type Rejection = Infallible;
    type State = E::State;

    const TAKES_BODY: bool = E::TAKES_BODY;

    async fn from_request(cx: &mut RequestContext<'_, Self>) -> Result<Self, Infallible> {
        Ok(E::from_request(&mut cx.inner::<E>()).await)
    }

    fn describe(description: &mut Description) {
        E::describe(description);
    }
}
