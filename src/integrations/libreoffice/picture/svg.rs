//! SVG: drawn by this process, without scripts and animations, and without anything from outside the file.

use std::sync::{Arc, OnceLock};

use image::{DynamicImage, RgbaImage};
use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::{Group, ImageHrefResolver, Node, Options, Tree, fontdb};

use crate::domain::content::conversion::ConversionFailure;

/// The most bytes of an SVG.
const BYTES_LIMIT: usize = 32 << 20;
/// The most layers: groups with an opacity, a mask, a clip or a filter, and the steps of the filters. Each may cost as much as the
/// whole page.
const LAYERS_LIMIT: usize = 2_000;

/// The fonts for text whose own font is not installed, the best first.
const FAMILIES: [&str; 4] = ["Noto Sans", "DejaVu Sans", "Liberation Sans", "Noto Sans CJK SC"];

/// Draws a file on white. Its longer side has `page_pixels`.
pub(super) fn read(bytes: &[u8], page_pixels: u32) -> Result<DynamicImage, ConversionFailure> {
    if bytes.len() > BYTES_LIMIT {
        return Err(ConversionFailure::ImageTooLarge);
    }
    // The resolver of addresses of files is replaced: it would read files of this machine.
    let image_href_resolver = ImageHrefResolver {
        resolve_data: ImageHrefResolver::default_data_resolver(),
        resolve_string: Box::new(|_, _| None),
    };
    let options = Options { fontdb: fonts(), image_href_resolver, resources_dir: None, ..Options::default() };
    let tree = Tree::from_data(bytes, &options).map_err(|_| ConversionFailure::DamagedImage)?;
    if layers(tree.root(), LAYERS_LIMIT) >= LAYERS_LIMIT {
        return Err(ConversionFailure::ImageTooLarge);
    }
    draw(&tree, page_pixels).ok_or(ConversionFailure::DamagedImage)
}

#[expect(clippy::cast_precision_loss, reason = "a page has fewer pixels than a fraction has digits")]
fn draw(tree: &Tree, page_pixels: u32) -> Option<DynamicImage> {
    let size = tree.size();
    let scale = page_pixels as f32 / size.width().max(size.height());
    let (width, height) = (pixels(size.width() * scale, page_pixels), pixels(size.height() * scale, page_pixels));
    let mut drawn = Pixmap::new(width, height)?;
    drawn.fill(Color::WHITE);
    resvg::render(tree, Transform::from_scale(scale, scale), &mut drawn.as_mut());
    RgbaImage::from_raw(width, height, drawn.take()).map(DynamicImage::from)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the value is at most that of a page")]
fn pixels(length: f32, page_pixels: u32) -> u32 {
    (length.round() as u32).clamp(1, page_pixels)
}

/// The fonts of this machine. They are searched once.
fn fonts() -> Arc<fontdb::Database> {
    static FONTS: OnceLock<Arc<fontdb::Database>> = OnceLock::new();
    FONTS
        .get_or_init(|| {
            let mut fonts = fontdb::Database::new();
            fonts.load_system_fonts();
            // A text in a font that is not here is drawn in one that is.
            let any = fonts.faces().next().and_then(|face| face.families.first()).map(|(name, _)| name.clone());
            let has = |name: &&str| fonts.faces().any(|face| face.families.iter().any(|(family, _)| family == name));
            let family = FAMILIES.iter().copied().find(has).map(str::to_owned).or(any).unwrap_or_default();
            fonts.set_serif_family(family.clone());
            fonts.set_sans_serif_family(family.clone());
            fonts.set_monospace_family(family.clone());
            fonts.set_cursive_family(family.clone());
            fonts.set_fantasy_family(family);
            Arc::new(fonts)
        })
        .clone()
}

/// How many layers a group and all below it need, up to a limit.
fn layers(root: &Group, limit: usize) -> usize {
    let (mut left, mut count) = (vec![root], 0);
    while let Some(group) = left.pop() {
        count += usize::from(group.should_isolate());
        count += group.filters().iter().map(|filter| filter.primitives().len()).sum::<usize>();
        if count >= limit {
            return limit;
        }
        for node in group.children() {
            match node {
                Node::Group(inner) => left.push(inner),
                Node::Image(image) => {
                    if let resvg::usvg::ImageKind::SVG(tree) = image.kind() {
                        left.push(tree.root());
                    }
                }
                Node::Path(_) | Node::Text(_) => {}
            }
        }
    }
    count
}
