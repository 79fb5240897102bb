//! The picture of somebody who has none: the name.

use resvg::tiny_skia::{Color, Pixmap, Transform};

use super::picture::Picture;
use super::text;
use crate::integrations::ffmpeg::Size;

/// The size of the letters, in pixels, and how many are shown at most.
const LETTERS: f32 = 56.0;
const MOST: usize = 20;

/// A dark picture with a name in the middle: three planes.
pub fn still(name: &str, size: Size) -> Vec<u8> {
    let Some(mut pixels) = Pixmap::new(size.width, size.height) else { return Picture::grey(size, 16).data };
    pixels.fill(Color::from_rgba8(38, 40, 46, 255));
    let name: String = name.chars().take(MOST).collect();
    #[expect(clippy::cast_possible_truncation, reason = "a name has few characters")]
    let wide = name.chars().map(text::width).sum::<f64>() as f32 * LETTERS;
    #[expect(clippy::cast_precision_loss, reason = "pictures have few pixels")]
    let (width, height) = (size.width as f32, size.height as f32);
    let corner = Transform::from_translate(((width - wide) / 2.0).max(0.0), height / 2.0 - LETTERS);
    text::draw(&mut pixels.as_mut(), &[name], LETTERS, "#ffffff", corner);
    Picture::of_rgba(size, pixels.data()).data
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_in_the_middle_of_a_dark_picture() {
        let size = Size { width: 640, height: 360 };
        let picture = still("王老师", size);
        assert_eq!(picture.len(), size.bytes());
        let bright = |from: usize, to: usize| picture[from * 640..to * 640].iter().any(|pixel| *pixel > 180);
        assert!(bright(120, 240) && !bright(0, 100) && !bright(260, 360));
    }
}
