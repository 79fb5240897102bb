//! A class as a row of the view of rooms.

use crate::clock::Millis;
use crate::db::prelude::*;
use crate::store::classroom::class::Status;

/// A class as a room.
#[derive(Clone, Debug, Queryable)]
pub struct Room {
    /// The class, and the number of the room.
    pub class_id: i64,
    /// Whose class this is.
    pub enterprise_id: i64,
    /// Its name.
    pub class_topic: String,
    /// Where it is in its life.
    pub class_status: Status,
    /// Who gives it.
    pub teacher_id: String,
    /// When it began; 0 before.
    pub real_start_time: Millis,
    /// When it ended; 0 before.
    pub real_stop_time: Millis,
    /// For how long its teacher may give no sign of life; 0 for ever.
    pub silence_limit: Millis,
    /// The last sign of life that its teacher gave from outside.
    pub teacher_seen: Millis,
    /// The address of its picture; empty for none.
    pub cover: String,
    /// Where it is played back; empty for nowhere.
    pub replay_url: String,
    /// Since when it can be; 0 before.
    pub replay_time: Millis,
    /// Of the message that told its group that it began; 0 before.
    pub begin_sequence: i64,
    /// Of the message that told its group that it ended; 0 before.
    pub end_sequence: i64,
    /// The newer of its reservation and its begin.
    pub active_time: Millis,
    /// 0 reserved, 1 going on, 2 over, 3 over and to be played back.
    pub room_state: i64,
}
