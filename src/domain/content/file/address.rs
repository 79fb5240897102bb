//! The URL paths of files: below `/files/`, by their key. The path of a private file contains a ticket that expires.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use sha2::Sha256;

use super::key::Key;
use crate::clock::{Millis, millis, seconds};
use crate::domain::tenancy::enterprise::Enterprise;
use crate::domain::tenancy::secret;

/// The prefix of the path of every file.
pub const ROOT: &str = "/files/";

/// Characters that are not percent-encoded in a path (RFC 3986, section 2.3), and `/` between names.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// A file in a folder of the storage. Its text form is the path without host and ticket, as stored in rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    key: Key,
    name: String,
}

/// A parsed link: the file, and the ticket that lets its holder read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The file.
    pub address: Address,
    /// The path segment between the key and the name of a private file; empty for a public one.
    ticket: String,
}

impl Address {
    /// The address of a file in the folder of `key`.
    #[must_use]
    pub fn new(key: Key, name: impl Into<String>) -> Self {
        Self { key, name: name.into() }
    }

    /// Parses an address from a row. Returns `None` for an address outside Lectern.
    #[must_use]
    pub fn stored(path: &str) -> Option<Self> {
        let (key, name) = path.strip_prefix(ROOT)?.split_once('/')?;
        Some(Self { key: Key::parse(key)?, name: decoded(name)? })
    }

    /// The key of the folder that contains the file.
    #[must_use]
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// The path of the file in that folder.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The path of the file in the storage.
    #[must_use]
    pub fn in_storage(&self) -> String {
        format!("{}/{}", self.key, self.name)
    }

    /// The path under which the file can be read. For a private file it is valid until `until`, rounded down to the
    /// second. The link also gives access to the files beside it, by relative addresses.
    #[must_use]
    pub fn link(&self, enterprise: &Enterprise, until: Millis) -> String {
        if !self.key.is_private() {
            return self.to_string();
        }
        let expires = seconds(until).to_string();
        let signature = signature(&enterprise.tic_key, &self.key, &expires);
        format!("{ROOT}{}/{expires}.{signature}/{}", self.key, utf8_percent_encode(&self.name, PLAIN))
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{ROOT}{}/{}", self.key, utf8_percent_encode(&self.name, PLAIN))
    }
}

impl Link {
    /// Parses a requested path. Returns `None` when it can't be the path of a file.
    #[must_use]
    pub fn parse(path: &str) -> Option<Self> {
        let path = path.split(['?', '#']).next()?.strip_prefix(ROOT)?;
        let (key, rest) = path.split_once('/')?;
        Self::of(key, &decoded(rest)?)
    }

    /// Like [`Link::parse`], from the decoded parts before and after the first slash behind [`ROOT`].
    #[must_use]
    pub fn of(key: &str, rest: &str) -> Option<Self> {
        let key = Key::parse(key)?;
        let (ticket, name) = if key.is_private() { rest.split_once('/').unwrap_or((rest, "")) } else { ("", rest) };
        Some(Self { address: Address::new(key, name), ticket: ticket.to_owned() })
    }

    /// Until when the link is valid, if it is; [`Millis::MAX`] for a public file. Takes the same time for every wrong
    /// ticket.
    #[must_use]
    pub fn good_until(&self, enterprise: &Enterprise, now: Millis) -> Option<Millis> {
        if !self.address.key.is_private() {
            return Some(Millis::MAX);
        }
        let (expires, given) = self.ticket.split_once('.')?;
        // All keys are tried, so the time does not depend on which one is right. A link expires with the enterprise key
        // that signed it.
        let right = enterprise
            .keys_at(now)
            .fold(false, |right, tic_key| right | secret::same(&signature(tic_key, &self.address.key, expires), given));
        let until = millis(expires.parse().ok()?);
        (right && now <= until).then_some(until)
    }
}

/// Signs with the `tic_key`: every instance has it, and an enterprise whose key leaked invalidates all links by
/// rotating it. The words before the file key keep other signed texts from being used as tickets.
fn signature(tic_key: &str, key: &Key, expires: &str) -> String {
    // HMAC takes keys of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(tic_key.as_bytes()) else { return String::new() };
    mac.update(format!("lectern file {key} until {expires}").as_bytes());
    secret::hex(&mac.finalize().into_bytes())
}

fn decoded(text: &str) -> Option<String> {
    percent_decode_str(text).decode_utf8().ok().map(std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::{Address, Link};
    use crate::domain::content::file::Key;

    const DIGITS: &str = "0123456789abcdef0123456789abcdef";

    #[test]
    fn an_address_is_read_as_it_was_written() {
        for name in ["index.html", "pages/1.png", "第一课 #1?%2F.pptx", "a&b=c+d.pdf"] {
            let address = Address::new(Key::parse(&format!("a{DIGITS}")).unwrap(), name);
            let text = address.to_string();
            assert!(text.is_ascii() && !text.contains([' ', '?', '#']), "{text}");
            assert_eq!(Address::stored(&text).as_ref(), Some(&address));
            assert_eq!(Link::parse(&text).unwrap().address, address);
        }
    }

    #[test]
    fn what_is_no_address_of_a_file_is_none() {
        let short = format!("/files/a{}/x", &DIGITS[1..]);
        let (alone, odd) = (format!("/files/a{DIGITS}"), format!("/files/b{DIGITS}/x"));
        for text in ["", "/files/", "https://example.com/files/x", &short, &alone, &odd] {
            assert!(Address::stored(text).is_none() && Link::parse(text).is_none(), "{text}");
        }
    }
}
