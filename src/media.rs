//! The media server: voice, cameras and screens of classes, forwarded from those who send to those who watch.
//!
//! Pages connect by WebRTC. The media sessions of a class are in one thread (`worker`), as a `room` of `peer`s. What a
//! peer sends are `track`s, with up to three `layers`; each other peer gets them in its `slot`s. `network` has the
//! sockets, `server` the threads.

mod connection;
mod control;
mod datagrams;
mod engine;
mod ids;
mod inbox;
mod keyframe;
mod layers;
mod meter;
mod network;
mod peer;
mod recording;
mod rewriter;
mod room;
mod server;
mod sink;
mod slot;
mod speakers;
mod tcp;
mod track;
mod worker;

pub use engine::{
    Answer, ConnectError, ConnectRequest, MediaEngine, MediaEvent, MediaSessionId, MediaUsage, Permissions, Source,
    SourceLine, VideoLimits,
};
pub use keyframe::vp8_frame;
pub use network::{addresses, try_to_bind};
pub use server::{MediaServer, MediaSettings, StartError};
pub use sink::{Tap, TrackCodec, TrackPacket, TrackSink};
