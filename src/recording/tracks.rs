//! Tracks: what somebody sent, as frames with their times, in files that programs read. They are made of packet logs when the
//! class is over.

mod clip;
mod frames;
mod matroska;
mod reader;
mod reorder;
mod timeline;

pub(super) use clip::Clip;
pub(super) use reader::read_log;
