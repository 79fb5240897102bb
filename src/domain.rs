//! Verbs: the rules of the classroom. Each function takes a connection inside a transaction and the time, and either does
//! all of its work or refuses with a reason of the closed list in [`Error`].

pub mod chat;
pub mod classroom;
pub mod content;
mod error;
pub mod events;
pub mod school;
pub mod tenancy;

pub use crate::store::CacheTag;
pub use error::{Error, Field, Forbidden, NoGroups, Noun, Problem, Vocabulary};

/// What a domain function returns.
pub type Result<T> = std::result::Result<T, Error>;

/// Replaces what a change names.
fn set<T>(field: &mut T, new: Option<T>) {
    if let Some(new) = new {
        *field = new;
    }
}

/// Whether a text is an address that a browser or an HTTP client can fetch.
#[must_use]
pub fn is_http_url(text: &str) -> bool {
    // The parser mends what it is given, such as `http:host`; the text is stored as it came, so it has to be right itself.
    let begins = |with: &str| text.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with));
    (begins("http://") || begins("https://")) && url::Url::parse(text).is_ok_and(|url| url.has_host())
}
