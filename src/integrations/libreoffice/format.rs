//! The formats that can be converted.

use image::ImageFormat;

/// The kind of a file, which says how it is converted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A document that LibreOffice turns into a PDF.
    Office(Office),
    /// A PDF.
    Pdf,
    /// An image, which becomes one page.
    Picture(Format),
    /// An image that another program decodes first.
    Avif,
}

/// The format of an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// Any format but the two below.
    Raster(ImageFormat),
    /// TIFF, in color spaces and depths that few programs read.
    Tiff,
    /// SVG, as text or compressed by gzip.
    Svg,
}

/// A format that LibreOffice reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Office {
    /// The part of LibreOffice that opens it.
    pub(super) program: Program,
    /// The only import filter that may read it. If LibreOffice guessed the format, it would also accept web pages.
    pub(super) filter: &'static str,
    /// The extension of the file during the conversion.
    pub(super) extension: &'static str,
}

/// A part of LibreOffice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Program {
    Writer,
    Calc,
    Impress,
}

pub(super) const DOC: Office = Office { program: Program::Writer, filter: "MS Word 97", extension: "doc" };
pub(super) const DOCX: Office = Office { program: Program::Writer, filter: "MS Word 2007 XML", extension: "docx" };
pub(super) const ODT: Office = Office { program: Program::Writer, filter: "writer8", extension: "odt" };
pub(super) const RTF: Office = Office { program: Program::Writer, filter: "Rich Text Format", extension: "rtf" };
pub(super) const TXT: Office =
    Office { program: Program::Writer, filter: "Text (encoded):UTF8,LF,,,", extension: "txt" };
pub(super) const XLS: Office = Office { program: Program::Calc, filter: "MS Excel 97", extension: "xls" };
pub(super) const XLSX: Office = Office { program: Program::Calc, filter: "Calc MS Excel 2007 XML", extension: "xlsx" };
pub(super) const ODS: Office = Office { program: Program::Calc, filter: "calc8", extension: "ods" };
/// The numbers of the filter mean: comma, quotation mark, UTF-8, from the first line.
pub(super) const CSV: Office =
    Office { program: Program::Calc, filter: "Text - txt - csv (StarCalc):44,34,76,1", extension: "csv" };
pub(super) const PPT: Office = Office { program: Program::Impress, filter: "MS PowerPoint 97", extension: "ppt" };
pub(super) const PPTX: Office =
    Office { program: Program::Impress, filter: "Impress MS PowerPoint 2007 XML", extension: "pptx" };
pub(super) const ODP: Office = Office { program: Program::Impress, filter: "impress8", extension: "odp" };
