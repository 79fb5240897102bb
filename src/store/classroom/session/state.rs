//! The states of those who are inside: devices, hand, silence, drawing, screen.

use super::row::Session;
use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::classroom::device_event;
use crate::store::classroom::device_event::{Device, DeviceEvent};
use crate::store::schema::sessions;
use crate::store::schema::sessions::dsl;
use crate::store::tenancy::user::Role;
use crate::store::{CacheTag, Result};

/// States that change: 1 open, up, allowed, shared; 0 not. What is `None` stays as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, AsChangeset)]
#[diesel(table_name = sessions)]
#[expect(missing_docs, reason = "the fields of Session")]
pub struct States {
    pub camera: Option<i64>,
    pub mic: Option<i64>,
    pub speaker: Option<i64>,
    pub hand_up: Option<i64>,
    pub enable_draw: Option<i64>,
    pub screen: Option<i64>,
}

/// The open stay of somebody in a class.
pub fn open_of(conn: &mut Conn, enterprise_id: i64, class_id: i64, user_id: &str) -> Result<Option<Session>> {
    dsl::sessions
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::user_id.eq(user_id))
        .filter(dsl::quit_time.is_null())
        .get_result(conn)
        .optional()
}

/// Changes states of an open stay, of which at least one is given, and notes when a camera or a microphone went on or off.
pub fn set(conn: &mut Conn, session: &Session, new: States, now: Millis) -> Result<()> {
    CacheTag::Inside(session.class_id).changes();
    diesel::update(dsl::sessions.find(session.id))
        .filter(dsl::enterprise_id.eq(session.enterprise_id))
        .set(&new)
        .execute(conn)?;
    let (camera, mic) = (new.camera.unwrap_or(session.camera), new.mic.unwrap_or(session.mic));
    note(conn, session, (session.camera, session.mic), (camera, mic), now)
}

/// Notes which of a stay's camera and microphone went on or off.
pub fn note(
    conn: &mut Conn,
    session: &Session,
    (camera_before, mic_before): (i64, i64),
    (camera, mic): (i64, i64),
    now: Millis,
) -> Result<()> {
    for (device, before, after) in [(Device::Camera, camera_before, camera), (Device::Mic, mic_before, mic)] {
        let is_on = after == 1;
        if is_on != (before == 1) {
            let Session { enterprise_id, class_id, ordinal, .. } = *session;
            let user_id = session.user_id.clone();
            let new = DeviceEvent { enterprise_id, class_id, user_id, ordinal, device, is_on, create_time: now };
            device_event::insert(conn, &new)?;
        }
    }
    Ok(())
}

/// Silences somebody in a class, or lifts it: of all their stays, so that coming back changes nothing.
pub fn silence(conn: &mut Conn, enterprise_id: i64, class_id: i64, user_id: &str, silence: i64) -> Result<()> {
    CacheTag::Inside(class_id).changes();
    diesel::update(dsl::sessions)
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::user_id.eq(user_id))
        .set(dsl::silence.eq(silence))
        .execute(conn)
        .map(drop)
}

/// As [`silence`], of everybody but those who give the class.
pub fn silence_all(conn: &mut Conn, enterprise_id: i64, class_id: i64, silence: i64) -> Result<()> {
    CacheTag::Inside(class_id).changes();
    diesel::update(dsl::sessions)
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::role.ne_all(Role::LEADERS))
        .set(dsl::silence.eq(silence))
        .execute(conn)
        .map(drop)
}

/// How many are on stage, their camera or microphone open, beside those who give the class.
pub fn count_on_stage(conn: &mut Conn, enterprise_id: i64, class_id: i64) -> Result<i64> {
    dsl::sessions
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::quit_time.is_null())
        .filter(dsl::role.ne_all(Role::LEADERS))
        .filter(dsl::camera.eq(1).or(dsl::mic.eq(1)))
        .count()
        .get_result(conn)
}

impl Session {
    /// Whether they count among those on stage.
    #[must_use]
    pub fn is_on_stage(&self) -> bool {
        !self.role.can_moderate() && (self.camera == 1 || self.mic == 1)
    }
}
