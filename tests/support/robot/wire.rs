//! How a robot reaches the server: by datagrams, or over a connection.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UdpSocket};
use tokio::sync::mpsc;

/// How a robot reaches the server.
pub struct Wire {
    pub address: SocketAddr,
    udp: Option<UdpSocket>,
    pub tcp: Option<Connection>,
}

/// A connection with frames, as RFC 4571 has them.
pub struct Connection {
    server: SocketAddr,
    frames: mpsc::UnboundedSender<Vec<u8>>,
    arrived: mpsc::UnboundedReceiver<Vec<u8>>,
}

impl Wire {
    pub fn closed() -> Self {
        Self { address: "127.0.0.1:9".parse().unwrap(), udp: None, tcp: None }
    }

    pub async fn udp() -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        Self { address: socket.local_addr().unwrap(), udp: Some(socket), tcp: None }
    }

    /// Connects to the first address for connections in an answer.
    pub async fn tcp(answer: &str) -> Self {
        let line = answer.lines().find(|line| line.starts_with("a=candidate:") && line.contains("tcptype passive"));
        let words: Vec<&str> = line.unwrap().split(' ').collect();
        let server: SocketAddr = format!("{}:{}", words[4], words[5]).parse().unwrap();
        let stream = TcpStream::connect(server).await.unwrap();
        let address = stream.local_addr().unwrap();
        let (mut reading, mut writing) = stream.into_split();
        let (frames, mut outgoing) = mpsc::unbounded_channel::<Vec<u8>>();
        let (arriving, arrived) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            while let Some(frame) = outgoing.recv().await {
                writing.write_u16(u16::try_from(frame.len()).unwrap()).await.unwrap();
                writing.write_all(&frame).await.unwrap();
            }
        });
        tokio::spawn(async move {
            while let Ok(length) = reading.read_u16().await {
                let mut frame = vec![0; length.into()];
                if reading.read_exact(&mut frame).await.is_err() || arriving.send(frame).is_err() {
                    return;
                }
            }
        });
        Self { address, udp: None, tcp: Some(Connection { server, frames, arrived }) }
    }

    pub async fn receive(&mut self, buffer: &mut [u8]) -> (usize, SocketAddr) {
        match (&self.udp, &mut self.tcp) {
            (Some(socket), _) => socket.recv_from(buffer).await.unwrap(),
            (None, Some(connection)) => match connection.arrived.recv().await {
                Some(frame) => copy(&frame, connection.server, buffer),
                None => std::future::pending().await,
            },
            (None, None) => std::future::pending().await,
        }
    }

    pub fn try_receive(&mut self, buffer: &mut [u8]) -> Option<(usize, SocketAddr)> {
        match (&self.udp, &mut self.tcp) {
            (Some(socket), _) => socket.try_recv_from(buffer).ok(),
            (None, Some(connection)) => {
                connection.arrived.try_recv().ok().map(|frame| copy(&frame, connection.server, buffer))
            }
            (None, None) => None,
        }
    }

    pub fn send(&self, data: &[u8], destination: SocketAddr) {
        if let Some(connection) = &self.tcp {
            let _ = connection.frames.send(data.to_vec());
        } else if let Some(socket) = &self.udp {
            let _ = socket.try_send_to(data, destination);
        }
    }
}

fn copy(frame: &[u8], from: SocketAddr, buffer: &mut [u8]) -> (usize, SocketAddr) {
    buffer[..frame.len()].copy_from_slice(frame);
    (frame.len(), from)
}
