//! `UserSig` v2: the ticket with which a user authenticates to the chat service, signed with the enterprise's private key.

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha2::Sha256;

use crate::clock::{Millis, seconds};

/// How long a visitor's ticket is valid (iClass, `member/visitor/join`).
pub const DAY_SECONDS: i64 = 86_400;

/// A ticket for `identifier`, valid for `expire` seconds from `now`.
#[must_use]
pub fn sign(private_key: &str, sdkappid: i64, identifier: &str, now: Millis, expire: i64) -> String {
    let time = seconds(now);
    let signature = signature(private_key, sdkappid, identifier, time, expire);
    let ticket = json!({
        "TLS.ver": "2.0",
        "TLS.identifier": identifier,
        "TLS.sdkappid": sdkappid,
        "TLS.expire": expire,
        "TLS.time": time,
        "TLS.sig": signature,
    });
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::fast());
    // Writing to memory can't fail.
    let packed = zlib.write_all(ticket.to_string().as_bytes()).and_then(|()| zlib.finish()).unwrap_or_default();
    STANDARD.encode(packed).replace('+', "*").replace('/', "-").replace('=', "_")
}

fn signature(private_key: &str, sdkappid: i64, identifier: &str, time: i64, expire: i64) -> String {
    let text = format!("TLS.identifier:{identifier}\nTLS.sdkappid:{sdkappid}\nTLS.time:{time}\nTLS.expire:{expire}\n");
    // HMAC accepts keys of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(private_key.as_bytes()) else { return String::new() };
    mac.update(text.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    const KEY: &str = "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e";

    #[test]
    fn the_signature_agrees_with_the_vendors_own_class() {
        assert_eq!(
            signature(KEY, 1_400_000_000, "xiaojun", 1_560_000_000, 15_552_000),
            "s8FU8JR5YBrLz9VYrgPuOy2W6ZdCFMvrfWKJcDQqseo="
        );
    }

    #[test]
    fn a_ticket_unpacks_to_what_was_signed() {
        let ticket = sign(KEY, 1_400_000_000, "xiaojun", 1_560_000_000_123, 15_552_000);
        let base64 = ticket.replace('*', "+").replace('-', "/").replace('_', "=");
        let packed = STANDARD.decode(base64).unwrap();
        let mut text = String::new();
        flate2::read::ZlibDecoder::new(packed.as_slice()).read_to_string(&mut text).unwrap();
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(
            value,
            json!({
                "TLS.ver": "2.0", "TLS.identifier": "xiaojun", "TLS.sdkappid": 1_400_000_000,
                "TLS.expire": 15_552_000, "TLS.time": 1_560_000_000,
                "TLS.sig": "s8FU8JR5YBrLz9VYrgPuOy2W6ZdCFMvrfWKJcDQqseo=",
            })
        );
    }
}
