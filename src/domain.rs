//! The rules of the classroom. Each function takes a connection inside a transaction and the current time. It either
//! does all of its work or fails with an [`Error`], a closed list of reasons.

pub mod chat;
pub mod classroom;
pub mod content;
mod error;
pub mod events;
pub mod school;
pub mod tenancy;
pub mod usage;

pub use crate::store::ids;
pub use crate::store::{CacheTag, Page, Paged};
pub use error::{Error, Field, Forbidden, Limit, NoGroups, Noun, OperationProblem, Problem, Vocabulary};

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
    // The URL parser repairs inputs such as `http:host` and `http:///host`, but the text is stored as given, so it must be
    // valid as it is.
    let after = |scheme: &str| {
        let (start, rest) = text.split_at_checked(scheme.len())?;
        start.eq_ignore_ascii_case(scheme).then_some(rest)
    };
    let rest = after("http://").or_else(|| after("https://"));
    rest.is_some_and(|rest| !rest.starts_with(['/', '\\'])) && url::Url::parse(text).is_ok_and(|url| url.has_host())
}

/// Checks that a text is an http or https URL, or empty.
fn check_url(field: Field, text: &str) -> Result<()> {
    if text.is_empty() || is_http_url(text) { Ok(()) } else { Err(Error::invalid(field, Problem::NotHttpUrlOrEmpty)) }
}

/// Whether a text is words in place of a URL: it has no scheme, and is not a path.
fn is_words(text: &str) -> bool {
    let is_path = text.trim_start().is_empty() || text.trim_start().starts_with(['/', '\\', '.', '?', '#']);
    !is_path && url::Url::parse(text) == Err(url::ParseError::RelativeUrlWithoutBase)
}

#[cfg(test)]
mod tests {
    use super::{is_http_url, is_words};

    #[test]
    fn an_address_has_a_scheme_and_a_host_as_it_stands() {
        for address in
            ["http://a", "HTTPS://A.example/x", "http://1.2.3.4:80/x y", "http://[::1]/", "http://学校.example/课"]
        {
            assert!(is_http_url(address) && !is_words(address), "{address}");
        }
        for other in [
            "",
            " ",
            "http:",
            "http:/",
            "http://",
            "http:///",
            "http:///x",
            "http:////x",
            "https:///x.example/y",
            "http://\\x",
            "http:\\\\x",
            "http://?x",
            "http://#x",
            "http:// ",
            "http://\u{a0}",
            " http://a",
            "http://:80/",
            "ftp://a/x",
            "javascript:alert(1)",
            "//a/x",
            "a/x",
        ] {
            assert!(!is_http_url(other), "{other:?}");
        }
    }

    #[test]
    fn words_are_no_address_of_any_kind() {
        for words in ["课件地址", "[url]", "the third lesson", "a/b.pptx"] {
            assert!(is_words(words), "{words}");
        }
        for other in [
            "",
            "  ",
            "/x",
            "//a/x",
            "\\\\a",
            "?x",
            "#x",
            "../x",
            "http:///x",
            "javascript:alert(1)",
            "\tdata:x",
            "a:b",
        ] {
            assert!(!is_words(other), "{other:?}");
        }
    }
}
