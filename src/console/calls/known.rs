//! The calls that can be tried out, and where they go.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use serde_json::Value;

use super::describe::Described;
use crate::clock::Millis;
use crate::domain::tenancy::enterprise::Enterprise;
use crate::http::outgoing::{Limits, Outgoing};

/// How long a call may take.
const TIMEOUT: Duration = Duration::from_mins(1);
/// How large an answer may be, in bytes.
const ANSWER_BYTES: usize = 1 << 20;

/// How a call is made.
#[derive(Clone, Copy, Debug)]
pub struct How {
    /// The query that signs a call now.
    pub sign: fn(&Enterprise, Millis) -> String,
    /// Whether the call deletes something.
    pub deletes: bool,
    /// The fields of answers that have secrets.
    pub secrets: &'static [&'static str],
}

/// A call.
pub(super) struct Call {
    pub(super) path: String,
    pub(super) described: Described,
    pub(super) how: How,
}

/// The calls that can be tried out, and where they go.
pub struct Calls {
    pub(super) calls: Vec<Call>,
    /// This service, as it reaches itself.
    pub(super) address: String,
    pub(super) http: Outgoing,
}

impl Calls {
    /// The calls with these paths, from the OpenAPI description. Those that take no JSON are left out. `address` is where this service
    /// listens.
    ///
    /// # Errors
    /// When TLS can't be initialised.
    pub fn new(description: &Value, paths: Vec<(String, How)>, address: SocketAddr) -> io::Result<Self> {
        let call = |(path, how): (String, How)| {
            let described = Described::of(description, &path)?;
            Some(Call { path, described, how })
        };
        let mut calls: Vec<Call> = paths.into_iter().filter_map(call).collect();
        calls.sort_by(|one, other| (&one.described.group, &one.path).cmp(&(&other.described.group, &other.path)));
        let limits = Limits { timeout: TIMEOUT, connections: 0, allow_private: true, answer_bytes: ANSWER_BYTES };
        let http = Outgoing::new(limits).map_err(io::Error::other)?;
        Ok(Self { calls, address: reachable(address), http })
    }

    /// The call with this path.
    pub(super) fn find(&self, path: &str) -> Option<&Call> {
        self.calls.iter().find(|call| call.path == path)
    }
}

/// The URL at which this service reaches itself.
fn reachable(mut address: SocketAddr) -> String {
    if address.ip().is_unspecified() {
        address.set_ip(match address {
            SocketAddr::V4(_) => std::net::Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => std::net::Ipv6Addr::LOCALHOST.into(),
        });
    }
    format!("http://{address}")
}

#[cfg(test)]
mod tests {
    use super::reachable;

    #[test]
    fn the_service_reaches_itself() {
        for (address, url) in [
            ("0.0.0.0:8080", "http://127.0.0.1:8080"),
            ("[::]:8080", "http://[::1]:8080"),
            ("10.0.0.1:80", "http://10.0.0.1:80"),
        ] {
            assert_eq!(reachable(address.parse().unwrap()), url);
        }
    }
}
