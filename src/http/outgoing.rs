//! Requests to services outside: one exchange each, within limits of time and size.

use std::time::Duration;

use reqwest::header::{ACCEPT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Client, RequestBuilder};
use url::Url;

use super::address::Guard;
use super::encoding;
use super::encoding::Body;

/// The response limit in bytes, for callers that only need to know whether a request succeeded.
pub const ANSWER_BYTES: usize = 64 * 1024;

/// The limits of each exchange.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Time limit, from connecting to the last byte of the response.
    pub timeout: Duration,
    /// How many idle connections to a host are kept.
    pub connections: usize,
    /// Whether private addresses are allowed.
    pub allow_private: bool,
    /// The largest response, in bytes after decompression. A larger one is a failure.
    pub answer_bytes: usize,
}

/// An HTTP client for requests and [downloads](super::download). Only downloads follow redirects. The proxy settings of the
/// environment are ignored.
#[derive(Clone)]
pub struct Outgoing {
    pub(super) client: Client,
    pub(super) guard: Guard,
    pub(super) timeout: Duration,
    pub(super) answer_bytes: usize,
}

/// A response with any status.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}

/// Why there is no response.
#[derive(Debug)]
pub enum Failure {
    /// The exchange exceeded its time limit.
    Timeout,
    /// Any other reason, described for an operator.
    Other(String),
}

impl Outgoing {
    /// A client within these limits.
    ///
    /// # Errors
    /// When TLS can't be initialised.
    pub fn new(limits: Limits) -> reqwest::Result<Self> {
        let Limits { timeout, connections, allow_private, answer_bytes } = limits;
        let guard = Guard { allow_private };
        let headers = HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static("identity"))]);
        let client = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .dns_resolver(guard)
            .http1_only()
            .tcp_nodelay(true)
            .pool_max_idle_per_host(connections)
            .default_headers(headers)
            .user_agent(concat!("Lectern/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self { client, guard, timeout, answer_bytes })
    }

    /// Posts JSON and reads the response.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn post(&self, url: Url, headers: HeaderMap, body: String) -> Result<Answer, Failure> {
        self.guard.check(&url).map_err(|e| Failure::Other(e.to_string()))?;
        let request = self.client.post(url).headers(headers).header(CONTENT_TYPE, "application/json");
        self.exchange(request.body(body)).await
    }

    /// Posts a form and reads the response.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn post_form(&self, url: Url, form: String) -> Result<Answer, Failure> {
        self.guard.check(&url).map_err(|e| Failure::Other(e.to_string()))?;
        let request = self.client.post(url).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.exchange(request.body(form)).await
    }

    /// Gets a URL and reads the response.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn get(&self, url: Url) -> Result<Answer, Failure> {
        self.guard.check(&url).map_err(|e| Failure::Other(e.to_string()))?;
        self.exchange(self.client.get(url)).await
    }

    async fn exchange(&self, request: RequestBuilder) -> Result<Answer, Failure> {
        // One deadline for the whole exchange: a server that sends a byte a second is cut off too.
        tokio::time::timeout(self.timeout, self.read(request)).await.unwrap_or(Err(Failure::Timeout))
    }

    async fn read(&self, request: RequestBuilder) -> Result<Answer, Failure> {
        let response = request.send().await.map_err(|e| failure(&e))?;
        let status = response.status().as_u16();
        let mut answer = Body::of(response).map_err(unreadable)?;
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(unreadable)? {
            if body.len() + chunk.len() > self.answer_bytes {
                return Err(Failure::Other(format!("the answer is larger than {} bytes", self.answer_bytes)));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { status, body })
    }
}

fn unreadable(error: encoding::Error) -> Failure {
    match error {
        encoding::Error::Exchange(error) => failure(&error),
        other => Failure::Other(format!("the answer {other}")),
    }
}

fn failure(error: &reqwest::Error) -> Failure {
    let what = if error.is_connect() { "can't connect" } else { "the exchange broke off" };
    Failure::Other(format!("{what}: {}", cause(error)))
}

/// The innermost cause. It is the most specific one, and does not contain the URL with its signature.
pub(super) fn cause(error: &reqwest::Error) -> &(dyn std::error::Error + 'static) {
    let mut cause: &(dyn std::error::Error + 'static) = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause
}
