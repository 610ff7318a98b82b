//! Countries by address, from a file that the operator supplies (MaxMind DB format 2.0).

use std::net::IpAddr;
use std::path::Path;
use std::str::FromStr;

use maxminddb::{PathElement, Reader};
use serde::{Deserialize, Serialize};

/// A country: ISO 3166-1 alpha-2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Country([u8; 2]);

/// Not two letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a country is written with two letters, like CN (ISO 3166-1)")]
pub struct NoCountry;

impl FromStr for Country {
    type Err = NoCountry;

    fn from_str(text: &str) -> Result<Self, NoCountry> {
        match *text.as_bytes() {
            [a, b] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() => {
                Ok(Self([a.to_ascii_uppercase(), b.to_ascii_uppercase()]))
            }
            _ => Err(NoCountry),
        }
    }
}

impl TryFrom<String> for Country {
    type Error = NoCountry;

    fn try_from(text: String) -> Result<Self, NoCountry> {
        text.parse()
    }
}

impl From<Country> for String {
    fn from(country: Country) -> Self {
        country.to_string()
    }
}

impl std::fmt::Display for Country {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|b| write!(f, "{}", char::from(*b)))
    }
}

/// A file of countries by address, read whole into memory.
pub struct Countries(Reader<Vec<u8>>);

/// The file cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the country file cannot be read: {0}")]
pub struct BadCountryFile(String);

impl Countries {
    /// Reads a country file.
    ///
    /// # Errors
    /// When there is none, or it is no MaxMind DB.
    pub fn open(file: &Path) -> Result<Self, BadCountryFile> {
        Reader::open_readfile(file).map(Self).map_err(|e| BadCountryFile(e.to_string()))
    }

    /// The same from bytes.
    ///
    /// # Errors
    /// When they are no MaxMind DB.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, BadCountryFile> {
        Reader::from_source(bytes).map(Self).map_err(|e| BadCountryFile(e.to_string()))
    }

    /// The country of an address; `None` when the file does not know it (or is damaged there).
    #[must_use]
    pub fn country(&self, ip: IpAddr) -> Option<Country> {
        let found = self.0.lookup(ip.to_canonical()).ok()?;
        let path = [PathElement::Key("country"), PathElement::Key("iso_code")];
        found.decode_path::<&str>(&path).ok().flatten()?.parse().ok()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A tiny country file (MaxMind DB format 2.0, 24-bit records): 192.0.0.0/8 is in CN, 203.0.0.0/8 in SG.
    pub(crate) fn tiny() -> Vec<u8> {
        const DATA_GAP: u32 = 16;
        let text = |t: &str| [&[0x40 | u8::try_from(t.len()).unwrap()], t.as_bytes()].concat();
        let record =
            |iso: &str| [vec![0xe1], text("country"), vec![0xe1], text("iso_code"), text(iso)].concat();
        let data = [record("CN"), record("SG")];
        // A binary tree over the first eight bits; 0 stands for "nothing there" until the count is known.
        let mut nodes: Vec<[u32; 2]> = vec![[0, 0]];
        let mut leaves = Vec::new();
        for (first, place) in [(192u8, 0usize), (203, data[0].len())] {
            let mut node = 0usize;
            for depth in 0..8 {
                let side = usize::from(first >> (7 - depth) & 1);
                if depth == 7 {
                    leaves.push((node, side, place));
                } else if nodes[node][side] == 0 {
                    nodes.push([0, 0]);
                    nodes[node][side] = u32::try_from(nodes.len() - 1).unwrap();
                    node = nodes.len() - 1;
                } else {
                    node = nodes[node][side] as usize;
                }
            }
        }
        let count = u32::try_from(nodes.len()).unwrap();
        nodes.iter_mut().flatten().filter(|r| **r == 0).for_each(|r| *r = count);
        for (node, side, place) in leaves {
            nodes[node][side] = count + DATA_GAP + u32::try_from(place).unwrap();
        }
        let mut file: Vec<u8> = nodes.iter().flatten().flat_map(|r| r.to_be_bytes()[1..].to_vec()).collect();
        file.extend([0u8; 16]);
        data.iter().for_each(|d| file.extend(d));
        file.extend(b"\xab\xcd\xefMaxMind.com");
        let number = |n: u32| [vec![0xc4], n.to_be_bytes().to_vec()].concat();
        let short = |n: u16| [vec![0xa2], n.to_be_bytes().to_vec()].concat();
        let metadata: [(&str, Vec<u8>); 9] = [
            ("node_count", number(count)),
            ("record_size", short(24)),
            ("ip_version", short(4)),
            ("database_type", text("Test-Country")),
            ("languages", vec![0x00, 0x04]),
            ("binary_format_major_version", short(2)),
            ("binary_format_minor_version", short(0)),
            ("build_epoch", vec![0x01, 0x02, 1]),
            ("description", vec![0xe0]),
        ];
        file.push(0xe0 | 9);
        metadata.iter().for_each(|(name, value)| {
            file.extend(text(name));
            file.extend(value);
        });
        file
    }

    #[test]
    fn countries_come_from_the_operators_file() {
        let countries = Countries::from_bytes(tiny()).unwrap();
        let country = |ip: &str| countries.country(ip.parse().unwrap()).map(|c| c.to_string());
        assert_eq!(country("192.0.2.1").as_deref(), Some("CN"));
        assert_eq!(country("::ffff:203.0.113.9").as_deref(), Some("SG"));
        assert_eq!(country("198.51.100.1"), None);
        assert_eq!(country("2001:db8::1"), None, "the file knows IPv4 only");
    }

    #[test]
    fn what_is_no_country_file_is_refused() {
        assert!(Countries::from_bytes(b"not a database".to_vec()).is_err());
        assert!(Countries::open(Path::new("/nonexistent.mmdb")).is_err());
    }

    #[test]
    fn countries_have_two_letters() {
        assert_eq!("cn".parse::<Country>().unwrap().to_string(), "CN");
        assert!(["", "C", "CHN", "C1"].iter().all(|t| t.parse::<Country>().is_err()));
    }
}
