//! The fields that can be chosen for a class.

use crate::clock::Millis;
use crate::store::classroom::class::{LiveType, RecordType, Settings, Type};
use crate::store::classroom::member::Member;

/// Fields of a class. A field that is `None` gets its default in a new class and keeps its value in an existing one.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the fields of Class")]
pub struct Patch {
    pub class_topic: Option<String>,
    pub class_type: Option<Type>,
    pub class_live_type: Option<LiveType>,
    pub teacher_id: Option<String>,
    pub assistant_id: Option<String>,
    pub start_time: Option<Millis>,
    pub stop_time: Option<Millis>,
    pub admin_id: Option<String>,
    pub admin_sig: Option<String>,
    pub max_member_limit: Option<i64>,
    pub max_member_num: Option<i64>,
    pub password: Option<String>,
    pub record_user_id: Option<String>,
    pub record_user_sig: Option<String>,
    pub settings: SettingsPatch,
    /// The complete list of members, without the teacher and the assistant.
    pub members: Option<Vec<Member>>,
}

/// Like [`Patch`], for the settings.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the fields of Settings")]
pub struct SettingsPatch {
    pub record_types: Option<Vec<RecordType>>,
    pub resolution: Option<String>,
    pub fps: Option<i64>,
    pub layout: Option<i64>,
    pub auto_create_im: Option<bool>,
    pub bitrate: Option<i64>,
    pub auto_open_mic: Option<bool>,
    pub auto_open_camera: Option<bool>,
    pub enable_all_silence: Option<bool>,
}

impl SettingsPatch {
    pub(super) fn apply(self, mut settings: Settings) -> Settings {
        crate::domain::set(&mut settings.record_types, self.record_types);
        crate::domain::set(&mut settings.resolution, self.resolution);
        crate::domain::set(&mut settings.fps, self.fps);
        crate::domain::set(&mut settings.layout, self.layout);
        crate::domain::set(&mut settings.auto_create_im, self.auto_create_im);
        crate::domain::set(&mut settings.bitrate, self.bitrate);
        crate::domain::set(&mut settings.auto_open_mic, self.auto_open_mic);
        crate::domain::set(&mut settings.auto_open_camera, self.auto_open_camera);
        crate::domain::set(&mut settings.enable_all_silence, self.enable_all_silence);
        settings
    }
}
