//! What a list of attendance shows of a person.

use serde::Serialize;
use utoipa::ToSchema;

use crate::clock::seconds;
use crate::domain::classroom::attendance::Record;
use crate::domain::classroom::session::Session;
use crate::domain::tenancy::user::Role;

/// One person's attendance. Seconds are whole ones, and within the lesson: from its real begin to its real end, or now.
#[derive(Serialize, ToSchema)]
pub struct AttendanceRow {
    pub user_id: String,
    pub nickname: String,
    /// What they are in this class
    pub role: Role,
    /// Their stays, in order
    pub stay_list: Vec<StayRow>,
    /// How long they were there
    pub present_seconds: i64,
    /// How long after the begin they first were there; 0 for those who never were
    pub late_seconds: i64,
    /// How long before the end they last were there; 0 for those who never were
    pub left_early_seconds: i64,
    /// How often they put a hand up
    pub hand_ups: i64,
    /// How often they were rewarded
    pub rewards: i64,
    /// How long their camera was open
    pub camera_seconds: i64,
    /// How long their microphone was open
    pub mic_seconds: i64,
    /// How many check-ins they answered …
    pub check_ins_answered: i64,
    /// … of how many
    pub check_ins: i64,
    /// How many questions they answered …
    pub questions_answered: i64,
    /// … and how many of these right …
    pub questions_right: i64,
    /// … of how many
    pub questions: i64,
}

#[derive(Serialize, ToSchema)]
pub struct StayRow {
    /// In seconds
    pub enter_time: i64,
    /// In seconds; 0 while it goes on
    pub quit_time: i64,
    /// `quit`, `kicked`, `replaced`, `timeout`, `class_ended` or `moved`; empty while it goes on
    pub quit_reason: &'static str,
}

impl From<&Session> for StayRow {
    fn from(session: &Session) -> Self {
        Self {
            enter_time: seconds(session.enter_time),
            quit_time: session.quit_time.map_or(0, seconds),
            quit_reason: session.quit_reason.map_or("", |reason| reason.as_str()),
        }
    }
}

impl From<Record> for AttendanceRow {
    fn from(record: Record) -> Self {
        Self {
            stay_list: record.sessions.iter().map(StayRow::from).collect(),
            user_id: record.user_id,
            nickname: record.nickname,
            role: record.role,
            present_seconds: seconds(record.present),
            late_seconds: seconds(record.late_by),
            left_early_seconds: seconds(record.left_early_by),
            hand_ups: record.hand_ups,
            rewards: record.rewards,
            camera_seconds: seconds(record.camera),
            mic_seconds: seconds(record.mic),
            check_ins_answered: record.check_ins_answered,
            check_ins: record.check_ins,
            questions_answered: record.replies.answered,
            questions_right: record.replies.right,
            questions: record.questions,
        }
    }
}
