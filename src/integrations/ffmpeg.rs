//! Runs `ffmpeg` in the sandbox: it decodes what was recorded, mixes voices, and encodes videos.

mod audio;
mod failure;
mod pictures;
mod settings;
mod studio;
mod video;

pub use audio::Voice;
pub use failure::Failure;
pub use pictures::{Fit, Pictures};
pub use settings::Settings;
pub use studio::{Ffmpeg, Studio};
pub use video::{Encoding, Size};
