//! One person's attendance as it is shown.

use serde::Serialize;
use utoipa::ToSchema;

use crate::clock::seconds;
use crate::domain::classroom::attendance::Record;
use crate::domain::classroom::session::Session;
use crate::domain::tenancy::user::Role;

/// One person's attendance. Times count from the real start of the class to its real end, or to now, in whole seconds.
#[derive(Serialize, ToSchema)]
pub struct AttendanceRow {
    pub user_id: String,
    pub nickname: String,
    /// The role in this class
    pub role: Role,
    /// The sessions, in order
    pub stay_list: Vec<SessionRow>,
    /// How long the person was inside
    pub present_seconds: i64,
    /// How long after the start the person first joined; 0 for a person who never did
    pub late_seconds: i64,
    /// How long before the end the person last left; 0 for a person who never joined
    pub left_early_seconds: i64,
    /// How often the person raised a hand
    pub hand_ups: i64,
    /// How often the person was rewarded
    pub rewards: i64,
    /// How long the camera was on
    pub camera_seconds: i64,
    /// How long the microphone was on
    pub mic_seconds: i64,
    /// How many check-ins the person answered
    pub check_ins_answered: i64,
    /// How many check-ins there were
    pub check_ins: i64,
    /// How many questions the person answered
    pub questions_answered: i64,
    /// How many of the answers were correct
    pub questions_right: i64,
    /// How many questions there were
    pub questions: i64,
}

#[derive(Serialize, ToSchema)]
#[schema(as = StayRow)]
pub struct SessionRow {
    /// In seconds
    pub enter_time: i64,
    /// In seconds; 0 while the session is open
    pub quit_time: i64,
    /// `quit`, `kicked`, `replaced`, `timeout`, `class_ended` or `moved`; empty while the session is open
    pub quit_reason: &'static str,
}

impl From<&Session> for SessionRow {
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
            stay_list: record.sessions.iter().map(SessionRow::from).collect(),
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
