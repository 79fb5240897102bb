//! Images: each becomes a document of one page, rotated according to its EXIF orientation and scaled down to a page.
//!
//! This process decodes them, in safe Rust and within limits of memory and size.

use super::failure::fault;
use crate::domain::content::conversion::ConversionFailure;
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, ImageResult, Limits, Rgba, RgbaImage};

use super::page::{PAGE_PIXELS, Page, THUMBNAIL_PIXELS};

/// The most pixels of an image: more than most cameras have. At eight bytes each this bounds the memory, and the time to seconds.
const PIXELS_LIMIT: u64 = 64_000_000;

/// The quality of JPEG in percent: no artifacts are visible in a photograph, or in text on it.
const QUALITY: u8 = 85;

/// Writes the page and its thumbnail below `folder`.
pub(super) fn draw(path: &Path, format: ImageFormat, folder: &Path) -> Result<Page, ConversionFailure> {
    let picture = read(path, format)?;
    // A photograph is smaller as JPEG; a drawing is sharper as PNG.
    let photograph = format == ImageFormat::Jpeg;
    let fitted = |pixels| fit(&picture, pixels);
    let (page, thumbnail) = (fitted(PAGE_PIXELS), fitted(THUMBNAIL_PIXELS));
    let extension = if photograph { "jpg" } else { "png" };
    let names = [format!("pages/1.{extension}"), format!("thumbnails/1.{extension}")];
    for (name, image) in names.iter().zip([&page, &thumbnail]) {
        let path = folder.join(name);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(fault)?;
        }
        if photograph { save_photograph(image, &path) } else { image.save(path) }.map_err(fault)?;
    }
    let [image, thumbnail] = names;
    Ok(Page { image, thumbnail, width: page.width(), height: page.height() })
}

fn read(path: &Path, format: ImageFormat) -> Result<DynamicImage, ConversionFailure> {
    let damaged = |error| match error {
        image::ImageError::Limits(_) => too_large(),
        _ => ConversionFailure::DamagedImage,
    };
    let mut reader = ImageReader::open(path).map_err(fault)?;
    reader.set_format(format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(PIXELS_LIMIT * 8);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(damaged)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > PIXELS_LIMIT || decoder.total_bytes() > PIXELS_LIMIT * 8 {
        return Err(too_large());
    }
    let orientation = decoder.orientation().map_err(damaged)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(damaged)?;
    picture.apply_orientation(orientation);
    if picture.color().has_alpha() {
        picture = on_paper(picture.into_rgba8()).into();
    }
    // Every browser supports this color type.
    Ok(picture.into_rgb8().into())
}

/// Puts a transparent image on a white background.
fn on_paper(mut picture: RgbaImage) -> RgbaImage {
    for Rgba([red, green, blue, alpha]) in picture.pixels_mut() {
        for color in [red, green, blue] {
            let seen = u32::from(*color) * u32::from(*alpha) + 255 * (255 - u32::from(*alpha));
            *color = u8::try_from(seen / 255).unwrap_or(u8::MAX);
        }
        *alpha = u8::MAX;
    }
    picture
}

/// Replaces the PNG of a page by a JPEG if the page is a photograph or a scan, for which JPEG is many times smaller.
pub(super) fn to_photograph(path: &Path) -> Result<(), ConversionFailure> {
    let picture = image::open(path).map_err(fault)?;
    save_photograph(&picture.into_rgb8().into(), &path.with_extension("jpg")).map_err(fault)?;
    std::fs::remove_file(path).map_err(fault)
}

fn save_photograph(picture: &DynamicImage, path: &Path) -> ImageResult<()> {
    picture.write_with_encoder(JpegEncoder::new_with_quality(BufWriter::new(File::create(path)?), QUALITY))
}

fn fit(picture: &DynamicImage, pixels: u32) -> DynamicImage {
    if picture.width().max(picture.height()) <= pixels {
        return picture.clone();
    }
    picture.resize(pixels, pixels, FilterType::CatmullRom)
}

fn too_large() -> ConversionFailure {
    ConversionFailure::ImageTooLarge
}
