//! The author's own metrics: [`Counter`], [`Gauge`], [`Histogram`].

use std::fmt::{self, Write as _};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::http::NAMES;
use super::text::{Kind, fault, head, labels};
use crate::dispatch::isolate::catch_now;
use crate::lock::lock;

/// A number that only grows: how often something has happened. Clones count together.
#[derive(Debug, Clone, Default)]
pub struct Counter(Arc<AtomicU64>);

impl Counter {
    /// It has happened once more.
    pub fn inc(&self) {
        self.add(1);
    }

    /// It has happened so often more.
    pub fn add(&self, count: u64) {
        self.0.fetch_add(count, Relaxed);
    }

    /// How often it has happened.
    pub fn value(&self) -> u64 {
        self.0.load(Relaxed)
    }
}

/// A number that goes up and down: how much there is of something. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Gauge(Arc<AtomicU64>);

impl Gauge {
    /// There is so much.
    pub fn set(&self, value: f64) {
        self.0.store(value.to_bits(), Relaxed);
    }

    /// There is so much more, or less.
    pub fn add(&self, more: f64) {
        let add = |bits| Some((f64::from_bits(bits) + more).to_bits());
        // The function always gives a value.
        let _ = self.0.fetch_update(Relaxed, Relaxed, add);
    }

    /// There is one more.
    pub fn inc(&self) {
        self.add(1.0);
    }

    /// There is one less.
    pub fn dec(&self) {
        self.add(-1.0);
    }

    /// How much there is.
    pub fn value(&self) -> f64 {
        f64::from_bits(self.0.load(Relaxed))
    }
}

/// How values are spread: how many were at most each of some bounds, and their sum. Clones count together.
#[derive(Debug, Clone)]
pub struct Histogram(Arc<Spread>);

#[derive(Debug)]
struct Spread {
    bounds: Box<[f64]>,
    /// Above the bound before, and at most this one; the last above all.
    counts: Box<[AtomicU64]>,
    sum: Gauge,
}

impl Histogram {
    fn new(bounds: &[f64]) -> Self {
        let counts = (0..=bounds.len()).map(|_| AtomicU64::new(0)).collect();
        Self(Arc::new(Spread { bounds: bounds.into(), counts, sum: Gauge::default() }))
    }

    /// There was this value.
    pub fn observe(&self, value: f64) {
        let place = self.0.bounds.iter().position(|bound| value <= *bound).unwrap_or(self.0.bounds.len());
        if let Some(count) = self.0.counts.get(place) {
            count.fetch_add(1, Relaxed);
        }
        self.0.sum.add(value);
    }

    /// Something has taken this long, in seconds.
    pub fn observe_duration(&self, duration: Duration) {
        self.observe(duration.as_secs_f64());
    }

    fn write(&self, out: &mut String, name: &str, labels: &str) {
        let comma = if labels.is_empty() { "" } else { "," };
        let mut so_far = 0;
        for (number, count) in self.0.counts.iter().enumerate() {
            so_far += count.load(Relaxed);
            let bound = self.0.bounds.get(number).map_or("+Inf".to_owned(), f64::to_string);
            let _ = writeln!(out, "{name}_bucket{{{labels}{comma}le=\"{bound}\"}} {so_far}");
        }
        let labels = braced(labels);
        let _ = writeln!(out, "{name}_sum{labels} {}\n{name}_count{labels} {so_far}", self.0.sum.value());
    }
}

fn braced(labels: &str) -> String {
    if labels.is_empty() { String::new() } else { format!("{{{labels}}}") }
}

pub(super) type Asked = Arc<dyn Fn() -> f64 + Send + Sync>;

#[derive(Clone)]
enum Value {
    Counter(Counter),
    Gauge(Gauge),
    Histogram(Histogram),
    Asked(Asked),
}

/// Metrics of one name.
#[derive(Clone)]
struct Family {
    name: String,
    help: String,
    kind: Kind,
    members: Vec<(String, Value)>,
}

/// All metrics of the author. The lock is taken to add one and to write them, never to count.
#[derive(Default)]
pub(super) struct Registry {
    families: Mutex<Vec<Family>>,
    fault: Mutex<Option<String>>,
}

impl Registry {
    pub(super) fn counter(&self, name: &str, help: &str, labels: &[(&str, &str)]) -> Counter {
        let found = self.member(
            Kind::Counter,
            name,
            help,
            labels,
            || Value::Counter(Counter::default()),
            |value| match value {
                Value::Counter(counter) => Some(counter.clone()),
                _ => None,
            },
        );
        found.unwrap_or_default()
    }

