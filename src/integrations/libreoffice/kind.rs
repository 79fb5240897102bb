//! Detects the kind of a file by its content, not by its name: a presentation named `.pdf` is converted as a presentation.

use super::failure::{fault, unknown_kind};
use crate::domain::content::conversion::ConversionFailure;
use std::fs::File;
use std::io::{Read, Seek};
use std::path::Path;

use encoding_rs::Encoding;
use image::ImageFormat;
use quick_xml::events::Event;

use super::format::{CSV, DOC, Format, Kind, Office, PPT, RTF, TXT, XLS};
use super::package;

/// Within how many bytes the first element of an SVG begins. Programs write long comments and declarations before it.
const PROLOGUE_BYTES: u64 = 64 << 10;

/// The first bytes of some kinds of files.
const BEGINNINGS: &[(&[u8], Kind)] = &[
    (b"{\\rtf", Kind::Office(RTF)),
    (b"\x89PNG\r\n\x1a\n", raster(ImageFormat::Png)),
    (b"\xff\xd8\xff", raster(ImageFormat::Jpeg)),
    (b"GIF87a", raster(ImageFormat::Gif)),
    (b"GIF89a", raster(ImageFormat::Gif)),
    (b"II*\0", Kind::Picture(Format::Tiff)),
    (b"MM\0*", Kind::Picture(Format::Tiff)),
];

const fn raster(format: ImageFormat) -> Kind {
    Kind::Picture(Format::Raster(format))
}

/// The kind of a file by its content. `extension` matters only for what has no signature: plain text and TGA.
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
        return Ok(raster(ImageFormat::Bmp));
    }
    if head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP") {
        return Ok(raster(ImageFormat::WebP));
    }
    if is_avif(&head) {
        return Ok(Kind::Avif);
    }
    if extension == "svgz" && head.starts_with(b"\x1f\x8b") {
        return Ok(Kind::Picture(Format::Svg));
    }
    if extension == "tga" && is_tga(&head) {
        return Ok(raster(ImageFormat::Tga));
    }
    if head.starts_with(b"PK\x03\x04") {
        return package::kind(file, unpacked_limit_bytes).map(Kind::Office);
    }
    if head.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        file.rewind().map_err(fault)?;
        return binary(file).map(Kind::Office);
    }
    if !matches!(extension, "txt" | "csv") && is_svg(path).map_err(fault)? {
        return Ok(Kind::Picture(Format::Svg));
    }
    let marked = Encoding::for_bom(&head).is_some();
    match extension {
        _ if head.contains(&0) && !marked => Err(unknown_kind(&head)),
        "txt" => Ok(Kind::Office(TXT)),
        "csv" => Ok(Kind::Office(CSV)),
        _ => Err(unknown_kind(&head)),
    }
}

/// A media file of ISO whose brands, in its first box, include that of AVIF pictures.
fn is_avif(head: &[u8]) -> bool {
    let size = head.get(..4).and_then(|bytes| bytes.try_into().ok()).map(u32::from_be_bytes);
    let size = size.and_then(|size| usize::try_from(size).ok()).unwrap_or_default().min(head.len());
    let brands = head.get(8..size).unwrap_or_default();
    head.get(4..8) == Some(b"ftyp") && brands.chunks_exact(4).any(|brand| brand == b"avif")
}

/// The header of a TGA: whether it has a palette, and one of its six ways to store a picture.
fn is_tga(head: &[u8]) -> bool {
    matches!(head, [_, 0 | 1, 1 | 2 | 3 | 9 | 10 | 11, ..] if head.len() >= 18)
}

/// Whether the outermost element of an XML file is that of an SVG.
fn is_svg(path: &Path) -> std::io::Result<bool> {
    let mut beginning = Vec::new();
    File::open(path)?.take(PROLOGUE_BYTES).read_to_end(&mut beginning)?;
    let text = String::from_utf8_lossy(&beginning);
    if !text.trim_start_matches('\u{feff}').trim_start().starts_with('<') {
        return Ok(false);
    }
    let mut reader = quick_xml::Reader::from_str(&text);
    loop {
        match reader.read_event() {
            Ok(Event::Start(element) | Event::Empty(element)) => return Ok(element.local_name().as_ref() == "svg"),
            Ok(Event::Eof) | Err(_) => return Ok(false),
            Ok(_) => {}
        }
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
