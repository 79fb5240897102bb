//! Making, keeping and comparing secrets.

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rand::RngExt;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

const LETTERS_AND_DIGITS: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";

/// 128 random bits as 32 hex digits: a ticket.
#[must_use]
pub fn token() -> String {
    hex(&rand::random::<[u8; 16]>())
}

/// 32 random letters and digits: a key, as long as the hosted service made them.
#[must_use]
pub fn key() -> String {
    letters_and_digits(32)
}

/// A secret for Standard Webhooks: 24 random bytes.
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

/// How a random ticket is stored: whoever reads the database can't use it.
#[must_use]
pub fn hash_token(token: &str) -> String {
    hex(&Sha256::digest(token))
}

/// How the password of a class is stored. It is shared by all who enter and checked at every entry, so a salted hash has to
/// do.
#[must_use]
pub fn hash_class_password(password: &str) -> String {
    let salt = letters_and_digits(16);
    let hash = hash_token(&format!("{salt}{password}"));
    format!("{salt}${hash}")
}

/// Whether this is the password of the class.
#[must_use]
pub fn is_class_password(stored: &str, password: &str) -> bool {
    stored.split_once('$').is_some_and(|(salt, hash)| same(hash, &hash_token(&format!("{salt}{password}"))))
}

/// How the password of a person is stored: slow on purpose, some 20 ms, so keep it off the threads that serve.
///
/// # Errors
/// When the machine has no memory or no randomness for it.
pub fn hash_password(password: &str) -> Result<String, String> {
    let hash = Argon2::default().hash_password(password.as_bytes()).map_err(|e| e.to_string())?;
    Ok(hash.to_string())
}

/// Whether this is the password of the person; as slow as [`hash_password`].
#[must_use]
pub fn is_password(stored: &str, password: &str) -> bool {
    Argon2::default().verify_password(password.as_bytes(), stored).is_ok()
}

/// Compares secrets in a time that tells nothing about where they differ.
#[must_use]
pub fn same(a: &str, b: &str) -> bool {
    a.as_bytes().ct_eq(b.as_bytes()).into()
}

/// Lower-case hex digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    let digit = |nibble: u8| DIGITS.get(usize::from(nibble)).copied().unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}