    pub(super) fn gauge(&self, name: &str, help: &str, labels: &[(&str, &str)]) -> Gauge {
        let found = self.member(
            Kind::Gauge,
            name,
            help,
            labels,
            || Value::Gauge(Gauge::default()),
            |value| match value {
                Value::Gauge(gauge) => Some(gauge.clone()),
                _ => None,
            },
        );
        found.unwrap_or_default()
    }

    pub(super) fn asked(&self, name: &str, help: &str, labels: &[(&str, &str)], asked: Asked) {
        self.member(Kind::Gauge, name, help, labels, || Value::Asked(asked), |_| Some(()));
    }

    pub(super) fn histogram(
        &self,
        name: &str,
        help: &str,
        labels: &[(&str, &str)],
        bounds: &[f64],
    ) -> Histogram {
        if let Some(why) = unordered(bounds) {
            let _: Option<()> = self.note(format!("`{name}`: {why}"));
            return Histogram::new(&[]);
        }
        let found = self.member(
            Kind::Histogram,
            name,
            help,
            labels,
            || Value::Histogram(Histogram::new(bounds)),
            |value| match value {
                Value::Histogram(histogram) => Some(histogram.clone()),
                _ => None,
            },
        );
        found.unwrap_or_else(|| Histogram::new(bounds))
    }

    /// The metric of this name with these labels, which is made if it is new. `None` if it cannot be, which is noted.
    fn member<T>(
        &self,
        kind: Kind,
        name: &str,
        help: &str,
        pairs: &[(&str, &str)],
        make: impl FnOnce() -> Value,
        take: impl Fn(&Value) -> Option<T>,
    ) -> Option<T> {
        let fault = fault(kind, name)
            .or_else(|| NAMES.contains(&name).then(|| format!("`{name}` is counted by the library already")));
        let labels = match (fault, labels(kind, pairs)) {
            (None, Ok(labels)) => labels,
            (Some(fault), _) => return self.note(fault),
            (None, Err(fault)) => return self.note(format!("`{name}`: {fault}")),
        };
        let mut families = lock(&self.families);
        let index = families.iter().position(|family| family.name == name).unwrap_or_else(|| {
            families.push(Family { name: name.to_owned(), help: help.to_owned(), kind, members: Vec::new() });
            families.len() - 1
        });
        let family = &mut families[index];
        if family.kind != kind {
            return self.note(format!(
                "`{name}` is a {} already, and cannot be a {} too",
                family.kind.as_str(),
                kind.as_str()
            ));
        }
        let known = family.members.iter().position(|(known, _)| *known == labels);
        let index = known.unwrap_or_else(|| {
            family.members.push((labels, make()));
            family.members.len() - 1
        });
        take(&family.members[index].1)
    }

    /// Notes a mistake: before the start it keeps the application from starting, afterwards it is in the log.
    fn note<T>(&self, fault: String) -> Option<T> {
        tracing::error!(target: "cello", "metrics: {fault}");
        lock(&self.fault).get_or_insert(fault);
        None
    }

    pub(super) fn fault(&self) -> Option<String> {
        lock(&self.fault).clone()
    }

    pub(super) fn write(&self, out: &mut String) {
        // A function that is asked may add a metric itself.
        let families = lock(&self.families).clone();
        for Family { name, help, kind, members } in &families {
            head(out, name, help, *kind);
            for (labels, value) in members {
                let value = match value {
                    Value::Counter(counter) => counter.value().to_string(),
                    Value::Gauge(gauge) => number(gauge.value()),
                    // One that panics has no value this time.
                    Value::Asked(asked) => match catch_now(|| asked()) {
                        Ok(value) => number(value),
                        Err(_) => continue,
                    },
                    Value::Histogram(histogram) => {
                        histogram.write(out, name, labels);
                        continue;
                    }
                };
                let _ = writeln!(out, "{name}{} {value}", braced(labels));
            }
        }
    }
}

/// A number as the format writes it.
fn number(value: f64) -> String {
    match value {
        f64::INFINITY => "+Inf".to_owned(),
        f64::NEG_INFINITY => "-Inf".to_owned(),
        value => value.to_string(),
    }
}

/// Why these cannot be the bounds of a histogram.
pub(super) fn unordered(bounds: &[f64]) -> Option<&'static str> {
    let ordered = bounds.iter().zip(bounds.iter().skip(1)).all(|(one, next)| one < next);
    let finite = bounds.iter().all(|bound| bound.is_finite());
    let good = ordered && finite && (1..=100).contains(&bounds.len());
    (!good).then_some("the bounds of a histogram are 1 to 100 numbers, each greater than the one before")
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(lock(&self.families).iter().map(|family| family.name.clone())).finish()
    }
}
