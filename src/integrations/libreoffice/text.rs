//! Plain text does not state its encoding, but LibreOffice must know it.

use std::borrow::Cow;
use std::path::Path;

use encoding_rs::{Encoding, GB18030, UTF_8};

/// Rewrites a file in UTF-8, with line feeds as line ends.
pub(super) fn recode(path: &Path) -> std::io::Result<()> {
    let bytes = std::fs::read(path)?;
    std::fs::write(path, to_utf8(&bytes).replace("\r\n", "\n").replace('\r', "\n"))
}

/// Decodes a text. The byte order mark states the encoding; without one, valid UTF-8 is UTF-8, and everything else is GB18030,
/// which most other Chinese texts use.
fn to_utf8(bytes: &[u8]) -> Cow<'_, str> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or_default()).0;
    }
    match UTF_8.decode_without_bom_handling_and_without_replacement(bytes) {
        Some(text) => text,
        None => GB18030.decode_without_bom_handling(bytes).0,
    }
}

#[cfg(test)]
mod tests {
    use super::to_utf8;

    #[test]
    fn a_text_is_read_in_its_own_encoding() {
        let gb18030 = encoding_rs::GB18030.encode("分数").0;
        let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain("分数".encode_utf16().flat_map(u16::to_le_bytes)).collect();
        for bytes in ["分数".as_bytes(), "\u{feff}分数".as_bytes(), &gb18030, &utf16] {
            assert_eq!(to_utf8(bytes), "分数");
        }
    }
}
