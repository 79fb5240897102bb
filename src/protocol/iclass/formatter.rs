//! Formats event callbacks: signs them, checks acknowledgements, and shows deliveries to operators.

use std::sync::Arc;

use serde_json::{Map, Value, json};
use url::Url;

use super::callback::{SIGN_SECONDS, sent};
use super::delivery::{DeliveryInfo, DeliveryRow};
use super::sign;
use crate::clock::{Millis, seconds};
use crate::domain::events::event::{Attempt, Delivery, Event};
use crate::state::AppState;
use crate::webhook;
use crate::webhook::{Endpoint, Message};

/// Some receivers put it before their answer. It is not part of JSON.
const BYTE_ORDER_MARK: &[u8] = "\u{FEFF}".as_bytes();

/// The protocol's callbacks (chapter 事件回调).
pub struct Formatter {
    /// Has the addresses of files. `None` on the command line, where addresses are empty.
    pub service: Option<Arc<AppState>>,
}

impl webhook::Formatter for Formatter {
    fn compose(&self, to: &Endpoint, event: &Event, now: Millis) -> Result<Message, String> {
        let enterprise = &to.enterprise;
        let expire_time = seconds(now).saturating_add(SIGN_SECONDS);
        let sign = sign::sign(to.callback_key.as_deref().unwrap_or(&enterprise.tic_key), expire_time);
        let mut url = Url::parse(&to.url).map_err(|e| format!("call_back_url: {e}"))?;
        // There are two generations of receivers: one reads the signature from the query, the other from the body.
        url.query_pairs_mut()
            .append_pair("sdkappid", &enterprise.sdkappid.to_string())
            .append_pair("random", &rand::random::<u32>().to_string())
            .append_pair("expire_time", &expire_time.to_string())
            .append_pair("sign", &sign);
        let address = |stored: &str| {
            self.service.as_ref().map_or_else(String::new, |service| service.address(enterprise, stored))
        };
        let body = serde_json::to_string(&sent(event, &address, expire_time, &sign)).map_err(|e| e.to_string())?;
        Ok(Message { url, body, sign })
    }

    fn acknowledged(&self, answer: &[u8]) -> Result<(), String> {
        let answer = answer.strip_prefix(BYTE_ORDER_MARK).unwrap_or(answer);
        // A map, not a struct: serde would also deserialize the array `[0]` into a struct.
        let parsed: Option<Map<String, Value>> = serde_json::from_slice(answer).ok();
        let error_code = parsed.as_ref().and_then(|answer| answer.get("error_code"));
        match error_code {
            None => Err("the answer is not JSON with error_code".to_owned()),
            Some(code) if is_zero(code) => Ok(()),
            Some(code) => Err(format!("error_code {code}")),
        }
    }

    fn show(&self, delivery: Delivery, event: &Event) -> Value {
        json!(DeliveryRow::new(&delivery, event, &|_| String::new()))
    }

    fn show_with_attempts(&self, delivery: Delivery, event: &Event, attempts: Vec<Attempt>) -> Value {
        json!(DeliveryInfo::new(&delivery, event, attempts, &|_| String::new()))
    }
}

/// Whether an `error_code` is 0. Some receivers send it as text or as a decimal fraction.
fn is_zero(code: &Value) -> bool {
    match code {
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.trim() == "0",
        _ => false,
    }
}
