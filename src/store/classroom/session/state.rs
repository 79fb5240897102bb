//! The states of people inside a class: devices, raised hand, silence, drawing and screen sharing.

use super::row::Session;
use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::classroom::device_event;
use crate::store::classroom::device_event::{Device, DeviceEvent};
use crate::store::ids::{ClassId, EnterpriseId};
use crate::store::schema::sessions;
use crate::store::schema::sessions::dsl;
use crate::store::tenancy::user::Role;
use crate::store::{CacheTag, Result};

/// The silence that a moderator imposed.
const BY_MODERATOR: i64 = 1;
/// The silence that the component of the user reported.
const BY_SELF: i64 = 2;

/// The right to draw that a moderator gave.
const DRAWING_BY_MODERATOR: i64 = 1;
/// The right to draw that the component of the user reported. It is shown, and gives no right.
pub const DRAWING_BY_SELF: i64 = 2;

/// States to change: 1 on, raised, allowed or shared; 0 not. A `None` field keeps its value.
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

/// Returns the open session of a user in a class.
pub fn open_of(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    user_id: &str,
) -> Result<Option<Session>> {
    dsl::sessions
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::user_id.eq(user_id))
        .filter(dsl::quit_time.is_null())
        .get_result(conn)
        .optional()
}

/// Updates the states of an open session, at least one of which must be set. Records a device event if the camera or
/// the microphone was turned on or off.
pub fn set(conn: &mut Conn, session: &Session, new: States, now: Millis) -> Result<()> {
    CacheTag::Inside(session.class_id).changes();
    let hand_up_time = new.hand_up.map(|hand_up| raised(session, hand_up, now));
    diesel::update(dsl::sessions.find(session.id))
        .filter(dsl::enterprise_id.eq(session.enterprise_id))
        .set((&new, hand_up_time.map(|time| dsl::hand_up_time.eq(time))))
        .execute(conn)?;
    let (camera, mic) = (new.camera.unwrap_or(session.camera), new.mic.unwrap_or(session.mic));
    note(conn, session, (session.camera, session.mic), (camera, mic), now)
}

/// When the hand of a session was raised, if this is its new state. A hand that stays up keeps its place.
fn raised(session: &Session, hand_up: i64, now: Millis) -> Millis {
    match hand_up {
        1 if session.hand_up == 1 => session.hand_up_time,
        1 => now,
        _ => 0,
    }
}

/// Records device events for the camera and the microphone of a session, if they were turned on or off.
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

/// Silences a user in a class as a moderator (1), or lifts any silence (0). It applies to all sessions of the user, so that joining again
/// does not lift it.
pub fn silence(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    user_id: &str,
    silence: i64,
) -> Result<()> {
    CacheTag::Inside(class_id).changes();
    diesel::update(dsl::sessions)
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::user_id.eq(user_id))
        .set(dsl::silence.eq(silence))
        .execute(conn)
        .map(drop)
}

/// Records that the component of a user silenced the user, or lifted that. It can't lift a silence that a moderator imposed.
pub fn silence_self(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    user_id: &str,
    silenced: bool,
) -> Result<()> {
    CacheTag::Inside(class_id).changes();
    diesel::update(dsl::sessions)
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::user_id.eq(user_id))
        .filter(dsl::silence.ne(BY_MODERATOR))
        .set(dsl::silence.eq(if silenced { BY_SELF } else { 0 }))
        .execute(conn)
        .map(drop)
}

/// Like [`silence`], for everybody but the roles that moderate.
pub fn silence_all(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId, silence: i64) -> Result<()> {
    CacheTag::Inside(class_id).changes();
    diesel::update(dsl::sessions)
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::role.ne_all(Role::MODERATORS))
        .set(dsl::silence.eq(silence))
        .execute(conn)
        .map(drop)
}

/// Counts the people on stage: those with a camera or a microphone on, without the roles that moderate.
pub fn count_on_stage(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId) -> Result<i64> {
    dsl::sessions
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::quit_time.is_null())
        .filter(dsl::role.ne_all(Role::MODERATORS))
        .filter(dsl::camera.eq(1).or(dsl::mic.eq(1)))
        .count()
        .get_result(conn)
}

impl Session {
    /// Whether the user is silenced, by a moderator or as the own component reported.
    #[must_use]
    pub fn is_silenced(&self) -> bool {
        matches!(self.silence, BY_MODERATOR | BY_SELF)
    }

    /// Whether a moderator has allowed the user to draw.
    #[must_use]
    pub fn may_draw(&self) -> bool {
        self.enable_draw == DRAWING_BY_MODERATOR
    }

    /// Whether drawing is allowed, by a moderator or as the own component reported: 1 or 0. The published classroom shows it.
    #[must_use]
    pub fn reported_drawing(&self) -> i64 {
        i64::from(matches!(self.enable_draw, DRAWING_BY_MODERATOR | DRAWING_BY_SELF))
    }

    /// Whether the session counts as on stage.
    #[must_use]
    pub fn is_on_stage(&self) -> bool {
        !self.role.can_moderate() && (self.camera == 1 || self.mic == 1)
    }
}
