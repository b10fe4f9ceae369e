//! Printing, where the program has no subscriber of its own.

use std::fmt;
use std::io;
use std::str::FromStr;

use tracing::Dispatch;
use tracing::dispatcher;
use tracing::subscriber::NoSubscriber;
use tracing_subscriber::fmt::{MakeWriter, Subscriber};

use super::LogLevel;
use super::text::TextFormat;

/// How [`Logging`](super::Logging) prints.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LogFormat {
    /// One line for people: `2026-11-22T18:20:31.123456Z  INFO GET /users/7 200 512 B 1.83 ms route=/users/<id> id=8c1f60a9b2d4e713-2a`.
    #[default]
    Text,
    /// One JSON object to a line: `timestamp`, `level`, `target`, `message`, and the fields of the event beside them.
    Json,
}

/// `text` or `json`.
impl FromStr for LogFormat {
    type Err = UnknownLogFormat;

    fn from_str(name: &str) -> Result<Self, UnknownLogFormat> {
        match name {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            other => Err(UnknownLogFormat(other.chars().take(32).collect())),
        }
    }
}

impl fmt::Display for LogFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Text => "text",
            Self::Json => "json",
        })
    }
}

/// The error for the name of a [`LogFormat`] that there is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownLogFormat(String);

impl fmt::Display for UnknownLogFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no log format {:?}, only `text` and `json`", self.0)
    }
}

impl std::error::Error for UnknownLogFormat {}

/// Where [`Logging`](super::Logging) prints.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LogOutput {
    /// Standard output.
    #[default]
    Stdout,
    /// Standard error.
    Stderr,
}

/// Installs a subscriber that prints, unless there is one.
pub(super) fn install(format: LogFormat, output: LogOutput, min_level: LogLevel) {
    if !dispatcher::get_default(Dispatch::is::<NoSubscriber>) {
        return;
    }
    let printing = match output {
        LogOutput::Stdout => printing(format, min_level, io::stdout),
        LogOutput::Stderr => printing(format, min_level, io::stderr),
    };
    // It fails if one has been installed in the meantime, which is as well.
    let _ = dispatcher::set_global_default(printing);
}

/// A subscriber that prints events from this level.
pub(super) fn printing<W>(format: LogFormat, min_level: LogLevel, writer: W) -> Dispatch
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let builder = Subscriber::builder()
        .with_max_level(min_level)
        .with_ansi(false)
        .log_internal_errors(false) // it would panic where standard error is closed
        .with_writer(writer);
    match format {
        LogFormat::Text => Dispatch::new(builder.event_format(TextFormat::default()).finish()),
        LogFormat::Json => Dispatch::new(builder.json().flatten_event(true).with_span_list(false).finish()),
    }
}
