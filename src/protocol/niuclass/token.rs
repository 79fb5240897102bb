//! The tokens of channels: JSON Web Tokens, HS256, good for a day.

use jsonwebtoken::dangerous::insecure_decode_claims;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};

use crate::clock::{Millis, seconds};
use crate::domain::tenancy::channel::Access;

/// How long a token is good, in seconds.
const GOOD_FOR: i64 = 24 * 3_600;

/// What a token says: what the published sample has, and the same under the standard's names.
#[derive(Serialize, Deserialize)]
struct Claims {
    /// The channel.
    id: i64,
    /// The document spells it so.
    issure_at: i64,
    expire: i64,
    iat: i64,
    exp: i64,
}

/// A token for a channel.
///
/// # Errors
/// When it can't be signed.
pub fn issue(access: &Access, now: Millis) -> Result<String, jsonwebtoken::errors::Error> {
    let iat = seconds(now);
    let exp = iat.saturating_add(GOOD_FOR);
    let claims = Claims { id: access.channel.channel_id, issure_at: iat, expire: exp, iat, exp };
    encode(&Header::new(Algorithm::HS256), &claims, &EncodingKey::from_secret(access.keys.jwt_key.as_bytes()))
}

/// The channel that a token names, so that its keys can be found. It may be anybody's word.
pub fn named(token: &str) -> Option<i64> {
    insecure_decode_claims::<Claims>(token).ok().map(|claims| claims.id)
}

/// Whether a token was given to this channel and is still good.
pub fn is_good(token: &str, access: &Access, now: Millis) -> bool {
    let mut validation = Validation::new(Algorithm::HS256);
    // By our clock, below.
    validation.validate_exp = false;
    let claims = access.keys.keys_at(now).find_map(|key| {
        decode::<Claims>(token, &DecodingKey::from_secret(key.as_bytes()), &validation).ok().map(|data| data.claims)
    });
    claims.is_some_and(|claims| {
        claims.id == access.channel.channel_id && seconds(now) < claims.exp && access.admits_token_of(claims.iat)
    })
}
