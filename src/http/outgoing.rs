//! Requests of ours to services outside: one exchange each, within limits of time and size.

use std::time::Duration;

use reqwest::Client;
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use url::Url;

use super::address::Guard;

/// How much of an answer is read.
const ANSWER_BYTES: usize = 64 * 1024;

/// What the exchanges may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How long each may, from the connection to the last byte of the answer.
    pub timeout: Duration,
    /// How many connections to a host are kept.
    pub connections: usize,
    /// Whether addresses inside networks may be sent to.
    pub allow_private: bool,
}

/// Posts JSON over connections that are kept, and [downloads](super::download). A post follows no redirect, and no proxy of the
/// environment is used.
#[derive(Clone)]
pub struct Outgoing {
    pub(super) client: Client,
    pub(super) guard: Guard,
    pub(super) timeout: Duration,
}

/// An answer, whatever it says.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}

/// Why there is no answer.
#[derive(Debug)]
pub enum Failure {
    /// It took too long.
    Timeout,
    /// In words for an operator.
    Other(String),
}

impl Outgoing {
    /// A client within these limits.
    ///
    /// # Errors
    /// When there is no TLS.
    pub fn new(limits: Limits) -> reqwest::Result<Self> {
        let Limits { timeout, connections, allow_private } = limits;
        let guard = Guard { allow_private };
        let client = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .dns_resolver(guard)
            .http1_only()
            .tcp_nodelay(true)
            .pool_max_idle_per_host(connections)
            .user_agent(concat!("Lectern/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self { client, guard, timeout })
    }

    /// Posts a body and reads the answer.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn post(&self, url: Url, headers: HeaderMap, body: String) -> Result<Answer, Failure> {
        self.guard.check(&url).map_err(|e| Failure::Other(e.to_string()))?;
        // The deadline is over all of it: a receiver that answers a byte a second is cut off too.
        tokio::time::timeout(self.timeout, self.exchange(url, headers, body)).await.unwrap_or(Err(Failure::Timeout))
    }

    async fn exchange(&self, url: Url, headers: HeaderMap, body: String) -> Result<Answer, Failure> {
        let request = self.client.post(url).headers(headers).header(CONTENT_TYPE, "application/json").body(body);
        let mut response = request.send().await.map_err(|e| in_words(&e))?;
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|e| in_words(&e))? {
            if body.len() + chunk.len() > ANSWER_BYTES {
                return Err(Failure::Other(format!("the answer is larger than {ANSWER_BYTES} bytes")));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { status: response.status().as_u16(), body })
    }
}

fn in_words(error: &reqwest::Error) -> Failure {
    let what = if error.is_connect() { "can't connect" } else { "the exchange broke off" };
    Failure::Other(format!("{what}: {}", cause(error)))
}

/// The innermost cause says most, and names no URL, where the signature is.
pub(super) fn cause(error: &reqwest::Error) -> &(dyn std::error::Error + 'static) {
    let mut cause: &(dyn std::error::Error + 'static) = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause
}
