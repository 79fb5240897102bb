//! The names of pages.

use std::fmt;

/// A page of the board of a class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum PageName {
    /// A whiteboard page, by its number.
    Whiteboard(i64),
    /// A page of a document, from 1.
    Document { doc_id: String, number: i64 },
}

impl PageName {
    /// Reads a name. Each page has one name only. `None` for a text that is no name.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let name = match text.rsplit_once('/') {
            Some((doc_id, number)) => Self::Document { doc_id: doc_id.to_owned(), number: number.parse().ok()? },
            None => Self::Whiteboard(text.strip_prefix('w')?.parse().ok()?),
        };
        (name.to_string() == text).then_some(name)
    }
}

impl fmt::Display for PageName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whiteboard(number) => write!(f, "w{number}"),
            Self::Document { doc_id, number } => write!(f, "{doc_id}/{number}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::PageName;

    #[test]
    fn a_page_has_one_name() {
        for name in ["w1", "w100", "a/1", "aB3/12"] {
            assert_eq!(PageName::parse(name).unwrap().to_string(), name);
        }
        for text in ["", "w", "w01", "w+1", "w 1", "W1", "1", "a/", "a/x", "a/01", "a/1/", "w9223372036854775808"] {
            assert_eq!(PageName::parse(text), None, "{text}");
        }
    }
}
