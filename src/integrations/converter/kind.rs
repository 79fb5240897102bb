//! What a file is. Its content decides, never its name: a presentation that is called .pdf is converted as a presentation.

use std::fs::File;
use std::io::{Read, Seek};
use std::path::Path;

use encoding_rs::Encoding;
use image::ImageFormat;

use super::failure::fault;
use super::package;
use crate::domain::content::conversion::ConversionFailure;

/// What can be converted, and by whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// By LibreOffice, into a PDF.
    Office(Office),
    /// A PDF already.
    Pdf,
    /// By the image library, as one page.
    Picture(ImageFormat),
}

/// A document of LibreOffice's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Office {
    /// The program of it.
    pub(super) program: Program,
    /// The one filter that may read it: LibreOffice is never left to guess, because it would find web pages too.
    pub(super) filter: &'static str,
    /// What its file is called while it is converted.
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
/// Comma, quotation mark, UTF-8, from the first line.
pub(super) const CSV: Office =
    Office { program: Program::Calc, filter: "Text - txt - csv (StarCalc):44,34,76,1", extension: "csv" };
pub(super) const PPT: Office = Office { program: Program::Impress, filter: "MS PowerPoint 97", extension: "ppt" };
pub(super) const PPTX: Office =
    Office { program: Program::Impress, filter: "Impress MS PowerPoint 2007 XML", extension: "pptx" };
pub(super) const ODP: Office = Office { program: Program::Impress, filter: "impress8", extension: "odp" };

/// How a file of each kind begins.
const BEGINNINGS: &[(&[u8], Kind)] = &[
    (b"{\\rtf", Kind::Office(RTF)),
    (b"\x89PNG\r\n\x1a\n", Kind::Picture(ImageFormat::Png)),
    (b"\xff\xd8\xff", Kind::Picture(ImageFormat::Jpeg)),
    (b"GIF87a", Kind::Picture(ImageFormat::Gif)),
    (b"GIF89a", Kind::Picture(ImageFormat::Gif)),
    (b"II*\0", Kind::Picture(ImageFormat::Tiff)),
    (b"MM\0*", Kind::Picture(ImageFormat::Tiff)),
];

/// Looks at the content of a file; `extension` tells only the texts apart, which have no mark of their own.
pub(super) fn of(path: &Path, extension: &str, unpacked_limit_bytes: u64) -> Result<Kind, ConversionFailure> {
    let mut file = File::open(path).map_err(fault)?;
    let mut head = Vec::new();
    (&mut file).take(1024).read_to_end(&mut head).map_err(fault)?;
    if head.is_empty() {
        return Err(ConversionFailure::Empty);
    }
    if let Some((_, kind)) = BEGINNINGS.iter().find(|(beginning, _)| head.starts_with(beginning)) {
        return Ok(*kind);
    }
    // Readers of PDF allow for something before its mark.
    if head.windows(5).any(|bytes| bytes == b"%PDF-") {
        return Ok(Kind::Pdf);
    }
    if head.starts_with(b"BM") && head.get(6..10) == Some(&[0; 4]) {
        return Ok(Kind::Picture(ImageFormat::Bmp));
    }
    if head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP") {
        return Ok(Kind::Picture(ImageFormat::WebP));
    }
    if head.starts_with(b"PK\x03\x04") {
        return package::kind(file, unpacked_limit_bytes).map(Kind::Office);
    }
    if head.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        file.rewind().map_err(fault)?;
        return binary(file).map(Kind::Office);
    }
    let marked = Encoding::for_bom(&head).is_some();
    match extension {
        _ if head.contains(&0) && !marked => Err(unknown(&head)),
        "txt" => Ok(Kind::Office(TXT)),
        "csv" => Ok(Kind::Office(CSV)),
        _ => Err(unknown(&head)),
    }
}

/// The formats of before 2007 are streams in a compound file, and an encrypted PPTX, DOCX or XLSX is one too.
fn binary(file: File) -> Result<Office, ConversionFailure> {
    let compound = cfb::CompoundFile::open(file).map_err(|_| ConversionFailure::Damaged)?;
    let has = |name: &str| compound.is_stream(name);
    if has("/EncryptedPackage") {
        Err(ConversionFailure::Encrypted)
    } else if has("/PowerPoint Document") {
        Ok(PPT)
    } else if has("/WordDocument") {
        Ok(DOC)
    } else if has("/Workbook") || has("/Book") {
        Ok(XLS)
    } else {
        Err(unknown(&[]))
    }
}

pub(super) fn unknown(head: &[u8]) -> ConversionFailure {
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    if head.contains("<html") || head.contains("<!doctype html") {
        return ConversionFailure::WebPage;
    }
    ConversionFailure::UnknownKind
}
