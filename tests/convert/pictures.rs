//! Images of the formats that few programs read, and SVG, which is a program itself.

use std::io::{Cursor, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use image::{DynamicImage, ImageBuffer, ImageFormat, Luma, Rgb};
use tiff::encoder::{TiffEncoder, colortype};

use crate::pages::picture;
use crate::workshop::{Made, Workshop, dark};

/// The mean color of a page.
fn color(made: &Made) -> [u8; 3] {
    let name = if made.path("pages/1.png").exists() { "pages/1.png" } else { "pages/1.jpg" };
    let page = image::open(made.path(name)).unwrap().into_rgb8();
    let count = u64::from(page.width()) * u64::from(page.height());
    [0, 1, 2].map(|channel| {
        let sum: u64 = page.pixels().map(|pixel| u64::from(pixel.0[channel])).sum();
        u8::try_from(sum / count).unwrap()
    })
}

fn close(one: [u8; 3], other: [u8; 3]) -> bool {
    one.iter().zip(other).all(|(one, other)| one.abs_diff(other) <= 12)
}

fn encoded(image: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    image.into().write_to(&mut file, format).unwrap();
    file.into_inner()
}

/// A TIFF of one color.
fn tiff<C: colortype::ColorType>(pixel: &[C::Inner]) -> Vec<u8>
where
    [C::Inner]: tiff::encoder::TiffValue,
    C::Inner: Clone,
{
    let mut file = Cursor::new(Vec::new());
    let data: Vec<C::Inner> = pixel.iter().cloned().cycle().take(pixel.len() * 40 * 30).collect();
    TiffEncoder::new(&mut file).unwrap().write_image::<C>(40, 30, &data).unwrap();
    file.into_inner()
}

/// The same TIFF with another way to read its samples.
fn read_as(mut file: Vec<u8>, photometric: u8) -> Vec<u8> {
    // The entry of a directory: the tag 262, one short, and the value 2 (RGB).
    let entry = [6, 1, 3, 0, 1, 0, 0, 0, 2, 0];
    let at = file.windows(entry.len()).position(|bytes| bytes == entry).unwrap();
    file[at + 8] = photometric;
    file
}

#[tokio::test]
async fn tiff_is_read_in_lab_and_in_16_and_32_bits() {
    let workshop = Workshop::new();
    let gray = ImageBuffer::from_pixel(40, 30, Luma([0x8000_u16]));
    let rgb = ImageBuffer::from_pixel(40, 30, Rgb([0xffff_u16, 0, 0x8000]));
    let lab = |pixel: [u8; 3], photometric| read_as(tiff::<colortype::RGB8>(&pixel), photometric);
    for (name, file, expected) in [
        ("16 bits, gray", encoded(gray, ImageFormat::Tiff), [128, 128, 128]),
        ("16 bits, color", encoded(rgb, ImageFormat::Tiff), [255, 0, 128]),
        ("32 bits, gray", tiff::<colortype::Gray32>(&[0x8000_0000]), [128, 128, 128]),
        ("32 bits, color", tiff::<colortype::RGB32>(&[u32::MAX, 0, 0x8000_0000]), [255, 0, 128]),
        ("32 bits, gray fractions", tiff::<colortype::Gray32Float>(&[0.5]), [128, 128, 128]),
        ("32 bits, color fractions", tiff::<colortype::RGB32Float>(&[1.0, 0.0, 0.5]), [255, 0, 128]),
        // The red of sRGB: L 54, a 81, b 70.
        ("Lab", lab([138, 81, 70], 8), [255, 0, 0]),
        ("Lab, a below 0", lab([224, (-79_i8).cast_unsigned(), 81], 8), [0, 255, 0]),
        ("Lab with an offset", lab([138, 128 + 81, 128 + 70], 9), [255, 0, 0]),
        ("Lab in 16 bits", read_as(tiff::<colortype::RGB16>(&[138 * 257, 81 * 256, 70 * 256]), 8), [255, 0, 0]),
    ] {
        let made = workshop.convert("a.tiff", &file).await.unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!((made.converted.width, made.converted.height), (40, 30), "{name}");
        assert!(close(color(&made), expected), "{name}: {:?}", color(&made));
    }
}

#[tokio::test]
async fn tga_is_read() {
    let made = Workshop::new().convert("a.tga", &picture(800, 600, ImageFormat::Tga)).await.unwrap();
    assert_eq!((made.converted.pages, made.converted.width, made.converted.height), (1, 800, 600));
}

/// Half of it is black.
#[tokio::test]
async fn avif_is_read() {
    let made = Workshop::new().convert("a.avif", include_bytes!("documents/half.avif")).await.unwrap();
    assert_eq!((made.converted.width, made.converted.height), (64, 48));
    assert!(close(color(&made), [127, 127, 127]), "{:?}", color(&made));
}

/// An SVG of 400 by 300 with this inside.
fn svg(inside: &str) -> String {
    format!(
        r#"<?xml version="1.0"?><!-- made by hand --><svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="400" height="300">{inside}</svg>"#
    )
}

#[tokio::test]
async fn svg_is_drawn_in_the_size_of_a_page_compressed_or_not() {
    let workshop = Workshop::new();
    let drawing = svg(r#"<rect width="200" height="300"/><text x="210" y="150" font-size="40">分数 text</text>"#);
    let made = workshop.convert("图.svg", drawing.as_bytes()).await.unwrap();
    assert_eq!((made.converted.width, made.converted.height, made.converted.title.as_str()), (1920, 1440, "图"));
    let page = made.page(1);
    let half = 960 * 1440;
    assert!(dark(&page) > half + 2_000, "the text is drawn too: {}", dark(&page));
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(drawing.as_bytes()).unwrap();
    let unpacked = workshop.convert("图.svgz", &packed.finish().unwrap()).await.unwrap();
    assert_eq!(unpacked.page(1), page);
}

#[tokio::test]
async fn an_svg_runs_nothing_and_reads_nothing_but_itself() {
    let workshop = Workshop::new();
    let folder = tempfile::tempdir().unwrap();
    let black = folder.path().join("black.png");
    std::fs::write(&black, encoded(DynamicImage::new_rgb8(40, 30), ImageFormat::Png)).unwrap();
    let path = black.display();
    let hostile = [
        "<script>document.documentElement.innerHTML = '&lt;rect width=\"400\" height=\"300\"/>'</script>".to_owned(),
        format!(r#"<image width="400" height="300" xlink:href="{path}"/>"#),
        format!(r#"<image width="400" height="300" href="file://{path}"/>"#),
        r#"<image width="400" height="300" href="http://127.0.0.1:1/black.png"/>"#.to_owned(),
        format!(r#"<style>@import url("file://{path}"); rect {{ fill: url(file://{path}) }}</style>"#),
        format!(r#"<use href="{path}#a"/>"#),
    ];
    let made = workshop.convert("a.svg", svg(&hostile.concat()).as_bytes()).await.unwrap();
    assert_eq!(dark(&made.page(1)), 0);
    let entity = format!(
        r#"<!DOCTYPE svg [<!ENTITY e SYSTEM "file://{path}">]><svg xmlns="http://www.w3.org/2000/svg" width="4" height="3"><text>&e;</text></svg>"#
    );
    // Refused or empty, both are right.
    if let Ok(made) = workshop.convert("a.svg", entity.as_bytes()).await {
        assert_eq!(dark(&made.page(1)), 0);
    }
}

#[tokio::test]
async fn an_svg_that_is_made_to_cost_too_much_is_refused() {
    let workshop = Workshop::new();
    let filter = r#"<filter id="f"><feGaussianBlur stdDeviation="50"/></filter>"#;
    let blurred = r#"<rect width="400" height="300" filter="url(#f)"/>"#.repeat(3_000);
    let levels = (1..12).map(|level| {
        let uses = format!(r##"<use href="#g{}"/>"##, level - 1).repeat(10);
        format!(r#"<g id="g{level}">{uses}</g>"#)
    });
    let laughs = format!(r#"<defs><g id="g0"><rect width="1" height="1"/></g>{}"#, levels.collect::<String>());
    for inside in [format!("{filter}{blurred}"), format!(r##"{laughs}</defs><use href="#g11"/>"##)] {
        workshop.convert("a.svg", svg(&inside).as_bytes()).await.unwrap_err();
    }
}
