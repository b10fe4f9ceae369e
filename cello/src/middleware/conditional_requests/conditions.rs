//! The conditions of a request, in the order of RFC 9110, section 13.2.2: [`Conditions`].

use std::time::SystemTime;

use http::header::{
    HeaderName, HeaderValue, IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_UNMODIFIED_SINCE,
};
use http::{HeaderMap, Method};

use super::Validators;

/// What a request asks to hold before anything is done.
#[derive(Debug, Clone)]
pub(crate) struct Conditions {
    if_match: Option<Tags>,
    if_unmodified_since: Option<SystemTime>,
    if_none_match: Option<Tags>,
    if_modified_since: Option<SystemTime>,
    /// `GET` or `HEAD`, for which a cache may answer.
    is_read: bool,
}

/// What becomes of a request with conditions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Proceed,
    /// 304.
    NotModified,
    /// 412.
    Failed,
}

impl Conditions {
    /// `None` if the request has none; nothing is allocated then.
    pub(crate) fn of(method: &Method, headers: &HeaderMap) -> Option<Self> {
        const NAMES: [HeaderName; 4] = [IF_MATCH, IF_UNMODIFIED_SINCE, IF_NONE_MATCH, IF_MODIFIED_SINCE];
        if !headers.keys().any(|name| NAMES.contains(name)) {
            return None;
        }
        Some(Self {
            if_match: Tags::of(headers, &IF_MATCH),
            if_unmodified_since: date(headers, &IF_UNMODIFIED_SINCE),
            if_none_match: Tags::of(headers, &IF_NONE_MATCH),
            if_modified_since: date(headers, &IF_MODIFIED_SINCE),
            is_read: is_read(method),
        })
    }

    /// Whether the request says which version it wants to change: with tags, or with a date where there is one to compare it with.
    /// `*` names none.
    pub(crate) fn name_a_version(&self, current: &Validators) -> bool {
        match &self.if_match {
            Some(Tags::These(_)) => true,
            Some(Tags::Any) => false,
            None => self.if_unmodified_since.is_some() && current.modified.is_some(),
        }
    }

    pub(crate) fn judge(&self, current: &Validators) -> Verdict {
        let later_than =
            |asked: SystemTime| current.modified.map(|modified| seconds(modified) > seconds(asked));
        match (&self.if_match, self.if_unmodified_since) {
            (Some(tags), _) if !tags.name(current, super::ETag::is_strongly) => return Verdict::Failed,
            (None, Some(asked)) if later_than(asked) == Some(true) => return Verdict::Failed,
            _ => {}
        }
        let is_known = match (&self.if_none_match, self.if_modified_since) {
            (Some(tags), _) => tags.name(current, super::ETag::is_weakly),
            (None, Some(asked)) => self.is_read && later_than(asked) == Some(false),
            (None, None) => false,
        };
        match is_known {
            false => Verdict::Proceed,
            true if self.is_read => Verdict::NotModified,
            true => Verdict::Failed,
        }
    }
}

pub(in crate::middleware) fn is_read(method: &Method) -> bool {
    *method == Method::GET || *method == Method::HEAD
}

/// The tags of one field.
#[derive(Debug, Clone)]
enum Tags {
    /// Of whatever there is.
    Any,
    These(Vec<HeaderValue>),
}

impl Tags {
    fn of(headers: &HeaderMap, name: &HeaderName) -> Option<Self> {
        let fields = headers.get_all(name);
        let mut lines = fields.iter().peekable();
        let first = lines.peek()?;
        if first.as_bytes() == b"*" {
            return Some(Self::Any);
        }
        Some(Self::These(lines.cloned().collect()))
    }

    /// Whether one of them is the current one. Elements that are no tags name nothing.
    fn name(&self, current: &Validators, matches: fn(&super::ETag, &[u8]) -> bool) -> bool {
        match self {
            Self::Any => current.exists,
            Self::These(lines) => {
                let Some(tag) = current.tag.as_ref().filter(|_| current.exists) else { return false };
                lines.iter().flat_map(|line| elements(line.as_bytes())).any(|element| matches(tag, element))
            }
        }
    }
}

/// The elements of a list of tags, which hold no quotes, but may hold commas.
pub(in crate::middleware) fn elements(field: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut quoted = false;
    let split = move |byte: &u8| {
        quoted ^= *byte == b'"';
        *byte == b',' && !quoted
    };
    field.split(split).map(<[u8]>::trim_ascii).filter(|element| !element.is_empty())
}

/// A date; what is none is passed over, and so are several (RFC 9110, sections 13.1.3 and 13.1.4).
fn date(headers: &HeaderMap, name: &HeaderName) -> Option<SystemTime> {
    let mut fields = headers.get_all(name).iter();
    let field = fields.next().filter(|_| fields.next().is_none())?;
    httpdate::parse_http_date(field.to_str().ok()?).ok()
}

/// Dates in header fields are in whole seconds.
fn seconds(time: SystemTime) -> u64 {
    time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "these are tests")]
mod tests {
    use std::time::Duration;

    use super::super::ETag;
    use super::*;

    const DATE: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
    const EARLIER: &str = "Sun, 06 Nov 1994 08:49:36 GMT";

    fn at(date: &str) -> SystemTime {
        httpdate::parse_http_date(date).unwrap()
    }

