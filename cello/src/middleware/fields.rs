//! What a response says already: [`lacks`]; what it can say of time: [`whole_seconds`].

use std::time::Duration;

use http::HeaderMap;
use http::header::HeaderName;

/// As many names are looked at one by one.
const FEW: usize = 16;

/// Whether there is no such field. Where there are few fields, to look at their names costs less than to look up one.
#[inline]
pub(super) fn lacks(headers: &HeaderMap, name: &HeaderName) -> bool {
    if headers.keys_len() > FEW {
        return !headers.contains_key(name);
    }
    headers.keys().all(|known| known != name)
}

/// The longest time that clients understand (RFC 9111, 1.2.2), some 68 years.
const MOST_SECONDS: u64 = 1 << 31;

/// A time as fields have it, which know nothing shorter than a second but nothing at all.
///
/// # Errors
/// A sentence for a time that would become another.
pub(super) fn whole_seconds(time: Duration) -> Result<u64, String> {
    match time.as_secs() {
        0 if !time.is_zero() => {
            Err(format!("{time:?} is less than a second, and would be sent as none at all"))
        }
        seconds if seconds > MOST_SECONDS => {
            Err(format!("no client understands {time:?}; 68 years are the longest"))
        }
        seconds => Ok(seconds),
    }
}

#[cfg(test)]
mod tests {
    use http::header::{COOKIE, HeaderValue, VARY};

    use super::*;

    #[test]
    fn what_is_there_is_found_among_few_and_among_many() {
        let mut headers = HeaderMap::new();
        assert!(lacks(&headers, &VARY));
        for number in 0..=2 * FEW {
            let custom = HeaderName::try_from(format!("x-{number}")).unwrap_or(COOKIE);
            assert!(lacks(&headers, &custom));
            headers.insert(&custom, HeaderValue::from_static("a"));
            assert!(!lacks(&headers, &custom) && lacks(&headers, &VARY));
        }
        headers.append(VARY, HeaderValue::from_static("b"));
        assert!(!lacks(&headers, &VARY));
    }

    #[test]
    fn times_are_whole_seconds_or_none() {
        assert_eq!(whole_seconds(Duration::ZERO), Ok(0));
        assert_eq!(whole_seconds(Duration::from_millis(1500)), Ok(1));
        assert!(whole_seconds(Duration::from_millis(999)).is_err());
        assert!(whole_seconds(Duration::MAX).is_err());
    }
}
