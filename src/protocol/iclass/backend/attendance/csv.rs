//! The attendance table as CSV (RFC 4180) for spreadsheets: with a byte order mark. A spreadsheet guesses the separator and the
//! type of each cell, so an apostrophe keeps it from taking a text for a formula, a number or a date.

use super::table;
use super::table::{Cell, Lang};

/// Marks the text as UTF-8 for spreadsheets.
const BYTE_ORDER_MARK: char = '\u{FEFF}';
/// The signs that begin a formula, and the full-width ones that some spreadsheets take for them.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
/// The characters that a spreadsheet may guess to separate cells or lines.
const SEPARATORS: [char; 5] = [',', ';', '\t', '\r', '\n'];
/// The most digits that a spreadsheet shows of a number.
const SHOWN_DIGITS: usize = 11;
/// The beginnings of the names of months.
const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// The byte order mark and the line of column names.
pub(super) fn head(lang: Lang) -> String {
    let mut text = String::from(BYTE_ORDER_MARK);
    line(&mut text, table::columns(lang).map(str::to_owned));
    text
}

/// Adds a row.
pub(super) fn add(text: &mut String, cells: Vec<Cell>) {
    line(text, cells.into_iter().map(written));
}

fn written(cell: Cell) -> String {
    match cell {
        Cell::Text(text) if is_taken_for_a_value(&text) => format!("'{text}"),
        Cell::Text(text) | Cell::Detail(text) => text,
        Cell::Number(number) => number.to_string(),
        Cell::Time(seconds) => table::time(seconds),
        Cell::Empty => String::new(),
    }
}

fn line(text: &mut String, cells: impl Iterator<Item = String>) {
    for (at, cell) in cells.enumerate() {
        if at > 0 {
            text.push(',');
        }
        text.push_str(&quoted(&harmless(&cell)));
    }
    text.push_str("\r\n");
}

/// Quotes a cell if necessary.
fn quoted(cell: &str) -> String {
    if cell.contains(['"', ',', ';', '\t', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

/// Puts an apostrophe before each formula: at the beginning, and after each character that a spreadsheet may take for a separator.
fn harmless(cell: &str) -> String {
    let mut text = String::with_capacity(cell.len());
    // A spreadsheet may drop these at the beginning of a cell.
    if cell.starts_with(['\t', '\r']) {
        text.push('\'');
    }
    for part in cell.split_inclusive(SEPARATORS) {
        if begins_formula(part) {
            text.push('\'');
        }
        text.push_str(part);
    }
    text
}

/// Whether the first character counts that is neither blank, invisible nor a quote.
fn begins_formula(part: &str) -> bool {
    let is_skipped = |c: char| c.is_whitespace() || c == '"' || c.is_control() || is_invisible(c);
    part.trim_start_matches(is_skipped).starts_with(FORMULA)
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' | '\u{AD}')
}

/// Whether a spreadsheet shows this text otherwise than it is: as another number, such as 1.2E+11 for a long id or 7 for 007, as
/// a date or a time, or as a truth value.
fn is_taken_for_a_value(text: &str) -> bool {
    let text = text.trim();
    let is_digit = |c: char| c.is_numeric();
    if text.starts_with(is_digit) || text.trim_start_matches(['.', '$', '¥', '￥', '€', '£', '(']).starts_with(is_digit)
    {
        // Only such a number is shown as it is.
        let is_plain = text.len() <= SHOWN_DIGITS && text.bytes().all(|byte| byte.is_ascii_digit());
        return !is_plain || text.len() > 1 && text.starts_with('0');
    }
    let lower = text.to_ascii_lowercase();
    let month = MONTHS.iter().find_map(|month| lower.strip_prefix(month));
    matches!(lower.as_str(), "true" | "false") || month.is_some_and(|rest| rest.ends_with(is_digit))
}

#[cfg(test)]
mod tests {
    use super::{Cell, harmless, quoted, written};

    fn cell(text: &str) -> String {
        quoted(&harmless(&written(Cell::Text(text.into()))))
    }

    #[test]
    fn no_cell_is_a_formula_after_any_separator_or_ends_its_cell() {
        for (text, expected) in [
            ("=1+1", "'=1+1"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@a", "'@a"),
            ("＝1+1", "'＝1+1"),
            ("＋1", "'＋1"),
            ("－1", "'－1"),
            ("＠a", "'＠a"),
            ("\ta", "\"'\ta\""),
            ("\ra", "\"'\ra\""),
            ("a=1", "a=1"),
            (" =1", "' =1"),
            ("\u{200B}=1", "'\u{200B}=1"),
            ("a;=1", "\"a;'=1\""),
            ("a,=1,@b", "\"a,'=1,'@b\""),
            ("a\t+1", "\"a\t'+1\""),
            ("a\n-1", "\"a\n'-1\""),
            ("a\r\n＝1", "\"a\r\n'＝1\""),
            ("a; \"=1", "\"a;' \"\"=1\""),
            ("\"=1", "\"'\"\"=1\""),
            (";;=1", "\";;'=1\""),
            ("=HYPERLINK(\"a\",\"b\")", "\"'=HYPERLINK(\"\"a\"\",\"\"b\"\")\""),
            ("a,b", "\"a,b\""),
            ("a;b", "\"a;b\""),
            ("a\nb", "\"a\nb\""),
            ("小明", "小明"),
            ("", ""),
        ] {
            assert_eq!(cell(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_text_stays_a_text_where_a_spreadsheet_would_change_it() {
        for text in [
            "007",
            "00",
            "123456789012",
            "1400127140001234567",
            "1e5",
            "12E11",
            "1.50",
            "1,000",
            "1-2",
            "3/4",
            "2023-11-14",
            "12:30",
            "1月2日",
            "１２３",
            ".5",
            "$1",
            "(1)",
            "5%",
            "sep1",
            "Dec 12",
            "MAR-2",
            "TRUE",
            "false",
        ] {
            assert!(cell(text).trim_start_matches('"').starts_with('\''), "{text}");
        }
        for text in ["0", "7", "10005", "12345678901", "li", "s1", "march", "decker", "true story", "小明1"] {
            assert_eq!(cell(text), text);
        }
    }

    #[test]
    fn numbers_and_times_are_read_as_such() {
        assert_eq!(written(Cell::Number(12_345_678_901_234)), "12345678901234");
        assert_eq!(written(Cell::Time(1_700_000_000)), "2023-11-14 22:13:20");
        assert_eq!(written(Cell::Empty), "");
    }
}
