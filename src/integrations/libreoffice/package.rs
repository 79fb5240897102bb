//! Documents that are ZIP archives. Their format and unpacked size are checked before anything unpacks them.

use super::failure::{fault, unknown_kind};
use crate::domain::content::conversion::ConversionFailure;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use zip::ZipArchive;

use super::format::{DOCX, ODP, ODS, ODT, Office, PPTX, XLSX};

/// The most parts of an archive: more than any real document has.
const PARTS_LIMIT: usize = 50_000;

/// The highest compression ratio: more than XML and bitmaps reach. It does not apply to an archive that unpacks to little.
const RATIO_LIMIT: u64 = 200;
const HARMLESS_BYTES: u64 = 64 << 20;

/// The main part of each Office Open XML format.
const MAIN_PARTS: &[(&str, Office)] =
    &[("ppt/presentation.xml", PPTX), ("word/document.xml", DOCX), ("xl/workbook.xml", XLSX)];

/// The media type of each OpenDocument format. A template (`…-template`) is read like a document.
const MIME_TYPES: &[(&str, Office)] = &[
    ("application/vnd.oasis.opendocument.presentation", ODP),
    ("application/vnd.oasis.opendocument.text", ODT),
    ("application/vnd.oasis.opendocument.spreadsheet", ODS),
];

/// The format of the document in a ZIP archive.
pub(super) fn kind(file: File, unpacked_limit_bytes: u64) -> Result<Office, ConversionFailure> {
    let packed = file.metadata().map_err(fault)?.len();
    let mut archive = ZipArchive::new(file).map_err(|_| ConversionFailure::Damaged)?;
    if archive.len() > PARTS_LIMIT {
        return Err(ConversionFailure::UnpacksTooLarge);
    }
    // The directory may state wrong sizes. The limits of the sandbox still apply.
    let unpacked = unpacked(&mut archive)?;
    if unpacked > unpacked_limit_bytes || unpacked > HARMLESS_BYTES.max(packed.saturating_mul(RATIO_LIMIT)) {
        return Err(ConversionFailure::UnpacksTooLarge);
    }
    let found = match MAIN_PARTS.iter().find(|(part, _)| archive.index_for_name(part).is_some()) {
        Some((_, office)) => Some(*office),
        None => open_document(&mut archive)?,
    };
    found.ok_or_else(|| unknown_kind(&[]))
}

/// What stands in the slides of a presentation that has animations or transitions. It may stand in one that has none too.
const MOVES: &[(Office, &str, &[&str])] = &[
    (PPTX, "ppt/slide", &["anim", ":set>", "transition"]),
    (ODP, "content.xml", &["anim:animate", "anim:set", "anim:transitionFilter", "transition-type", "smil:type"]),
];

/// How many bytes of a part are searched.
const SEARCHED_BYTES: u64 = 32 << 20;

/// Whether a presentation may have animations or transitions. Of the binary format this is not known.
pub(super) fn may_be_animated(path: &Path, office: Office) -> Result<bool, ConversionFailure> {
    let Some((_, parts, words)) = MOVES.iter().find(|(format, ..)| *format == office) else { return Ok(true) };
    let mut archive = ZipArchive::new(File::open(path).map_err(fault)?).map_err(|_| ConversionFailure::Damaged)?;
    let names = archive.file_names().filter_map(Result::ok).map(std::borrow::Cow::into_owned);
    let names: Vec<String> = names.filter(|name| name.starts_with(parts)).collect();
    for name in names {
        let text = read(&mut archive, &name, SEARCHED_BYTES)?.unwrap_or_default();
        if words.iter().any(|word| text.contains(word)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The size of all parts together according to the directory of the archive.
fn unpacked(archive: &mut ZipArchive<File>) -> Result<u64, ConversionFailure> {
    let mut bytes = 0_u64;
    for index in 0..archive.len() {
        let part = archive.by_index_raw(index).map_err(|_| ConversionFailure::Damaged)?;
        bytes = bytes.saturating_add(part.size());
    }
    Ok(bytes)
}

fn open_document(archive: &mut ZipArchive<File>) -> Result<Option<Office>, ConversionFailure> {
    let Some(mime_type) = read(archive, "mimetype", 256)? else { return Ok(None) };
    let mime_type = mime_type.trim().trim_end_matches("-template").to_owned();
    let manifest = read(archive, "META-INF/manifest.xml", 1 << 20)?.unwrap_or_default();
    if manifest.contains("encryption-data") {
        return Err(ConversionFailure::Encrypted);
    }
    Ok(MIME_TYPES.iter().find(|(name, _)| *name == mime_type).map(|(_, office)| *office))
}

/// The beginning of a part; `None` if the archive has no part of that name.
fn read(archive: &mut ZipArchive<File>, name: &str, limit: u64) -> Result<Option<String>, ConversionFailure> {
    let Some(index) = archive.index_for_name(name) else { return Ok(None) };
    let part = archive.by_index(index).map_err(|_| ConversionFailure::Damaged)?;
    let mut bytes = Vec::new();
    part.take(limit).read_to_end(&mut bytes).map_err(|_| ConversionFailure::Damaged)?;
    Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
}
