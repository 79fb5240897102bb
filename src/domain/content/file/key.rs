//! The key of a file.

use std::fmt;

use crate::domain::tenancy::secret;

/// The first character of the key of a private file, which only the holder of a link may read …
const PRIVATE: char = 'p';
/// … and of a public file, which everybody may read who knows its address.
const PUBLIC: char = 'a';
/// The number of random hex digits in a key.
const DIGITS: usize = 32;

/// The key of a file: 128 random bits, and whether it is private. The key contains that flag so that addresses can be
/// built and checked without reading the row.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key(String);

impl Key {
    pub(super) fn random(private: bool) -> Self {
        let begin = if private { PRIVATE } else { PUBLIC };
        Self(format!("{begin}{}", secret::token()))
    }

    /// Parses a key. Returns `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix([PRIVATE, PUBLIC])?;
        let is_digit = |b: u8| matches!(b, b'0'..=b'9' | b'a'..=b'f');
        (digits.len() == DIGITS && digits.bytes().all(is_digit)).then(|| Self(text.to_owned()))
    }

    /// Whether only the holder of a link may read the file.
    #[must_use]
    pub fn is_private(&self) -> bool {
        self.0.starts_with(PRIVATE)
    }

    /// The key as text. It is also the name of the file's folder in the storage.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
