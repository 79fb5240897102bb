//! One exchange with a receiver, within limits of time and size.

use std::time::Duration;

use reqwest::Client;
use reqwest::header::{CONTENT_TYPE, HeaderMap};

use super::address::Guard;
use super::{Message, Settings};

/// How much of an answer is read.
const ANSWER_BYTES: usize = 64 * 1024;

/// Posts messages over connections that are kept.
#[derive(Clone)]
pub(super) struct Sender {
    client: Client,
    guard: Guard,
    timeout: Duration,
}

/// An answer, whatever it says.
pub(super) struct Answer {
    pub status: u16,
    pub body: Vec<u8>,
}

/// Why there is no answer.
pub(super) enum Failure {
    /// It took too long.
    Timeout,
    /// In words for an operator.
    Other(String),
}

impl Sender {
    pub(super) fn new(settings: &Settings) -> reqwest::Result<Self> {
        let guard = Guard { allow_private: settings.allow_private };
        let client = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .dns_resolver(guard)
            .http1_only()
            .tcp_nodelay(true)
            .pool_max_idle_per_host(settings.connections)
            .user_agent(concat!("Lectern/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self { client, guard, timeout: settings.timeout })
    }

    /// Posts a message and reads the answer.
    pub(super) async fn send(&self, message: Message, headers: HeaderMap) -> Result<Answer, Failure> {
        self.guard.check(&message.url).map_err(Failure::Other)?;
        // The deadline is over all of it: a receiver that answers a byte a second is cut off too.
        tokio::time::timeout(self.timeout, self.exchange(message, headers)).await.unwrap_or(Err(Failure::Timeout))
    }

    async fn exchange(&self, message: Message, headers: HeaderMap) -> Result<Answer, Failure> {
        let request =
            self.client.post(message.url).headers(headers).header(CONTENT_TYPE, "application/json").body(message.body);
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

/// The innermost cause says most, and names no URL, where the signature is.
fn in_words(error: &reqwest::Error) -> Failure {
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    let what = if error.is_connect() { "can't connect" } else { "the exchange broke off" };
    Failure::Other(format!("{what}: {cause}"))
}
