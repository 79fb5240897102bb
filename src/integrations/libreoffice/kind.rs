//! Detects the kind of a file by its content, not by its name: a presentation named `.pdf` is converted as a presentation.

use super::failure::{fault, unknown_kind};
use crate::domain::content::conversion::ConversionFailure;
use std::fs::File;
use std::io::{Read, Seek};
use std::path::Path;

use encoding_rs::Encoding;
use image::ImageFormat;

use super::format::{CSV, DOC, Kind, Office, PPT, RTF, TXT, XLS};
use super::package;

/// The first bytes of some kinds of files.
const BEGINNINGS: &[(&[u8], Kind)] = &[
    (b"{\\rtf", Kind::Office(RTF)),
    (b"\x89PNG\r\n\x1a\n", Kind::Picture(ImageFormat::Png)),
    (b"\xff\xd8\xff", Kind::Picture(ImageFormat::Jpeg)),
    (b"GIF87a", Kind::Picture(ImageFormat::Gif)),
    (b"GIF89a", Kind::Picture(ImageFormat::Gif)),
    (b"II*\0", Kind::Picture(ImageFormat::Tiff)),
    (b"MM\0*", Kind::Picture(ImageFormat::Tiff)),
];

/// The kind of a file by its content. `extension` matters only for plain text.
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
    // Like other PDF readers, accept a few bytes before the magic number.
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
        _ if head.contains(&0) && !marked => Err(unknown_kind(&head)),
        "txt" => Ok(Kind::Office(TXT)),
        "csv" => Ok(Kind::Office(CSV)),
        _ => Err(unknown_kind(&head)),
    }
}

/// The kind of a compound file: an Office format from before 2007, or an encrypted PPTX, DOCX or XLSX.
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
        Err(unknown_kind(&[]))
    }
}
