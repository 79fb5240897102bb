//! Pages of a list: which rows are asked for, and how they are found without walking past those before.
//!
//! Rows of a list are in the order of an id that counts up, so that a place in it is an id.

/// From here on leaving out rows costs more than looking up those of the page one by one.
const FAR: i64 = 1_000;

/// Rows of a list.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// The first of them.
    pub start: Start,
    /// How many at most.
    pub size: i64,
}

/// Where a page begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// After this many rows. Costs more the more these are.
    Index(i64),
    /// After the row that has this id, or at the first one. Costs the same anywhere.
    After(Option<i64>),
}

impl Page {
    /// The page after `index` rows.
    #[must_use]
    pub fn at(index: i64, size: i64) -> Self {
        Self { start: Start::Index(index), size }
    }

    /// Whether the rows of the page are found faster by their ids, found first in an index alone.
    #[must_use]
    pub fn is_far(self) -> bool {
        matches!(self.start, Start::Index(index) if index >= FAR)
    }

    /// The rows to leave out.
    pub(super) fn offset(self) -> i64 {
        if let Start::Index(index) = self.start { index } else { 0 }
    }

    /// The rows to ask for: after an id, one more shows whether the list goes on.
    pub(super) fn limit(self) -> i64 {
        if let Start::After(_) = self.start { self.size.saturating_add(1) } else { self.size }
    }

    /// The id after which it begins.
    pub(super) fn after(self) -> Option<i64> {
        if let Start::After(after) = self.start { after } else { None }
    }
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
    /// The id of the last row, when the page began after an id and the list goes on.
    pub next: Option<i64>,
}

impl<T> Paged<T> {
    /// The rows that were found by the offset and the limit of a page.
    pub(super) fn new(total: i64, page: Page, mut rows: Vec<T>, id: impl Fn(&T) -> i64) -> Self {
        if let Start::Index(index) = page.start {
            let seen = index.saturating_add(count(&rows));
            return Self { total, rows, finish: seen >= total, next: None };
        }
        let finish = count(&rows) <= page.size;
        rows.truncate(usize::try_from(page.size).unwrap_or(usize::MAX));
        let next = if finish { None } else { rows.last().map(id) };
        Self { total, rows, finish, next }
    }
}

fn count<T>(rows: &[T]) -> i64 {
    i64::try_from(rows.len()).unwrap_or(i64::MAX)
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
