//! [`Preconditions`].

use std::convert::Infallible;

use http::StatusCode;

use super::{FromRequest, RequestContext};
use crate::Problem;
use crate::middleware::conditional_requests::{Conditions, IntoValidators, Validators, Verdict};

/// What a client wants to hold before its request changes anything: `If-Match`, `If-None-Match`, `If-Unmodified-Since`
/// ([RFC 9110](https://www.rfc-editor.org/rfc/rfc9110), section 13). It is what keeps two people from overwriting each other's changes.
///
/// Only the handler knows the present version of what it changes, so it asks, before it acts. It needs no middleware for that.
///
/// ```
/// use std::sync::Mutex;
/// use cello::prelude::*;
///
/// struct Note(Mutex<(u64, String)>);
///
/// #[derive(AppState)]
/// struct Services { note: Note }
///
/// #[put("/note")]
/// async fn replace(preconditions: Preconditions, text: String, note: &Note) -> Result<(ETag, NoContent), Problem> {
///     // One lock around the check and the change: else another change could come between them.
///     let mut note = note.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
///     preconditions.check(ETag::strong(note.0))?; // 412 for a client that has not seen the present version
///     *note = (note.0 + 1, text);
///     Ok((ETag::strong(note.0), NoContent))
/// }
///
/// let app = App::new(routes![replace]).state(Services { note: Note(Mutex::new((7, "seventh".to_owned()))) });
/// let client = cello::testing::TestClient::new(app);
/// let put = |tag| client.put("/note").header("if-match", tag).body("next").send();
/// assert_eq!(put("\"6\"").status(), 412);
/// assert_eq!(put("\"7\"").header("etag"), Some("\"8\""));
/// assert_eq!(put("\"7\"").status(), 412);
/// ```
///
/// With a database, let the change itself name the version (`UPDATE ... WHERE version = 7`).
#[derive(Debug, Clone)]
pub struct Preconditions(Option<Conditions>);

impl Preconditions {
    /// Checks them against the present state: a tag, `None` for what does not exist, or [`Validators`].
    ///
    /// A `GET` or `HEAD` whose client has the present version passes: [`ConditionalRequests`](crate::ConditionalRequests)
    /// makes the 304 of its answer. A handler that wants to save itself the work asks [`is_current`](Self::is_current).
    ///
    /// # Errors
    /// The 412 to answer, where one does not hold.
    pub fn check(&self, current: impl IntoValidators) -> Result<(), Problem> {
        match self.judge(&current.into_validators()) {
            Verdict::Failed => Err(failed()),
            Verdict::Proceed | Verdict::NotModified => Ok(()),
        }
    }

    /// The same for a change that has to say which version it changes: by the tags of `If-Match`, or by `If-Unmodified-Since` where
    /// the [time of the last change](Validators::modified_at) is known. `If-Match: *` names no version.
    ///
    /// # Errors
    /// As [`check`](Self::check), and 428 ([RFC 6585](https://www.rfc-editor.org/rfc/rfc6585), section 3) where the request says neither.
    pub fn require(&self, current: impl IntoValidators) -> Result<(), Problem> {
        let current = current.into_validators();
        if !self.0.as_ref().is_some_and(|conditions| conditions.name_a_version(&current)) {
            return Err(Problem::new(StatusCode::PRECONDITION_REQUIRED)
                .with_detail("this request has to say with `If-Match` which version it changes"));
        }
        self.check(current)
    }

    /// Whether this is a `GET` or `HEAD` of a client that has this version already: 304 then.
    pub fn is_current(&self, current: impl IntoValidators) -> bool {
        self.judge(&current.into_validators()) == Verdict::NotModified
    }

    fn judge(&self, current: &Validators) -> Verdict {
        self.0.as_ref().map_or(Verdict::Proceed, |conditions| conditions.judge(current))
    }
}

/// The 412.
pub(crate) fn failed() -> Problem {
    Problem::new(StatusCode::PRECONDITION_FAILED)
        .with_detail("this is not the version that the request asks for")
}

impl FromRequest for Preconditions {
    type Rejection = Infallible;
    type State = ();

    async fn from_request(cx: &mut RequestContext<'_, Self>) -> Result<Self, Infallible> {
        Ok(Self(Conditions::of(cx.method(), cx.headers())))
    }
}
