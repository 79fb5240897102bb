//! Images: each becomes a document of one page, rotated according to its EXIF orientation and scaled down to a page. And the pages
//! that poppler drew, which are encoded here.
//!
//! This process decodes them, in safe Rust and within limits of memory and size.

mod color;
mod svg;
mod tiff;

use super::failure::fault;
use crate::domain::content::conversion::ConversionFailure;
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType as PngFilter, PngEncoder};
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, Rgba, RgbaImage};

use super::format::Format;
use super::page::{PAGE_PIXELS, Page, THUMBNAIL_PIXELS};

/// The most pixels of an image: more than most cameras have. At eight bytes each this bounds the memory, and the time to seconds.
const PIXELS_LIMIT: u64 = 64_000_000;

/// The quality of JPEG in percent: no artifacts are visible in a photograph, or in text on it.
const QUALITY: u8 = 85;

/// A page of text and drawings is rarely larger than this as a PNG that was compressed fast. A larger page is a photograph or a
/// scan, which is many times smaller as JPEG.
const DRAWING_BYTES: usize = 5 << 18;

/// Writes the page of a picture and its thumbnail below `folder`.
pub(super) fn draw(path: &Path, format: Format, folder: &Path) -> Result<Page, ConversionFailure> {
    let picture = match format {
        Format::Raster(format) => read(path, format)?,
        Format::Tiff => read_tiff(path)?,
        Format::Svg => svg::read(&std::fs::read(path).map_err(fault)?, PAGE_PIXELS)?.into_rgb8().into(),
    };
    // A photograph is smaller as JPEG; a drawing is sharper as PNG.
    let encoding = if matches!(format, Format::Raster(ImageFormat::Jpeg)) { Encoding::Jpeg } else { Encoding::Png };
    let (page, thumbnail) = (fit(&picture, PAGE_PIXELS), fit(&picture, THUMBNAIL_PIXELS));
    save(1, folder, (&page, encoding), (&thumbnail, encoding))
}

/// Encodes a page that poppler drew, and its thumbnail, below `folder`.
pub(super) fn encode(path: &Path, number: u32, folder: &Path) -> Result<Page, ConversionFailure> {
    let page = read(path, ImageFormat::Tiff)?;
    let mut fast = Vec::new();
    page.write_with_encoder(PngEncoder::new_with_quality(&mut fast, CompressionType::Fast, PngFilter::Adaptive))
        .map_err(fault)?;
    let encoding = if fast.len() > DRAWING_BYTES { Encoding::Jpeg } else { Encoding::Png };
    let thumbnail = page.thumbnail(THUMBNAIL_PIXELS, THUMBNAIL_PIXELS);
    save(number, folder, (&page, encoding), (&thumbnail, Encoding::Png))
}

#[derive(Clone, Copy)]
enum Encoding {
    Jpeg,
    Png,
}

/// Writes a page and its thumbnail.
fn save(
    number: u32,
    folder: &Path,
    page: (&DynamicImage, Encoding),
    thumbnail: (&DynamicImage, Encoding),
) -> Result<Page, ConversionFailure> {
    let mut names = Vec::new();
    for (kind, (image, encoding)) in [("pages", page), ("thumbnails", thumbnail)] {
        let extension = match encoding {
            Encoding::Jpeg => "jpg",
            Encoding::Png => "png",
        };
        let name = format!("{kind}/{number}.{extension}");
        std::fs::create_dir_all(folder.join(kind)).map_err(fault)?;
        let file = BufWriter::new(File::create(folder.join(&name)).map_err(fault)?);
        match encoding {
            Encoding::Jpeg => image.write_with_encoder(JpegEncoder::new_with_quality(file, QUALITY)),
            Encoding::Png => image.write_with_encoder(PngEncoder::new_with_quality(
                file,
                CompressionType::Default,
                PngFilter::Adaptive,
            )),
        }
        .map_err(fault)?;
        names.push(name);
    }
    let (page, mut names) = (page.0, names.into_iter());
    let mut next = || names.next().unwrap_or_default();
    Ok(Page { image: next(), thumbnail: next(), width: page.width(), height: page.height() })
}

/// Reads a TIFF; the decoder of all formats reads the usual ones with less memory.
fn read_tiff(path: &Path) -> Result<DynamicImage, ConversionFailure> {
    match read(path, ImageFormat::Tiff) {
        Err(ConversionFailure::DamagedImage) => tiff::read(std::fs::read(path).map_err(fault)?, PIXELS_LIMIT),
        other => other,
    }
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

fn fit(picture: &DynamicImage, pixels: u32) -> DynamicImage {
    if picture.width().max(picture.height()) <= pixels {
        return picture.clone();
    }
    picture.resize(pixels, pixels, FilterType::CatmullRom)
}

fn too_large() -> ConversionFailure {
    ConversionFailure::ImageTooLarge
}
