//! The fields of a class that `class/create` and `class/modify` share.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::domain::classroom::class::{LiveType, Patch, RecordType, SettingsPatch, Type};
use crate::protocol::iclass::backend::member::MemberWire;
use crate::protocol::iclass::error::ApiError;
use crate::protocol::iclass::wire::{
    Count, Flag, Int, MaybeUserId, Name, Record, Text, Ticket, Time, UserId, flag, int, text,
};

type Resolution = Text<3, 16>;

/// The fields of a class. `class/create` requires `teacher_id`; `class/modify` requires `class_id` and changes the fields sent.
#[derive(Deserialize, ToSchema)]
pub struct ClassFields {
    /// The teacher
    teacher_id: Option<UserId>,
    /// The assistant (later revision)
    assistant_id: Option<MaybeUserId>,
    /// The name of the class [default: the class id as text]
    class_topic: Option<Text<0, 256>>,
    /// Who may enter [default: public]
    class_type: Option<Type>,
    /// What the live stream shows (later revision) [default: close]
    class_live_type: Option<LiveType>,
    /// The scheduled start, in seconds [default: now]
    start_time: Option<Time>,
    /// The scheduled end, in seconds [default: two hours after `start_time`]
    stop_time: Option<Time>,
    /// The administrator of the hosted chat service; required if that service is used
    admin_id: Option<Name>,
    /// The administrator's ticket there; required if that service is used
    admin_sig: Option<Ticket>,
    /// How many people may be on stage [default: 0, any number]
    max_member_limit: Option<Count>,
    /// How many people may be inside (later revision) [default: 0, any number]
    max_member_num: Option<Count>,
    /// The password for joining (later revision) [default: none]
    password: Option<Text<0, 64>>,
    /// The user id of the recorder; begins with `tic_record_user_` or `tic_recorduser`
    record_user_id: Option<Name>,
    /// The recorder's ticket
    record_user_sig: Option<Ticket>,
    /// The people reserved beside the teacher; in `class/modify` the whole list
    #[schema(value_type = Option<Vec<MemberWire>>)]
    members: Option<Vec<Record<MemberWire>>>,
    /// Settings for the components; each of them may also be a field at the top level
    #[schema(value_type = Option<SettingsFields>)]
    settings: Option<Record<SettingsFields>>,
    record_types: Option<Vec<RecordType>>,
    resolution: Option<Resolution>,
    fps: Option<Int<1, 120>>,
    layout: Option<Count>,
    auto_create_im: Option<Flag>,
    bitrate: Option<Int<1, 1_000_000>>,
    auto_open_mic: Option<Flag>,
    auto_open_camera: Option<Flag>,
    enable_all_silence: Option<Flag>,
}

/// Settings of a class for the components.
#[derive(Default, Deserialize, ToSchema)]
pub struct SettingsFields {
    /// The recorders; `remote` starts with the class [default: local]
    record_types: Option<Vec<RecordType>>,
    /// Width x height of the video [default: 1024x768]
    resolution: Option<Resolution>,
    /// Frames of the video per second [default: 15]
    fps: Option<Int<1, 120>>,
    /// A layout of the components [default: 0]
    layout: Option<Count>,
    /// Whether the chat groups are created with the class [default: 1]
    auto_create_im: Option<Flag>,
    /// The bit rate of the video in kbit/s [default: 850]
    bitrate: Option<Int<1, 1_000_000>>,
    /// Whether microphones start on [default: 0]
    auto_open_mic: Option<Flag>,
    /// Whether cameras start on [default: 0]
    auto_open_camera: Option<Flag>,
    /// Whether everybody starts silenced (later revision) [default: 0]
    enable_all_silence: Option<Flag>,
}

impl ClassFields {
    /// The domain's patch. A field that was not sent is `None`.
    pub(super) fn into_patch(self) -> Result<Patch, ApiError> {
        // A field in `settings` has precedence over the same field at the top level.
        let inner = self.settings.map_or_else(SettingsFields::default, |settings| settings.0);
        let settings = SettingsPatch {
            record_types: inner.record_types.or(self.record_types),
            resolution: text(inner.resolution.or(self.resolution)),
            fps: int(inner.fps.or(self.fps)),
            layout: int(inner.layout.or(self.layout)),
            auto_create_im: flag(inner.auto_create_im.or(self.auto_create_im)),
            bitrate: int(inner.bitrate.or(self.bitrate)),
            auto_open_mic: flag(inner.auto_open_mic.or(self.auto_open_mic)),
            auto_open_camera: flag(inner.auto_open_camera.or(self.auto_open_camera)),
            enable_all_silence: flag(inner.enable_all_silence.or(self.enable_all_silence)),
        };
        if settings.resolution.as_deref().is_some_and(|resolution| !is_resolution(resolution)) {
            return Err(ApiError::invalid("resolution: must be like 1024x768"));
        }
        Ok(Patch {
            class_topic: text(self.class_topic),
            class_type: self.class_type,
            class_live_type: self.class_live_type,
            teacher_id: text(self.teacher_id),
            assistant_id: text(self.assistant_id),
            start_time: self.start_time.map(Time::millis),
            stop_time: self.stop_time.map(Time::millis),
            admin_id: text(self.admin_id),
            admin_sig: text(self.admin_sig),
            max_member_limit: int(self.max_member_limit),
            max_member_num: int(self.max_member_num),
            password: text(self.password),
            record_user_id: text(self.record_user_id),
            record_user_sig: text(self.record_user_sig),
            settings,
            members: self.members.map(|members| members.into_iter().map(|Record(member)| member.into()).collect()),
        })
    }
}

/// The appendix lists resolutions, but its own default is not among them. So any resolution is accepted.
fn is_resolution(text: &str) -> bool {
    let is_side = |side: &str| side.parse::<u16>().is_ok_and(|side| side > 0);
    text.split_once('x').is_some_and(|(width, height)| is_side(width) && is_side(height))
}
