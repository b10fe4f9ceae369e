//! Which coding the client wants: `Accept-Encoding` (RFC 9110, 12.5.3).

use http::HeaderMap;
use http::header::{ACCEPT_ENCODING, HeaderValue};

use super::Coding;

/// What a client accepts. It is read only when somebody asks, since most responses are too short to be compressed.
#[derive(Debug)]
pub(super) enum Accepted {
    /// The only field.
    Unread(HeaderValue),
    Read(Wanted),
}

impl Accepted {
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let mut fields = headers.get_all(ACCEPT_ENCODING).iter();
        match (fields.next(), fields.next()) {
            (Some(field), None) => Self::Unread(field.clone()),
            _ => Self::Read(Wanted::read(headers.get_all(ACCEPT_ENCODING))),
        }
    }

    /// The coding to use, `None` for the content as it is (`identity`). Of those that the client wants as much, the
    /// first in `offered` goes before the others, and all of them before `identity`.
    ///
    /// No field means no coding, since the client has not said that it can decode any. What is malformed is passed
    /// over, and if nothing is acceptable at all, the content is sent as it is.
    pub(super) fn preferred(&self, offered: &[Coding]) -> Option<Coding> {
        let wanted = self.read();
        let mut best = None;
        let mut best_weight = Weight::NEVER;
        for &coding in offered {
            let weight = wanted.coding(coding);
            if weight > best_weight {
                (best, best_weight) = (Some(coding), weight);
            }
        }
        if wanted.identity() > best_weight { None } else { best }
    }

    /// Whether the client can decode it.
    pub(super) fn accepts(&self, coding: Coding) -> bool {
        self.read().coding(coding) > Weight::NEVER
    }

    fn read(&self) -> Wanted {
        match self {
            Self::Unread(field) => Wanted::read([field]),
            Self::Read(wanted) => *wanted,
        }
    }
}

/// A quality value in thousandths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Weight(u16);

impl Weight {
    const NEVER: Self = Self(0);
    const FULL: Self = Self(1000);

    /// Reads `0`, `1`, or either with up to three decimals (RFC 9110, 12.4.2).
    fn parse(text: &str) -> Option<Self> {
        let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
        if decimals.len() > 3 || !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let whole = match whole {
            "0" => 0,
            "1" => 1000,
            _ => return None,
        };
        let thousandths: u16 =
            decimals.bytes().zip([100, 10, 1]).map(|(digit, unit)| u16::from(digit - b'0') * unit).sum();
        Some(Self(whole + thousandths)).filter(|weight| *weight <= Self::FULL)
    }
}

/// What a client says of each coding; where it speaks twice of one, the greater weight counts.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Wanted {
    codings: [Option<Weight>; Coding::ALL.len()],
    identity: Option<Weight>,
    others: Option<Weight>,
}

impl Wanted {
    fn read<'v>(values: impl IntoIterator<Item = &'v HeaderValue>) -> Self {
        let mut wanted = Self::default();
        for value in values {
            // Only a malformed element holds other bytes, and it is passed over by itself.
            for element in value.as_bytes().split(|&byte| byte == b',') {
                if let Some((name, weight)) = std::str::from_utf8(element).ok().and_then(parse_element) {
                    wanted.note(name, weight);
                }
            }
        }
        wanted
    }

    fn note(&mut self, name: &str, weight: Weight) {
        let place = if name == "*" {
            &mut self.others
        } else if name.eq_ignore_ascii_case("identity") {
            &mut self.identity
        } else if let Some(coding) = Coding::named(name) {
            &mut self.codings[coding as usize]
        } else {
            return;
        };
        *place = (*place).max(Some(weight));
    }

    fn coding(&self, coding: Coding) -> Weight {
        self.codings[coding as usize].or(self.others).unwrap_or(Weight::NEVER)
    }

    /// How much it is wanted more than a coding; without a word it is acceptable, but not preferred.
    fn identity(&self) -> Weight {
        self.identity.or(self.others).unwrap_or(Weight::NEVER)
    }
}

/// Reads `coding` or `coding;q=weight`, with spaces where RFC 9110 has them.
fn parse_element(element: &str) -> Option<(&str, Weight)> {
    let (name, parameter) = match element.split_once(';') {
        Some((name, parameter)) => (name, Some(parameter)),
        None => (element, None),
    };
    let weight = match parameter {
        None => Weight::FULL,
        Some(parameter) => {
            let (key, value) = trimmed(parameter).split_once('=')?;
            if !key.eq_ignore_ascii_case("q") {
                return None;
            }
            Weight::parse(value)?
        }
    };
    let name = trimmed(name);
    (!name.is_empty() && !name.contains([' ', '\t'])).then_some((name, weight))
}

