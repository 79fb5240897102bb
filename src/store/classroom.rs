//! Rows of the classroom: classes, members, sessions and their records.

pub mod attendance;
pub mod ban;
pub mod bind;
pub mod board;
pub mod candidate;
pub mod chat_image;
pub mod check_in;
pub mod class;
pub mod device_event;
pub mod hosted_message;
pub mod idempotency;
pub mod live_stream;
pub mod log;
pub mod logged_message;
pub mod media_place;
pub mod media_request;
pub mod member;
pub mod online_recording;
pub mod question;
pub mod recording;
pub mod report;
pub mod room;
pub mod session;
pub mod timer;
pub mod visitor;
