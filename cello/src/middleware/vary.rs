//! The `Vary` field (RFC 9110, 12.5.5), to which several members of the stack add.

use http::HeaderMap;
use http::header::{HeaderName, HeaderValue, VARY};

use super::fields::lacks;

/// Says that the response depends on these fields of the request, beside those that it names already.
///
/// There is one `Vary` field afterwards, however many there were. `Vary: *` says it all and stays.
pub(crate) fn add(headers: &mut HeaderMap, names: &[HeaderName]) {
    if lacks(headers, &VARY) {
        if let [name] = names {
            headers.insert(VARY, HeaderValue::from(name.clone()));
            return;
        }
    } else if names.iter().all(|name| named(headers, name)) {
        return;
    }
    let mut merged = String::new();
    for element in elements(headers) {
        push(&mut merged, element);
    }
    for name in names.iter().filter(|name| !named(headers, name)) {
        push(&mut merged, name.as_str());
    }
    // Its parts were in headers before.
    if let Ok(value) = HeaderValue::try_from(merged) {
        headers.insert(VARY, value);
    }
}

/// Adds to a `Vary` what another response says in its own; where there is none, nothing.
pub(crate) fn merge(headers: &mut HeaderMap, other: &HeaderMap) {
    if headers.contains_key(VARY) {
        let names: Vec<_> = elements(other).filter_map(|name| name.parse().ok()).collect();
        add(headers, &names);
    }
}

fn named(headers: &HeaderMap, name: &HeaderName) -> bool {
    elements(headers).any(|element| element == "*" || element.eq_ignore_ascii_case(name.as_str()))
}

fn elements(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let values = headers.get_all(VARY).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(str::trim).filter(|element| !element.is_empty())
}

fn push(list: &mut String, element: &str) {
    if !list.is_empty() {
        list.push_str(", ");
    }
    list.push_str(element);
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "these are tests")]
mod tests {
    use http::header::{ACCEPT_ENCODING, ORIGIN};

    use super::*;

    fn merged(before: &[&'static str], names: &[HeaderName]) -> Vec<String> {
        let mut headers = HeaderMap::new();
        for value in before {
            headers.append(VARY, HeaderValue::from_static(value));
        }
        add(&mut headers, names);
        headers.get_all(VARY).iter().map(|value| value.to_str().unwrap_or("?").to_owned()).collect()
    }

    #[test]
    fn names_are_added_once_to_what_is_there() {
        assert_eq!(merged(&[], &[ORIGIN]), ["origin"]);
        assert_eq!(merged(&[], &[ORIGIN, ACCEPT_ENCODING]), ["origin, accept-encoding"]);
        assert_eq!(merged(&["Cookie"], &[ORIGIN]), ["Cookie, origin"]);
        assert_eq!(merged(&["Cookie,  Accept"], &[ORIGIN]), ["Cookie, Accept, origin"]);
        assert_eq!(merged(&["Cookie", "Accept"], &[ORIGIN]), ["Cookie, Accept, origin"]);
        assert_eq!(merged(&["Accept, Origin"], &[ORIGIN]), ["Accept, Origin"]);
        assert_eq!(merged(&["ORIGIN"], &[ORIGIN, ACCEPT_ENCODING]), ["ORIGIN, accept-encoding"]);
    }

    #[test]
    fn a_longer_name_is_another_name() {
        assert_eq!(merged(&["X-Origin"], &[ORIGIN]), ["X-Origin, origin"]);
    }

    #[test]
    fn a_star_says_it_all() {
        assert_eq!(merged(&["*"], &[ORIGIN, ACCEPT_ENCODING]), ["*"]);
        assert_eq!(merged(&["Accept", "*"], &[ORIGIN]), ["Accept", "*"]);
    }

    #[test]
    fn two_responses_are_merged() {
        let of = |value| HeaderMap::from_iter([(VARY, HeaderValue::from_static(value))]);
        let merged = |one, other| {
            let mut headers = of(one);
            merge(&mut headers, &of(other));
            headers.remove(VARY)
        };
        assert_eq!(
            merged("Cookie", "origin, cookie, accept"),
            Some("Cookie, origin, accept".parse().unwrap())
        );
        assert_eq!(merged("Cookie", "*"), Some("Cookie, *".parse().unwrap()));
        assert_eq!(merged("*", "origin"), Some("*".parse().unwrap()));
    }

    #[test]
    fn an_empty_field_adds_nothing() {
        assert_eq!(merged(&[""], &[ORIGIN]), ["origin"]);
        assert_eq!(merged(&[" , "], &[ORIGIN]), ["origin"]);
    }
}