    fn judge(method: &Method, fields: &[(HeaderName, &'static str)], current: &Validators) -> Verdict {
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            headers.append(name.clone(), HeaderValue::from_static(value));
        }
        Conditions::of(method, &headers).unwrap().judge(current)
    }

    #[test]
    fn each_condition_alone() {
        use Verdict::{Failed, NotModified, Proceed};
        let strong = Validators::from(ETag::strong("v7")).modified_at(at(DATE) + Duration::from_millis(400));
        let weak = Validators::from(ETag::weak("v7"));
        let (bare, absent) = (Validators::present(), Validators::absent());
        for (name, value, current, read, write) in [
            (IF_MATCH, "\"v7\"", &strong, Proceed, Proceed),
            (IF_MATCH, "\"v6\", \"v7\"", &strong, Proceed, Proceed),
            (IF_MATCH, "\"v6\"", &strong, Failed, Failed),
            (IF_MATCH, "W/\"v7\"", &strong, Failed, Failed),
            (IF_MATCH, "W/\"v7\"", &weak, Failed, Failed),
            (IF_MATCH, "\"v7\"", &weak, Failed, Failed),
            (IF_MATCH, "v7", &strong, Failed, Failed),
            (IF_MATCH, "\"v7\"", &bare, Failed, Failed),
            (IF_MATCH, "*", &bare, Proceed, Proceed),
            (IF_MATCH, "*", &absent, Failed, Failed),
            (IF_NONE_MATCH, "\"v7\"", &strong, NotModified, Failed),
            (IF_NONE_MATCH, "W/\"v7\"", &strong, NotModified, Failed),
            (IF_NONE_MATCH, "\"v7\"", &weak, NotModified, Failed),
            (IF_NONE_MATCH, "\"v6\",, \"v7\"", &strong, NotModified, Failed),
            (IF_NONE_MATCH, "\"v6,\\\", \"v8\"", &strong, Proceed, Proceed),
            (IF_NONE_MATCH, "v7", &strong, Proceed, Proceed),
            (IF_NONE_MATCH, "*", &bare, NotModified, Failed),
            (IF_NONE_MATCH, "*", &absent, Proceed, Proceed),
            (IF_UNMODIFIED_SINCE, DATE, &strong, Proceed, Proceed),
            (IF_UNMODIFIED_SINCE, EARLIER, &strong, Failed, Failed),
            (IF_UNMODIFIED_SINCE, EARLIER, &bare, Proceed, Proceed),
            (IF_UNMODIFIED_SINCE, "yesterday", &strong, Proceed, Proceed),
            (IF_MODIFIED_SINCE, DATE, &strong, NotModified, Proceed),
            (IF_MODIFIED_SINCE, EARLIER, &strong, Proceed, Proceed),
            (IF_MODIFIED_SINCE, DATE, &bare, Proceed, Proceed),
            (IF_MODIFIED_SINCE, "yesterday", &strong, Proceed, Proceed),
        ] {
            for (method, expected) in
                [(Method::GET, read), (Method::HEAD, read), (Method::PUT, write), (Method::DELETE, write)]
            {
                assert_eq!(
                    judge(&method, &[(name.clone(), value)], current),
                    expected,
                    "{method} {name}: {value}"
                );
            }
        }
    }

    #[test]
    fn of_several_dates_none_counts() {
        let current = Validators::present().modified_at(at(DATE));
        for (name, date) in [(IF_MODIFIED_SINCE, DATE), (IF_UNMODIFIED_SINCE, EARLIER)] {
            assert_ne!(judge(&Method::GET, &[(name.clone(), date)], &current), Verdict::Proceed);
            let twice = [(name.clone(), date), (name, date)];
            assert_eq!(judge(&Method::GET, &twice, &current), Verdict::Proceed);
        }
    }

    #[test]
    fn tags_go_before_dates_and_changes_before_caches() {
        let current = Validators::from(ETag::strong("v7")).modified_at(at(DATE));
        for (fields, expected) in [
            // If-Match holds, so If-Unmodified-Since is not asked.
            ([(IF_MATCH, "\"v7\""), (IF_UNMODIFIED_SINCE, EARLIER)], Verdict::Proceed),
            ([(IF_MATCH, "\"v6\""), (IF_UNMODIFIED_SINCE, DATE)], Verdict::Failed),
            // If-None-Match holds, so If-Modified-Since is not asked.
            ([(IF_NONE_MATCH, "\"v6\""), (IF_MODIFIED_SINCE, DATE)], Verdict::Proceed),
            ([(IF_NONE_MATCH, "\"v7\""), (IF_MODIFIED_SINCE, EARLIER)], Verdict::NotModified),
            // 412 goes before 304.
            ([(IF_NONE_MATCH, "\"v7\""), (IF_MATCH, "\"v6\"")], Verdict::Failed),
            ([(IF_NONE_MATCH, "\"v7\""), (IF_MATCH, "\"v7\"")], Verdict::NotModified),
            ([(IF_MODIFIED_SINCE, DATE), (IF_UNMODIFIED_SINCE, DATE)], Verdict::NotModified),
            // Two fields are one list.
            ([(IF_MATCH, "\"v6\""), (IF_MATCH, "\"v7\"")], Verdict::Proceed),
        ] {
            assert_eq!(judge(&Method::GET, &fields, &current), expected, "{fields:?}");
        }
    }
}
