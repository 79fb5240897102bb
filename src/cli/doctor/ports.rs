//! The addresses that the server listens on, and the one at which people reach it.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use lectern::config::Config;
use lectern::http::outgoing::{Answer, Failure, Limits, Outgoing};
use url::Url;

use super::finding::Finding;

const LISTEN: &str = "listen";
const METRICS: &str = "metrics";
const PUBLIC: &str = "public address";

/// Checks the addresses. Returns also whether a server runs at the first one.
pub(super) async fn check(config: &Config) -> (Vec<Finding>, bool) {
    let server = &config.server;
    let client = match client() {
        Ok(client) => client,
        Err(problem) => {
            let advice = "see that the certificate authorities of the system, or SSL_CERT_FILE, can be read";
            return (vec![Finding::error(PUBLIC, format!("there is no HTTPS: {problem}"), advice)], false);
        }
    };
    let (finding, is_serving) =
        address(&client, LISTEN, "LECTERN_LISTEN", server.listen, "/healthz", "\"status\"").await;
    let mut findings = vec![finding];
    if let Some(listen) = server.metrics_listen {
        let name = "LECTERN_METRICS_LISTEN";
        findings.push(address(&client, METRICS, name, listen, "/metrics", "lectern_build_info").await.0);
    }
    if let Some(public_url) = &server.public_url {
        findings.push(public(&client, public_url, is_serving).await);
    }
    (findings, is_serving)
}

/// A client for the operator's own addresses.
fn client() -> reqwest::Result<Outgoing> {
    let timeout = Duration::from_secs(10);
    Outgoing::new(Limits { timeout, connections: 1, allow_private: true, answer_bytes: 1 << 22 })
}

/// Whether an address is free, or a server has it, which answers at `path` with this text.
async fn address(
    client: &Outgoing,
    check: &'static str,
    name: &str,
    listen: SocketAddr,
    path: &str,
    text: &str,
) -> (Finding, bool) {
    match TcpListener::bind(listen) {
        Ok(_) => (Finding::ok(check, format!("{listen} is free")), false),
        Err(problem) if problem.kind() == io::ErrorKind::AddrInUse => {
            let is_ours = match Url::parse(&format!("http://{}{path}", reachable(listen))) {
                Ok(url) => matches!(client.get(url).await, Ok(Answer { status: 200, body }) if contains(&body, text)),
                Err(_) => false,
            };
            if is_ours {
                return (Finding::ok(check, format!("a server runs at {listen}")), true);
            }
            let advice = format!("stop what has it ('ss -lptn' shows it), or choose another address in {name}");
            (Finding::error(check, format!("another program has {listen}"), advice), false)
        }
        Err(problem) => {
            let advice = format!("choose an address of this machine, and a port above 1023, in {name}");
            (Finding::error(check, format!("{listen}: {problem}"), advice), false)
        }
    }
}

/// An address that a client on this machine can use.
fn reachable(listen: SocketAddr) -> SocketAddr {
    match listen {
        SocketAddr::V4(v4) if v4.ip().is_unspecified() => SocketAddr::from(([127, 0, 0, 1], v4.port())),
        SocketAddr::V6(v6) if v6.ip().is_unspecified() => SocketAddr::from((std::net::Ipv6Addr::LOCALHOST, v6.port())),
        other => other,
    }
}

async fn public(client: &Outgoing, public_url: &str, is_serving: bool) -> Finding {
    let problem = match Url::parse(&format!("{}/healthz", public_url.trim_end_matches('/'))) {
        Ok(url) => match client.get(url).await {
            Ok(Answer { status: 200, body }) if contains(&body, "\"status\"") => {
                return Finding::ok(PUBLIC, format!("{public_url} answers"));
            }
            Ok(Answer { status, .. }) => format!("HTTP {status}"),
            Err(Failure::Timeout) => "no answer in time".to_owned(),
            Err(Failure::Other(problem)) => problem,
        },
        Err(problem) => problem.to_string(),
    };
    let found = format!("{public_url} does not answer as a server of Lectern: {problem}");
    let advice = if is_serving {
        "see the reverse proxy, and that this machine can reach its own public address"
    } else {
        "start the server, and check again"
    };
    Finding::warning(PUBLIC, found, advice)
}

fn contains(body: &[u8], text: &str) -> bool {
    String::from_utf8_lossy(body).contains(text)
}
