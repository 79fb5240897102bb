//! The TURN servers that clients get, with credentials that expire.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

use crate::clock::{Millis, seconds};

/// How long credentials are good, in milliseconds: longer than any class.
const GOOD_FOR: Millis = 12 * 3_600_000;

/// Servers for a connection, as `RTCPeerConnection` takes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IceServer {
    /// Their addresses.
    pub urls: Vec<String>,
    /// The name of the user.
    pub username: String,
    /// The password.
    pub credential: String,
}

/// The TURN servers, and the secret that they share with this service.
#[derive(Clone, Copy, Debug)]
pub struct Turn<'a> {
    /// Their addresses.
    pub urls: &'a [String],
    /// The secret.
    pub secret: &'a str,
}

impl Turn<'_> {
    /// The servers with credentials of a user: the time-limited ones that TURN servers check with the shared secret
    /// (draft-uberti-behave-turn-rest). `None` if there are no servers.
    #[must_use]
    pub fn servers(self, user_id: &str, now: Millis) -> Option<IceServer> {
        if self.urls.is_empty() {
            return None;
        }
        let username = format!("{}:{user_id}", seconds(now.saturating_add(GOOD_FOR)));
        let mut mac = Hmac::<Sha1>::new_from_slice(self.secret.as_bytes()).ok()?;
        mac.update(username.as_bytes());
        let credential = STANDARD.encode(mac.finalize().into_bytes());
        Some(IceServer { urls: self.urls.to_vec(), username, credential })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_those_that_a_turn_server_computes() {
        let urls = ["turn:turn.example.com:3478".to_owned()];
        let turn = Turn { urls: &urls, secret: "north" };
        let server = turn.servers("li", 1_700_000_000_000).unwrap();
        assert_eq!(server.username, "1700043200:li");
        // printf 1700043200:li | openssl dgst -sha1 -hmac north -binary | base64
        assert_eq!(server.credential, "eYQmFmd4vLmS2p0SZgdHp87DZRA=");
        assert_eq!(Turn { urls: &[], ..turn }.servers("li", 0), None);
    }
}
