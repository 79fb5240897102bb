//! TIFF in the color spaces and depths that the general decoder does not read: Lab, palettes, and samples of 32 bits.

use std::io::Cursor;

use image::metadata::Orientation;
use image::{DynamicImage, RgbImage};
use tiff::ColorType;
use tiff::decoder::{Decoder, DecodingResult, Limits};
use tiff::tags::Tag;

use super::color::{lab_to_rgb, paper};
use crate::domain::content::conversion::ConversionFailure;

/// `PhotometricInterpretation`: how the samples of a pixel are to be read.
const PHOTOMETRIC: u16 = 262;
/// Its value for RGB.
const RGB: u16 = 2;
/// Its values for Lab, of which the decoder knows neither.
const CIE_LAB: u16 = 8;
const ICC_LAB: u16 = 9;

/// How the three first samples of a pixel give its color.
#[derive(Clone, Copy)]
enum Space {
    Gray,
    Rgb,
    Cmyk,
    /// Signed a and b.
    CieLab,
    /// a and b with an offset.
    IccLab,
}

/// Decodes the first picture of a file, upright, on white paper. It has at most `pixels_limit` pixels.
pub(super) fn read(mut bytes: Vec<u8>, pixels_limit: u64) -> Result<DynamicImage, ConversionFailure> {
    let damaged = |error| match error {
        tiff::TiffError::LimitsExceeded => ConversionFailure::ImageTooLarge,
        _ => ConversionFailure::DamagedImage,
    };
    let lab = take_lab_for_rgb(&mut bytes);
    let mut limits = Limits::default();
    limits.decoding_buffer_size = usize::try_from(pixels_limit * 16).unwrap_or(usize::MAX);
    let mut decoder = Decoder::new(Cursor::new(bytes)).map_err(damaged)?.with_limits(limits);
    let (width, height) = decoder.dimensions().map_err(damaged)?;
    if u64::from(width) * u64::from(height) > pixels_limit {
        return Err(ConversionFailure::ImageTooLarge);
    }
    let orientation = decoder.find_tag_unsigned::<u8>(Tag::Orientation).ok().flatten();
    let color = decoder.colortype().map_err(damaged)?;
    let samples = decoder.read_image().map_err(damaged)?;
    let pixels = match color {
        ColorType::Palette(8) => {
            let map = decoder.get_tag_u16_vec(Tag::ColorMap).map_err(damaged)?;
            let DecodingResult::U8(indexes) = samples else { return Err(ConversionFailure::DamagedImage) };
            of_palette(&indexes, &map).ok_or(ConversionFailure::DamagedImage)?
        }
        other => of_samples(&samples, Layout::of(other, lab).ok_or(ConversionFailure::DamagedImage)?),
    };
    let picture = RgbImage::from_raw(width, height, pixels).ok_or(ConversionFailure::DamagedImage)?;
    let mut picture = DynamicImage::from(picture);
    if let Some(orientation) = orientation.and_then(Orientation::from_exif) {
        picture.apply_orientation(orientation);
    }
    Ok(picture)
}

/// What the samples of a pixel are.
#[derive(Clone, Copy)]
struct Layout {
    space: Space,
    /// How many samples a pixel has.
    samples: usize,
    /// Whether the last one is its opacity.
    has_opacity: bool,
}

impl Layout {
    /// The layout of a color type; `lab` is set if the decoder takes Lab for RGB. `None` if the type is not read.
    fn of(color: ColorType, lab: Option<Space>) -> Option<Self> {
        let (space, samples, has_opacity) = match color {
            ColorType::Gray(8..) => (Space::Gray, 1, false),
            ColorType::GrayA(8..) => (Space::Gray, 2, true),
            ColorType::RGB(8..) => (lab.unwrap_or(Space::Rgb), 3, false),
            ColorType::RGBA(8..) => (lab.unwrap_or(Space::Rgb), 4, true),
            ColorType::CMYK(8..) => (Space::Cmyk, 4, false),
            ColorType::CMYKA(8..) => (Space::Cmyk, 5, true),
            _ => return None,
        };
        Some(Self { space, samples, has_opacity })
    }
}

fn of_palette(indexes: &[u8], map: &[u16]) -> Option<Vec<u8>> {
    // All reds, then all greens, then all blues.
    let colors = map.len() / 3;
    let channel = |index: u8, nth: usize| map.get(nth * colors + usize::from(index)).map(|value| high_byte(*value));
    let mut pixels = Vec::with_capacity(indexes.len() * 3);
    for index in indexes {
        for nth in 0..3 {
            pixels.push(channel(*index, nth)?);
        }
    }
    Some(pixels)
}

fn high_byte(value: u16) -> u8 {
    let [high, _] = value.to_be_bytes();
    high
}

