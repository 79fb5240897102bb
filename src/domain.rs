//! The rules of the classroom. Each function takes a connection inside a transaction and the current time. It either
//! does all of its work or fails with an [`Error`], a closed list of reasons.

pub mod chat;
pub mod classroom;
pub mod content;
mod error;
pub mod events;
pub mod school;
pub mod tenancy;

pub use crate::store::CacheTag;
pub use crate::store::ids;
pub use error::{Error, Field, Forbidden, NoGroups, Noun, Problem, Vocabulary};

/// The result of a domain function.
pub type Result<T> = std::result::Result<T, Error>;

/// Sets a field if the patch has a value for it.
fn set<T>(field: &mut T, new: Option<T>) {
    if let Some(new) = new {
        *field = new;
    }
}

/// Whether a text is an http or https URL with a host.
#[must_use]
pub fn is_http_url(text: &str) -> bool {
    // The URL parser repairs inputs such as `http:host`, but the text is stored as given, so it must be valid as it is.
    let begins = |with: &str| text.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with));
    (begins("http://") || begins("https://")) && url::Url::parse(text).is_ok_and(|url| url.has_host())
}
