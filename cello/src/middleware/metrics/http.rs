//! What is counted of requests: [`Http`].

use std::fmt::Write as _;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use http::{Method, StatusCode};

use super::text::{Kind, escaped, head};
use crate::route::RouteMeta;

/// The methods by name; the last stands for those that nobody knows, or a client could make up new ones for ever.
const METHODS: [&str; 10] =
    ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT", "other"];
const HEAD: u8 = 1;
const OTHER: u8 = METHODS.len() as u8 - 1;
/// The classes of status; the last stands for a client that left before there was one.
const CLASSES: [&str; 6] = ["1xx", "2xx", "3xx", "4xx", "5xx", "aborted"];
const ABORTED: usize = CLASSES.len() - 1;
/// The route of requests that have none.
const UNMATCHED: &str = "unmatched";

/// The bounds of sizes: from 256 bytes to 16 MiB, each four times the one before.
const SIZES: [u64; 9] = [1 << 8, 1 << 10, 1 << 12, 1 << 14, 1 << 16, 1 << 18, 1 << 20, 1 << 22, 1 << 24];

/// The names of what is counted here, for nobody else.
pub(super) const NAMES: [&str; 5] = [
    "http_requests_total",
    "http_request_duration_seconds",
    "http_request_size_bytes",
    "http_response_size_bytes",
    "http_requests_in_flight",
];

/// The counters of one application: an array with a place for each route, method and class of status, so that counting a
/// request is finding its place and adding. A place is filled when it is first needed.
#[derive(Debug)]
pub(super) struct Http {
    pub(super) routes: &'static [RouteMeta],
    /// In nanoseconds.
    durations: Box<[u64]>,
    series: Box<[OnceLock<Box<Series>>]>,
    /// For each route, and for requests without.
    in_flight: Box<[AtomicU64]>,
}

/// The places of a request, whatever its status will be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    route: u32,
    method: u8,
}

impl Place {
    #[inline]
    pub(super) fn is_head(self) -> bool {
        self.method == HEAD
    }
}

/// What one request adds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sample {
    pub(super) nanoseconds: u64,
    /// Where they are known.
    pub(super) request_bytes: Option<u64>,
    pub(super) response_bytes: Option<u64>,
}

#[derive(Debug)]
struct Series {
    duration: Counts,
    request_size: Counts,
    response_size: Counts,
}

/// A histogram: how many were at most each bound and above the one before, the last above all; and their sum.
#[derive(Debug)]
pub(super) struct Counts {
    each: Box<[AtomicU64]>,
    sum: AtomicU64,
}

impl Counts {
    pub(super) fn new(bounds: usize) -> Self {
        Self { each: (0..=bounds).map(|_| AtomicU64::new(0)).collect(), sum: AtomicU64::new(0) }
    }

    #[inline]
    pub(super) fn add(&self, bounds: &[u64], value: u64) {
        let place = bounds.iter().position(|bound| value <= *bound).unwrap_or(bounds.len());
        if let Some(count) = self.each.get(place) {
            count.fetch_add(1, Relaxed);
        }
        self.sum.fetch_add(value, Relaxed);
    }

    fn count(&self) -> u64 {
        self.each.iter().map(|count| count.load(Relaxed)).sum()
    }

    /// Writes it, with values divided by `unit`.
    pub(super) fn write(&self, out: &mut String, name: &str, labels: &str, bounds: &[u64], unit: f64) {
        let comma = if labels.is_empty() { "" } else { "," };
        let mut so_far = 0;
        for (bound, count) in bounds.iter().zip(&self.each) {
            so_far += count.load(Relaxed);
            let bound = *bound as f64 / unit;
            let _ = writeln!(out, "{name}_bucket{{{labels}{comma}le=\"{bound}\"}} {so_far}");
        }
        so_far += self.each.last().map_or(0, |count| count.load(Relaxed));
        let _ = writeln!(out, "{name}_bucket{{{labels}{comma}le=\"+Inf\"}} {so_far}");
        let braced = if labels.is_empty() { String::new() } else { format!("{{{labels}}}") };
        let sum = self.sum.load(Relaxed) as f64 / unit;
        let _ = writeln!(out, "{name}_sum{braced} {sum}\n{name}_count{braced} {so_far}");
    }
}

impl Http {
    pub(super) fn new(routes: &'static [RouteMeta], durations: &[u64]) -> Self {
        let places = (routes.len() + 1) * METHODS.len() * CLASSES.len();
        Self {
            routes,
            durations: durations.into(),
            series: (0..places).map(|_| OnceLock::new()).collect(),
            in_flight: (0..=routes.len()).map(|_| AtomicU64::new(0)).collect(),
        }
    }

