//! The list that vendors keep in a trace: `tracestate` (W3C Trace Context, section 3.3).

use http::HeaderValue;

/// The most members that a list has, and the most bytes of it that are passed on.
const MOST_MEMBERS: usize = 32;
const MOST_BYTES: usize = 8 * 1024;

/// The list of these fields as one; `None` if there is none, or if it is malformed.
pub(super) fn joined<'a>(fields: impl Iterator<Item = &'a [u8]>) -> Option<HeaderValue> {
    let mut keys: Vec<&[u8]> = Vec::new();
    let mut list = Vec::new();
    for member in fields.flat_map(|field| field.split(|byte| *byte == b',')) {
        let member = member.trim_ascii();
        if member.is_empty() {
            continue;
        }
        let equals = member.iter().position(|byte| *byte == b'=')?;
        let (key, value) = (&member[..equals], &member[equals + 1..]);
        if !is_key(key) || !is_value(value) || keys.contains(&key) || keys.len() == MOST_MEMBERS {
            return None;
        }
        keys.push(key);
        if !list.is_empty() {
            list.push(b',');
        }
        list.extend_from_slice(member);
    }
    if list.is_empty() || list.len() > MOST_BYTES {
        return None;
    }
    HeaderValue::from_bytes(&list).ok()
}

/// A name, or one of a tenant at a system: `fw529a3039@dt`.
fn is_key(key: &[u8]) -> bool {
    let is_name = |name: &[u8], most: usize, first: fn(&u8) -> bool| {
        name.len() <= most
            && name.first().is_some_and(first)
            && name
                .iter()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-*/".contains(byte))
    };
    let begins_key = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    match key.iter().position(|byte| *byte == b'@') {
        None => is_name(key, 256, begins_key),
        Some(at) => {
            is_name(&key[..at], 241, begins_key) && is_name(&key[at + 1..], 14, u8::is_ascii_lowercase)
        }
    }
}

/// Printable characters but `,` and `=`, of which the last is no space.
fn is_value(value: &[u8]) -> bool {
    (1..=256).contains(&value.len())
        && value.iter().all(|byte| (b' '..=b'~').contains(byte) && !b",=".contains(byte))
        && value.last() != Some(&b' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(fields: &[&str]) -> Option<String> {
        let value = joined(fields.iter().map(|field| field.as_bytes()))?;
        value.to_str().ok().map(str::to_owned)
    }

    #[test]
    fn lists_are_joined_in_their_order() {
        assert_eq!(read(&["a=1", "b=2 3,c=4"]).as_deref(), Some("a=1,b=2 3,c=4"));
        assert_eq!(read(&["a=1 , ,\t b=2,"]).as_deref(), Some("a=1,b=2"));
        assert_eq!(
            read(&["fw529a3039@dt=FfYxMTY,1a-_*/=x"]).as_deref(),
            Some("fw529a3039@dt=FfYxMTY,1a-_*/=x")
        );
    }

    #[test]
    fn one_bad_member_spoils_the_list() {
        for bad in [
            "a", "=1", "a=", "A=1", "a=1,a=2", "a=b=c", "a@b@c=1", "a@1b=1", "@dt=1", "a@=1", "-a=1",
            "a=\u{e9}",
        ] {
            assert_eq!(read(&["good=1", bad]), None, "{bad}");
        }
        assert_eq!(read(&[]), None);
        assert_eq!(read(&[" , "]), None);
        assert_eq!(read(&[&format!("{}=1", "a".repeat(257))]), None);
        assert_eq!(read(&[&format!("a={}", "1".repeat(257))]), None);
    }

    #[test]
    fn a_list_has_at_most_32_members() {
        let list = |count| (0..count).map(|number| format!("k{number}=1")).collect::<Vec<_>>().join(",");
        assert!(read(&[&list(32)]).is_some());
        assert!(read(&[&list(33)]).is_none());
    }
}
