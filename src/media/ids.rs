//! By what the parts of a thread know one another.

use super::engine::Source;

/// The number of a media session in its thread.
pub(super) type PeerId = u64;

/// Somebody's microphone, camera or screen.
pub(super) type TrackKey = (PeerId, Source);
