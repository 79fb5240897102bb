//! Runs `ffmpeg` in the sandbox: it decodes what was recorded, mixes voices, and encodes videos and live pictures.

mod audio;
mod broadcast;
mod failure;
mod live_picture;
mod pictures;
mod settings;
mod studio;
mod video;

pub use audio::Voice;
pub use broadcast::{Broadcast, FinishedSegment, Segments};
pub use failure::Failure;
pub use live_picture::LivePicture;
pub use pictures::{Fit, Pictures};
pub use settings::Settings;
pub use studio::{Ffmpeg, Studio};
pub use video::{Encoding, Size};
