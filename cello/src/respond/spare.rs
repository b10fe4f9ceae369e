//! Header maps used again: [`keep`], [`give`].
//!
//! A header map is two blocks of memory. That of a request is done with when its response is there, so the next response
//! of the same thread takes it over: without its fields, which are dropped at once. It saves some 300 instructions a
//! request.

use std::cell::RefCell;
use std::mem::{forget, replace, take};

use http::HeaderMap;

/// The most fields that a map may have room for to be kept, so that what a large request took is given back.
const MOST_FIELDS: usize = 64;

thread_local! {
    static SPARE: RefCell<Option<HeaderMap>> = const { RefCell::new(None) };
}

/// Gives its room to a map that is new, if there is any.
#[inline]
pub(super) fn give(headers: &mut HeaderMap) {
    debug_assert!(headers.capacity() == 0, "what it has would be lost");
    let spare = SPARE.try_with(|spare| spare.try_borrow_mut().ok()?.take());
    if let Ok(Some(spare)) = spare {
        // A new map has no memory of its own, so nothing is lost, and it need not be asked.
        forget(replace(headers, spare));
    }
}

/// Keeps the room of a map that nobody needs any more, unless that of another is kept.
#[inline]
pub(crate) fn keep(headers: &mut HeaderMap) {
    // Fields of one name have room of their own, which nothing tells.
    let is_small = (1..=MOST_FIELDS).contains(&headers.capacity()) && headers.len() == headers.keys_len();
    if is_small {
        // At the end of the thread there is no place.
        let _ = SPARE.try_with(|spare| {
            if let Ok(mut spare) = spare.try_borrow_mut()
                && spare.is_none()
            {
                headers.clear();
                // There was none, so nothing is lost, and it need not be asked.
                forget(spare.replace(take(headers)));
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use http::header::{self, HeaderName};

    use super::*;

    fn given() -> HeaderMap {
        let mut headers = HeaderMap::new();
        give(&mut headers);
        headers
    }

    #[test]
    fn a_map_is_used_again_without_its_fields() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static("secret"));
        let room = headers.capacity();
        keep(&mut headers);
        let again = given();
        assert!(again.is_empty() && again.get(header::COOKIE).is_none());
        assert_eq!(again.capacity(), room);
        assert_eq!(given().capacity(), 0, "it is given once");
    }

    #[test]
    fn a_large_map_is_given_back() {
        let names = (0..200).filter_map(|number| HeaderName::try_from(format!("x-{number}")).ok());
        keep(&mut names.map(|name| (name, HeaderValue::from_static("x"))).collect());
        assert_eq!(given().capacity(), 0);
        keep(&mut (0..200).map(|_| (header::COOKIE, HeaderValue::from_static("x"))).collect());
        assert_eq!(given().capacity(), 0);
    }
}
