//! The signature of requests and callbacks (iClass, appendix 2): MD5 of the `tic_key` followed by the `expire_time`.

use crate::clock::{Millis, seconds};
use crate::domain::tenancy::enterprise::Enterprise;
use crate::domain::tenancy::secret;

/// Why a signature is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// There is no signature.
    #[error("sign: missing")]
    NoSign,
    /// There is no expiry time.
    #[error("expire_time: missing")]
    NoExpireTime,
    /// It has expired.
    #[error("expire_time: the signature has expired")]
    Expired,
    /// It expires later than this many seconds from now.
    #[error("expire_time: more than {0} s ahead")]
    TooFarAhead(i64),
    /// It does not match any key of the enterprise.
    #[error("sign: wrong")]
    Wrong,
}

/// Signs `expire_time`, in seconds: 32 lower-case hex digits.
#[must_use]
pub fn sign(tic_key: &str, expire_time: i64) -> String {
    format!("{:x}", md5::compute(format!("{tic_key}{expire_time}")))
}

/// Checks a signature against the enterprise's keys, in constant time.
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
    // All keys are tried even after a match, to keep the time constant.
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

/// A signed query with the public parameters (iClass, appendix 1).
#[must_use]
pub fn query(enterprise: &Enterprise, now: Millis, valid_seconds: i64) -> String {
    let expire_time = seconds(now).saturating_add(valid_seconds);
    let random = rand::random::<u32>();
    let sign = sign(&enterprise.tic_key, expire_time);
    format!("sdkappid={}&random={random}&expire_time={expire_time}&sign={sign}", enterprise.sdkappid)
}
