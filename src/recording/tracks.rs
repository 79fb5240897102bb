//! Tracks: what somebody sent, as frames with their times, in files that programs read. They are made of packet logs when the
//! class is over; live pictures are made of the same frames.

mod clip;
mod frames;
mod matroska;
mod reader;
mod reorder;
mod timeline;

pub(super) use clip::Clip;
pub(super) use frames::{Assembler, Frame};
pub(super) use matroska::Matroska;
pub(super) use reader::read_log;
pub(super) use reorder::Reorder;
pub(super) use timeline::Timeline;
