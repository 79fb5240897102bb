//! The events that components report: their effects and their data.

pub use crate::store::classroom::session::States;

/// Maximum number of users that one report may name.
pub const TARGETS: usize = 100;

/// A report as received.
#[derive(Clone, Debug)]
pub struct Reported {
    /// The name of the event as the reporter sent it. It is stored.
    pub name: String,
    /// The effect of the event.
    pub event: ReportEvent,
    /// The data of the event.
    pub data: Data,
}

/// The data of a report.
#[derive(Clone, Debug, Default)]
pub struct Data {
    /// The data as received, as JSON; empty for none.
    pub text: String,
    /// The users it names, without duplicates; at most one more than [`TARGETS`].
    pub people: Vec<String>,
    /// Whether there is no data, or only an empty value.
    pub is_empty: bool,
    /// The devices that it turns on and off.
    pub permissions: Vec<Permission>,
    /// The check-in that it starts or answers.
    pub check_id: Option<String>,
    /// The time limit of the check-in, in seconds.
    pub time_limit: Option<i64>,
}

/// The requested states of a user's camera and microphone: 1 on, 0 off, `None` unchanged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permission {
    /// The user.
    pub user_id: String,
    /// The camera.
    pub camera: Option<i64>,
    /// The microphone.
    pub mic: Option<i64>,
    /// Whether the raised hand of the user is answered, and so lowered.
    pub answers_hand: bool,
}

/// The effect of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportEvent {
    /// No effect; it is only stored.
    Other,
    /// Changes states of the reporter.
    Own(States),
    /// Turns on a device of the reporter, who enters the stage if there is room.
    Stage(States),
    /// The reporter was silenced.
    Silenced,
    /// Turns off devices of the named users. For moderators only.
    Others(States),
    /// Raises the hand of the reporter.
    HandUp,
    /// Changes states of the named users, for moderators only, or those of the reporter if it names nobody.
    OwnOrOthers(States),
    /// Silences (1) or unsilences (0) the named users, for moderators only, or the reporter if it names nobody.
    Silence(i64),
    /// Silences (1) or unsilences (0) everybody, also those who enter later. For moderators only.
    SilenceAll(i64),
    /// Turns cameras and microphones of the named users on or off, if there is room on stage, and answers raised hands. For
    /// moderators only.
    Permission,
    /// Removes the named users from the class. For moderators only.
    Kick,
    /// The reporter was removed; if it names another user, like [`Self::Kick`].
    Kicked,
    /// Rewards the named users. For moderators only.
    Reward,
    /// Lowers the reporter's hand, or the hands of the named users if a moderator reports it.
    HandDown,
    /// Starts a check-in if a moderator reports it, and answers one otherwise.
    CheckIn,
    /// Starts a check-in. For moderators only.
    StartCheckIn,
    /// Ends a check-in. For moderators only.
    CancelCheckIn,
}

const NONE: States = States { camera: None, mic: None, speaker: None, hand_up: None, enable_draw: None, screen: None };
/// The camera is on.
pub const CAMERA_ON: States = States { camera: Some(1), ..NONE };
/// The camera is off.
pub const CAMERA_OFF: States = States { camera: Some(0), ..NONE };
/// The microphone is on.
pub const MIC_ON: States = States { mic: Some(1), ..NONE };
/// The microphone is off.
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
