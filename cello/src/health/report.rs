//! What is found: [`HealthReport`].

use std::time::Duration;

use http::header::CACHE_CONTROL;
use http::{HeaderValue, StatusCode};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::{IntoResponse, Json, Response};

/// How well something does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum HealthStatus {
    /// Well.
    Pass,
    /// It works, worse than it should.
    Warn,
    /// Not at all.
    Fail,
}

/// The health of an application, as found by its checks. As an answer it is 200, or 503 if it fails, and JSON:
/// `{"status":"pass"}`, with what each check has found where [details](super::Health::details) are shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HealthReport {
    pub(super) status: HealthStatus,
    /// What it fails for, if that is none of the checks.
    pub(super) reason: Option<&'static str>,
    pub(super) checks: Vec<CheckReport>,
    pub(super) shows_details: bool,
}

/// What one check has found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct CheckReport {
    /// The name of the check.
    #[serde(skip)]
    pub name: String,
    /// How well it does; [`Warn`](HealthStatus::Warn) where a check has failed that is not critical.
    pub status: HealthStatus,
    /// Why it has failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// How long it has taken.
    #[serde(rename = "duration_ms", serialize_with = "milliseconds")]
    pub duration: Duration,
}

fn milliseconds<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(duration.as_micros() as f64 / 1000.0)
}

impl HealthReport {
    /// How well the application does: as badly as its worst check.
    pub fn status(&self) -> HealthStatus {
        self.status
    }

    /// What each check has found; none where none was asked.
    pub fn checks(&self) -> &[CheckReport] {
        &self.checks
    }

    /// The report as an error where it [fails](HealthStatus::Fail), for a handler that answers otherwise if it does not.
    ///
    /// # Errors
    /// The report.
    pub fn passed(self) -> Result<Self, Self> {
        if self.status == HealthStatus::Fail { Err(self) } else { Ok(self) }
    }

    pub(super) fn of(status: HealthStatus, reason: Option<&'static str>) -> Self {
        Self { status, reason, checks: Vec::new(), shows_details: false }
    }
}

impl Serialize for HealthReport {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("status", &self.status)?;
        if let Some(reason) = self.reason {
            map.serialize_entry("reason", reason)?;
        }
        if self.shows_details && !self.checks.is_empty() {
            map.serialize_entry("checks", &Checks(&self.checks))?;
        }
        map.end()
    }
}

/// Each by its name.
struct Checks<'a>(&'a [CheckReport]);

impl Serialize for Checks<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|check| (&check.name, check)))
    }
}

impl IntoResponse for HealthReport {
    fn into_response(self) -> Response {
        let status =
            if self.status == HealthStatus::Fail { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK };
        // Whoever asks wants to know how it is now.
        (status, [(CACHE_CONTROL, HeaderValue::from_static("no-store"))], Json(self)).into_response()
    }
}
