//! A range of addresses: [`Network`].

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// A range of IP addresses in the notation of CIDR (RFC 4632, RFC 4291): `10.0.0.0/8`, `2001:db8::/32`, or one address.
///
/// An IPv4 address counts as the same when it is written inside IPv6 (`::ffff:10.0.0.1`), as sockets for both do.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Network {
    address: IpAddr,
    /// How many of its first bits all addresses share.
    bits: u32,
}

impl Network {
    /// Whether this address is one of it.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(network), IpAddr::V4(address)) => {
                (network.to_bits() ^ address.to_bits()).leading_zeros() >= self.bits
            }
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                (network.to_bits() ^ address.to_bits()).leading_zeros() >= self.bits
            }
            _ => false,
        }
    }

    /// Whether all addresses are of it.
    pub(super) fn is_everything(&self) -> bool {
        self.bits == 0
    }
}

/// An address, or an address and the number of its bits that count, behind `/`.
impl FromStr for Network {
    type Err = NotANetwork;

    fn from_str(text: &str) -> Result<Self, NotANetwork> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text, None),
        };
        let refused = |why: &str| NotANetwork(format!("{text:?} is no network: {why}"));
        let written: IpAddr = address.parse().map_err(|_| {
            refused("write an IP address, or one with the number of its bits that count, as in 10.0.0.0/8")
        })?;
        let most = if written.is_ipv4() { 32 } else { 128 };
        let bits = match bits {
            None => most,
            Some(bits) => bits
                .parse()
                .ok()
                .filter(|bits| *bits <= most && text.is_ascii())
                .ok_or_else(|| refused(&format!("behind the slash stands a number from 0 to {most}")))?,
        };
        // The same network of IPv4, as long as the part in front of it counts whole.
        let network = match (written, written.to_canonical()) {
            (IpAddr::V6(_), address @ IpAddr::V4(_)) if bits >= 96 => Self { address, bits: bits - 96 },
            _ => Self { address: written, bits },
        };
        match network.first() {
            first if first == network.address => Ok(network),
            first => {
                let network = Self { address: first, ..network };
                Err(refused(&format!("it begins in the middle; write {network}, or the address alone")))
            }
        }
    }
}

impl Network {
    /// Its first address.
    fn first(&self) -> IpAddr {
        match self.address {
            IpAddr::V4(address) => {
                let mask = u32::MAX.checked_shl(32 - self.bits).unwrap_or(0);
                IpAddr::V4((address.to_bits() & mask).into())
            }
            IpAddr::V6(address) => {
                let mask = u128::MAX.checked_shl(128 - self.bits).unwrap_or(0);
                IpAddr::V6((address.to_bits() & mask).into())
            }
        }
    }
}

/// `10.0.0.0/8`
impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.bits)
    }
}

impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Why a text is no [`Network`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotANetwork(String);

impl fmt::Display for NotANetwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NotANetwork {}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "these are tests")]
mod tests {
    use super::*;

    #[track_caller]
    fn contains(network: &str, address: &str) -> bool {
        network.parse::<Network>().unwrap().contains(address.parse().unwrap())
    }

    #[test]
    fn the_first_bits_decide() {
        for (network, inside, outside) in [
            ("10.0.0.0/8", "10.255.0.1", "11.0.0.0"),
            ("192.168.4.0/22", "192.168.7.255", "192.168.8.0"),
            ("192.0.2.1", "192.0.2.1", "192.0.2.2"),
            ("192.0.2.1/32", "192.0.2.1", "192.0.2.0"),
            ("128.0.0.0/1", "255.0.0.0", "127.255.255.255"),
            ("2001:db8::/32", "2001:db8:ffff::1", "2001:db9::"),
            ("::1", "::1", "::2"),
            ("fe80::/10", "febf::1", "fec0::1"),
            ("::/0", "ffff::", "10.0.0.1"),
            ("0.0.0.0/0", "255.1.2.3", "2001::"),
        ] {
            assert!(contains(network, inside), "{network} {inside}");
            assert!(!contains(network, outside), "{network} {outside}");
        }
    }

    #[test]
    fn ipv4_inside_ipv6_is_ipv4() {
        assert!(contains("10.0.0.0/8", "::ffff:10.1.2.3"));
        assert!(!contains("10.0.0.0/8", "::ffff:11.1.2.3"));
        assert!(contains("::ffff:10.0.0.0/104", "10.1.2.3"));
        assert!(contains("::ffff:10.0.0.1", "10.0.0.1"));
        assert!(!contains("::/64", "10.0.0.1"));
        assert!("::ffff:0:0/96".parse::<Network>().unwrap().is_everything());
    }

    #[test]
    fn what_is_no_network_is_told_why() {
        for (text, why) in [
            ("", "write an IP address"),
            ("10.0.0", "write an IP address"),
            ("localhost", "write an IP address"),
            ("10.0.0.0/33", "from 0 to 32"),
            ("::/129", "from 0 to 128"),
            ("10.0.0.0/", "from 0 to 32"),
            ("10.0.0.0/-1", "from 0 to 32"),
            ("10.0.0.0/8/8", "from 0 to 32"),
            ("10.0.0.1/8", "write 10.0.0.0/8, or the address alone"),
            ("2001:db8::1/32", "write 2001:db8::/32"),
            ("10.0.0.1/0", "write 0.0.0.0/0"),
        ] {
            let error = text.parse::<Network>().unwrap_err().to_string();
            assert!(error.contains(why), "{error}");
        }
    }
}