    pub(super) fn place(&self, route: Option<usize>, method: &Method) -> Place {
        let method = match *method {
            Method::GET => 0,
            Method::HEAD => HEAD,
            Method::POST => 2,
            Method::PUT => 3,
            Method::DELETE => 4,
            Method::OPTIONS => 5,
            Method::PATCH => 6,
            Method::TRACE => 7,
            Method::CONNECT => 8,
            _ => OTHER,
        };
        // There are no more routes than a program has room for; one without a place is not counted.
        let route = u32::try_from(route.unwrap_or(self.routes.len())).unwrap_or(u32::MAX);
        Place { route, method }
    }

    pub(super) fn begin(&self, place: Place) {
        if let Some(gauge) = self.in_flight.get(place.route as usize) {
            gauge.fetch_add(1, Relaxed);
        }
    }

    /// The end of a request that has begun; without a status if the client left before there was one.
    pub(super) fn end(&self, place: Place, status: Option<StatusCode>, sample: Sample) {
        if let Some(gauge) = self.in_flight.get(place.route as usize) {
            gauge.fetch_sub(1, Relaxed);
        }
        let class = status.map_or(ABORTED, |status| (usize::from(status.as_u16()) / 100 - 1).min(4));
        let index =
            (place.route as usize * METHODS.len() + usize::from(place.method)) * CLASSES.len() + class;
        let Some(series) = self.series.get(index) else { return };
        let series = series.get_or_init(|| Box::new(Series::new(self.durations.len())));
        series.duration.add(&self.durations, sample.nanoseconds);
        if let Some(bytes) = sample.request_bytes {
            series.request_size.add(&SIZES, bytes);
        }
        if let Some(bytes) = sample.response_bytes {
            series.response_size.add(&SIZES, bytes);
        }
    }

    pub(super) fn write(&self, out: &mut String) {
        let [requests, duration, request_size, response_size, in_flight] = NAMES;
        head(out, requests, "Requests that have ended.", Kind::Counter);
        for (labels, series) in self.filled() {
            let _ = writeln!(out, "{requests}{{{labels}}} {}", series.duration.count());
        }
        head(out, duration, "Time until the response had been handed over.", Kind::Histogram);
        for (labels, series) in self.filled() {
            series.duration.write(out, duration, &labels, &self.durations, 1e9);
        }
        head(out, request_size, "Bodies of requests, where their length was known.", Kind::Histogram);
        for (labels, series) in self.filled() {
            series.request_size.write(out, request_size, &labels, &SIZES, 1.0);
        }
        head(out, response_size, "Bodies of responses.", Kind::Histogram);
        for (labels, series) in self.filled() {
            series.response_size.write(out, response_size, &labels, &SIZES, 1.0);
        }
        head(out, in_flight, "Requests that have not ended yet.", Kind::Gauge);
        for (pattern, gauges) in self.by_pattern() {
            let count: u64 = gauges.iter().map(|route| self.in_flight[*route].load(Relaxed)).sum();
            let _ = writeln!(out, "{in_flight}{{route=\"{}\"}} {count}", escaped(pattern));
        }
    }

    /// Two handlers may share a pattern, for different methods: the gauge knows the pattern alone.
    fn by_pattern(&self) -> Vec<(&'static str, Vec<usize>)> {
        let mut patterns: Vec<(&'static str, Vec<usize>)> = Vec::new();
        for route in 0..=self.routes.len() {
            let pattern = self.pattern(route);
            match patterns.iter_mut().find(|(known, _)| *known == pattern) {
                Some((_, routes)) => routes.push(route),
                None => patterns.push((pattern, vec![route])),
            }
        }
        patterns
    }

    fn pattern(&self, route: usize) -> &'static str {
        self.routes.get(route).map_or(UNMATCHED, RouteMeta::pattern)
    }

    /// The places that have been needed, and their labels.
    fn filled(&self) -> impl Iterator<Item = (String, &Series)> {
        let filled =
            self.series.iter().enumerate().filter_map(|(index, series)| Some((index, series.get()?)));
        filled.map(|(index, series)| {
            let (class, rest) = (index % CLASSES.len(), index / CLASSES.len());
            let (method, route) =
                (METHODS[rest % METHODS.len()], escaped(self.pattern(rest / METHODS.len())));
            let labels = format!("method=\"{method}\",route=\"{route}\",status=\"{}\"", CLASSES[class]);
            (labels, &**series)
        })
    }
}

impl Series {
    fn new(durations: usize) -> Self {
        Self {
            duration: Counts::new(durations),
            request_size: Counts::new(SIZES.len()),
            response_size: Counts::new(SIZES.len()),
        }
    }
}
