//! The names of the events that components report (appendix 3.9, and what they really send beside it), and what each does.

use crate::domain::classroom::report::event as states;
use crate::domain::classroom::report::event::ReportEvent;

/// What an event does. The protocol spells silence `slience`; either is taken.
pub fn event(name: &str) -> ReportEvent {
    use ReportEvent as E;
    match name {
        "camera_open" => E::Stage(states::CAMERA_ON),
        "mic_open" => E::Stage(states::MIC_ON),
        "camera_close" | "be_disable_camera" => E::Own(states::CAMERA_OFF),
        "mic_close" | "be_disable_mic" => E::Own(states::MIC_OFF),
        "speaker_open" => E::Own(states::SPEAKER_ON),
        "speaker_close" | "be_disable_speaker" => E::Own(states::SPEAKER_OFF),
        "hand_up" => E::HandUp,
        "hand_down" => E::HandDown,
        "screen_share_open" => E::Own(states::SCREEN_ON),
        "screen_share_close" => E::Own(states::SCREEN_OFF),
        "be_silenced" => E::Silenced,
        "disable_camera" => E::Others(states::CAMERA_OFF),
        "disable_mic" => E::Others(states::MIC_OFF),
        "disable_speaker" => E::Others(states::SPEAKER_OFF),
        "enable_draw" => E::OwnOrOthers(states::DRAW),
        "disable_draw" => E::OwnOrOthers(states::DRAW_NOT),
        "slience" | "silence" => E::Silence(1),
        "del_slience" | "del_silence" => E::Silence(0),
        "all_silence" | "all_slience" => E::SilenceAll(1),
        "del_all_silence" | "del_all_slience" => E::SilenceAll(0),
        "PermissionControl" => E::Permission,
        "kick" => E::Kick,
        "kicked" => E::Kicked,
        "reward" => E::Reward,
        "check_in" => E::CheckIn,
        "apply_check_in" => E::StartCheckIn,
        "cancel_check_in" => E::CancelCheckIn,
        _ => E::Other,
    }
}
