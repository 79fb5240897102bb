//! The sockets of the media server, and the addresses that pages get.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, UdpSocket};

use socket2::{Domain, Protocol as SocketProtocol, Socket, Type};
use str0m::Candidate;
use str0m::net::{Protocol, TcpType};

/// What the kernel keeps for each socket, in bytes: some hundred milliseconds of the media of many classes.
const BUFFER: usize = 4 * 1024 * 1024;
/// How many ports are tried if any will do.
const TRIES: usize = 16;
/// How many connections wait to be accepted.
const BACKLOG: i32 = 256;

/// The sockets: one for datagrams for each thread, all of the same port, and one for connections.
pub(super) struct Sockets {
    pub datagrams: Vec<UdpSocket>,
    pub connections: TcpListener,
    pub addresses: Addresses,
}

/// The addresses of the media server.
#[derive(Clone, Debug)]
pub(super) struct Addresses {
    pub candidates: Vec<Candidate>,
    port: u16,
    hosts: Vec<IpAddr>,
}

impl Sockets {
    /// Binds the sockets. Port 0 is any port that is free for datagrams and connections.
    ///
    /// # Errors
    /// Those of the operating system.
    pub fn bind(listen: SocketAddr, public: &[SocketAddr], threads: usize) -> io::Result<Self> {
        let mut tries = if listen.port() == 0 { TRIES } else { 1 };
        loop {
            tries -= 1;
            match Self::bind_once(listen, public, threads) {
                Err(problem) if problem.kind() == io::ErrorKind::AddrInUse && tries > 0 => {}
                bound => return bound,
            }
        }
    }

    fn bind_once(listen: SocketAddr, public: &[SocketAddr], threads: usize) -> io::Result<Self> {
        let connections = Socket::new(Domain::for_address(listen), Type::STREAM, Some(SocketProtocol::TCP))?;
        connections.set_reuse_address(true)?;
        connections.bind(&listen.into())?;
        connections.listen(BACKLOG)?;
        connections.set_nonblocking(true)?;
        let connections = TcpListener::from(connections);
        let bound = connections.local_addr()?;
        // Sockets of one process share a port. Another process must not get half of the datagrams: the first bind shows
        // whether the port is free.
        drop(UdpSocket::bind(bound)?);
        let datagrams = (0..threads.max(1)).map(|_| datagram_socket(bound)).collect::<io::Result<_>>()?;
        let addresses = Addresses::new(bound, public)?;
        Ok(Self { datagrams, connections, addresses })
    }
}

fn datagram_socket(bound: SocketAddr) -> io::Result<UdpSocket> {
    let socket = Socket::new(Domain::for_address(bound), Type::DGRAM, Some(SocketProtocol::UDP))?;
    socket.set_reuse_port(true)?;
    // The kernel gives what its limit allows.
    socket.set_recv_buffer_size(BUFFER)?;
    socket.set_send_buffer_size(BUFFER)?;
    socket.set_nonblocking(true)?;
    socket.bind(&bound.into())?;
    Ok(socket.into())
}

impl Addresses {
    fn new(bound: SocketAddr, public: &[SocketAddr]) -> io::Result<Self> {
        let mut addresses: Vec<SocketAddr> = public
            .iter()
            .map(|address| match address.port() {
                0 => SocketAddr::new(address.ip(), bound.port()),
                _ => *address,
            })
            .collect();
        if addresses.is_empty() {
            addresses = self::addresses(bound)?.into_iter().map(|host| SocketAddr::new(host, bound.port())).collect();
        }
        let mut candidates = Vec::new();
        for address in &addresses {
            candidates.extend(Candidate::host(*address, "udp").ok());
            candidates.extend(Candidate::builder().tcp().host(*address).tcptype(TcpType::Passive).build().ok());
        }
        let hosts = addresses.iter().map(SocketAddr::ip).collect();
        Ok(Self { candidates, port: addresses.first().map_or(bound.port(), SocketAddr::port), hosts })
    }

    /// The address at which something from `source` arrived, as far as pages know it. The operating system doesn't say which
    /// of several it was, and it does not matter: answers go back the way the question came.
    pub fn local(&self, source: SocketAddr) -> SocketAddr {
        let same = self.hosts.iter().find(|host| host.is_ipv4() == source.is_ipv4());
        let host = same.or(self.hosts.first()).copied().unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
        SocketAddr::new(host, self.port)
    }
}

