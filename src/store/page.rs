//! Pagination: which rows of a list are requested, and how to find them without reading all earlier rows.
//!
//! A list is ordered by an ascending id, so an id marks a position in the list.

/// From this offset on, looking up the rows of a page by id costs less than skipping the rows before it.
const FAR: i64 = 1_000;

/// A page of a list.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// Where the page starts.
    pub start: Start,
    /// The maximum number of rows.
    pub size: i64,
}

/// The start of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// Skip this many rows. The cost grows with the number of skipped rows.
    Index(i64),
    /// Start after the row with this id, or at the first row. The cost is the same at any position.
    After(Option<i64>),
}

impl Page {
    /// The page that skips `index` rows.
    #[must_use]
    pub fn at(index: i64, size: i64) -> Self {
        Self { start: Start::Index(index), size }
    }

    /// Whether it is faster to find the ids in the index first and then load the rows by id.
    #[must_use]
    pub fn is_far(self) -> bool {
        matches!(self.start, Start::Index(index) if index >= FAR)
    }

    /// The SQL `OFFSET`.
    pub(super) fn offset(self) -> i64 {
        if let Start::Index(index) = self.start { index } else { 0 }
    }

    /// The SQL `LIMIT`. A page after an id loads one extra row, which shows whether the list continues.
    pub(super) fn limit(self) -> i64 {
        if let Start::After(_) = self.start { self.size.saturating_add(1) } else { self.size }
    }

    /// The id after which the page starts.
    pub(super) fn after(self) -> Option<i64> {
        if let Start::After(after) = self.start { after } else { None }
    }
}

/// A page of rows with the total number of rows in the list.
#[derive(Clone, Debug)]
pub struct Paged<T> {
    /// The number of rows in the whole list.
    pub total: i64,
    /// The rows of the page.
    pub rows: Vec<T>,
    /// Whether this is the last page.
    pub finish: bool,
    /// The id of the last row, if the page started after an id and the list continues.
    pub next: Option<i64>,
}

impl<T> Paged<T> {
    /// Builds the page from the rows that were loaded with the offset and limit of `page`.
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

/// Returns the first string in byte order after all strings that start with `prefix`; `None` if there is none. This
/// makes a prefix search an index range, with no special characters as in LIKE.
pub(super) fn end_of_prefix(prefix: &str) -> Option<String> {
    let mut chars: Vec<char> = prefix.chars().collect();
    while let Some(last) = chars.pop() {
        // A range of `char` skips the surrogates.
        if let Some(next) = (last..=char::MAX).nth(1) {
            chars.push(next);
            return Some(chars.into_iter().collect());
        }
    }
    None
}

/// Removes duplicates. A filter may repeat values, and SQLite allows at most 32,766 values in a statement.
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
