//! Parsers of the values of settings.

use std::net::IpAddr;
use std::time::Duration;

use ipnet::IpNet;

/// Seconds, fractions allowed.
pub(super) fn seconds(text: &str) -> Result<Duration, String> {
    let wrong = || "must be a number of seconds from 0.001 to 1000000".to_owned();
    let seconds: f64 = text.parse().map_err(|_| wrong())?;
    if (0.001..=1_000_000.0).contains(&seconds) { Ok(Duration::from_secs_f64(seconds)) } else { Err(wrong()) }
}

/// A network such as `10.0.0.0/8`, or a single address.
pub(super) fn network(text: &str) -> Result<IpNet, String> {
    let text = text.trim();
    let address = || text.parse::<IpAddr>().map(IpNet::from).ok();
    text.parse().ok().or_else(address).ok_or_else(|| "must be a network such as 10.0.0.0/8, or an address".to_owned())
}

/// As [`base_url`], or an empty text.
pub(super) fn base_url_or_none(text: &str) -> Result<String, String> {
    if text.is_empty() { Ok(String::new()) } else { base_url(text) }
}

/// A base address for paths, without trailing slashes.
pub(super) fn base_url(text: &str) -> Result<String, String> {
    if crate::domain::is_http_url(text) {
        Ok(text.trim_end_matches('/').to_owned())
    } else {
        Err("must be an http or https address".to_owned())
    }
}
