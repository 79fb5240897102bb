//! Settings that make sense one by one, but not together or not in production. Those that make no sense stop every command.

use lectern::config::Config;
use url::{Host, Url};

use super::finding::Finding;

const CHECK: &str = "configuration";

pub(super) fn check(config: &Config) -> Vec<Finding> {
    let mut findings: Vec<Finding> = [public_url(config), demo(config)].into_iter().flatten().collect();
    for (is_on, name, what) in [
        (config.webhooks.allow_private, "LECTERN_CALLBACK_ALLOW_PRIVATE", "callbacks"),
        (config.conversion.allow_private, "LECTERN_DOCUMENT_ALLOW_PRIVATE", "downloads of documents"),
    ] {
        if is_on {
            findings.push(Finding::warning(
                CHECK,
                format!("{name} is on: {what} may go to addresses inside this network"),
                "switch it off unless you trust every enterprise",
            ));
        }
    }
    if findings.is_empty() {
        findings.push(Finding::ok(CHECK, "the settings can be used"));
    }
    findings
}

fn public_url(config: &Config) -> Option<Finding> {
    let Some(public_url) = &config.server.public_url else {
        return Some(Finding::warning(
            CHECK,
            format!("LECTERN_PUBLIC_URL is not set: people are given links to {}", config.server.listen),
            "set it to the address at which people reach this server",
        ));
    };
    let url = Url::parse(public_url).ok()?;
    let is_local = match url.host()? {
        Host::Domain(name) => name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    };
    (url.scheme() == "http" && !is_local).then(|| {
        Finding::warning(
            CHECK,
            format!("LECTERN_PUBLIC_URL is {public_url}, without encryption"),
            "put a reverse proxy with HTTPS in front: browsers give cameras and microphones to no other page",
        )
    })
}

fn demo(config: &Config) -> Option<Finding> {
    config.server.demo.then(|| {
        Finding::warning(
            CHECK,
            "LECTERN_DEMO is on: each start prints links with which anybody can teach",
            "switch it off in production",
        )
    })
}
