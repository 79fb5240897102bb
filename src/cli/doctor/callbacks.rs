//! The receivers of an enterprise's callbacks: whether they can be reached from here. Nothing is delivered.

use lectern::config::Config;
use lectern::db::Db;
use lectern::domain;
use lectern::domain::tenancy::enterprise;
use lectern::domain::tenancy::enterprise::Enterprise;
use lectern::http::outgoing::{ANSWER_BYTES, Failure, Limits, Outgoing};
use url::Url;

use super::finding::Finding;
use crate::cli::words::Words;

const CHECK: &str = "callbacks";

pub(super) async fn check(config: &Config, sdkappid: i64) -> Vec<Finding> {
    let found = match find(config, sdkappid).await {
        Ok(found) => found,
        Err(problem) => {
            let advice = "'lectern enterprise list' shows the enterprises";
            return vec![Finding::error(CHECK, format!("{sdkappid}: {problem}"), advice)];
        }
    };
    let mut findings = Vec::new();
    if found.callback_paused {
        let advice = format!("'lectern callbacks resume {sdkappid}' goes on");
        findings.push(Finding::warning(CHECK, "they are paused", advice));
    }
    let addresses = [&found.call_back_url, &found.transcode_callback, &found.online_callback, &found.offline_callback];
    for address in addresses.into_iter().filter(|address| !address.is_empty()) {
        findings.push(reach(config, address).await);
    }
    if findings.is_empty() {
        let advice = format!("'lectern enterprise set {sdkappid} --callback-url URL' sets one");
        findings.push(Finding::warning(CHECK, "the enterprise has no address for them", advice));
    }
    findings
}

async fn find(config: &Config, sdkappid: i64) -> Result<Enterprise, Box<dyn std::error::Error>> {
    let db = Db::open_existing(&config.database.url)?;
    match db.read_slow(move |conn| enterprise::require(conn, sdkappid)).await {
        Ok(found) => Ok(found),
        Err(domain::Error::Database(cause)) => Err(cause.into()),
        Err(other) => Err(other.words(&Words).into()),
    }
}

/// Asks with `GET`, which no receiver takes for an event, by the rules for callbacks.
async fn reach(config: &Config, address: &str) -> Finding {
    let webhooks = &config.webhooks;
    let limits = Limits {
        timeout: webhooks.timeout_seconds,
        connections: 1,
        allow_private: webhooks.allow_private,
        answer_bytes: ANSWER_BYTES,
    };
    let shown = shown(address);
    let failed = |problem: String| {
        let advice = "see the address and the certificate of the receiver, and the firewalls on the way; an address \
            inside this network needs LECTERN_CALLBACK_ALLOW_PRIVATE";
        Finding::error(CHECK, format!("{shown}: {problem}"), advice)
    };
    let (client, url) = match (Outgoing::new(limits), Url::parse(address)) {
        (Ok(client), Ok(url)) => (client, url),
        (Err(problem), _) => return failed(problem.to_string()),
        (_, Err(problem)) => return failed(problem.to_string()),
    };
    match client.get(url).await {
        Ok(answer) => Finding::ok(CHECK, format!("{shown} answers (HTTP {} to a GET)", answer.status)),
        Err(Failure::Timeout) => failed("no answer in time".to_owned()),
        Err(Failure::Other(problem)) => failed(problem),
    }
}

/// An address without the query, the user name and the password.
fn shown(address: &str) -> String {
    let Ok(mut url) = Url::parse(address) else { return "the address".to_owned() };
    url.set_query(None);
    // These calls only fail for an address that can't have a user name or a password.
    let _ = (url.set_username(""), url.set_password(None));
    url.into()
}
