//! How cameras are to be in a class: what pages are asked for, and what is let through of them.

use crate::store::classroom::class::Settings;

/// The picture of a class whose settings name none, in pixels.
const PICTURE: (u32, u32) = (640, 480);

/// How cameras are to be in a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CameraSettings {
    /// The bitrate, in kbit/s.
    pub bitrate: u32,
    /// The width, in pixels.
    pub width: u32,
    /// The height, in pixels.
    pub height: u32,
    /// The frame rate, in frames per second.
    pub fps: u32,
}

impl CameraSettings {
    /// Those in the settings of a class.
    #[must_use]
    pub fn of(settings: &Settings) -> Self {
        let (width, height) = picture(&settings.resolution).unwrap_or(PICTURE);
        let number = |setting| u32::try_from(setting).unwrap_or_default();
        Self { bitrate: number(settings.bitrate), width, height, fps: number(settings.fps) }
    }
}

/// The width and the height of a resolution such as `1024x768`.
fn picture(resolution: &str) -> Option<(u32, u32)> {
    let (width, height) = resolution.split_once(['x', 'X', '*'])?;
    let side = |text: &str| text.trim().parse().ok().filter(|side| (1..=8192).contains(side));
    Some((side(width)?, side(height)?))
}

#[cfg(test)]
mod tests {
    use super::picture;

    #[test]
    fn a_resolution_is_a_width_and_a_height() {
        assert_eq!(picture("1024x768"), Some((1024, 768)));
        assert_eq!(picture("1280*720"), Some((1280, 720)));
        for text in ["", "HD", "0x100", "100x", "99999x1", "-1x1"] {
            assert_eq!(picture(text), None, "{text}");
        }
    }
}
