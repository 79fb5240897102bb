//! The people of a class as `member/*` shows them: who is inside, and who has been inside.

use serde::Serialize;
use utoipa::ToSchema;

use crate::clock::seconds;
use crate::domain::classroom::session::{Seen, Session};
use crate::domain::tenancy::user::{Gender, Role, User};
use crate::protocol::iclass::avatar;

/// A device state that is not known.
const UNKNOWN: i64 = -1;

/// The device states of a person's last session in the class; -1 if there is none.
#[derive(Serialize, ToSchema)]
pub struct History {
    history_camera: i64,
    history_mic: i64,
    history_speaker: i64,
    history_silence: i64,
    history_hand_up: i64,
    /// Whether drawing was allowed
    history_enable_draw: i64,
}

impl From<Option<&Session>> for History {
    fn from(last: Option<&Session>) -> Self {
        Self {
            history_camera: last.map_or(UNKNOWN, |session| session.camera),
            history_mic: last.map_or(UNKNOWN, |session| session.mic),
            history_speaker: last.map_or(UNKNOWN, |session| session.speaker),
            history_silence: last.map_or(UNKNOWN, silence),
            history_hand_up: last.map_or(UNKNOWN, |session| session.hand_up),
            history_enable_draw: last.map_or(UNKNOWN, Session::reported_drawing),
        }
    }
}

/// 1 silenced, 0 not, -1 unknown.
fn silence(session: &Session) -> i64 {
    if session.is_silenced() { 1 } else { session.silence }
}

/// A person in a list of a class.
#[derive(Serialize, ToSchema)]
struct Person {
    user_id: String,
    nickname: String,
    gender: Gender,
    avatar: String,
    /// In seconds
    enter_time: i64,
    /// The role in this class
    role: Role,
}

impl Person {
    fn new(user: User, session: &Session, enter_time: i64, public_url: &str) -> Self {
        Self {
            avatar: avatar::url(&user, public_url),
            user_id: user.user_id,
            nickname: user.nickname,
            gender: user.gender,
            enter_time: seconds(enter_time),
            role: session.role,
        }
    }
}

/// A person who is inside.
#[derive(Serialize, ToSchema)]
pub struct RuntimeRow {
    #[serde(flatten)]
    person: Person,
    status: States,
}

/// Device and permission states: 1 on, silenced, raised, allowed or shared; 0 not.
#[derive(Serialize, ToSchema)]
struct States {
    camera: i64,
    mic: i64,
    speaker: i64,
    silence: i64,
    hand_up: i64,
    enable_draw: i64,
    screen: i64,
}

impl RuntimeRow {
    /// The wire form of a person inside.
    pub fn new((session, user): (Session, User), public_url: &str) -> Self {
        Self {
            status: States {
                camera: session.camera,
                mic: session.mic,
                speaker: session.speaker,
                silence: silence(&session),
                hand_up: session.hand_up,
                enable_draw: session.reported_drawing(),
                screen: session.screen,
            },
            person: Person::new(user, &session, session.enter_time, public_url),
        }
    }
}

/// A person who has been inside.
#[derive(Serialize, ToSchema)]
pub struct HistoryRow {
    /// `enter_time` is that of the first session
    #[serde(flatten)]
    person: Person,
    /// When the person last quit, in seconds; 0 if the person has not quit yet
    quit_time: i64,
    #[serde(flatten)]
    history: History,
}

impl HistoryRow {
    /// The wire form of a person who has been inside.
    pub fn new(seen: Seen, public_url: &str) -> Self {
        Self {
            quit_time: seen.last_quit.map_or(0, seconds),
            history: Some(&seen.last).into(),
            person: Person::new(seen.user, &seen.last, seen.first_enter, public_url),
        }
    }
}
