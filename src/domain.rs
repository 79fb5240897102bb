//! Verbs: the rules of the classroom. Each function takes a connection inside a transaction and the time, and either does
//! all of its work or refuses with a reason of the closed list in [`Error`].

pub mod attendance;
pub mod bind;
pub mod channel;
pub mod check_in;
pub mod class;
pub mod cloud;
pub mod contact;
pub mod conversion;
pub mod course;
pub mod document;
pub mod enterprise;
pub mod enterprise_token;
mod error;
pub mod event;
pub mod file;
pub mod group;
pub mod member;
pub mod membership;
mod notice;
pub mod organization;
pub mod question;
pub mod recording;
pub mod report;
pub mod room;
pub mod secret;
pub mod session;
pub mod token;
pub mod user;
pub mod usersig;

pub use crate::store::Subject;
pub use error::Error;

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
