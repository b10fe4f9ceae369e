//! What a response says already: [`lacks`].

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
}
