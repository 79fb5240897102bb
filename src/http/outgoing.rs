//! Requests of ours to services outside: one exchange each, within limits of time and size.

use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderMap};
use reqwest::{Client, RequestBuilder};
use url::Url;

use super::address::Guard;

/// How much of an answer is read where nothing is asked for but whether it went well.
pub const ANSWER_BYTES: usize = 64 * 1024;

/// What the exchanges may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How long each may, from the connection to the last byte of the answer.
    pub timeout: Duration,
    /// How many connections to a host are kept.
    pub connections: usize,
    /// Whether addresses inside networks may be sent to.
    pub allow_private: bool,
    /// How much of an answer is read; a longer one is none.
    pub answer_bytes: usize,
}

/// Makes requests over connections that are kept, and [downloads](super::download). But for those it follows no redirect, and
/// it uses no proxy of the environment.
#[derive(Clone)]
pub struct Outgoing {
    pub(super) client: Client,
    pub(super) guard: Guard,
    pub(super) timeout: Duration,
    pub(super) answer_bytes: usize,
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
        let Limits { timeout, connections, allow_private, answer_bytes } = limits;
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
        Ok(Self { client, guard, timeout, answer_bytes })
    }

    /// Posts JSON and reads the answer.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn post(&self, url: Url, headers: HeaderMap, body: String) -> Result<Answer, Failure> {
        self.guard.check(&url).map_err(|e| Failure::Other(e.to_string()))?;
        let request = self.client.post(url).headers(headers).header(CONTENT_TYPE, "application/json");
        self.exchange(request.body(body)).await
    }

    /// Posts a form and reads the answer.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn post_form(&self, url: Url, form: String) -> Result<Answer, Failure> {
        self.guard.check(&url).map_err(|e| Failure::Other(e.to_string()))?;
        let request = self.client.post(url).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.exchange(request.body(form)).await
    }

    /// Reads what is at an address.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn get(&self, url: Url) -> Result<Answer, Failure> {
        self.guard.check(&url).map_err(|e| Failure::Other(e.to_string()))?;
        self.exchange(self.client.get(url)).await
    }

    async fn exchange(&self, request: RequestBuilder) -> Result<Answer, Failure> {
        // The deadline is over all of it: a receiver that answers a byte a second is cut off too.
        tokio::time::timeout(self.timeout, self.read(request)).await.unwrap_or(Err(Failure::Timeout))
    }

    async fn read(&self, request: RequestBuilder) -> Result<Answer, Failure> {
        let mut response = request.send().await.map_err(|e| in_words(&e))?;
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|e| in_words(&e))? {
            if body.len() + chunk.len() > self.answer_bytes {
                return Err(Failure::Other(format!("the answer is larger than {} bytes", self.answer_bytes)));
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
