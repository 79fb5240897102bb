//! Where files are on the wire: below `/files/`, by their key; a private one behind a ticket that ends.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use sha2::Sha256;

use super::key::Key;
use crate::clock::{Millis, millis, seconds};
use crate::domain::tenancy::enterprise::Enterprise;
use crate::domain::tenancy::secret;

/// What the path of every file begins with.
pub const ROOT: &str = "/files/";

/// What stands in a path as it is (RFC 3986, section 2.3), and `/` between names.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// One file of a stored folder. As text it is the path without host and ticket, as rows have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    key: Key,
    name: String,
}

/// What a link says: which file, and the ticket that lets its holder see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Which file.
    pub address: Address,
    /// What stands between the key and the name of a private one.
    ticket: String,
}

impl Address {
    /// A file of a folder.
    #[must_use]
    pub fn new(key: Key, name: impl Into<String>) -> Self {
        Self { key, name: name.into() }
    }

    /// Reads what a row has; `None` for an address of somewhere else.
    #[must_use]
    pub fn stored(path: &str) -> Option<Self> {
        let (key, name) = path.strip_prefix(ROOT)?.split_once('/')?;
        Some(Self { key: Key::parse(key)?, name: decoded(name)? })
    }

    /// The folder that the file is in.
    #[must_use]
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// Its path in that folder.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its path in the storage.
    #[must_use]
    pub fn in_storage(&self) -> String {
        format!("{}/{}", self.key, self.name)
    }

    /// The path that shows the file: of a private one only until then, to the second. Files beside it are shown too, by
    /// addresses relative to it.
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
    /// Reads a path that somebody sent; `None` when it can't be one of a file.
    #[must_use]
    pub fn parse(path: &str) -> Option<Self> {
        let path = path.split(['?', '#']).next()?.strip_prefix(ROOT)?;
        let (key, rest) = path.split_once('/')?;
        Self::of(key, &decoded(rest)?)
    }

    /// As [`Link::parse`], from what stands after the root, before and after the first slash, with nothing encoded any more.
    #[must_use]
    pub fn of(key: &str, rest: &str) -> Option<Self> {
        let key = Key::parse(key)?;
        let (ticket, name) = if key.is_private() { rest.split_once('/').unwrap_or((rest, "")) } else { ("", rest) };
        Some(Self { address: Address::new(key, name), ticket: ticket.to_owned() })
    }

    /// Until when the link shows its file, when it does: for ever, when everybody may see it. Costs the same time for every
    /// wrong ticket.
    #[must_use]
    pub fn good_until(&self, enterprise: &Enterprise, now: Millis) -> Option<Millis> {
        if !self.address.key.is_private() {
            return Some(Millis::MAX);
        }
        let (expires, given) = self.ticket.split_once('.')?;
        // Every key is tried whether or not one before it was right. With the key of the enterprise that a link was signed
        // with, it ends.
        let right = enterprise
            .keys_at(now)
            .fold(false, |right, tic_key| right | secret::same(&signature(tic_key, &self.address.key, expires), given));
        let until = millis(expires.parse().ok()?);
        (right && now <= until).then_some(until)
    }
}

/// With the `tic_key`: every instance has it, and an enterprise whose key became known ends all links with a new one. The words
/// before the key of the file see to it that nothing else that is signed can pass for a ticket.
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