/// Without the spaces that RFC 9110 calls optional.
fn trimmed(text: &str) -> &str {
    text.trim_matches([' ', '\t'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(fields: &[&[u8]]) -> Option<Coding> {
        let mut headers = HeaderMap::new();
        for field in fields {
            if let Ok(value) = HeaderValue::from_bytes(field) {
                headers.append(ACCEPT_ENCODING, value);
            }
        }
        Accepted::of(&headers).preferred(&[Coding::Gzip, Coding::Deflate])
    }

    const GZIP: Option<Coding> = Some(Coding::Gzip);
    const DEFLATE: Option<Coding> = Some(Coding::Deflate);

    #[test]
    fn the_greatest_weight_wins() {
        for (field, expected) in [
            ("gzip", GZIP),
            ("deflate", DEFLATE),
            ("GZip", GZIP),
            ("x-gzip", GZIP),
            ("gzip, deflate, br, zstd", GZIP),
            ("deflate, gzip", GZIP),
            ("deflate;q=0.9, gzip;q=0.8", DEFLATE),
            ("deflate;q=0.801, gzip;q=0.8", DEFLATE),
            ("gzip;q=0.001", GZIP),
            ("gzip ; q=0.5 ,\tdeflate\t;\tQ=0.6", DEFLATE),
            ("gzip;q=1.000, deflate;q=0.999", GZIP),
            ("gzip;q=1., deflate", GZIP),
            ("gzip;q=0., deflate", DEFLATE),
            ("br", None),
            ("compress, br;q=1, zstd", None),
        ] {
            assert_eq!(chosen(&[field.as_bytes()]), expected, "{field}");
        }
    }

    #[test]
    fn zero_refuses() {
        for (field, expected) in [
            ("gzip;q=0", None),
            ("gzip;q=0, deflate", DEFLATE),
            ("gzip;q=0.000, *", DEFLATE),
            ("x-gzip;q=0, *", DEFLATE),
            ("*;q=0", None),
            ("gzip, *;q=0", GZIP),
            ("identity;q=0, gzip;q=0.1", GZIP),
            ("identity;q=0", None),
            ("identity;q=0, br", None),
        ] {
            assert_eq!(chosen(&[field.as_bytes()]), expected, "{field}");
        }
    }

    #[test]
    fn a_star_stands_for_what_is_not_named() {
        for (field, expected) in [
            ("*", GZIP),
            ("*;q=0.1", GZIP),
            ("gzip;q=0.5, *;q=0.8", DEFLATE),
            ("gzip;q=0.3, deflate;q=0.2, *;q=0.8", None),
            ("deflate, *;q=0.5", DEFLATE),
            ("identity, *;q=0.5", None),
        ] {
            assert_eq!(chosen(&[field.as_bytes()]), expected, "{field}");
        }
    }

    #[test]
    fn identity_can_be_preferred() {
        for (field, expected) in [
            ("identity", None),
            ("gzip;q=0.5, identity", None),
            ("gzip;q=0.5, identity;q=0.5", GZIP),
            ("gzip;q=0.5, identity;q=0.4", GZIP),
            ("gzip, identity", GZIP),
        ] {
            assert_eq!(chosen(&[field.as_bytes()]), expected, "{field}");
        }
    }

    #[test]
    fn nothing_said_is_nothing_coded() {
        assert_eq!(chosen(&[]), None);
        assert_eq!(chosen(&[b""]), None);
        assert_eq!(chosen(&[b", ,"]), None);
    }

    #[test]
    fn what_is_malformed_is_passed_over() {
        for field in [
            "gzip;q=2",
            "gzip;q=1.001",
            "gzip;q=0.1234",
            "gzip;q=-1",
            "gzip;q=",
            "gzip;q",
            "gzip;",
            "gzip;level=9",
            "gzip;q=0.5;q=0.6",
            "gzip;q=.5",
            "gzip;q=0,gzip;q=5",
            "gz ip",
            "g\u{7a}ip2",
            "gzip; q =1",
            "gzip;q= 1",
            "\u{fc}",
        ] {
            let and_deflate = format!("{field}, deflate;q=0.1");
            assert_eq!(chosen(&[and_deflate.as_bytes()]), DEFLATE, "{field}");
        }
        assert_eq!(chosen(&[b"\xff\xfe, gzip"]), GZIP);
    }

    #[test]
    fn several_fields_are_one_list() {
        assert_eq!(chosen(&[b"br", b"deflate;q=0.5", b"gzip;q=0.4"]), DEFLATE);
        assert_eq!(chosen(&[b"gzip;q=0", b"gzip"]), GZIP);
    }

    #[test]
    fn only_what_is_offered_is_chosen_and_in_its_order() {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip, deflate"));
        assert_eq!(Accepted::of(&headers).preferred(&[Coding::Deflate, Coding::Gzip]), DEFLATE);
        assert_eq!(Accepted::of(&headers).preferred(&[Coding::Deflate]), DEFLATE);
        assert_eq!(Accepted::of(&headers).preferred(&[]), None);
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip;q=0.3, *;q=0.2"));
        assert_eq!(Accepted::of(&headers).preferred(&[Coding::Deflate]), DEFLATE);
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip, identity;q=0.5"));
        assert_eq!(Accepted::of(&headers).preferred(&[Coding::Deflate]), None);
    }
}