/// Whether datagrams and connections could be received at an address now.
///
/// # Errors
/// Those of the operating system.
pub fn try_to_bind(listen: SocketAddr) -> io::Result<()> {
    Sockets::bind_once(listen, &[], 1).map(drop)
}

/// The addresses that pages get of a server that listens here, if the settings name none.
///
/// # Errors
/// Those of the operating system.
pub fn addresses(listen: SocketAddr) -> io::Result<Vec<IpAddr>> {
    if listen.ip().is_unspecified() { interfaces(listen) } else { Ok(vec![listen.ip()]) }
}

/// The addresses of this machine, loopback last.
fn interfaces(bound: SocketAddr) -> io::Result<Vec<IpAddr>> {
    let mut found: Vec<IpAddr> = if_addrs::get_if_addrs()?
        .into_iter()
        .map(|interface| interface.ip())
        .filter(|ip| (bound.is_ipv6() || ip.is_ipv4()) && !is_link_local(*ip))
        .collect();
    found.sort_by_key(|ip| (ip.is_loopback(), ip.is_ipv6()));
    Ok(found)
}

fn is_link_local(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => ip.is_link_local(),
        IpAddr::V6(ip) => ip.is_unicast_link_local(),
    }
}

/// The part of the name of a STUN binding request that the server gave out, which identifies the media session: RFC 8445, 7.2.2. `None`
/// for anything else. Nothing is checked here: the connection does that.
pub(super) fn stun_name(datagram: &[u8]) -> Option<&str> {
    const REQUEST: [u8; 2] = [0, 1];
    const COOKIE: [u8; 4] = [0x21, 0x12, 0xa4, 0x42];
    const HEADER: usize = 20;
    const USERNAME: [u8; 2] = [0, 6];
    if datagram.get(0..2)? != REQUEST || datagram.get(4..8)? != COOKIE {
        return None;
    }
    let mut attributes = datagram.get(HEADER..)?;
    loop {
        let length = usize::from(u16::from_be_bytes(attributes.get(2..4)?.try_into().ok()?));
        if attributes.get(0..2)? == USERNAME {
            let name = std::str::from_utf8(attributes.get(4..4 + length)?).ok()?;
            return name.split(':').next();
        }
        attributes = attributes.get(4 + length.next_multiple_of(4)..)?;
    }
}

/// Whether datagrams of this kind come over a connection.
pub(super) fn is_connection(protocol: Protocol) -> bool {
    protocol != Protocol::Udp
}

/// Whether a datagram is a packet of voice or picture: RFC 7983, and RFC 5761, 4.
pub(super) fn is_media(datagram: &[u8]) -> bool {
    is_rtp(datagram) && !is_report(datagram)
}

/// Whether a datagram is a report about media.
pub(super) fn is_report(datagram: &[u8]) -> bool {
    is_rtp(datagram) && datagram.get(1).is_some_and(|kind| (64..96).contains(&(kind & 0x7f)))
}

fn is_rtp(datagram: &[u8]) -> bool {
    datagram.first().is_some_and(|first| first & 0xc0 == 0x80)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_datagram_stops_the_demultiplexing(datagram in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = stun_name(&datagram);
            let mut request = vec![0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
            request.extend(datagram);
            let _ = stun_name(&request);
        }
    }

    #[test]
    fn a_binding_request_says_whose_it_is() {
        let mut request = vec![0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        request.extend([0, 0x25, 0, 0, 0, 6, 0, 7]);
        request.extend(b"abcd:ef\0");
        assert_eq!(stun_name(&request), Some("abcd"));
    }

    #[test]
    fn any_free_port_is_found_for_datagrams_and_connections() {
        let sockets = Sockets::bind("127.0.0.1:0".parse().unwrap(), &[], 2).unwrap();
        let port = sockets.connections.local_addr().unwrap().port();
        assert!(sockets.datagrams.iter().all(|socket| socket.local_addr().unwrap().port() == port));
        let again = Sockets::bind(sockets.connections.local_addr().unwrap(), &[], 1);
        assert!(again.is_err(), "two servers at one port");
    }
}
