//! The only way to create a class, with its defaults, checks, members and groups. Bookings, rooms and lessons all use
//! it.

use super::patch::Patch;
use super::rules::{check_recorder, check_times, hashed};
use crate::clock::{Millis, millis, seconds};
use crate::db::Conn;
use crate::domain::chat::group;
use crate::domain::chat::group::Administrator;
use crate::domain::classroom::member;
use crate::domain::{Error, Field, Problem, Result};
use crate::store;
use crate::store::Json;
use crate::store::chat::group::Engine;
use crate::store::classroom::class::{EndReason, LiveType, NewClass, RecordType, Settings, Status, Type};
use crate::store::classroom::member::Member;
use crate::store::ids::{ClassId, CourseId, EnterpriseId};

/// The default duration of a class, in milliseconds.
const DEFAULT_LENGTH: Millis = 2 * 3_600_000;

/// A class that is complete and checked, but not written yet.
#[derive(Clone, Debug)]
pub(in crate::domain) struct ClassDraft {
    row: NewClass,
    members: Vec<Member>,
}

impl ClassDraft {
    /// Completes the chosen fields with defaults, and checks the result.
    ///
    /// # Errors
    /// [`Error::Invalid`].
    pub(in crate::domain) fn new(enterprise_id: EnterpriseId, patch: Patch, now: Millis) -> Result<Self> {
        let teacher_id = patch.teacher_id.ok_or_else(|| Error::invalid(Field::Teacher, Problem::Missing))?;
        // The protocols use whole seconds. Rounding down keeps the start time that clients read from lying in the
        // future.
        let start_time = patch.start_time.unwrap_or_else(|| millis(seconds(now)));
        let row = NewClass {
            enterprise_id,
            class_topic: patch.class_topic.unwrap_or_default(),
            class_type: patch.class_type.unwrap_or(Type::Public),
            class_status: Status::Will,
            class_live_type: patch.class_live_type.unwrap_or(LiveType::Close),
            teacher_id,
            assistant_id: patch.assistant_id.unwrap_or_default(),
            create_time: now,
            start_time,
            stop_time: patch.stop_time.unwrap_or_else(|| start_time.saturating_add(DEFAULT_LENGTH)),
            real_start_time: 0,
            real_stop_time: 0,
            admin_id: patch.admin_id.unwrap_or_default(),
            admin_sig: patch.admin_sig.unwrap_or_default(),
            max_member_limit: patch.max_member_limit.unwrap_or(0),
            max_member_num: patch.max_member_num.unwrap_or(0),
            password_hash: patch.password.as_deref().and_then(hashed),
            settings: Json::new(patch.settings.apply(default_settings())),
            record_user_id: patch.record_user_id.unwrap_or_default(),
            record_user_sig: patch.record_user_sig.unwrap_or_default(),
            last_sequence: 0,
            end_reason: None,
            course_id: None,
        };
        check_times(row.start_time, row.stop_time)?;
        check_recorder(&row.record_user_id)?;
        let members = member::complete(patch.members.unwrap_or_default(), &row.teacher_id, &row.assistant_id)?;
        member::check(row.class_type, &members)?;
        Ok(Self { row, members })
    }

    /// Makes the class a lesson of a course. A lesson that lies in the past is created as ended, without having begun.
    pub(in crate::domain) fn of_course(mut self, course_id: CourseId) -> Self {
        self.row.course_id = Some(course_id);
        if self.row.stop_time <= self.row.create_time {
            self.row.class_status = Status::End;
            self.row.real_stop_time = self.row.stop_time;
            self.row.end_reason = Some(EndReason::NeverBegan);
        }
        self
    }

    /// Whether the class gets its own chat groups.
    pub(super) fn has_groups(&self) -> bool {
        self.row.settings.auto_create_im
    }

    /// The account that calls the hosted chat service for its groups.
    pub(super) fn administrator(&self, sdkappid: i64) -> Administrator {
        let NewClass { admin_id, admin_sig, .. } = &self.row;
        Administrator { sdkappid, admin_id: admin_id.clone(), admin_sig: admin_sig.clone() }
    }

    /// Writes the class with its members and with local groups. Returns its id.
    ///
    /// # Errors
    /// [`Error::ClassIdsUsedUp`].
    pub(in crate::domain) fn insert(&self, conn: &mut Conn) -> Result<ClassId> {
        self.insert_whole(conn, None, Engine::Local)
    }

    /// Like [`Self::insert`], but with a reserved id and with groups that the hosted chat service created.
    ///
    /// # Errors
    /// [`Error::ClassIdsUsedUp`].
    pub(super) fn insert_hosted(&self, conn: &mut Conn, class_id: ClassId) -> Result<ClassId> {
        self.insert_whole(conn, Some(class_id), Engine::Tencent)
    }

    /// Writes only the row of the class and returns its id. For many lessons, members and groups are written together
    /// afterwards.
    ///
    /// # Errors
    /// [`Error::ClassIdsUsedUp`].
    pub(in crate::domain) fn insert_bare(&self, conn: &mut Conn) -> Result<ClassId> {
        self.insert_row(conn, None)
    }

    fn insert_row(&self, conn: &mut Conn, reserved: Option<ClassId>) -> Result<ClassId> {
        store::classroom::class::insert(conn, reserved, &self.row)?.ok_or(Error::ClassIdsUsedUp)
    }

    fn insert_whole(&self, conn: &mut Conn, reserved: Option<ClassId>, engine: Engine) -> Result<ClassId> {
        let NewClass { enterprise_id, create_time, .. } = self.row;
        let class_id = self.insert_row(conn, reserved)?;
        store::classroom::member::insert(conn, enterprise_id, class_id, &self.members)?;
        if self.has_groups() {
            group::add_for_class(conn, enterprise_id, class_id, engine, create_time)?;
        }
        Ok(class_id)
    }
}

/// The default settings of the components of a class.
pub(in crate::domain) fn default_settings() -> Settings {
    Settings {
        record_types: vec![RecordType::Local],
        resolution: "1024x768".into(),
        fps: 15,
        layout: 0,
        auto_create_im: true,
        bitrate: 850,
        auto_open_mic: false,
        auto_open_camera: false,
        enable_all_silence: false,
    }
}
