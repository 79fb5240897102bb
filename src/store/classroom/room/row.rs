//! Rows of the rooms view.

use crate::clock::Millis;
use crate::db::prelude::*;
use crate::store::classroom::class::{Status, Type};
use crate::store::ids::{ClassId, EnterpriseId};

/// A class as a room.
#[derive(Clone, Debug, Queryable)]
pub struct Room {
    /// The class id, which is also the room number.
    pub class_id: ClassId,
    /// The enterprise.
    pub enterprise_id: EnterpriseId,
    /// The topic.
    pub class_topic: String,
    /// Who may enter.
    pub class_type: Type,
    /// The status of the class.
    pub class_status: Status,
    /// The `user_id` of the teacher.
    pub teacher_id: String,
    /// When it started; 0 before.
    pub real_start_time: Millis,
    /// When it ended; 0 before.
    pub real_stop_time: Millis,
    /// For how many milliseconds its teacher may send no heartbeat; 0 for no limit.
    pub silence_limit: Millis,
    /// The last heartbeat that its teacher sent from outside.
    pub teacher_seen: Millis,
    /// The URL of the cover image; empty for none.
    pub cover: String,
    /// The playback URL; empty for none.
    pub replay_url: String,
    /// When playback became available; 0 before.
    pub replay_time: Millis,
    /// The sequence number of the message that announced its start; 0 before.
    pub begin_sequence: i64,
    /// The sequence number of the message that announced its end; 0 before.
    pub end_sequence: i64,
    /// The later of its reservation and its start.
    pub active_time: Millis,
    /// 0 reserved, 1 in progress, 2 ended, 3 ended with playback.
    pub room_state: i64,
}
