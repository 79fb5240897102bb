//! What the events mean that components report (iClass, appendix 3.9, and what they really send beside it).

use crate::store::classroom::session::States;

/// What an event does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Nothing: it is kept.
    Keep,
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
    /// As before: those who are named are praised.
    Reward,
    /// The reporter's hand goes down, or, reported by those who give the class, that of those who are named.
    HandDown,
    /// Begins a check-in when those who give the class report it, answers it otherwise.
    CheckIn,
}

const NONE: States = States { camera: None, mic: None, speaker: None, hand_up: None, enable_draw: None, screen: None };
const CAMERA_ON: States = States { camera: Some(1), ..NONE };
const CAMERA_OFF: States = States { camera: Some(0), ..NONE };
const MIC_ON: States = States { mic: Some(1), ..NONE };
const MIC_OFF: States = States { mic: Some(0), ..NONE };
const SPEAKER_ON: States = States { speaker: Some(1), ..NONE };
const SPEAKER_OFF: States = States { speaker: Some(0), ..NONE };
pub(super) const HAND_DOWN: States = States { hand_up: Some(0), ..NONE };
const HAND_UP: States = States { hand_up: Some(1), ..NONE };
const DRAW: States = States { enable_draw: Some(1), ..NONE };
const DRAW_NOT: States = States { enable_draw: Some(0), ..NONE };
const SCREEN_ON: States = States { screen: Some(1), ..NONE };
const SCREEN_OFF: States = States { screen: Some(0), ..NONE };

/// What an event does. The protocol spells silence `slience`; either is taken.
pub(super) fn meaning(event: &str) -> Meaning {
    use Meaning as M;
    match event {
        "camera_open" => M::Stage(CAMERA_ON),
        "mic_open" => M::Stage(MIC_ON),
        "camera_close" | "be_disable_camera" => M::Own(CAMERA_OFF),
        "mic_close" | "be_disable_mic" => M::Own(MIC_OFF),
        "speaker_open" => M::Own(SPEAKER_ON),
        "speaker_close" | "be_disable_speaker" => M::Own(SPEAKER_OFF),
        "hand_up" => M::Own(HAND_UP),
        "hand_down" => M::HandDown,
        "screen_share_open" => M::Own(SCREEN_ON),
        "screen_share_close" => M::Own(SCREEN_OFF),
        "be_silenced" => M::Silenced(1),
        "disable_camera" => M::Others(CAMERA_OFF),
        "disable_mic" => M::Others(MIC_OFF),
        "disable_speaker" => M::Others(SPEAKER_OFF),
        "enable_draw" => M::Others(DRAW),
        "disable_draw" => M::Others(DRAW_NOT),
        "slience" | "silence" => M::Silence(1),
        "del_slience" | "del_silence" => M::Silence(0),
        "all_silence" | "all_slience" => M::SilenceAll(1),
        "del_all_silence" | "del_all_slience" => M::SilenceAll(0),
        "PermissionControl" => M::Permission,
        "kick" | "kicked" => M::Kick,
        "reward" => M::Reward,
        "check_in" => M::CheckIn,
        _ => M::Keep,
    }
}
