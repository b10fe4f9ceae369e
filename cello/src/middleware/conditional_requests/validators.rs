//! What identifies the present state of a resource: [`Validators`].

use std::time::SystemTime;

use http::header::{ETAG, HeaderValue, LAST_MODIFIED};
use http::{HeaderMap, response};

use super::ETag;
use crate::respond::ResponseHead;
use crate::{Problem, Result};

/// What identifies the state that a resource is in now: its tag, the time of its last change, or that it does not exist.
///
/// A tag is one (`tag.into()`); an `Option` of one says by `None` that there is nothing. As the first part of a tuple it is
/// the fields `ETag` and `Last-Modified` of the response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Validators {
    pub(super) exists: bool,
    pub(super) tag: Option<ETag>,
    pub(super) modified: Option<SystemTime>,
}

impl Validators {
    /// Of something of which no more is known than that it exists.
    pub fn present() -> Self {
        Self { exists: true, tag: None, modified: None }
    }

    /// Of nothing.
    pub fn absent() -> Self {
        Self { exists: false, tag: None, modified: None }
    }

    /// Of something that was changed last at this time. Clients see whole seconds, so of two changes within one second they
    /// miss one: give a tag too where that matters.
    #[must_use]
    pub fn modified_at(self, time: SystemTime) -> Self {
        Self { exists: true, modified: Some(time), ..self }
    }

    /// Those that a response has.
    pub(super) fn of_response(headers: &HeaderMap) -> Self {
        let date = |value: &HeaderValue| httpdate::parse_http_date(value.to_str().ok()?).ok();
        Self {
            exists: true,
            tag: headers.get(ETAG).and_then(ETag::parse),
            modified: headers.get(LAST_MODIFIED).and_then(date),
        }
    }
}

impl From<ETag> for Validators {
    fn from(tag: ETag) -> Self {
        Self { tag: Some(tag), ..Self::present() }
    }
}

impl From<Option<ETag>> for Validators {
    fn from(tag: Option<ETag>) -> Self {
        tag.map_or_else(Self::absent, Self::from)
    }
}

/// What [`Preconditions`](crate::Preconditions) are checked against: all that [`Validators`] can be made of.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` says of no state in which version it is",
    label = "expected an `ETag`, an `Option` of one, or `Validators`",
    note = "help: write `ETag::strong(...)` around what names the version: a number, a text, a hash"
)]
pub trait IntoValidators {
    fn into_validators(self) -> Validators;
}

#[diagnostic::do_not_recommend]
impl<T: Into<Validators>> IntoValidators for T {
    fn into_validators(self) -> Validators {
        self.into()
    }
}

impl ResponseHead for Validators {
    fn apply(self, head: &mut response::Parts) -> Result<(), Problem> {
        if let Some(tag) = self.tag {
            head.headers.insert(ETAG, tag.into());
        }
        if let Some(modified) = self.modified
            && let Ok(value) = HeaderValue::try_from(httpdate::fmt_http_date(representable(modified)))
        {
            head.headers.insert(LAST_MODIFIED, value);
        }
        Ok(())
    }
}

/// A time that a date can tell: from 1970 to the end of 9999.
fn representable(time: SystemTime) -> SystemTime {
    let last = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(253_402_300_799);
    time.clamp(SystemTime::UNIX_EPOCH, last)
}
