//! Pictures as videos have them: a plane of brightness, and two of colour with half the width and height (I420, BT.601).

use crate::integrations::ffmpeg::Size;

/// A picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Picture {
    pub size: Size,
    pub data: Vec<u8>,
}

/// The three planes of a picture: where each begins, and how wide and high it is.
fn planes(Size { width, height }: Size) -> [(usize, usize, usize); 3] {
    let (width, height) = (width as usize, height as usize);
    let (half_width, half_height) = (width / 2, height / 2);
    let luma = width * height;
    let chroma = half_width * half_height;
    [(0, width, height), (luma, half_width, half_height), (luma + chroma, half_width, half_height)]
}

impl Picture {
    /// A picture in one shade, from 16 (black) to 235 (white).
    pub fn grey(size: Size, shade: u8) -> Self {
        let mut data = vec![128; size.bytes()];
        let luma = (size.width * size.height) as usize;
        data.iter_mut().take(luma).for_each(|pixel| *pixel = shade);
        Self { size, data }
    }

    /// The picture of RGBA pixels without transparency. Width and height are even.
    pub fn of_rgba(size: Size, rgba: &[u8]) -> Self {
        let mut picture = Self::grey(size, 16);
        let width = size.width as usize;
        let [(_, _, _), (first_u, half, _), (first_v, ..)] = planes(size);
        for (row, line) in rgba.chunks_exact(width * 4).enumerate() {
            for (column, pixel) in line.chunks_exact(4).enumerate() {
                let &[r, g, b, _] = pixel else { continue };
                let [r, g, b] = [r, g, b].map(i32::from);
                if let Some(y) = picture.data.get_mut(row * width + column) {
                    *y = clamped(((66 * r + 129 * g + 25 * b + 128) >> 8) + 16);
                }
                if row % 2 == 0 && column % 2 == 0 {
                    let at = row / 2 * half + column / 2;
                    if let Some(u) = picture.data.get_mut(first_u + at) {
                        *u = clamped(((-38 * r - 74 * g + 112 * b + 128) >> 8) + 128);
                    }
                    if let Some(v) = picture.data.get_mut(first_v + at) {
                        *v = clamped(((112 * r - 94 * g - 18 * b + 128) >> 8) + 128);
                    }
                }
            }
        }
        picture
    }

    /// Puts another picture over this one. Its corner is at even coordinates; what does not fit is cut off.
    pub fn put(&mut self, size: Size, data: &[u8], (x, y): (u32, u32)) {
        let (x, y) = (x as usize, y as usize);
        for (number, (to, from)) in planes(self.size).into_iter().zip(planes(size)).enumerate() {
            let half = if number == 0 { 1 } else { 2 };
            let ((to_begin, to_width, to_height), (from_begin, from_width, from_height)) = (to, from);
            let (x, y) = (x / half, y / half);
            let length = from_width.min(to_width.saturating_sub(x));
            for row in 0..from_height.min(to_height.saturating_sub(y)) {
                let from = from_begin + row * from_width;
                let to = to_begin + (y + row) * to_width + x;
                if let (Some(to), Some(from)) = (self.data.get_mut(to..to + length), data.get(from..from + length)) {
                    to.copy_from_slice(from);
                }
            }
        }
    }
}

/// A picture that is smaller by a factor in both directions: each of its pixels is the mean of a square. Its height is even.
pub(super) fn shrunk(size: Size, data: &[u8], factor: u32) -> Picture {
    let small = Size { width: size.width / factor, height: (size.height / factor) & !1 };
    let factor = factor.max(1) as usize;
    let mut pixels = Vec::with_capacity(small.bytes());
    for ((begin, width, _), (_, small_width, small_height)) in planes(size).into_iter().zip(planes(small)) {
        for row in 0..small_height {
            let mut sums = vec![0_u32; small_width];
            for line in 0..factor {
                let from = begin + (row * factor + line) * width;
                let Some(line) = data.get(from..from + small_width * factor) else { continue };
                for (sum, square) in sums.iter_mut().zip(line.chunks_exact(factor)) {
                    *sum += square.iter().map(|pixel| u32::from(*pixel)).sum::<u32>();
                }
            }
            let area = u32::try_from(factor * factor).unwrap_or(u32::MAX);
            pixels.extend(sums.into_iter().map(|sum| u8::try_from(sum / area).unwrap_or(u8::MAX)));
        }
    }
    Picture { size: small, data: pixels }
}

fn clamped(value: i32) -> u8 {
    u8::try_from(value.clamp(0, 255)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_put_where_it_belongs_and_cut_off_at_the_edge() {
        let mut picture = Picture::grey(Size { width: 4, height: 4 }, 16);
        let white = Picture::grey(Size { width: 4, height: 2 }, 235);
        picture.put(white.size, &white.data, (2, 2));
        assert_eq!(picture.data[..16], [16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 235, 235, 16, 16, 235, 235]);
        assert_eq!(picture.data.len(), 24);
    }

    #[test]
    fn a_picture_that_shrinks_keeps_its_shades() {
        let size = Size { width: 8, height: 8 };
        let mut picture = Picture::grey(size, 100);
        // One pixel of each square of the left half is brighter.
        for row in [0, 2, 4, 6] {
            for column in [0, 2] {
                picture.data[row * 8 + column] = 140;
            }
        }
        let small = shrunk(size, &picture.data, 2);
        assert_eq!((small.size.width, small.size.height, small.data.len()), (4, 4, 24));
        assert_eq!(small.data[..16], [110, 110, 100, 100].repeat(4));
        assert_eq!(small.data[16..], [128; 8]);
        assert_eq!(shrunk(Size { width: 320, height: 180 }, &vec![7; 86_400], 4).size, Size { width: 80, height: 44 });
    }

    #[test]
    fn colours_are_those_of_videos() {
        let red = [255, 0, 0, 255].repeat(4);
        let picture = Picture::of_rgba(Size { width: 2, height: 2 }, &red);
        assert_eq!(picture.data, [82, 82, 82, 82, 90, 240]);
        let white = [255; 16];
        assert_eq!(Picture::of_rgba(Size { width: 2, height: 2 }, &white).data, [235, 235, 235, 235, 128, 128]);
    }
}
