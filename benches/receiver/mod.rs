//! A minimal webhook receiver: reads a request, records its arrival time, acknowledges.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const ACKNOWLEDGEMENT: &[u8] =
    b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 16\r\n\r\n{\"error_code\":0}";

/// A receiver on a thread of its own.
pub struct Receiver {
    pub url: String,
    arrivals: Arc<Mutex<HashMap<i64, Instant>>>,
}

impl Receiver {
    pub fn start() -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        listener.set_nonblocking(true).unwrap();
        let arrivals = Arc::new(Mutex::new(HashMap::new()));
        let noted = arrivals.clone();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async move {
                let listener = TcpListener::from_std(listener).unwrap();
                while let Ok((stream, _)) = listener.accept().await {
                    tokio::spawn(serve(stream, noted.clone()));
                }
            });
        });
        Self { url, arrivals }
    }

    pub fn forget(&self) {
        self.arrivals.lock().unwrap().clear();
    }

    /// When the first callback of each class arrived.
    pub fn arrivals(&self) -> HashMap<i64, Instant> {
        self.arrivals.lock().unwrap().clone()
    }
}

async fn serve(mut stream: TcpStream, arrivals: Arc<Mutex<HashMap<i64, Instant>>>) {
    stream.set_nodelay(true).unwrap();
    let mut buffer = Vec::with_capacity(4096);
    while let Ok(1..) = stream.read_buf(&mut buffer).await {
        let Some(end) = buffer.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let length = number_after(&buffer[..end], b"content-length: ").unwrap_or(0);
        let whole = end + 4 + usize::try_from(length).unwrap();
        if buffer.len() < whole {
            continue;
        }
        if let Some(class_id) = number_after(&buffer[end..whole], b"\"class_id\":") {
            arrivals.lock().unwrap().entry(class_id).or_insert_with(Instant::now);
        }
        buffer.drain(..whole);
        if stream.write_all(ACKNOWLEDGEMENT).await.is_err() {
            return;
        }
    }
}

/// The number that follows `name`.
pub fn number_after(text: &[u8], name: &[u8]) -> Option<i64> {
    let at = text.windows(name.len()).position(|window| window == name)? + name.len();
    let digits: Vec<u8> = text[at..].iter().copied().take_while(u8::is_ascii_digit).collect();
    String::from_utf8(digits).ok()?.parse().ok()
}
