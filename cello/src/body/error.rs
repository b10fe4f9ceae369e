//! Why a body could not be read: [`BodyError`].

use std::fmt;

use crate::Problem;

/// Why a body could not be read.
///
/// A handler that reads a [`Body`](crate::Body) itself passes it on with `?`, as a [`Problem`] or as a
/// [`cello::Error`](crate::Error): the client is told what extractors tell it, such as 413.
///
/// ```
/// use cello::prelude::*;
///
/// #[post("/upload", body_limit = 4)]
/// async fn upload(mut body: Body) -> Result<String, Problem> {
///     let mut bytes = 0;
///     while let Some(piece) = body.next_data().await? {
///         bytes += piece.len();
///     }
///     Ok(bytes.to_string())
/// }
///
/// let client = cello::testing::TestClient::new(App::new(routes![upload]));
/// assert_eq!(client.post("/upload").body("four").send().text(), "4");
/// assert_eq!(client.post("/upload").body("five!").send().status(), 413);
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum BodyError {
    /// It is longer than the limit in force, in bytes.
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// The client sends it more slowly than [`Limits::body_rate`](crate::Limits::body_rate) allows.
    TooSlow,
    /// The connection or the stream behind it failed.
    Read(Box<dyn std::error::Error + Send + Sync>),
}

impl BodyError {
    pub(crate) fn read(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        // A body of ours that was wrapped once more keeps its own error.
        match error.into().downcast::<Self>() {
            Ok(own) => *own,
            Err(other) => Self::Read(other),
        }
    }

    /// Whether the body was longer than allowed.
    pub fn is_too_large(&self) -> bool {
        matches!(self, Self::TooLarge { .. })
    }
}

impl fmt::Display for BodyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { limit } => write!(f, "the body is larger than the limit of {limit} bytes"),
            Self::TooSlow => f.write_str("the body comes too slowly"),
            Self::Read(_) => f.write_str("the body could not be read to its end"),
        }
    }
}

/// The answer that extractors give too: 413 for a body that is too large, 408 for one that comes too slowly, 400 for
/// one that ends early.
impl From<BodyError> for Problem {
    fn from(error: BodyError) -> Self {
        crate::extract::rejection(&error)
    }
}

impl std::error::Error for BodyError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::TooLarge { .. } | Self::TooSlow => None,
            Self::Read(error) => Some(error.as_ref()),
        }
    }
}
