//! Makes a call: signs it, sends it to this service, and shows what was sent and answered.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use reqwest::header::HeaderMap;
use serde_json::Value;
use url::Url;

use super::known::Calls;
use super::show::{Exchange, answer};
use crate::console::form::Form;
use crate::console::problem::Problem;
use crate::console::visit::Signed;
use crate::db::Conn;
use crate::domain::tenancy::audit;
use crate::domain::tenancy::audit::{AuditAction, Change};
use crate::domain::tenancy::console::Action;
use crate::http::outgoing::Failure;

/// What a secret is shown as.
const MASK: &str = "********";
/// How many characters of an answer that is no JSON are shown.
const SHOWN: usize = 20_000;

/// Makes a call.
pub(super) async fn send(
    signed: Signed,
    sdkappid: Path<i64>,
    calls: Data<Calls>,
    form: Form,
) -> Result<HttpResponse, Problem> {
    signed.check(Action::Change)?;
    let enterprise = signed.enterprise(*sdkappid).await?;
    let call = calls.find(form.fields().get("call")).ok_or(Problem::NotFound)?;
    let body = form.fields().exactly("body").to_owned();
    if call.how.deletes && !form.fields().has("confirmed") {
        let problem = Some(signed.words().call_not_confirmed);
        return answer(&signed, &enterprise, &calls, (call, body), StatusCode::BAD_REQUEST, problem, None);
    }
    let (actor, now) = (signed.actor(), signed.app.now());
    let change = Change::of(enterprise.enterprise_id, AuditAction::CallMade, &call.path);
    signed.app.db.write(move |conn: &mut Conn| audit::record(conn, &actor, change, now)).await?;
    let query = (call.how.sign)(&enterprise, now);
    let here = Url::parse(&format!("{}{}?{query}", calls.address, call.path)).map_err(|_| Problem::Failed)?;
    let answered = calls.http.post(here, HeaderMap::new(), body.clone()).await;
    let (status, text, is_good) = match answered {
        Ok(answered) => {
            let text = shown(&answered.body, call.how.secrets).replace(&enterprise.tic_key, MASK);
            (format!("HTTP {}", answered.status), text, answered.status < 400)
        }
        Err(Failure::Timeout) => (String::new(), "the call took too long".to_owned(), false),
        Err(Failure::Other(problem)) => (String::new(), problem, false),
    };
    let url = format!("{}{}?{query}", signed.app.public_url, call.path);
    let exchange = Exchange { curl: curl(&url, &body), url, sent: pretty(&body), status, answer: text, is_good };
    answer(&signed, &enterprise, &calls, (call, body), StatusCode::OK, None, Some(exchange))
}

/// An answer for people, without its secrets.
fn shown(body: &[u8], secrets: &[&str]) -> String {
    match serde_json::from_slice::<Value>(body) {
        Ok(mut value) => {
            mask(&mut value, secrets);
            serde_json::to_string_pretty(&value).unwrap_or_default()
        }
        Err(_) => String::from_utf8_lossy(body).chars().take(SHOWN).collect(),
    }
}

/// Masks the fields with these names, however deep they are.
fn mask(value: &mut Value, secrets: &[&str]) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                match field {
                    Value::String(text) if secrets.contains(&name.as_str()) && !text.is_empty() => {
                        MASK.clone_into(text);
                    }
                    other => mask(other, secrets),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| mask(item, secrets)),
        _ => {}
    }
}

/// JSON with line breaks; anything else as it is.
fn pretty(text: &str) -> String {
    let parsed = serde_json::from_str::<Value>(text);
    parsed.ok().and_then(|value| serde_json::to_string_pretty(&value).ok()).unwrap_or_else(|| text.to_owned())
}

/// The same call as a command for a shell.
fn curl(url: &str, body: &str) -> String {
    let compact = serde_json::from_str::<Value>(body).map_or_else(|_| body.to_owned(), |value| value.to_string());
    format!("curl {} -H 'Content-Type: application/json' --data-raw {}", quoted(url), quoted(&compact))
}

/// A text as one word of a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_masked_wherever_they_are() {
        let answer = br#"{"key":"a","list":[{"key":"b","other":"c"},{"key":{"key":"d"}}],"empty":{"key":""}}"#;
        let shown: Value = serde_json::from_str(&shown(answer, &["key"])).unwrap();
        let masked = serde_json::json!({
            "key": MASK, "list": [{ "key": MASK, "other": "c" }, { "key": { "key": MASK } }], "empty": { "key": "" },
        });
        assert_eq!(shown, masked);
        assert_eq!(super::shown("名,1\n".as_bytes(), &["key"]), "名,1\n");
    }

    #[test]
    fn a_command_has_the_body_as_one_word() {
        assert_eq!(
            curl("https://a/b?c=1&d=2", r#"{ "name": "it's" }"#),
            r#"curl 'https://a/b?c=1&d=2' -H 'Content-Type: application/json' --data-raw '{"name":"it'\''s"}'"#
        );
        assert_eq!(pretty("no json"), "no json");
    }
}
