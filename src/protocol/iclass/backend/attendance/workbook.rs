//! The attendance table as a workbook (XLSX), in which each cell has its type.

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::table;
use super::table::{Cell, Lang};

/// The name of the only sheet.
const SHEET: &str = "Attendance";
/// How times are shown.
const TIME: &str = "yyyy-mm-dd hh:mm:ss";
/// The width of a column, in characters.
const WIDTH: f64 = 20.0;
/// The longest text of a cell, in UTF-16 units.
const CELL_UNITS: usize = 32_767;

/// A table in the making.
pub(super) struct Book {
    book: Workbook,
    time: Format,
    /// The next row.
    row: u32,
}

impl Book {
    /// A table with the line of column names.
    pub(super) fn new(lang: Lang) -> Result<Self, XlsxError> {
        let mut book = Workbook::new();
        let bold = Format::new().set_bold();
        let sheet = book.add_worksheet().set_name(SHEET)?;
        sheet.set_freeze_panes(1, 0)?;
        for (column, name) in (0..).zip(table::columns(lang)) {
            sheet.set_column_width(column, WIDTH)?.write_string_with_format(0, column, name, &bold)?;
        }
        Ok(Self { book, time: Format::new().set_num_format(TIME), row: 1 })
    }

    /// Adds a row.
    pub(super) fn add(&mut self, cells: Vec<Cell>) -> Result<(), XlsxError> {
        let sheet = self.book.worksheet_from_index(0)?;
        for (column, cell) in (0..).zip(cells) {
            write(sheet, self.row, column, cell, &self.time)?;
        }
        self.row += 1;
        Ok(())
    }

    /// The bytes of the file.
    pub(super) fn finish(mut self) -> Result<Vec<u8>, XlsxError> {
        self.book.save_to_buffer()
    }
}

#[expect(clippy::cast_precision_loss, reason = "XLSX has no other numbers, and counts and seconds are small")]
fn write(sheet: &mut Worksheet, row: u32, column: u16, cell: Cell, time: &Format) -> Result<(), XlsxError> {
    match cell {
        Cell::Text(text) | Cell::Detail(text) => sheet.write_string(row, column, shortened(text))?,
        Cell::Number(number) => sheet.write_number(row, column, number as f64)?,
        Cell::Time(seconds) => {
            let at = ExcelDateTime::from_timestamp(seconds)?;
            sheet.write_datetime_with_format(row, column, at, time)?
        }
        Cell::Empty => sheet,
    };
    Ok(())
}

/// A text that fits a cell.
fn shortened(mut text: String) -> String {
    // A character has at most as many UTF-16 units as bytes.
    if text.len() > CELL_UNITS {
        let mut units = 0;
        let end = text.char_indices().find(|(_, c)| {
            units += c.len_utf16();
            units >= CELL_UNITS
        });
        if let Some((end, _)) = end {
            text.truncate(end);
            text.push('…');
        }
    }
    text
}
