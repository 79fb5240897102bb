//! The signature of requests and callbacks (iClass, appendix 2): MD5 of the `tic_key` followed by the `expire_time`.

use crate::clock::{Millis, seconds};
use crate::domain::tenancy::enterprise::Enterprise;
use crate::domain::tenancy::secret;

/// Why a signature is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// There is none.
    #[error("sign: missing")]
    NoSign,
    /// Nothing says until when it is good.
    #[error("expire_time: missing")]
    NoExpireTime,
    /// Its time is over.
    #[error("expire_time: the signature has expired")]
    Expired,
    /// It would be good for longer than is allowed.
    #[error("expire_time: more than {0} s ahead")]
    TooFarAhead(i64),
    /// It is not the one that the key makes.
    #[error("sign: wrong")]
    Wrong,
}

/// The signature that is good until `expire_time`, in seconds: 32 lower-case hex digits.
#[must_use]
pub fn sign(tic_key: &str, expire_time: i64) -> String {
    format!("{:x}", md5::compute(format!("{tic_key}{expire_time}")))
}

/// Checks a signature against the enterprise's keys, in a time that does not tell how far it is right.
///
/// # Errors
/// See [`Error`].
pub fn check(
    enterprise: &Enterprise,
    given: Option<&str>,
    expire_time: Option<i64>,
    now: Millis,
    max_age_seconds: i64,
) -> Result<(), Error> {
    let given = given.filter(|sign| !sign.is_empty()).ok_or(Error::NoSign)?;
    let expire_time = expire_time.ok_or(Error::NoExpireTime)?;
    // Every key is tried whether or not one before it was right.
    let right = enterprise.keys_at(now).fold(false, |right, key| right | secret::same(&sign(key, expire_time), given));
    if !right {
        return Err(Error::Wrong);
    }
    if expire_time < seconds(now) {
        return Err(Error::Expired);
    }
    if expire_time > seconds(now).saturating_add(max_age_seconds) {
        return Err(Error::TooFarAhead(max_age_seconds));
    }
    Ok(())
}

/// The query that signs a request: the public parameters of appendix 1.
#[must_use]
pub fn query(enterprise: &Enterprise, now: Millis, valid_seconds: i64) -> String {
    let expire_time = seconds(now).saturating_add(valid_seconds);
    let random = rand::random::<u32>();
    let sign = sign(&enterprise.tic_key, expire_time);
    format!("sdkappid={}&random={random}&expire_time={expire_time}&sign={sign}", enterprise.sdkappid)
}
