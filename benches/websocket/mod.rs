//! A WebSocket client that does as little as possible: it looks at the length of a frame and passes the payload on.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};

/// The half that sends.
pub struct Sender(OwnedWriteHalf);

/// The half that receives.
pub struct Receiver {
    stream: OwnedReadHalf,
    buffer: Vec<u8>,
}

/// Opens a WebSocket.
pub async fn connect(address: SocketAddr, path: &str) -> (Sender, Receiver) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let request = format!(
        "GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\
         sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    assert!(head.starts_with(b"HTTP/1.1 101"), "{}", String::from_utf8_lossy(&head));
    let (reader, writer) = stream.into_split();
    (Sender(writer), Receiver { stream: reader, buffer: Vec::with_capacity(4 * 1024) })
}

impl Sender {
    /// Sends a text of less than 64 KiB. The mask is zero, which changes nothing.
    pub async fn send(&mut self, text: &str) {
        let mut frame = vec![0x81];
        match u8::try_from(text.len()) {
            Ok(length) if length < 126 => frame.push(0x80 | length),
            _ => {
                frame.push(0x80 | 0x7E);
                frame.extend(u16::try_from(text.len()).unwrap().to_be_bytes());
            }
        }
        frame.extend([0; 4]);
        frame.extend(text.as_bytes());
        self.0.write_all(&frame).await.unwrap();
    }
}

impl Receiver {
    /// Waits for more bytes, and passes on the payloads of the frames that are whole. Returns false at the end.
    pub async fn receive(&mut self, mut each: impl FnMut(&[u8])) -> bool {
        if self.stream.read_buf(&mut self.buffer).await.unwrap_or(0) == 0 {
            return false;
        }
        let mut at = 0;
        while let Some((from, to)) = frame(&self.buffer[at..]) {
            each(&self.buffer[at + from..at + to]);
            at += to;
        }
        self.buffer.drain(..at);
        true
    }
}

/// Where the payload of the first frame begins and ends; `None` if it is not whole.
fn frame(bytes: &[u8]) -> Option<(usize, usize)> {
    let (from, length) = match bytes.get(1)? {
        126 => (4, usize::from(u16::from_be_bytes(bytes.get(2..4)?.try_into().ok()?))),
        127 => (10, usize::try_from(u64::from_be_bytes(bytes.get(2..10)?.try_into().ok()?)).ok()?),
        length => (2, usize::from(*length)),
    };
    (bytes.len() >= from + length).then_some((from, from + length))
}
