//! A receiver of webhooks: a real HTTP server that records the requests and answers them by a script. It also serves documents
//! to the converter.
//!
//! It runs on its own threads, so that it continues while a test blocks. Dropping it closes hanging connections. Declare it
//! after the service, which waits for exchanges in flight when it stops.

mod connection;

use super::PATIENCE;
use std::collections::HashMap;
use std::io::{ErrorKind, Write};
use std::net::TcpStream as StdStream;
use std::sync::{Arc, LazyLock, Mutex};

use serde_json::{Value, json};
use tokio::runtime::Runtime;
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;

use connection::accept;

static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap());

/// A running receiver.
pub struct Receiver {
    /// The URL for `call_back_url`.
    pub url: String,
    shared: Arc<Shared>,
    serving: JoinHandle<()>,
}

/// A received request.
#[derive(Debug)]
pub struct Request {
    /// POST or GET.
    pub method: String,
    /// The path with the query.
    pub target: String,
    pub path: String,
    pub query: HashMap<String, String>,
    /// The headers, with names in lower case.
    pub headers: HashMap<String, String>,
    pub raw: String,
    /// The body; null if it is not JSON.
    pub body: Value,
    /// The number of its connection, from 0.
    pub connection: usize,
    /// How many requests were unanswered when it arrived, including itself.
    pub at_once: usize,
}

/// An answer.
#[derive(Clone, Debug)]
pub enum Reply {
    /// HTTP 200 with `{"error_code":0}`.
    Ack,
    /// A status, a Content-Type and a body.
    Whole(u16, &'static str, String),
    /// HTTP 200 with this `Content-Encoding` and body.
    Encoded(&'static str, Vec<u8>),
    /// HTTP 302 to this address, with the body of an acknowledgement.
    Redirect(String),
    /// No answer; the connection is closed.
    Close,
    /// No answer; the connection remains open.
    Hang,
    /// As [`Reply::Ack`], after [`Receiver::release`].
    Hold,
    /// An acknowledgement, one byte per second.
    Drip,
    /// An endless body.
    Endless,
    /// A body with a Content-Length of 1 GiB.
    Gigabyte,
}

type Script = Box<dyn Fn(&Request) -> Reply + Send + Sync>;

struct Shared {
    script: Mutex<Script>,
    seen: Mutex<Seen>,
    /// Notifies of new requests.
    came: Notify,
    /// The answer to the held requests.
    released: watch::Sender<Option<Reply>>,
}

#[derive(Default)]
struct Seen {
    requests: Vec<Arc<Request>>,
    /// The connections with an unanswered request.
    answering: HashMap<usize, StdStream>,
}

impl Reply {
    /// JSON with HTTP 200.
    pub fn json(body: &Value) -> Self {
        Self::Whole(200, "application/json", body.to_string())
    }

    /// An acknowledgement that is padded with blanks to this length.
    pub fn padded_ack(bytes: usize) -> Self {
        let mut body = json!({"error_code": 0}).to_string();
        body.extend(std::iter::repeat_n(' ', bytes - body.len()));
        Self::Whole(200, "application/json", body)
    }
}

/// Compresses with gzip.
pub fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

/// Compresses as `deflate` is specified.
pub fn deflate(body: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

/// Compresses as some servers take `deflate`.
pub fn raw_deflate(body: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

impl Request {
    /// The name of the event.
    pub fn event(&self) -> &str {
        self.body["event"].as_str().unwrap()
    }

    /// A number in a field of `data`.
    pub fn data(&self, field: &str) -> i64 {
        self.body["data"][field].as_i64().unwrap_or_else(|| panic!("no {field}: {}", self.raw))
    }

    /// A required header.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).unwrap_or_else(|| panic!("no {name}: {:?}", self.headers))
    }

    /// A required header with a number.
    pub fn number(&self, name: &str) -> i64 {
        self.header(name).parse().unwrap()
    }
}

impl Receiver {
    /// A receiver that acknowledges everything.
    pub fn start() -> Self {
        Self::answering(|_| Reply::Ack)
    }

    /// A receiver that answers each request by a script.
    pub fn answering(script: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/events", listener.local_addr().unwrap());
        listener.set_nonblocking(true).unwrap();
        let shared = Arc::new(Shared {
            script: Mutex::new(Box::new(script)),
            seen: Mutex::default(),
            came: Notify::new(),
            released: watch::Sender::new(None),
        });
        let serving = RUNTIME.spawn(accept(listener, shared.clone()));
        Self { url, shared, serving }
    }

    /// Replaces the script.
    pub fn answer(&self, script: impl Fn(&Request) -> Reply + Send + Sync + 'static) {
        *self.shared.script.lock().unwrap() = Box::new(script);
    }

    /// Acknowledges the requests that [`Reply::Hold`] holds.
    pub fn release(&self) {
        self.shared.released.send_modify(|held| *held = Some(Reply::Ack));
    }

    /// Answers the requests that [`Reply::Hold`] holds with these bytes.
    pub fn release_with(&self, reply: Reply) {
        self.shared.released.send_modify(|held| *held = Some(reply));
    }

    /// Closes the connections of the requests that [`Reply::Hold`] holds.
    pub fn hang_up(&self) {
        self.shared.released.send_modify(|held| *held = Some(Reply::Close));
    }

    /// All requests, in order.
    pub fn requests(&self) -> Vec<Arc<Request>> {
        self.shared.seen.lock().unwrap().requests.clone()
    }

    /// How many requests are unanswered now.
    pub fn answering_now(&self) -> usize {
        self.shared.seen.lock().unwrap().owed()
    }

    /// Waits for at least `n` requests, and returns all requests.
    pub async fn wait_for(&self, n: usize) -> Vec<Arc<Request>> {
        self.wait_until(&format!("{n} requests"), |requests| requests.len() >= n).await
    }

    /// Waits until the requests satisfy a condition, and returns them.
    pub async fn wait_until(&self, what: &str, mut done: impl FnMut(&[Arc<Request>]) -> bool) -> Vec<Arc<Request>> {
        let wait = async {
            loop {
                let came = self.shared.came.notified();
                tokio::pin!(came);
                came.as_mut().enable();
                let requests = self.requests();
                if done(&requests) {
                    return requests;
                }
                came.await;
            }
        };
        let waited = tokio::time::timeout(PATIENCE, wait).await;
        waited.unwrap_or_else(|_| panic!("waited in vain for {what}; {}", self.published()))
    }

    fn published(&self) -> String {
        let requests = self.requests();
        let last: Vec<String> = requests.iter().rev().take(20).map(|request| request.raw.clone()).collect();
        format!("{} came, the last first: {last:#?}", requests.len())
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Seen {
    /// How many requests are unanswered on open connections.
    fn owed(&self) -> usize {
        let waits = |stream: &&StdStream| matches!(stream.peek(&mut [0]), Err(e) if e.kind() == ErrorKind::WouldBlock);
        self.answering.values().filter(waits).count()
    }
}
