//! Log lines for people: [`TextFormat`].

use std::fmt;

use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::format::{Format, Writer};
use tracing_subscriber::fmt::time::{FormatTime, SystemTime};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

use super::TARGET;

/// Events of requests on a line of their own form; others as tracing-subscriber prints them.
#[derive(Debug, Default)]
pub(super) struct TextFormat {
    others: Format,
}

impl<S, N> FormatEvent<S, N> for TextFormat
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        ctx: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let meta = event.metadata();
        if meta.target() != TARGET {
            return self.others.format_event(ctx, writer, event);
        }
        let mut line = Line::default();
        event.record(&mut line);
        SystemTime.format_time(&mut writer)?;
        writeln!(writer, " {:>5} {line}", meta.level())
    }
}

/// `GET /users/7 200 512 B 1.83 ms route=/users/<id> id=8c1f60a9b2d4e713-2a`
#[derive(Default)]
struct Line {
    method: String,
    path: String,
    status: Option<u64>,
    bytes: u64,
    duration_ms: f64,
    route: String,
    request_id: String,
    aborted: bool,
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { method, path, bytes, duration_ms, route, request_id, .. } = self;
        write!(f, "{method} {path} ")?;
        match self.status {
            Some(status) => write!(f, "{status}")?,
            None => f.write_str("-")?,
        }
        let decimals = if *duration_ms < 10.0 { 2 } else { 0 };
        write!(f, " {bytes} B {duration_ms:.decimals$} ms route={route} id={request_id}")?;
        f.write_str(if self.aborted { " aborted" } else { "" })
    }
}

impl Visit for Line {
    fn record_str(&mut self, field: &Field, value: &str) {
        let place = match field.name() {
            "method" => &mut self.method,
            "path" => &mut self.path,
            "route" => &mut self.route,
            _ => return,
        };
        value.clone_into(place);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        match field.name() {
            "status" => self.status = Some(value),
            "bytes" => self.bytes = value,
            _ => {}
        }
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        if field.name() == "duration_ms" {
            self.duration_ms = value;
        }
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        if field.name() == "aborted" {
            self.aborted = value;
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "request_id" {
            self.request_id = format!("{value:?}");
        }
    }
}
