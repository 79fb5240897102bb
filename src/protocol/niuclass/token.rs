//! The tokens of channels: JSON Web Tokens (HS256), valid for a day.

use jsonwebtoken::dangerous::insecure_decode_claims;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};

use crate::clock::{Millis, seconds};
use crate::domain::tenancy::channel::Access;

/// How long a token is valid, in seconds.
const LIFETIME: i64 = 24 * 3_600;

/// The claims: those of the protocol's sample, and the same under the names of RFC 7519.
#[derive(Serialize, Deserialize)]
struct Claims {
    /// The channel.
    id: i64,
    /// The spelling of the protocol's document.
    issure_at: i64,
    expire: i64,
    iat: i64,
    exp: i64,
    /// The password that it was issued for; absent from tokens of an earlier version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    credential: Option<String>,
}

/// Issues a token for a channel.
///
/// # Errors
/// When signing fails.
pub fn issue(access: &Access, now: Millis) -> Result<String, jsonwebtoken::errors::Error> {
    let iat = seconds(now);
    let exp = iat.saturating_add(LIFETIME);
    let claims = Claims {
        id: access.channel.channel_id.0,
        issure_at: iat,
        expire: exp,
        iat,
        exp,
        credential: Some(access.credential()),
    };
    encode(&Header::new(Algorithm::HS256), &claims, &EncodingKey::from_secret(access.keys.jwt_key.as_bytes()))
}

/// The channel that a token claims, to find the keys for [`is_valid`]. The claim is not verified here.
pub fn claimed_channel(token: &str) -> Option<i64> {
    insecure_decode_claims::<Claims>(token).ok().map(|claims| claims.id)
}

/// Whether a token was issued to this channel and has not expired or been revoked.
pub fn is_valid(token: &str, access: &Access, now: Millis) -> bool {
    let mut validation = Validation::new(Algorithm::HS256);
    // The expiry is checked below, by the server's own clock.
    validation.validate_exp = false;
    let claims = access.keys.keys_at(now).find_map(|key| {
        decode::<Claims>(token, &DecodingKey::from_secret(key.as_bytes()), &validation).ok().map(|data| data.claims)
    });
    claims.is_some_and(|claims| {
        claims.id == access.channel.channel_id.0
            && seconds(now) < claims.exp
            && access.admits_token_of(claims.credential.as_deref(), claims.iat)
    })
}
