//! One attempt to deliver an event: composes, signs and sends the request, and checks the answer.

use std::sync::Arc;
use std::time::Instant;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use url::Url;

use super::endpoint::{Endpoint, Message};
use super::signature;
use crate::clock::{Clock, Millis, ended, seconds};
use crate::http::outgoing::{Answer, Failure, Outgoing};
use crate::store::events::attempt::Attempt;
use crate::store::events::delivery::{Delivery, Outcome};
use crate::store::events::event::Event;

/// Replaces a signature in a stored answer.
const MASK: &str = "********";
/// How many characters of an answer are stored.
const KEPT_ANSWER_CHARS: usize = 512;

/// Sends deliveries. Clones share the connections.
#[derive(Clone)]
pub(super) struct Sender {
    pub outgoing: Outgoing,
    pub clock: Clock,
    pub retries: i64,
    pub retry_after: Millis,
}

impl Sender {
    /// Makes one attempt, and returns its outcome.
    pub(super) async fn attempt(self, endpoint: Arc<Endpoint>, delivery: Delivery, event: Event) -> Outcome {
        let number = delivery.attempts + 1;
        let (now, begun) = (self.clock.now(), Instant::now());
        let begin_time = ended(event.create_time, now);
        let (mut url, mut sign) = (String::new(), String::new());
        let answered = match endpoint.formatter.compose(&endpoint, &event, begin_time) {
            Ok(message) => {
                url = without_secrets(&message.url);
                sign.clone_from(&message.sign);
                let headers = headers(&endpoint, &event, &message, number, now);
                self.outgoing.post(message.url, headers, message.body).await
            }
            Err(problem) => Err(Failure::Other(problem)),
        };
        let duration = Millis::try_from(begun.elapsed().as_millis()).unwrap_or(Millis::MAX);
        let (timed_out, status, answer, problem) = match answered {
            Ok(answer) => {
                let problem = judge(&endpoint, &answer).err().unwrap_or_default();
                (false, Some(i64::from(answer.status)), kept(&answer.body, &sign), problem)
            }
            Err(Failure::Timeout) => (true, None, String::new(), "no whole answer in time".to_owned()),
            Err(Failure::Other(problem)) => (false, None, String::new(), problem),
        };
        let may_retry = !problem.is_empty() && number - delivery.replayed_at <= self.retries;
        let retry_at = may_retry.then(|| self.clock.now().saturating_add(self.retry_after));
        let attempt = Attempt {
            delivery_id: delivery.delivery_id,
            number,
            enterprise_id: endpoint.id.enterprise_id(),
            begin_time,
            duration,
            url,
            status,
            answer,
            problem,
        };
        Outcome { endpoint: endpoint.id, attempt, timed_out, retry_at }
    }
}

/// The headers of Standard Webhooks and those of Lectern.
fn headers(endpoint: &Endpoint, event: &Event, message: &Message, number: i64, now: Millis) -> HeaderMap {
    let id = format!("evt_{}", event.event_id);
    let timestamp = seconds(now);
    let signature = signature::signature(endpoint.secrets_at(now), &id, timestamp, &message.body);
    let headers = [
        ("webhook-id", id),
        ("webhook-timestamp", timestamp.to_string()),
        ("webhook-signature", signature),
        ("lectern-sequence", event.sequence.to_string()),
        ("lectern-attempt", number.to_string()),
    ];
    let header = |(name, value)| Some((HeaderName::from_static(name), HeaderValue::try_from(value).ok()?));
    headers.into_iter().filter_map(header).collect()
}

/// An address without the query, the user name and the password.
fn without_secrets(url: &Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    // These calls only fail for an address that can't have a user name or a password.
    let _ = (url.set_username(""), url.set_password(None));
    url.into()
}

fn judge(endpoint: &Endpoint, answer: &Answer) -> Result<(), String> {
    if (200..300).contains(&answer.status) {
        endpoint.formatter.acknowledged(&answer.body)
    } else {
        Err(format!("HTTP {}", answer.status))
    }
}

/// The beginning of an answer, without characters that a database does not accept. The signature is masked if the answer
/// repeats it, because it is valid for calls too.
fn kept(body: &[u8], sign: &str) -> String {
    let mut text = String::from_utf8_lossy(body);
    if !sign.is_empty() && text.contains(sign) {
        text = text.replace(sign, MASK).into();
    }
    text.chars().filter(|c| *c != '\0').take(KEPT_ANSWER_CHARS).collect()
}
