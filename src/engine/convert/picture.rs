//! Images: each becomes the one page of a document, turned as the camera says and no larger than a page.
//!
//! They are decoded in this process, by code that is safe by its language, within limits of its own.

use std::path::Path;

use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, imageops::FilterType};

use super::Failure;
use super::page::Page;
use super::pdf::{PAGE_PIXELS, THUMBNAIL_PIXELS};

/// More than cameras make; it bounds memory at eight bytes each and time at seconds.
const PIXELS_LIMIT: u64 = 120_000_000;

/// Writes the page and its thumbnail below `folder`.
pub(super) fn draw(path: &Path, format: ImageFormat, folder: &Path) -> Result<Page, Failure> {
    let picture = read(path, format)?;
    // A photograph is small as JPEG; whatever was drawn by hand or machine is sharper as PNG.
    let photograph = format == ImageFormat::Jpeg;
    let fitted = |pixels| fit(&picture, pixels);
    let (page, thumbnail) = (fitted(PAGE_PIXELS), fitted(THUMBNAIL_PIXELS));
    let extension = if photograph { "jpg" } else { "png" };
    let names = [format!("pages/1.{extension}"), format!("thumbnails/1.{extension}")];
    for (name, image) in names.iter().zip([&page, &thumbnail]) {
        let path = folder.join(name);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(Failure::machine)?;
        }
        image.save(path).map_err(Failure::machine)?;
    }
    let [image, thumbnail] = names;
    Ok(Page { image, thumbnail, width: page.width(), height: page.height() })
}

fn read(path: &Path, format: ImageFormat) -> Result<DynamicImage, Failure> {
    let damaged = |error| match error {
        image::ImageError::Limits(_) => too_large(),
        _ => Failure::document("The image can't be read: it is damaged. Save it anew and add it again."),
    };
    let mut reader = ImageReader::open(path).map_err(Failure::machine)?;
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
    // What every browser shows, whatever it was.
    Ok(if picture.color().has_alpha() { picture.to_rgba8().into() } else { picture.to_rgb8().into() })
}

fn fit(picture: &DynamicImage, pixels: u32) -> DynamicImage {
    if picture.width().max(picture.height()) <= pixels {
        return picture.clone();
    }
    picture.resize(pixels, pixels, FilterType::CatmullRom)
}

fn too_large() -> Failure {
    Failure::document("The image is too large. Make it smaller, at most 10,000 pixels wide and high, and add it again.")
}
