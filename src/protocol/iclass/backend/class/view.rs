//! A class as the calls show it: in full, and as a row of a list.

use serde::Serialize;
use utoipa::ToSchema;

use crate::clock::seconds;
use crate::domain::chat::group;
use crate::domain::classroom::class;
use crate::domain::classroom::class::{Class, Listed, LiveType, Member, RecordType, Status, Type};
use crate::protocol::iclass::backend::member::MemberWire;

/// A class with its settings and members.
#[derive(Serialize, ToSchema)]
pub struct ClassInfo {
    class_id: i64,
    class_topic: String,
    class_type: Type,
    class_status: Status,
    class_live_type: LiveType,
    teacher_id: String,
    assistant_id: String,
    /// In seconds
    create_time: i64,
    /// In seconds
    start_time: i64,
    /// In seconds
    stop_time: i64,
    /// In seconds; 0 before the class starts
    real_start_time: i64,
    /// In seconds; 0 before the class ends
    real_stop_time: i64,
    /// How many people are reserved
    member_count: usize,
    chat_group_id: String,
    cmd_group_id: String,
    max_member_limit: i64,
    max_member_num: i64,
    settings: SettingsWire,
    members: Vec<MemberWire>,
}

#[derive(Serialize, ToSchema)]
struct SettingsWire {
    record_types: Vec<RecordType>,
    resolution: String,
    fps: i64,
    layout: i64,
    auto_create_im: i64,
    bitrate: i64,
    auto_open_mic: i64,
    auto_open_camera: i64,
    enable_all_silence: i64,
}

impl From<(Class, Vec<Member>)> for ClassInfo {
    fn from((class, members): (Class, Vec<Member>)) -> Self {
        let settings = class::Settings::clone(&class.settings);
        let [chat_group_id, cmd_group_id] = group::ids(class.class_id);
        Self {
            class_id: class.class_id.0,
            class_topic: class.class_topic,
            class_type: class.class_type,
            class_status: class.class_status,
            class_live_type: class.class_live_type,
            teacher_id: class.teacher_id,
            assistant_id: class.assistant_id,
            create_time: seconds(class.create_time),
            start_time: seconds(class.start_time),
            stop_time: seconds(class.stop_time),
            real_start_time: seconds(class.real_start_time),
            real_stop_time: seconds(class.real_stop_time),
            member_count: members.len(),
            chat_group_id,
            cmd_group_id,
            max_member_limit: class.max_member_limit,
            max_member_num: class.max_member_num,
            settings: SettingsWire {
                record_types: settings.record_types,
                resolution: settings.resolution,
                fps: settings.fps,
                layout: settings.layout,
                auto_create_im: settings.auto_create_im.into(),
                bitrate: settings.bitrate,
                auto_open_mic: settings.auto_open_mic.into(),
                auto_open_camera: settings.auto_open_camera.into(),
                enable_all_silence: settings.enable_all_silence.into(),
            },
            members: members.into_iter().map(MemberWire::from).collect(),
        }
    }
}

/// A class in a list.
#[derive(Serialize, ToSchema)]
pub struct ClassRow {
    class_id: i64,
    class_topic: String,
    class_type: Type,
    class_status: Status,
    teacher_id: String,
    /// In seconds
    create_time: i64,
    /// In seconds
    start_time: i64,
    /// In seconds
    stop_time: i64,
}

impl From<Listed> for ClassRow {
    fn from(class: Listed) -> Self {
        Self {
            class_id: class.class_id.0,
            class_topic: class.class_topic,
            class_type: class.class_type,
            class_status: class.class_status,
            teacher_id: class.teacher_id,
            create_time: seconds(class.create_time),
            start_time: seconds(class.start_time),
            stop_time: seconds(class.stop_time),
        }
    }
}
