//! A network zone: a named set of address ranges.

use std::net::IpAddr;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::Error;

/// Ranges of a zone, at most: an office has a handful, a cloud provider's list some hundreds.
pub const MOST_RANGES: usize = 500;
/// Zones, at most.
pub const MOST_ZONES: usize = 200;
/// The zone of requests that a program on the server's own machine sends. Never stored, never shut out.
pub const LOCAL: &str = "local";

/// A network zone (网络区域).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Zone {
    /// What rules call it: 2 to 40 of a-z, 0-9, `-` and `_`.
    pub key: String,
    /// What people call it.
    pub name: String,
    /// Its ranges, IPv4 and IPv6, each without host bits; IPv4-mapped ones as IPv4.
    #[schema(value_type = Vec<String>)]
    pub ranges: Vec<IpNet>,
}

impl Zone {
    /// A zone from what somebody typed; a bare address is a range of one.
    ///
    /// # Errors
    /// `Invalid` with the first text that is no key, name or range.
    pub fn parse(key: &str, name: &str, ranges: &[String]) -> Result<Self, Error> {
        let fits = (2..=40).contains(&key.len())
            && key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_'));
        if !fits || key == LOCAL {
            let text = format!("a zone's key has 2 to 40 of a-z, 0-9, - and _, and is not `{LOCAL}`");
            return Err(Error::Invalid("key", "bad_key", text));
        }
        let name = name.trim();
        if name.is_empty() || name.chars().count() > 100 {
            let text = "give a name of at most 100 characters".to_owned();
            return Err(Error::Invalid("name", "required", text));
        }
        if ranges.is_empty() || ranges.len() > MOST_RANGES {
            let text = format!("a zone has 1 to {MOST_RANGES} ranges");
            return Err(Error::Invalid("ranges", "required", text));
        }
        let mut parsed = ranges.iter().map(|text| range(text)).collect::<Result<Vec<_>, _>>()?;
        parsed.sort();
        parsed.dedup();
        Ok(Self { key: key.to_owned(), name: name.to_owned(), ranges: parsed })
    }
}

fn range(text: &str) -> Result<IpNet, Error> {
    let text = text.trim();
    let parsed = text.parse::<IpNet>().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from));
    let range = parsed.ok_or_else(|| {
        // What was typed goes back to whoever typed it, cut short.
        let typed: String = text.chars().take(60).collect();
        let text = format!("`{typed}` is no range of addresses; write it like 192.0.2.0/24 or 2001:db8::/32");
        Error::Invalid("ranges", "bad_range", text)
    })?;
    Ok(canonical(range.trunc()))
}

/// An IPv4-mapped range (RFC 4291 §2.5.5.2) as the IPv4 range that it is.
fn canonical(range: IpNet) -> IpNet {
    let IpNet::V6(six) = range else { return range };
    let mapped = six.prefix_len().checked_sub(96).zip(six.addr().to_ipv4_mapped());
    let four = mapped.and_then(|(length, addr)| Ipv4Net::new(addr, length).ok());
    four.map_or(IpNet::V6(Ipv6Net::trunc(&six)), IpNet::V4)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(ranges: &[&str]) -> Result<Zone, Error> {
        Zone::parse("office", "总部", &ranges.iter().map(|r| (*r).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn ranges_are_kept_without_host_bits_and_once() {
        let zone =
            parse(&["10.1.2.3/8", "10.0.0.0/8", " 192.0.2.7 ", "2001:db8::1/32", "::ffff:172.16.0.0/108"]);
        let shown: Vec<String> = zone.unwrap().ranges.iter().map(ToString::to_string).collect();
        assert_eq!(shown, ["10.0.0.0/8", "172.16.0.0/12", "192.0.2.7/32", "2001:db8::/32"]);
    }

    #[test]
    fn what_is_no_range_is_refused() {
        for bad in ["", "10.0.0.0/33", "300.1.1.1", "example.com", "10.0.0.0-10.0.0.9", "::/129"] {
            assert!(matches!(parse(&[bad]), Err(Error::Invalid("ranges", ..))), "{bad}");
        }
        assert!(parse(&[]).is_err());
        assert!(
            Zone::parse(LOCAL, "x", &["10.0.0.0/8".to_owned()]).is_err(),
            "the machine itself is no stored zone"
        );
    }
}