/// The pixels of samples of any type.
fn of_samples(samples: &DecodingResult, layout: Layout) -> Vec<u8> {
    const BYTE: f32 = 255.0;
    const WORD: f32 = 65_535.0;
    match samples {
        DecodingResult::U8(all) => pixels(all, layout, |v| f32::from(*v) / BYTE),
        DecodingResult::U16(all) => pixels(all, layout, |v| f32::from(*v) / WORD),
        DecodingResult::U32(all) => pixels(all, layout, |v| f32::from(word(u64::from(*v) >> 16)) / WORD),
        DecodingResult::U64(all) => pixels(all, layout, |v| f32::from(word(v >> 48)) / WORD),
        DecodingResult::I8(all) => pixels(all, layout, |v| (f32::from(*v) + 128.0) / BYTE),
        DecodingResult::I16(all) => pixels(all, layout, |v| (f32::from(*v) + 32_768.0) / WORD),
        DecodingResult::I32(all) => {
            pixels(all, layout, |v| f32::from(word(u64::from(v.cast_unsigned() ^ (1 << 31)) >> 16)) / WORD)
        }
        DecodingResult::I64(all) => {
            pixels(all, layout, |v| f32::from(word((v.cast_unsigned() ^ (1 << 63)) >> 48)) / WORD)
        }
        DecodingResult::F16(all) => of_fractions(all, layout, |v| v.to_f32()),
        DecodingResult::F32(all) => of_fractions(all, layout, |v| *v),
        #[expect(clippy::cast_possible_truncation, reason = "a byte of color needs few digits")]
        DecodingResult::F64(all) => of_fractions(all, layout, |v| *v as f32),
    }
}

fn word(value: u64) -> u16 {
    u16::try_from(value).unwrap_or(u16::MAX)
}

/// White is 1, or the largest sample if that is larger.
fn of_fractions<T>(all: &[T], layout: Layout, value: impl Fn(&T) -> f32) -> Vec<u8> {
    let white = all.iter().map(&value).filter(|value| value.is_finite()).fold(1.0, f32::max);
    pixels(all, layout, |sample| value(sample) / white)
}

/// The bytes of red, green and blue. `value` is a sample from 0 to 1, also one of Lab, whatever it means there.
fn pixels<T>(all: &[T], layout: Layout, value: impl Fn(&T) -> f32) -> Vec<u8> {
    let mut pixels = Vec::with_capacity(all.len() / layout.samples * 3);
    for pixel in all.chunks_exact(layout.samples) {
        let mut samples = [0.0_f32; 5];
        for (sample, given) in samples.iter_mut().zip(pixel) {
            *sample = value(given).clamp(0.0, 1.0);
        }
        let [one, two, three, four, _] = samples;
        let color = match layout.space {
            Space::Gray => [one, one, one],
            Space::Rgb => [one, two, three],
            Space::Cmyk => [one, two, three].map(|ink| (1.0 - ink) * (1.0 - four)),
            Space::CieLab => lab_to_rgb(one * 100.0, signed(two), signed(three)),
            Space::IccLab => lab_to_rgb(one * 100.0, two * 255.0 - 128.0, three * 255.0 - 128.0),
        };
        let opacity = samples.get(layout.samples - 1).filter(|_| layout.has_opacity).copied().unwrap_or(1.0);
        pixels.extend(paper(color, opacity));
    }
    pixels
}

/// A fraction that stands for a signed number of 8 bits in two's complement.
fn signed(fraction: f32) -> f32 {
    let unsigned = fraction * 255.0;
    if unsigned > 127.5 { unsigned - 256.0 } else { unsigned }
}

/// Marks a picture in Lab as RGB, so that the decoder reads its samples. `None` if it is not in Lab.
fn take_lab_for_rgb(bytes: &mut [u8]) -> Option<Space> {
    let little = bytes.starts_with(b"II");
    let short = |bytes: &[u8], at: usize| {
        let two: [u8; 2] = bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if little { u16::from_le_bytes(two) } else { u16::from_be_bytes(two) })
    };
    let first: [u8; 4] = bytes.get(4..8)?.try_into().ok()?;
    let directory = if little { u32::from_le_bytes(first) } else { u32::from_be_bytes(first) };
    let directory = usize::try_from(directory).ok()?;
    let entries = usize::from(short(bytes, directory)?);
    for nth in 0..entries {
        let entry = directory.checked_add(2 + nth * 12)?;
        if short(bytes, entry)? != PHOTOMETRIC {
            continue;
        }
        let space = match short(bytes, entry.checked_add(8)?)? {
            CIE_LAB => Space::CieLab,
            ICC_LAB => Space::IccLab,
            _ => return None,
        };
        let value = if little { RGB.to_le_bytes() } else { RGB.to_be_bytes() };
        bytes.get_mut(entry + 8..entry + 10)?.copy_from_slice(&value);
        return Some(space);
    }
    None
}
