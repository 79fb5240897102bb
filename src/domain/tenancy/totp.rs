//! Codes of six digits that an authenticator app shows for thirty seconds (TOTP, RFC 6238), and the secrets they are made of.

use hmac::{Hmac, KeyInit, Mac};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use sha1::Sha1;

use super::secret;
use crate::clock::{Millis, seconds};

/// How long a code is shown.
const STEP_SECONDS: i64 = 30;
/// How many steps before and after the current one are accepted, because clocks differ.
const DRIFT: i64 = 1;
/// The bytes of a secret, as many as the hash has (RFC 4226, section 4).
const SECRET_BYTES: usize = 20;
/// The name that apps show above a code.
const ISSUER: &str = "Lectern";
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// A new secret, in Base32 as apps take it.
#[must_use]
pub fn new_secret() -> String {
    encode(&rand::random::<[u8; SECRET_BYTES]>())
}

/// The address that an app reads a secret from, usually as a picture.
#[must_use]
pub fn uri(name: &str, secret: &str) -> String {
    let name = utf8_percent_encode(name, NON_ALPHANUMERIC);
    format!(
        "otpauth://totp/{ISSUER}:{name}?secret={secret}&issuer={ISSUER}&algorithm=SHA1&digits=6&period={STEP_SECONDS}"
    )
}

/// The time step of a code that is right at `now`; `None` for a wrong code. It takes as long for every code.
#[must_use]
pub fn step_of(secret: &str, code: &str, now: Millis) -> Option<i64> {
    let key = decode(secret).unwrap_or_default();
    let current = seconds(now).div_euclid(STEP_SECONDS);
    let mut found = None;
    for step in current - DRIFT..=current + DRIFT {
        if secret::same(&code_at(&key, step), code) {
            found = Some(step);
        }
    }
    found
}

/// The code of a secret at `now`.
#[must_use]
pub fn code(secret: &str, now: Millis) -> String {
    code_at(&decode(secret).unwrap_or_default(), seconds(now).div_euclid(STEP_SECONDS))
}

/// The code of a time step (RFC 4226, section 5.3).
fn code_at(key: &[u8], step: i64) -> String {
    // HMAC accepts keys of any length.
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(key) else { return String::new() };
    mac.update(&step.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let offset = usize::from(hash.last().copied().unwrap_or_default() & 15);
    let bytes = hash.iter().skip(offset).take(4);
    let number = bytes.fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
    format!("{:06}", (number & 0x7fff_ffff) % 1_000_000)
}

fn encode(bytes: &[u8]) -> String {
    let letter = |bits: u32| BASE32.get((bits & 31) as usize).copied().map_or('A', char::from);
    bytes
        .chunks(5)
        .flat_map(|five| {
            let bits = five.iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte)) << (8 * (5 - five.len()));
            let letters = (five.len() * 8).div_ceil(5);
            (0..letters).map(move |nth| letter((bits >> (35 - 5 * nth) & 31) as u32))
        })
        .collect()
}

fn decode(text: &str) -> Option<Vec<u8>> {
    let (mut bytes, mut bits, mut held) = (Vec::new(), 0_u32, 0);
    for letter in text.bytes() {
        let value = BASE32.iter().position(|other| *other == letter)?;
        bits = bits << 5 | u32::try_from(value).ok()?;
        held += 5;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from(bits >> held & 255).ok()?);
            bits &= (1 << held) - 1;
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of the test vectors in RFC 6238, appendix B: "12345678901234567890".
    const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    #[test]
    fn codes_are_those_of_the_specification() {
        for (time, expected) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(code(SECRET, time * 1000), expected, "{time}");
        }
    }

    #[test]
    fn a_code_is_right_in_its_step_and_those_beside_it() {
        let now = 1_700_000_000_000;
        let right = code(SECRET, now);
        let step = 1_700_000_000 / 30;
        for (seconds, expected) in [(0, Some(step)), (-30, Some(step)), (30, Some(step)), (60, None), (-60, None)] {
            assert_eq!(step_of(SECRET, &right, now + seconds * 1000), expected, "{seconds}");
        }
        for wrong in ["", "0", "00000a", "1234567", " 123456"] {
            assert_eq!(step_of(SECRET, wrong, now), None, "{wrong:?}");
        }
    }

    #[test]
    fn base32_gives_back_what_it_was_made_of() {
        assert_eq!(encode(b"12345678901234567890"), SECRET);
        for length in 0..12_u8 {
            let bytes: Vec<u8> = (0..length).map(|n| n.wrapping_mul(37)).collect();
            assert_eq!(decode(&encode(&bytes)), Some(bytes));
        }
        assert_eq!(decode("a1"), None);
        assert_eq!(new_secret().len(), 32);
    }

    #[test]
    fn a_name_does_not_change_the_address() {
        let uri = uri("li&secret=A/李", SECRET);
        assert!(uri.starts_with("otpauth://totp/Lectern:li%26secret%3DA%2F%E6%9D%8E?secret=GEZD"), "{uri}");
    }
}
