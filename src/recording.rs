//! Recordings of classes: what arrives at the media server becomes packet logs, and these a video.
//!
//! A [`Recorder`] writes packet logs to the disk of this machine, in parts, which a worker moves to the storage. Nothing is
//! decoded or reordered while the class goes on. When it is over, a [`Composer`] makes the video of them, as the work of
//! `conversion`. [`Live`] shows classes while they go on.

mod collecting;
mod composition;
mod live;
mod packet_log;
mod part;
mod recorder;
mod sink;
mod spool;
mod storing;
mod tracks;
mod workers;
mod writer;

pub use composition::Composer;
pub use live::{Live, Showing};
pub use recorder::{OpenLog, Recorder, RecorderSettings};
pub use workers::{of_every_instance, of_live, of_recorder};
pub use writer::{Broken, WriteProblem};
