//! Who stands before the server: the other end of the connection, or whom a trusted proxy speaks for.

use std::net::{IpAddr, SocketAddr};

use axum::extract::ConnectInfo;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri, header};
use ipnet::IpNet;

/// How requests reach the server.
#[derive(Clone, Debug, Default)]
pub struct Front {
    /// Connections are TLS.
    pub tls: bool,
    /// Proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed.
    pub proxies: Vec<IpNet>,
}

/// The other end of a request, as every handler sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Client {
    /// Its address; a trusted proxy's word for it counts.
    pub(crate) ip: Option<IpAddr>,
    /// It speaks TLS, with us or with a trusted proxy: cookies are `Secure` and `__Host-`.
    pub(crate) secure: bool,
}

impl Front {
    /// Who asks. Without a trusted proxy, forwarding headers are anybody's talk.
    pub(crate) fn client(&self, peer: Option<IpAddr>, headers: &HeaderMap) -> Client {
        let direct = Client { ip: peer.map(|ip| ip.to_canonical()), secure: self.tls };
        let Some(peer) = direct.ip.filter(|ip| self.trusts(*ip)) else { return direct };
        let secure = match headers.get("x-forwarded-proto").and_then(|v| v.to_str().ok()) {
            // The proxy next to us writes the last word.
            Some(protocols) => protocols.rsplit(',').next().is_some_and(|p| p.trim() == "https"),
            None => self.tls,
        };
        Client { ip: Some(self.forwarded(headers).unwrap_or(peer)), secure }
    }

    fn trusts(&self, ip: IpAddr) -> bool {
        self.proxies.iter().any(|net| net.contains(&ip))
    }

    /// The right-most address that is no trusted proxy: everything to its left was written by strangers.
    fn forwarded(&self, headers: &HeaderMap) -> Option<IpAddr> {
        let mut last = None;
        for value in headers.get_all("x-forwarded-for").iter().rev() {
            for word in value.to_str().ok()?.rsplit(',') {
                let ip = address(word.trim())?;
                last = Some(ip);
                if !self.trusts(ip) {
                    return last;
                }
            }
        }
        last
    }
}

/// An address with or without a port.
fn address(word: &str) -> Option<IpAddr> {
    let ip = word.parse().ok().or_else(|| word.parse::<SocketAddr>().ok().map(|a| a.ip()));
    ip.or_else(|| word.trim_matches(['[', ']']).parse().ok()).map(|ip: IpAddr| ip.to_canonical())
}

/// The connection's other end, whoever it speaks for.
pub(crate) fn peer(extensions: &axum::http::Extensions) -> Option<IpAddr> {
    extensions.get::<ConnectInfo<SocketAddr>>().map(|c| c.0.ip())
}

/// The client of a request that came through the outermost layer.
pub(crate) fn client(parts: &Parts) -> Client {
    parts.extensions.get::<Client>().copied().unwrap_or(Client { ip: None, secure: false })
}

/// The host that a request is addressed to: HTTP/2 says it in `:authority`, which becomes part of the address.
pub(crate) fn host<'a>(uri: &'a Uri, headers: &'a HeaderMap) -> Option<&'a str> {
    let header = headers.get(header::HOST).and_then(|h| h.to_str().ok());
    header.or_else(|| uri.authority().map(axum::http::uri::Authority::as_str))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn asked(front: &Front, peer: &str, headers: &[(&'static str, &str)]) -> (String, bool) {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, HeaderValue::from_str(value).unwrap());
        }
        let client = front.client(Some(peer.parse().unwrap()), &map);
        (client.ip.unwrap().to_string(), client.secure)
    }

    #[test]
    fn strangers_cannot_claim_an_address_or_tls() {
        let front = Front::default();
        let said = [("x-forwarded-for", "10.0.0.1"), ("x-forwarded-proto", "https")];
        assert_eq!(asked(&front, "203.0.113.9", &said), ("203.0.113.9".to_owned(), false));
    }

    #[test]
    fn the_right_most_address_that_is_no_trusted_proxy_counts() {
        let front =
            Front { tls: false, proxies: vec!["10.0.0.0/8".parse().unwrap(), "::1/128".parse().unwrap()] };
        let said =
            [("x-forwarded-for", "1.2.3.4, 198.51.100.7, 10.0.0.2"), ("x-forwarded-proto", "http, https")];
        assert_eq!(asked(&front, "10.0.0.3", &said), ("198.51.100.7".to_owned(), true));
        let split = [("x-forwarded-for", "1.2.3.4"), ("x-forwarded-for", "[2001:db8::5]:443")];
        assert_eq!(asked(&front, "::1", &split), ("2001:db8::5".to_owned(), false));
        assert_eq!(
            asked(&front, "10.0.0.3", &[("x-forwarded-for", "nonsense")]),
            ("10.0.0.3".to_owned(), false)
        );
        assert_eq!(asked(&front, "::ffff:10.0.0.3", &said).0, "198.51.100.7");
    }
}
