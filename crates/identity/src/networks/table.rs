//! Which zone an address is in: the one with the longest prefix that holds it.

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;

use ipnet::IpNet;

use super::zone::Zone;

/// Zones by prefix; a look-up takes as many steps as there are different prefix lengths.
#[derive(Debug, Default)]
pub(crate) struct Table {
    four: Lengths,
    six: Lengths,
}

/// Longest first: length as seen from the end, then the network's bits to the zone's key.
type Lengths = BTreeMap<std::cmp::Reverse<u8>, HashMap<u128, String>>;

impl Table {
    pub(crate) fn new(zones: &[Zone]) -> Self {
        let mut table = Self::default();
        for zone in zones {
            for range in &zone.ranges {
                let lengths = match range {
                    IpNet::V4(_) => &mut table.four,
                    IpNet::V6(_) => &mut table.six,
                };
                let networks = lengths.entry(std::cmp::Reverse(range.prefix_len())).or_default();
                networks.insert(bits(range.network()).0, zone.key.clone());
            }
        }
        table
    }

    /// The key of the zone that an address is in. IPv4-mapped IPv6 addresses are the IPv4 ones they stand for, so that
    /// no notation gets around a range.
    pub(crate) fn zone(&self, ip: IpAddr) -> Option<&str> {
        let ip = ip.to_canonical();
        let lengths = if ip.is_ipv4() { &self.four } else { &self.six };
        let (bits, width) = bits(ip);
        lengths.iter().find_map(|(length, networks)| {
            let host = u32::from(width - length.0);
            let network = bits.checked_shr(host).and_then(|n| n.checked_shl(host)).unwrap_or(0);
            networks.get(&network).map(String::as_str)
        })
    }
}

/// An address as a number, and how many bits it has.
fn bits(ip: IpAddr) -> (u128, u8) {
    match ip {
        IpAddr::V4(four) => (u128::from(four.to_bits()), 32),
        IpAddr::V6(six) => (six.to_bits(), 128),
    }
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, Ipv6Addr};

    use proptest::prelude::*;

    use super::*;

    /// Looks at every range, bit by bit.
    fn naive(zones: &[Zone], ip: IpAddr) -> Option<String> {
        let ip = match ip {
            IpAddr::V6(six) => six.to_ipv4_mapped().map_or(IpAddr::V6(six), IpAddr::V4),
            four => four,
        };
        let as_bits = |ip: IpAddr| -> Vec<bool> {
            let bytes = match ip {
                IpAddr::V4(four) => four.octets().to_vec(),
                IpAddr::V6(six) => six.octets().to_vec(),
            };
            bytes.iter().flat_map(|b| (0..8).rev().map(move |i| b >> i & 1 == 1)).collect()
        };
        let ranges = zones.iter().flat_map(|z| z.ranges.iter().map(move |r| (z, r)));
        let holding = ranges.filter(|(_, range)| {
            let (network, address) = (as_bits(range.addr()), as_bits(ip));
            let length = usize::from(range.prefix_len());
            network.len() == address.len() && network[..length] == address[..length]
        });
        holding.max_by_key(|(_, range)| range.prefix_len()).map(|(zone, _)| zone.key.clone())
    }

    /// Few different bits, so that ranges nest and addresses hit them.
    fn address() -> impl Strategy<Value = IpAddr> {
        let four = prop::collection::vec(prop::sample::select(vec![0u8, 10, 128, 255]), 4);
        let six = prop::collection::vec(prop::sample::select(vec![0u16, 0xffff, 0x2001, 0xdb8]), 8);
        prop_oneof![
            four.clone().prop_map(|b| Ipv4Addr::new(b[0], b[1], b[2], b[3]).into()),
            four.prop_map(|b| Ipv4Addr::new(b[0], b[1], b[2], b[3]).to_ipv6_mapped().into()),
            six.prop_map(|s| Ipv6Addr::new(s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7]).into()),
        ]
    }

    fn zones() -> impl Strategy<Value = Vec<Zone>> {
        let range = (address(), 0u8..=128).prop_map(|(ip, length)| {
            let most = if ip.is_ipv4() { 32 } else { 128 };
            format!("{ip}/{}", length.min(most))
        });
        prop::collection::vec(range, 1..20).prop_map(|ranges| {
            let mut taken = std::collections::BTreeSet::new();
            let numbered = ranges.into_iter().enumerate();
            let parsed = numbered.map(|(n, r)| Zone::parse(&format!("z-{n}"), "z", &[r]).unwrap());
            parsed.filter(|z| taken.insert(z.ranges[0])).collect()
        })
    }

    proptest! {
        #[test]
        fn the_longest_prefix_wins(zones in zones(), addresses in prop::collection::vec(address(), 32)) {
            let table = Table::new(&zones);
            for ip in addresses {
                prop_assert_eq!(table.zone(ip).map(str::to_owned), naive(&zones, ip), "{} in {:?}", ip, zones);
            }
        }
    }

    #[test]
    fn a_mapped_address_is_the_one_it_stands_for() {
        let zones = [Zone::parse("office", "总部", &["10.0.0.0/8".to_owned(), "::/0".to_owned()]).unwrap()];
        let table = Table::new(&zones[..]);
        assert_eq!(table.zone("::ffff:10.1.2.3".parse().unwrap()), Some("office"));
        assert_eq!(table.zone("::ffff:11.1.2.3".parse().unwrap()), None, "::/0 speaks of IPv6");
    }
}
