//! What components report, as what it does, with what it says beside its name.

pub use crate::store::classroom::session::States;

/// The most people whom one report may name.
pub const TARGETS: usize = 100;

/// A report, as it arrived.
#[derive(Clone, Debug)]
pub struct Reported {
    /// The name of the event in the reporter's words: what is kept.
    pub name: String,
    /// What it does.
    pub event: ReportEvent,
    /// What the reporter says about it.
    pub data: Data,
}

/// What a report says beside its name.
#[derive(Clone, Debug, Default)]
pub struct Data {
    /// As it came, JSON; empty for nothing.
    pub text: String,
    /// Whom it names, each once; up to one more than [`TARGETS`].
    pub people: Vec<String>,
    /// The devices that it opens and closes.
    pub permissions: Vec<Permission>,
    /// The check-in that it begins or answers.
    pub check_id: Option<String>,
    /// For how long the check-in is open, in seconds.
    pub time_limit: Option<i64>,
}

/// What somebody's camera and microphone are to be: 1 open, 0 closed, nothing for as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permission {
    /// Whose they are.
    pub user_id: String,
    /// The camera.
    pub camera: Option<i64>,
    /// The microphone.
    pub mic: Option<i64>,
}

/// What an event does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportEvent {
    /// Nothing: it is kept.
    Other,
    /// The reporter's states change.
    Own(States),
    /// The reporter goes on stage with a device, when there is room.
    Stage(States),
    /// The reporter is silenced, or not any more.
    Silenced(i64),
    /// The states of those who are named change; only those who give the class may.
    Others(States),
    /// As before, of those who are named silenced or not.
    Silence(i64),
    /// As before, of everybody, and of those who come later.
    SilenceAll(i64),
    /// As before: those who are named get a camera and a microphone opened or shut, when there is room on stage.
    Permission,
    /// As before: those who are named are put out.
    Kick,
    /// The reporter was put out, or, when somebody else is named, as before.
    Kicked,
    /// As before: those who are named are praised.
    Reward,
    /// The reporter's hand goes down, or, reported by those who give the class, that of those who are named.
    HandDown,
    /// Begins a check-in when those who give the class report it, answers it otherwise.
    CheckIn,
}

const NONE: States = States { camera: None, mic: None, speaker: None, hand_up: None, enable_draw: None, screen: None };
/// The camera is open.
pub const CAMERA_ON: States = States { camera: Some(1), ..NONE };
/// The camera is closed.
pub const CAMERA_OFF: States = States { camera: Some(0), ..NONE };
/// The microphone is open.
pub const MIC_ON: States = States { mic: Some(1), ..NONE };
/// The microphone is closed.
pub const MIC_OFF: States = States { mic: Some(0), ..NONE };
/// The loudspeaker is on.
pub const SPEAKER_ON: States = States { speaker: Some(1), ..NONE };
/// The loudspeaker is off.
pub const SPEAKER_OFF: States = States { speaker: Some(0), ..NONE };
/// The hand is down.
pub const HAND_DOWN: States = States { hand_up: Some(0), ..NONE };
/// The hand is up.
pub const HAND_UP: States = States { hand_up: Some(1), ..NONE };
/// Drawing is allowed.
pub const DRAW: States = States { enable_draw: Some(1), ..NONE };
/// Drawing is not allowed.
pub const DRAW_NOT: States = States { enable_draw: Some(0), ..NONE };
/// The screen is shared.
pub const SCREEN_ON: States = States { screen: Some(1), ..NONE };
/// The screen is not shared.
pub const SCREEN_OFF: States = States { screen: Some(0), ..NONE };
