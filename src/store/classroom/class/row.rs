//! Rows of classes.

use serde::{Deserialize, Serialize};

use crate::clock::Millis;
use crate::db::prelude::*;
use crate::store::ids::{ClassId, CourseId, EnterpriseId};
use crate::store::text::{Json, words};
use crate::store::views::classes;

words! {
    /// The status of a class (iClass, appendix 3.4). It only moves forward.
    Status {
        /// Not started.
        Will = "will",
        /// In progress.
        Ing = "ing",
        /// Ended.
        End = "end",
    }
}

words! {
    /// Who may join (iClass, appendix 3.5).
    Type {
        /// Every registered user, and visitors.
        Public = "public",
        /// Users with a reservation, at most one of them a student.
        OneToOne = "1v1",
        /// Users with a reservation.
        OneToMany = "1vN",
    }
}

words! {
    /// What the live stream of a class shows (later revisions of the protocol).
    LiveType {
        /// No live stream.
        Close = "close",
        /// The window of the teacher.
        Window = "window",
        /// The whiteboard.
        Board = "board",
    }
}

words! {
    /// Who records a class (iClass, appendix 3.2).
    RecordType {
        /// The component of the teacher.
        Local = "local",
        /// The server, from start to end.
        Remote = "remote",
    }
}

words! {
    /// Why a class ended.
    EndReason {
        /// A user or the enterprise ended it.
        Stopped = "stopped",
        /// Its scheduled time was over and nobody was inside.
        Empty = "empty",
        /// It ran too long past its scheduled end.
        Overrun = "overrun",
        /// It never started.
        NeverBegan = "never_began",
        /// No heartbeat of its teacher came within the silence limit.
        Silent = "silent",
    }
}

/// The settings that components run a class with. They are stored as JSON, in which flags are 0 or 1.
#[expect(clippy::struct_excessive_bools, reason = "the flags are independent")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// Who records.
    pub record_types: Vec<RecordType>,
    /// The video resolution, as width x height.
    pub resolution: String,
    /// The video frame rate, in frames per second.
    pub fps: i64,
    /// The layout of the components.
    pub layout: i64,
    /// Whether the chat groups are created with the class.
    #[serde(with = "flag")]
    pub auto_create_im: bool,
    /// The video bitrate in kbit/s.
    pub bitrate: i64,
    /// Whether microphones are on at the start.
    #[serde(with = "flag")]
    pub auto_open_mic: bool,
    /// Whether cameras are on at the start.
    #[serde(with = "flag")]
    pub auto_open_camera: bool,
    /// Whether everybody is silenced at the start.
    #[serde(with = "flag")]
    pub enable_all_silence: bool,
}

/// A flag as the number 0 or 1.
mod flag {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
    pub fn serialize<S: Serializer>(flag: &bool, serializer: S) -> Result<S::Ok, S::Error> {
        i64::from(*flag).serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
        i64::deserialize(deserializer).map(|number| number != 0)
    }
}

/// A class.
#[derive(Clone, Debug, Queryable, Identifiable, AsChangeset)]
#[diesel(table_name = classes, primary_key(class_id), treat_none_as_null = true)]
pub struct Class {
    /// The id: at most nine digits, ascending, never reused.
    pub class_id: ClassId,
    /// The enterprise.
    pub enterprise_id: EnterpriseId,
    /// The topic.
    pub class_topic: String,
    /// Who may join.
    pub class_type: Type,
    /// The status.
    pub class_status: Status,
    /// What the live stream shows.
    pub class_live_type: LiveType,
    /// The `user_id` of the teacher.
    pub teacher_id: String,
    /// The `user_id` of the assistant; empty for none.
    pub assistant_id: String,
    /// When it was reserved.
    pub create_time: Millis,
    /// When it is scheduled to start.
    pub start_time: Millis,
    /// When it is scheduled to end.
    pub stop_time: Millis,
    /// When it started; 0 before.
    pub real_start_time: Millis,
    /// When it ended; 0 before.
    pub real_stop_time: Millis,
    /// The administrator account at the hosted chat service.
    pub admin_id: String,
    /// The ticket (`UserSig`) of the administrator.
    pub admin_sig: String,
    /// The maximum number of people on stage; 0 for no limit.
    pub max_member_limit: i64,
    /// The maximum number of people inside; 0 for no limit.
    pub max_member_num: i64,
    /// The hash of the password to join with, if one is required.
    pub password_hash: Option<String>,
    /// The settings for components.
    pub settings: Json<Settings>,
    /// The `user_id` of the recorder.
    pub record_user_id: String,
    /// The ticket of the recorder.
    pub record_user_sig: String,
    /// The number of its last event.
    pub last_sequence: i64,
    /// Why it ended; `None` before.
    pub end_reason: Option<EndReason>,
    /// The course, if the class is a lesson.
    pub course_id: Option<CourseId>,
    /// For how many milliseconds its teacher may send no heartbeat before it ends; 0 for no limit, as for every
    /// scheduled class.
    pub silence_limit: Millis,
}

impl Class {
    /// Whether it is a room: a class without a schedule. It ends when its teacher's heartbeats stop, and its events
    /// are posted to its group.
    #[must_use]
    pub fn is_room(&self) -> bool {
        self.silence_limit > 0
    }
}

/// A class to insert.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = classes, treat_none_as_default_value = false)]
#[expect(missing_docs, reason = "the fields of Class")]
pub struct NewClass {
    pub enterprise_id: EnterpriseId,
    pub class_topic: String,
    pub class_type: Type,
    pub class_status: Status,
    pub class_live_type: LiveType,
    pub teacher_id: String,
    pub assistant_id: String,
    pub create_time: Millis,
    pub start_time: Millis,
    pub stop_time: Millis,
    pub real_start_time: Millis,
    pub real_stop_time: Millis,
    pub admin_id: String,
    pub admin_sig: String,
    pub max_member_limit: i64,
    pub max_member_num: i64,
    pub password_hash: Option<String>,
    pub settings: Json<Settings>,
    pub record_user_id: String,
    pub record_user_sig: String,
    pub last_sequence: i64,
    pub end_reason: Option<EndReason>,
    pub course_id: Option<CourseId>,
}
