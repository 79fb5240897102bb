//! Generating, hashing and comparing secrets.

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rand::RngExt;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

const LETTERS_AND_DIGITS: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";

/// A token: 128 random bits as 32 hex digits.
#[must_use]
pub fn token() -> String {
    hex(&rand::random::<[u8; 16]>())
}

/// A key: 32 random letters and digits, the length the hosted service uses.
#[must_use]
pub fn key() -> String {
    letters_and_digits(32)
}

/// A Standard Webhooks secret: 24 random bytes in Base64 after `whsec_`.
#[must_use]
pub fn webhook_secret() -> String {
    format!("whsec_{}", STANDARD.encode(rand::random::<[u8; 24]>()))
}

/// Random lower-case letters and digits.
#[must_use]
pub fn letters_and_digits(length: usize) -> String {
    let mut rng = rand::rng();
    let mut pick =
        || LETTERS_AND_DIGITS.get(rng.random_range(0..LETTERS_AND_DIGITS.len())).copied().map_or('a', char::from);
    (0..length).map(|_| pick()).collect()
}

/// The hash under which a random token is stored. A reader of the database can't use it as a token.
#[must_use]
pub fn hash_token(token: &str) -> String {
    hex(&Sha256::digest(token))
}

/// The salted hash under which a class password is stored. The password is shared by all who enter and is checked at
/// every entry, so a fast hash has to do.
#[must_use]
pub fn hash_class_password(password: &str) -> String {
    let salt = letters_and_digits(16);
    let hash = hash_token(&format!("{salt}{password}"));
    format!("{salt}${hash}")
}

/// Whether `password` matches the stored hash of [`hash_class_password`].
#[must_use]
pub fn is_class_password(stored: &str, password: &str) -> bool {
    stored.split_once('$').is_some_and(|(salt, hash)| same(hash, &hash_token(&format!("{salt}{password}"))))
}

/// The Argon2 hash under which a user's password is stored. It takes about 20 ms on purpose, so call it outside the
/// async worker threads.
///
/// # Errors
/// When memory or randomness is not available.
pub fn hash_password(password: &str) -> Result<String, String> {
    let hash = Argon2::default().hash_password(password.as_bytes()).map_err(|e| e.to_string())?;
    Ok(hash.to_string())
}

/// Whether `password` matches the stored hash of [`hash_password`]. As slow as that.
///
/// # Errors
/// When it can't be checked: memory is not available, or the stored hash can't be read.
pub fn is_password(stored: &str, password: &str) -> Result<bool, String> {
    match Argon2::default().verify_password(password.as_bytes(), stored) {
        Ok(()) => Ok(true),
        Err(argon2::password_hash::Error::PasswordInvalid) => Ok(false),
        Err(problem) => Err(problem.to_string()),
    }
}

/// Compares two secrets in constant time.
#[must_use]
pub fn same(a: &str, b: &str) -> bool {
    a.as_bytes().ct_eq(b.as_bytes()).into()
}

/// Bytes as lower-case hex digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    let digit = |nibble: u8| DIGITS.get(usize::from(nibble)).copied().unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}
