//! [`Form`]: a body sent by an HTML form.

use std::ops::{Deref, DerefMut};

use http::StatusCode;

use super::json::{Said, no_body};
use super::{FromRequest, Readable, RequestContext, urlencoded};
use crate::Problem;

const MEDIA_TYPE: &str = "application/x-www-form-urlencoded";
/// The most fields that a form may have.
pub(crate) const MOST_FIELDS: usize = 1_000;

/// The body, an `application/x-www-form-urlencoded` form, read into a struct with serde.
///
/// A missing or malformed field is a 422 that names it, a body that is no text a 400, another content type a 415, a body over
/// the limit or of more than 1,000 fields a 413. Unknown fields are ignored, a `Vec` field collects repeats.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Form<T>(pub T);

impl<T: Readable + Send> FromRequest for Form<T> {
    type Rejection = Problem;
    type State = ();

    const TAKES_BODY: bool = true;

    async fn from_request(cx: &mut RequestContext<'_, Self>) -> Result<Self, Problem> {
        let said = Said::by(cx.headers());
        if said.media_type().as_deref() != Some(MEDIA_TYPE) {
            return Err(said.wrong_type(MEDIA_TYPE));
        }
        said.refuse_codings()?;
        let limit = cx.form_limit();
        let bytes = cx.take_body().collect(limit).await.map_err(|error| super::body::rejection(&error))?;
        let bad = |detail| Problem::new(StatusCode::BAD_REQUEST).with_detail(detail);
        let text = std::str::from_utf8(&bytes).map_err(|_| bad("the form is not UTF-8"))?;
        let pairs = urlencoded::pairs(text, MOST_FIELDS).ok_or_else(|| {
            Problem::new(StatusCode::PAYLOAD_TOO_LARGE)
                .with_detail(format!("the form has more than {MOST_FIELDS} fields"))
        })?;
        urlencoded::read(&pairs)
            .map(Self)
            .map_err(|fault| fault.problem(StatusCode::UNPROCESSABLE_ENTITY, "form field", "#/"))
    }

    fn is_absent(cx: &RequestContext<'_, Self>) -> bool {
        no_body(cx.headers(), cx.body)
    }
}

impl<T> Deref for Form<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for Form<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}
