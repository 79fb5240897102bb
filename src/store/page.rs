//! Pages of a list: which rows are asked for, and how the rows of a prefix are found in an index.

/// Rows `index ..` of a list, at most `size` of them.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// Rows to leave out.
    pub index: i64,
    /// Rows to return at most.
    pub size: i64,
}

/// A page of rows with the number of all rows of the list.
#[derive(Clone, Debug)]
pub struct Paged<T> {
    /// All rows of the list, on this page or not.
    pub total: i64,
    /// The rows of the page.
    pub rows: Vec<T>,
    /// Whether no row comes after these.
    pub finish: bool,
}

impl<T> Paged<T> {
    pub(super) fn new(total: i64, page: Page, rows: Vec<T>) -> Self {
        let seen = page.index.saturating_add(i64::try_from(rows.len()).unwrap_or(i64::MAX));
        Self { total, finish: seen >= total, rows }
    }
}

/// The first text, in byte order, after all texts that begin with `prefix`; `None` when there is none. With it a prefix is a
/// range of an index, and no character of it has a meaning of its own, as it would with LIKE.
pub(super) fn end_of_prefix(prefix: &str) -> Option<String> {
    let mut chars: Vec<char> = prefix.chars().collect();
    while let Some(last) = chars.pop() {
        // A range of characters steps over the surrogates, which are none.
        if let Some(next) = (last..=char::MAX).nth(1) {
            chars.push(next);
            return Some(chars.into_iter().collect());
        }
    }
    None
}

/// Each value once: a filter may name one often, and a statement of SQLite has room for 32,766 values.
pub(super) fn distinct<T: Copy + PartialEq>(values: &[T]) -> Vec<T> {
    let mut found = Vec::new();
    for value in values {
        if !found.contains(value) {
            found.push(*value);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::end_of_prefix;
    use proptest::prelude::*;

    #[test]
    fn the_end_of_a_prefix_steps_over_surrogates_and_the_last_character() {
        assert_eq!(end_of_prefix("ab").as_deref(), Some("ac"));
        assert_eq!(end_of_prefix("a\u{D7FF}").as_deref(), Some("a\u{E000}"));
        assert_eq!(end_of_prefix("a\u{10FFFF}").as_deref(), Some("b"));
        assert_eq!(end_of_prefix("\u{10FFFF}"), None);
        assert_eq!(end_of_prefix(""), None);
    }

    proptest! {
        #[test]
        fn a_text_is_in_the_range_exactly_when_it_begins_with_the_prefix(prefix in ".{0,3}", text in ".{0,5}") {
            let in_range = text >= prefix && end_of_prefix(&prefix).is_none_or(|end| text < end);
            prop_assert_eq!(in_range, text.starts_with(&prefix));
        }
    }
}
