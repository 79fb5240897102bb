//! One try to deliver an event: compose, sign, send, judge.

use std::sync::Arc;
use std::time::Instant;

use reqwest::header::{HeaderMap, HeaderValue};

use super::receiver::End;
use super::{Destination, Protocol, signature};
use crate::clock::{Clock, Millis, seconds};
use crate::db::Hearer;
use crate::http::outgoing::{Answer, Failure, Outgoing};
use crate::store::events::attempt::NewAttempt;
use crate::store::events::delivery::{Claimed, Outcome, Verdict};

/// What is kept where a signature was.
const MASK: &str = "********";
/// How much of an answer is kept for operators.
const KEPT_ANSWER_CHARS: usize = 512;

/// An exchange that ended.
pub(super) struct Sent {
    pub hearer: Hearer,
    pub outcome: Outcome,
    pub end: End,
}

/// One try to deliver.
pub(super) struct Attempt {
    pub hearer: Hearer,
    pub destination: Arc<Destination>,
    pub claimed: Claimed,
    pub sender: Outgoing,
    pub protocol: Arc<dyn Protocol>,
    pub clock: Clock,
    pub retries: i64,
    pub retry_after: Millis,
}

impl Attempt {
    /// Sends, and judges what comes back.
    pub(super) async fn make(self) -> Sent {
        let number = self.claimed.attempts + 1;
        let (begin_time, begun) = (self.clock.now(), Instant::now());
        let Exchange { url, sign, answered } = self.exchange(number, begin_time).await;
        let duration = Millis::try_from(begun.elapsed().as_millis()).unwrap_or(Millis::MAX);
        let (end, status, answer, problem) = match answered {
            Ok(answer) => {
                let problem = self.judge(&answer).err().unwrap_or_default();
                (End::Answered, Some(i64::from(answer.status)), kept(&answer.body, &sign), problem)
            }
            Err(Failure::Timeout) => (End::TimedOut, None, String::new(), "no whole answer in time".to_owned()),
            Err(Failure::Other(problem)) => (End::BrokeOff, None, String::new(), problem),
        };
        let verdict = if problem.is_empty() {
            Verdict::Delivered
        } else if number - self.claimed.replayed_at > self.retries {
            Verdict::Dead
        } else {
            Verdict::Retry(self.clock.now().saturating_add(self.retry_after))
        };
        let enterprise_id = self.hearer.enterprise_id;
        let delivery_id = self.claimed.delivery_id;
        let attempt =
            NewAttempt { delivery_id, enterprise_id, number, begin_time, duration, url, status, answer, problem };
        Sent { hearer: self.hearer, outcome: Outcome { attempt, verdict }, end }
    }

    async fn exchange(&self, number: i64, now: Millis) -> Exchange {
        let event = &self.claimed.event;
        let message = match self.protocol.compose(&self.destination, event, now) {
            Ok(message) => message,
            Err(problem) => {
                return Exchange { url: String::new(), sign: String::new(), answered: Err(Failure::Other(problem)) };
            }
        };
        let id = format!("evt_{}", event.event_id);
        let timestamp = seconds(now);
        let signature =
            signature::signature(self.destination.enterprise.webhook_secrets_at(now), &id, timestamp, &message.body);
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("webhook-id", id),
            ("webhook-timestamp", timestamp.to_string()),
            ("webhook-signature", signature),
            ("lectern-sequence", event.sequence.to_string()),
            ("lectern-attempt", number.to_string()),
        ] {
            headers.extend(
                HeaderValue::try_from(value).ok().map(|value| (reqwest::header::HeaderName::from_static(name), value)),
            );
        }
        let mut url = message.url.clone();
        url.set_query(None);
        // An address has no place for them that these calls refuse.
        let _ = (url.set_username(""), url.set_password(None));
        let answered = self.sender.post(message.url, headers, message.body).await;
        Exchange { url: url.into(), sign: message.sign, answered }
    }

    fn judge(&self, answer: &Answer) -> Result<(), String> {
        if (200..300).contains(&answer.status) {
            self.protocol.accepts(&answer.body)
        } else {
            Err(format!("HTTP {}", answer.status))
        }
    }
}

/// What was sent and what came back.
struct Exchange {
    /// Where to, without the query and without a password.
    url: String,
    /// What signed it.
    sign: String,
    answered: Result<Answer, Failure>,
}

/// The beginning of an answer, as a text that every database can keep, and without the signature, if it was sent back: for
/// an hour it is good for calls too.
fn kept(body: &[u8], sign: &str) -> String {
    let mut text = String::from_utf8_lossy(body);
    if !sign.is_empty() && text.contains(sign) {
        text = text.replace(sign, MASK).into();
    }
    text.chars().filter(|c| *c != '\0').take(KEPT_ANSWER_CHARS).collect()
}
