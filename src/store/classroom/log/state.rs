//! The states that events of the log and snapshots of a class have. They are stored as JSON.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::clock::Millis;
use crate::store::classroom::check_in::CheckIn;
use crate::store::classroom::class::{Class, Status, Type};
use crate::store::classroom::question::{Question, Reply};
use crate::store::classroom::session::Session;
use crate::store::ids::ClassId;
use crate::store::tenancy::user::{Role, User};
use crate::store::text::words;

words! {
    /// Whether a class is recorded, as its members see it.
    RecordingMark {
        /// It is not.
        Off = "off",
        /// It is.
        On = "on",
        /// It is interrupted.
        Paused = "paused",
    }
}

/// Somebody inside a class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields of Session and User; states are 0 when they are unknown")]
pub struct MemberState {
    pub user_id: String,
    pub nickname: String,
    /// Empty for a default one.
    pub avatar: String,
    pub role: Role,
    pub camera: i64,
    pub mic: i64,
    pub speaker: i64,
    pub screen: i64,
    pub silence: i64,
    pub hand_up: i64,
    pub hand_up_time: Millis,
    pub enable_draw: i64,
    pub enter_time: Millis,
}

impl MemberState {
    /// The state of an open session. `None` is a user who was deleted.
    #[must_use]
    pub fn of(session: &Session, user: Option<&User>) -> Self {
        let [camera, mic, speaker, screen, silence, hand_up] =
            [session.camera, session.mic, session.speaker, session.screen, session.silence, session.hand_up]
                .map(|state| state.max(0));
        Self {
            user_id: session.user_id.clone(),
            nickname: user.map_or(&session.user_id, |user| &user.nickname).clone(),
            avatar: user.map_or_else(String::new, |user| user.avatar.clone()),
            role: session.role,
            camera,
            mic,
            speaker,
            screen,
            silence,
            hand_up,
            hand_up_time: session.hand_up_time,
            enable_draw: i64::from(session.may_draw()),
            enter_time: session.enter_time,
        }
    }
}

/// A class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields of Class")]
pub struct ClassState {
    pub class_id: ClassId,
    pub class_topic: String,
    pub class_type: Type,
    pub class_status: Status,
    pub teacher_id: String,
    pub assistant_id: String,
    pub start_time: Millis,
    pub stop_time: Millis,
    pub real_start_time: Millis,
    pub real_stop_time: Millis,
    pub enable_all_silence: bool,
    pub max_member_limit: i64,
    pub has_password: bool,
}

impl From<&Class> for ClassState {
    fn from(class: &Class) -> Self {
        Self {
            class_id: class.class_id,
            class_topic: class.class_topic.clone(),
            class_type: class.class_type,
            class_status: class.class_status,
            teacher_id: class.teacher_id.clone(),
            assistant_id: class.assistant_id.clone(),
            start_time: class.start_time,
            stop_time: class.stop_time,
            real_start_time: class.real_start_time,
            real_stop_time: class.real_stop_time,
            enable_all_silence: class.settings.enable_all_silence,
            max_member_limit: class.max_member_limit,
            has_password: class.password_hash.is_some(),
        }
    }
}

/// A check-in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckInState {
    /// Its id.
    pub check_id: String,
    /// Who started it.
    pub user_id: String,
    /// When.
    pub start_time: Millis,
    /// For how many milliseconds it accepts answers; 0 for no limit.
    pub limit: Millis,
    /// When it ended; `None` while it is open.
    pub end_time: Option<Millis>,
}

impl CheckInState {
    /// The state of a check-in that is open, or that ended at this time.
    #[must_use]
    pub fn of(check_in: &CheckIn, end_time: Option<Millis>) -> Self {
        Self {
            check_id: check_in.check_id.clone(),
            user_id: check_in.user_id.clone(),
            start_time: check_in.start_time,
            limit: check_in.time_limit,
            end_time,
        }
    }
}

/// A question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuestionState {
    /// Its id.
    pub question_id: String,
    /// Who asked it.
    pub user_id: String,
    /// The options, as JSON; empty for none.
    pub options: String,
    /// When it was asked.
    pub launch_time: Millis,
    /// For how many milliseconds it accepts answers; 0 for no limit.
    pub limit: Millis,
    /// When it ended; `None` while it is open.
    pub end_time: Option<Millis>,
    /// What only those may see who moderate the class, until it has ended.
    pub outcome: Option<Outcome>,
}

/// The correct answer to a question, and what was answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// The correct answer, as JSON; empty if there is none.
    pub correct_answer: String,
    /// How many answered.
    pub answered: i64,
    /// How many of them correctly.
    pub right: i64,
    /// How many pupils, reserved or seen, could answer.
    pub pupils: i64,
    /// How often each option was chosen.
    pub counts: BTreeMap<String, i64>,
}

impl QuestionState {
    /// The state of a question that is open, or that ended at this time.
    #[must_use]
    pub fn of(question: &Question, end_time: Option<Millis>, outcome: Option<Outcome>) -> Self {
        Self {
            question_id: question.question_id.clone(),
            user_id: question.user_id.clone(),
            options: question.options.clone(),
            launch_time: question.launch_time,
            limit: question.limit_time,
            end_time,
            outcome,
        }
    }
}

/// An answer to a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerState {
    /// The question.
    pub question_id: String,
    /// Who answered.
    pub user_id: String,
    /// The chosen options, as JSON.
    pub select: String,
    /// Whether they are correct; `None` for those who may not know it yet.
    pub is_right: Option<bool>,
    /// When.
    pub time: Millis,
}

impl From<&Reply> for AnswerState {
    fn from(reply: &Reply) -> Self {
        Self {
            question_id: reply.question_id.clone(),
            user_id: reply.user_id.clone(),
            select: reply.reply_select.clone(),
            is_right: Some(reply.is_right),
            time: reply.create_time,
        }
    }
}
