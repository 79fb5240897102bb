//! A load generator: keep-alive connections on one thread. Each sends its next request after the response to the last
//! (closed loop), or at a given pace.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// How many connections a generator opens.
pub const CONNECTIONS: usize = 64;

/// Expected beginnings of response bodies: success, or the error that the floor's request must get.
const EXPECTED: [&[u8]; 3] = [
    b"{\"error_code\":0,",
    b"{\"errorCode\":0,",
    b"{\"error_code\":10003,\"error_msg\":\"delivery_ids: must have 1 to",
];

/// Makes a request from the number of the connection and of the request on it.
pub type Next<'a> = &'a dyn Fn(usize, usize) -> Vec<u8>;

/// The result of a run.
pub struct Run {
    pub per_second: f64,
    /// Latencies in microseconds, sorted.
    waits: Vec<u32>,
}

impl Run {
    /// A percentile of the latency, in microseconds.
    pub fn percentile(&self, percent: usize) -> u32 {
        self.waits.get((self.waits.len() * percent / 100).min(self.waits.len().saturating_sub(1))).copied().unwrap_or(0)
    }
}

/// Sends requests over all connections for a time: in a closed loop, or at `pace` requests a second.
pub async fn run(address: SocketAddr, next: Next<'_>, lasting: Duration, pace: Option<f64>) -> Run {
    let gap = pace.map(|pace| Duration::from_secs_f64(usize_f64(CONNECTIONS) / pace));
    let mut streams = Vec::with_capacity(CONNECTIONS);
    for _ in 0..CONNECTIONS {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        streams.push(stream);
    }
    let begun = Instant::now();
    let one = |number: usize, mut stream: TcpStream| async move {
        let (mut waits, mut buffer) = (Vec::with_capacity(100_000), Vec::with_capacity(64 * 1024));
        // Spread the first requests over one interval.
        let mut due = begun + gap.unwrap_or_default().mul_f64(usize_f64(number) / usize_f64(CONNECTIONS));
        for at in 0.. {
            let request = next(number, at);
            let mut sent = Instant::now();
            if let Some(gap) = gap {
                // A timer would wake many connections in the same millisecond, unlike real clients.
                while sent < due {
                    tokio::task::yield_now().await;
                    sent = Instant::now();
                }
                due += gap;
            }
            if begun.elapsed() > lasting {
                break;
            }
            stream.write_all(&request).await.unwrap();
            answer(&mut stream, &mut buffer).await;
            waits.push(u32::try_from(sent.elapsed().as_micros()).unwrap());
        }
        waits
    };
    let all = streams.into_iter().enumerate().map(|(number, stream)| one(number, stream));
    let all = futures_util::future::join_all(all).await;
    let taken = begun.elapsed().as_secs_f64();
    let mut waits: Vec<u32> = all.into_iter().flatten().collect();
    waits.sort_unstable();
    Run { per_second: usize_f64(waits.len()) / taken, waits }
}

/// Whether `/readyz` answers 200.
pub async fn is_ready(address: SocketAddr) -> bool {
    let Ok(mut stream) = TcpStream::connect(address).await else { return false };
    let mut buffer = Vec::new();
    let sent = stream.write_all(b"GET /readyz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await;
    sent.is_ok() && stream.read_to_end(&mut buffer).await.is_ok() && buffer.starts_with(b"HTTP/1.1 200 ")
}

/// Sends one request on a new connection and waits for the response.
pub async fn once(address: SocketAddr, request: &[u8]) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request).await.unwrap();
    answer(&mut stream, &mut Vec::new()).await;
}

/// Reads one response into the buffer and returns the offset of its body.
async fn answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> usize {
    buffer.clear();
    loop {
        assert!(stream.read_buf(buffer).await.unwrap() > 0, "the connection was closed");
        let Some(body) = position(buffer, b"\r\n\r\n").map(|at| at + 4) else { continue };
        let length = position(&buffer[..body], b"content-length: ").unwrap() + 16;
        let digits = buffer[length..].iter().take_while(|b| b.is_ascii_digit());
        let length = digits.fold(0, |sum, digit| sum * 10 + usize::from(digit - b'0'));
        if buffer.len() >= body + length {
            let expected = EXPECTED.iter().any(|begin| buffer[body..].starts_with(begin));
            assert!(expected, "{}", String::from_utf8_lossy(buffer));
            return body;
        }
    }
}

fn position(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

#[allow(clippy::cast_precision_loss, reason = "counts of requests")]
pub fn usize_f64(count: usize) -> f64 {
    count as f64
}

/// A POST request with a JSON body.
pub fn post(path: &str, body: &str) -> Vec<u8> {
    format!(
        "POST {path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}
