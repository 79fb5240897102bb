//! Datagrams of one thread, several in one call of the operating system where it can do that (segmentation offload).

use std::io::{self, IoSliceMut};
use std::net::SocketAddr;

use quinn_udp::{RecvMeta, Transmit, UdpSocketState};
use tokio::io::Interest;
use tokio::net::UdpSocket;

/// How many messages are read at once. Each may have many datagrams of one sender.
const MESSAGES: usize = 8;
/// The largest message, in bytes.
const LARGEST: usize = 65_536;
/// The most that is sent in one call, in bytes: the length of an IP packet has 16 bits.
const MOST: usize = 60_000;

/// The socket of a thread.
#[derive(Debug)]
pub(super) struct Datagrams {
    socket: UdpSocket,
    state: UdpSocketState,
    /// What is sent in the next call: datagrams of one size, of which the last may be smaller.
    waiting: Vec<u8>,
    /// Who gets it, and the size of each datagram.
    next: Option<(SocketAddr, usize)>,
}

/// What was read.
pub(super) struct Received {
    buffers: Vec<Vec<u8>>,
    about: [RecvMeta; MESSAGES],
    messages: usize,
}

impl Datagrams {
    /// Registers the socket, and waits until something can be sent: what is sent before that would be lost.
    pub async fn new(socket: std::net::UdpSocket) -> io::Result<Self> {
        let socket = UdpSocket::from_std(socket)?;
        socket.writable().await?;
        let state = UdpSocketState::new((&socket).into())?;
        Ok(Self { socket, state, waiting: Vec::new(), next: None })
    }

    /// Waits until there is something to read.
    pub async fn readable(&self) -> io::Result<()> {
        self.socket.readable().await
    }

    /// Reads what has arrived.
    pub fn read(&self, received: &mut Received) {
        let Received { buffers, about, messages } = received;
        let mut buffers: Vec<IoSliceMut> = buffers.iter_mut().map(|buffer| IoSliceMut::new(buffer)).collect();
        let read = || self.state.recv((&self.socket).into(), &mut buffers, about);
        // Errors are of earlier datagrams that nobody received.
        *messages = self.socket.try_io(Interest::READABLE, read).unwrap_or_default();
    }

    /// Sends a datagram, at the latest with the next [`Self::flush`].
    pub fn send(&mut self, destination: SocketAddr, datagram: &[u8]) {
        let fits = |(to, size): (SocketAddr, usize)| {
            to == destination
                && datagram.len() <= size
                && self.waiting.len().is_multiple_of(size)
                && self.waiting.len() + datagram.len() <= MOST.min(size * self.state.max_gso_segments())
        };
        if !self.next.is_some_and(fits) {
            self.flush();
            self.next = Some((destination, datagram.len().max(1)));
        }
        self.waiting.extend_from_slice(datagram);
    }

    /// Sends what waits.
    pub fn flush(&mut self) {
        let Some((destination, size)) = self.next.take() else { return };
        let segment_size = (self.waiting.len() > size).then_some(size);
        let transmit = Transmit { destination, ecn: None, contents: &self.waiting, segment_size, src_ip: None };
        let send = || self.state.try_send((&self.socket).into(), &transmit);
        // A full buffer is a network that loses packets: those who miss them ask again.
        let _ = self.socket.try_io(Interest::WRITABLE, send);
        self.waiting.clear();
    }
}

impl Received {
    pub fn new() -> Self {
        Self { buffers: vec![vec![0; LARGEST]; MESSAGES], about: [RecvMeta::default(); MESSAGES], messages: 0 }
    }

    /// The datagrams, each with its sender.
    pub fn datagrams(&self) -> impl Iterator<Item = (SocketAddr, &[u8])> {
        let messages = self.about.iter().zip(&self.buffers).take(self.messages);
        messages.flat_map(|(about, buffer)| {
            let data = buffer.get(..about.len).unwrap_or_default();
            data.chunks(about.stride.max(1)).map(|datagram| (about.addr, datagram))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn read(datagrams: &Datagrams, wanted: usize) -> Vec<(SocketAddr, Vec<u8>)> {
        let (mut received, mut all) = (Received::new(), Vec::new());
        while all.len() < wanted {
            datagrams.readable().await.unwrap();
            datagrams.read(&mut received);
            all.extend(received.datagrams().map(|(from, datagram)| (from, datagram.to_vec())));
        }
        all
    }

    #[tokio::test]
    async fn datagrams_of_all_sizes_arrive_as_they_were_sent() {
        let bind = async || {
            let socket = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
            socket.set_nonblocking(true).unwrap();
            Datagrams::new(socket).await.unwrap()
        };
        let (mut sender, receivers) = (bind().await, [bind().await, bind().await]);
        let from = sender.socket.local_addr().unwrap();
        let sizes = [1_000, 1_000, 1_000, 80, 80, 900, 1_000, 3, 3];
        let sent: Vec<Vec<u8>> = (0u8..).zip(sizes).map(|(number, size)| vec![number; size]).collect();
        for (receiver, datagrams) in receivers.iter().zip([&sent[..], &sent[3..]]) {
            let to = receiver.socket.local_addr().unwrap();
            for datagram in datagrams {
                sender.send(to, datagram);
            }
        }
        sender.flush();
        for (receiver, datagrams) in receivers.iter().zip([&sent[..], &sent[3..]]) {
            let expected: Vec<_> = datagrams.iter().map(|datagram| (from, datagram.clone())).collect();
            assert_eq!(read(receiver, datagrams.len()).await, expected);
        }
    }
}
