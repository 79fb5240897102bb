//! A class as a row.

use serde::{Deserialize, Serialize};

use crate::clock::Millis;
use crate::db::prelude::*;
use crate::store::text::{Json, words};
use crate::store::views::classes;

words! {
    /// Where a class is in its life (iClass, appendix 3.4). It only ever moves on.
    Status {
        /// Not begun.
        Will = "will",
        /// Going on.
        Ing = "ing",
        /// Over.
        End = "end",
    }
}

words! {
    /// Who may enter (iClass, appendix 3.5).
    Type {
        /// Every registered user, and visitors.
        Public = "public",
        /// The reserved ones, of whom at most one is a student.
        OneToOne = "1v1",
        /// The reserved ones.
        OneToMany = "1vN",
    }
}

words! {
    /// What the live stream outside the class shows (later revisions of the protocol).
    LiveType {
        /// There is none.
        Close = "close",
        /// The teacher's window.
        Window = "window",
        /// The whiteboard.
        Board = "board",
    }
}

words! {
    /// Who records (iClass, appendix 3.2).
    RecordType {
        /// The component of the teacher.
        Local = "local",
        /// The server, from begin to end.
        Remote = "remote",
    }
}

words! {
    /// Why a class ended.
    EndReason {
        /// Somebody ended it.
        Stopped = "stopped",
        /// Its time was over and nobody was inside.
        Empty = "empty",
        /// It went on too long after its time.
        Overrun = "overrun",
        /// It never began.
        NeverBegan = "never_began",
        /// Its teacher gave no sign of life for as long as it allows.
        Silent = "silent",
    }
}

/// How the components run a class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// Who records.
    pub record_types: Vec<RecordType>,
    /// Of the video: width x height.
    pub resolution: String,
    /// Frames of the video a second.
    pub fps: i64,
    /// A layout of the components.
    pub layout: i64,
    /// 1 when the chat groups are made with the class.
    pub auto_create_im: i64,
    /// Of the video, kbit/s.
    pub bitrate: i64,
    /// 1 when microphones start open.
    pub auto_open_mic: i64,
    /// 1 when cameras start open.
    pub auto_open_camera: i64,
    /// 1 when everybody starts silenced.
    pub enable_all_silence: i64,
}

/// A class.
#[derive(Clone, Debug, Queryable, Identifiable, AsChangeset)]
#[diesel(table_name = classes, primary_key(class_id), treat_none_as_null = true)]
pub struct Class {
    /// Nine digits, counted up, never used twice.
    pub class_id: i64,
    /// Whose class this is.
    pub enterprise_id: i64,
    /// Its name.
    pub class_topic: String,
    /// Who may enter.
    pub class_type: Type,
    /// Where it is in its life.
    pub class_status: Status,
    /// What the live stream shows.
    pub class_live_type: LiveType,
    /// Who gives it.
    pub teacher_id: String,
    /// Who helps; empty for nobody.
    pub assistant_id: String,
    /// When it was reserved.
    pub create_time: Millis,
    /// When it is to begin.
    pub start_time: Millis,
    /// When it is to end.
    pub stop_time: Millis,
    /// When it began; 0 before.
    pub real_start_time: Millis,
    /// When it ended; 0 before.
    pub real_stop_time: Millis,
    /// The administrator of the hosted chat service …
    pub admin_id: String,
    /// … and their ticket there.
    pub admin_sig: String,
    /// How many may be on stage; 0 for any number.
    pub max_member_limit: i64,
    /// How many may be inside; 0 for any number.
    pub max_member_num: i64,
    /// Of the password that entering takes, when it takes one.
    pub password_hash: Option<String>,
    /// How the components run it.
    pub settings: Json<Settings>,
    /// As whom a recorder enters …
    pub record_user_id: String,
    /// … and its ticket.
    pub record_user_sig: String,
    /// Of its last event.
    pub last_sequence: i64,
    /// Why it ended; nothing before it has.
    pub end_reason: Option<EndReason>,
    /// The course it is a lesson of.
    pub course_id: Option<i64>,
    /// For how long its teacher may give no sign of life before it ends; 0 for ever, as for every class with a schedule.
    pub silence_limit: Millis,
}

impl Class {
    /// Whether it has no schedule: it lasts while its teacher lives, and its group is told what happens in it.
    #[must_use]
    pub fn is_room(&self) -> bool {
        self.silence_limit > 0
    }
}

/// What a new class starts with.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = classes, treat_none_as_default_value = false)]
#[expect(missing_docs, reason = "the fields of Class")]
pub struct NewClass {
    pub enterprise_id: i64,
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
    pub course_id: Option<i64>,
}
