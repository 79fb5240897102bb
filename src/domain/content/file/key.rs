//! The key of a file.

use std::fmt;

use crate::domain::tenancy::secret;

/// What the key of a file begins with that only who has a link may see …
const PRIVATE: char = 'p';
/// … and of one that everybody may see who knows its address.
const PUBLIC: char = 'a';
/// The random digits of a key, of 4 bits each.
const DIGITS: usize = 32;

/// The key of a file: 128 random bits, and whether it is private. That is in the key so that an address can be made and judged
/// without a look at the row.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key(String);

impl Key {
    pub(super) fn random(private: bool) -> Self {
        let begin = if private { PRIVATE } else { PUBLIC };
        Self(format!("{begin}{}", secret::token()))
    }

    /// Reads a key; what can't be one is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix([PRIVATE, PUBLIC])?;
        let is_digit = |b: u8| matches!(b, b'0'..=b'9' | b'a'..=b'f');
        (digits.len() == DIGITS && digits.bytes().all(is_digit)).then(|| Self(text.to_owned()))
    }

    /// Whether only who has a link may see the file.
    #[must_use]
    pub fn is_private(&self) -> bool {
        self.0.starts_with(PRIVATE)
    }

    /// The key as text: also the folder of the storage that the file is in.
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
