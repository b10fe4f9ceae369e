//! Why a body could not be read: [`BodyError`].

use std::fmt;

/// Why a body could not be read.
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

impl std::error::Error for BodyError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::TooLarge { .. } | Self::TooSlow => None,
            Self::Read(error) => Some(error.as_ref()),
        }
    }
}
