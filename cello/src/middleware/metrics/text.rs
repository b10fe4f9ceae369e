//! The text that Prometheus reads: [exposition format 0.0.4](https://prometheus.io/docs/instrumenting/exposition_formats/).

use std::borrow::Cow;
use std::fmt::Write as _;

pub(super) const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Counter,
    Gauge,
    Histogram,
}

impl Kind {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
        }
    }
}

/// The lines that stand before the samples of a metric.
pub(super) fn head(out: &mut String, name: &str, help: &str, kind: Kind) {
    let help = help.replace('\\', "\\\\").replace('\n', "\\n");
    let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} {}", kind.as_str());
}

/// The value of a label, as it stands between quotes.
pub(super) fn escaped(value: &str) -> Cow<'_, str> {
    if !value.contains(['\\', '"', '\n']) {
        return Cow::Borrowed(value);
    }
    Cow::Owned(value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}

/// Labels as they stand between braces, or what is wrong with one.
pub(super) fn labels(kind: Kind, labels: &[(&str, &str)]) -> Result<String, String> {
    let mut text = String::new();
    for (number, (name, value)) in labels.iter().enumerate() {
        let is_name = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            && !name.starts_with("__")
            && !(*name == "le" && kind == Kind::Histogram);
        if !is_name || labels[..number].iter().any(|(earlier, _)| earlier == name) {
            return Err(format!(
                "{name:?} cannot be the name of a label here, such as `queue`, or is there twice"
            ));
        }
        let comma = if number == 0 { "" } else { "," };
        let _ = write!(text, "{comma}{name}=\"{}\"", escaped(value));
    }
    Ok(text)
}

/// What is wrong with the name of a metric.
pub(super) fn fault(kind: Kind, name: &str) -> Option<String> {
    let is_name = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_' || first == ':')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_:".contains(&byte));
    let ends_so = |suffix: &&str| name.ends_with(*suffix);
    if !is_name {
        return Some(format!("{name:?} is no name of a metric, such as `jobs_total`"));
    }
    match kind {
        Kind::Counter if !name.ends_with("_total") => {
            Some(format!("the name of a counter ends in `_total`: `{name}_total`"))
        }
        Kind::Gauge | Kind::Histogram if ["_total", "_count", "_sum", "_bucket"].iter().any(ends_so) => {
            Some(format!("the name `{name}` of a {} ends as that of another kind", kind.as_str()))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_escaped() {
        assert_eq!(escaped("/users/<id>"), "/users/<id>");
        assert_eq!(escaped("a\"b\\c\nd"), "a\\\"b\\\\c\\nd");
        let mut out = String::new();
        head(&mut out, "a", "two\nlines \\", Kind::Gauge);
        assert_eq!(out, "# HELP a two\\nlines \\\\\n# TYPE a gauge\n");
        assert_eq!(labels(Kind::Gauge, &[("a", "1"), ("b", "\"")]).as_deref(), Ok("a=\"1\",b=\"\\\"\""));
    }

    #[test]
    fn names_are_those_of_prometheus() {
        assert_eq!(fault(Kind::Counter, "jobs_total"), None);
        assert_eq!(fault(Kind::Gauge, "queue:length"), None);
        for (kind, bad) in [
            (Kind::Counter, "jobs"),
            (Kind::Counter, "jobs-total"),
            (Kind::Counter, ""),
            (Kind::Gauge, "1st"),
            (Kind::Gauge, "jobs_total"),
            (Kind::Histogram, "jobs_count"),
        ] {
            assert!(fault(kind, bad).is_some(), "{bad}");
        }
        assert!(labels(Kind::Histogram, &[("le", "1")]).is_err());
        assert!(labels(Kind::Counter, &[("__name__", "1")]).is_err());
        assert!(labels(Kind::Counter, &[("a", "1"), ("a", "2")]).is_err());
    }
}
