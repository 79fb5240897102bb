//! Draws texts: names below pictures, and texts on boards.

use std::sync::{Arc, LazyLock};

use resvg::tiny_skia::{PixmapMut, Transform};
use resvg::usvg::{Options, Tree, fontdb};

/// The fonts of this machine. They are searched once.
static FONTS: LazyLock<Arc<fontdb::Database>> = LazyLock::new(|| {
    let mut fonts = fontdb::Database::new();
    fonts.load_system_fonts();
    Arc::new(fonts)
});

/// The fonts of texts, the best first. A character that none of them has is drawn in any that has it.
const FAMILIES: &str = "Noto Sans CJK SC, Noto Sans, DejaVu Sans, Liberation Sans, sans-serif";

/// Draws lines of text. The upper left corner of the first line is at the origin of the transform.
pub(super) fn draw(to: &mut PixmapMut<'_>, lines: &[String], size: f32, color: &str, transform: Transform) {
    let lines = lines.iter().enumerate().map(|(number, line)| {
        let baseline = (f64::from(u32::try_from(number).unwrap_or_default()) * LINE + BASELINE) * f64::from(size);
        format!(
            r#"<text x="0" y="{baseline}" font-family="{FAMILIES}" font-size="{size}" fill="{color}" xml:space="preserve">{}</text>"#,
            escaped(line)
        )
    });
    let svg = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="100000" height="100000">{}</svg>"#,
        lines.collect::<String>()
    );
    let options = Options { fontdb: FONTS.clone(), ..Options::default() };
    if let Ok(tree) = Tree::from_str(&svg, &options) {
        resvg::render(&tree, transform, to);
    }
}

/// How high a line is, and where letters stand in it, in sizes of the text.
pub(super) const LINE: f64 = 1.3;
const BASELINE: f64 = 1.0;

/// About how wide a character is, in sizes of the text.
pub(super) fn width(character: char) -> f64 {
    // Han, kana, hangul and full-width characters are square.
    if u32::from(character) >= 0x1100 { 1.0 } else { 0.55 }
}

/// Breaks a text into lines of at most this width, in sizes of the text.
pub(super) fn wrapped(text: &str, widest: f64) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let (mut line, mut used) = (String::new(), 0.0);
        for character in paragraph.chars() {
            let needed = width(character);
            if used + needed > widest && !line.is_empty() {
                lines.push(std::mem::take(&mut line));
                used = 0.0;
            }
            line.push(character);
            used += needed;
        }
        lines.push(line);
    }
    lines
}

fn escaped(text: &str) -> String {
    let allowed = text.chars().filter(|c| !c.is_control() && *c != '\u{fffe}' && *c != '\u{ffff}');
    allowed.collect::<String>().replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
