//! The address of the client of a request. Behind a reverse proxy the connection comes from the proxy, which names the client
//! in a header. Anybody can send such a header, so it is believed only if a trusted proxy sent it.

use std::net::{IpAddr, Ipv6Addr};

use actix_web::HttpRequest;
use actix_web::http::header::{FORWARDED, HeaderMap, HeaderName, X_FORWARDED_FOR};
use actix_web::web::Data;
use ipnet::IpNet;

/// The networks of the reverse proxies that may name the client.
#[derive(Clone, Debug, Default)]
pub struct TrustedProxies(Vec<IpNet>);

impl TrustedProxies {
    /// Trusts the proxies in these networks.
    #[must_use]
    pub fn new(networks: Vec<IpNet>) -> Self {
        Self(networks)
    }

    fn contain(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }

    /// The client of a connection from `peer` with these headers.
    fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let peer = peer.to_canonical();
        if !self.contain(peer) {
            return peer;
        }
        let plain = chain(headers, &X_FORWARDED_FOR, plain_address).map(|chain| self.first_untrusted(peer, &chain));
        let standard = chain(headers, &FORWARDED, forwarded_address).map(|chain| self.first_untrusted(peer, &chain));
        match (plain, standard) {
            // A proxy sets one of the headers and may pass on the other as the client sent it.
            (Some(one), Some(other)) if one != other => peer,
            (Some(client), _) | (None, Some(client)) => client,
            (None, None) => peer,
        }
    }

    /// The last address of a chain that is not a trusted proxy. Each proxy appends the address that it got the request from, so
    /// what stands before an untrusted address, or before an entry without an address, may be invented.
    fn first_untrusted(&self, peer: IpAddr, chain: &[Option<IpAddr>]) -> IpAddr {
        let mut client = peer;
        for address in chain.iter().rev() {
            let Some(address) = address else { break };
            client = *address;
            if !self.contain(client) {
                break;
            }
        }
        client
    }
}

/// The addresses in all values of a header, in order; `None` without the header. An entry without an address is `None`.
fn chain(headers: &HeaderMap, name: &HeaderName, read: impl Fn(&str) -> Option<IpAddr>) -> Option<Vec<Option<IpAddr>>> {
    headers.contains_key(name).then(|| {
        let values = headers.get_all(name);
        values.flat_map(|value| value.to_str().unwrap_or_default().split(',')).map(|entry| read(entry.trim())).collect()
    })
}

/// An entry of `X-Forwarded-For`: an address, with or without a port.
fn plain_address(entry: &str) -> Option<IpAddr> {
    let bracketed = entry.strip_prefix('[').and_then(|rest| rest.split_once(']')).map(|(address, _)| address);
    let parsed: Option<IpAddr> = match bracketed {
        Some(address) => address.parse().ok(),
        None => entry.parse().ok().or_else(|| entry.rsplit_once(':')?.0.parse().ok()),
    };
    parsed.map(|address| address.to_canonical())
}

/// An element of `Forwarded` (RFC 7239): its parameter `for`.
fn forwarded_address(element: &str) -> Option<IpAddr> {
    let mut pairs = element.split(';').filter_map(|pair| pair.trim().split_once('='));
    let (_, node) = pairs.find(|(name, _)| name.trim().eq_ignore_ascii_case("for"))?;
    plain_address(node.trim().trim_matches('"'))
}

/// The address of the client of a request, or `None` if it is not known.
#[must_use]
pub fn address(request: &HttpRequest) -> Option<IpAddr> {
    let peer = request.peer_addr()?.ip();
    let proxies = request.app_data::<Data<TrustedProxies>>();
    Some(proxies.map_or_else(|| peer.to_canonical(), |proxies| proxies.client(peer, request.headers())))
}

/// Whether the connection comes from a trusted proxy.
#[must_use]
pub fn is_from_proxy(request: &HttpRequest) -> bool {
    let proxies = request.app_data::<Data<TrustedProxies>>();
    request.peer_addr().zip(proxies).is_some_and(|(peer, proxies)| proxies.contain(peer.ip().to_canonical()))
}

/// Removes all headers but those from which the address of the client is known.
pub fn keep_address(headers: &mut HeaderMap) {
    let mut kept = HeaderMap::new();
    for name in [X_FORWARDED_FOR, FORWARDED] {
        headers.get_all(&name).for_each(|value| kept.append(name.clone(), value.clone()));
    }
    *headers = kept;
}

/// The address by which limits count a client. A client with IPv6 can use any address of its /64 network, so that is one
/// client. Clients without a known address count as one.
#[must_use]
pub fn counted_address(request: &HttpRequest) -> IpAddr {
    match address(request) {
        Some(IpAddr::V6(address)) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64))),
        Some(address) => address,
        None => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn request(peer: &str, headers: &[(&str, &str)]) -> HttpRequest {
        let networks = ["10.0.0.0/8", "fd00::/8"].map(|network| network.parse().unwrap());
        let mut request = TestRequest::default().app_data(Data::new(TrustedProxies::new(networks.to_vec())));
        request = request.peer_addr(format!("{peer}:4711").parse().unwrap());
        for (name, value) in headers {
            request = request.append_header((*name, *value));
        }
        request.to_http_request()
    }

    #[track_caller]
    fn check(peer: &str, headers: &[(&str, &str)], client: &str) {
        assert_eq!(address(&request(peer, headers)), Some(client.parse().unwrap()));
    }

    #[test]
    fn a_header_is_believed_only_from_a_trusted_proxy() {
        let named = [("X-Forwarded-For", "198.51.100.7")];
        check("203.0.113.1", &named, "203.0.113.1");
        check("10.0.0.1", &named, "198.51.100.7");
        check("[::ffff:10.0.0.1]", &named, "198.51.100.7");
        check("[fd00::1]", &[("Forwarded", "for=198.51.100.7;proto=https")], "198.51.100.7");
        check("10.0.0.1", &[], "10.0.0.1");
    }

    #[test]
    fn what_the_client_itself_put_into_the_header_is_not_believed() {
        check("10.0.0.1", &[("X-Forwarded-For", "1.2.3.4, 198.51.100.7, 10.0.0.2")], "198.51.100.7");
        check("10.0.0.1", &[("X-Forwarded-For", "1.2.3.4"), ("X-Forwarded-For", "198.51.100.7")], "198.51.100.7");
        check("10.0.0.1", &[("X-Forwarded-For", "1.2.3.4, unknown")], "10.0.0.1");
        check("10.0.0.1", &[("X-Forwarded-For", "198.51.100.7"), ("Forwarded", "for=1.2.3.4")], "10.0.0.1");
        check("10.0.0.1", &[("Forwarded", "for=1.2.3.4, for=198.51.100.7")], "198.51.100.7");
    }

    #[test]
    fn addresses_have_ports_brackets_and_quotes() {
        check("10.0.0.1", &[("X-Forwarded-For", "198.51.100.7:80")], "198.51.100.7");
        check("10.0.0.1", &[("X-Forwarded-For", "2001:db8::7")], "2001:db8::7");
        check("10.0.0.1", &[("X-Forwarded-For", "[2001:db8::7]:80")], "2001:db8::7");
        check("10.0.0.1", &[("Forwarded", r#"proto=http; For="[2001:db8::7]:80""#)], "2001:db8::7");
    }

    #[test]
    fn a_network_of_64_bits_is_one_client() {
        let counted = |peer| counted_address(&request(peer, &[]));
        assert_eq!(counted("[2001:db8:0:1::7]"), counted("[2001:db8:0:1:8::1]"));
        assert_ne!(counted("[2001:db8:0:1::7]"), counted("[2001:db8:0:2::7]"));
        assert_ne!(counted("203.0.113.1"), counted("203.0.113.2"));
    }
}
