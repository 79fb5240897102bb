//! The class that people try Lectern with: its teacher, its pupil, and links for both.

use super::class;
use super::class::{Filter, Member, Patch, SettingsPatch, Status, Type};
use super::link;
use super::link::Link;
use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::Result;
use crate::domain::tenancy::token::LINK_AT_MOST;
use crate::domain::tenancy::user;
use crate::domain::tenancy::user::{Draft, Role};
use crate::store;
use crate::store::ids::{ClassId, EnterpriseId};
use crate::store::{Page, Start};

const TEACHER: &str = "demo_teacher";
const PUPIL: &str = "demo_pupil";
/// How long a class lasts, in milliseconds: a day, like the links to it.
const LENGTH: Millis = 24 * 3_600_000;

/// Registers the teacher and the pupil if they are missing. Returns their class, unless it is over.
///
/// # Errors
/// [`Error::UsersExist`](crate::domain::Error::UsersExist) if one of them was deleted.
pub fn prepare(conn: &mut Conn, enterprise_id: EnterpriseId, now: Millis) -> Result<Option<ClassId>> {
    store::tenancy::enterprise::lock_making(conn)?;
    for (user_id, role, nickname) in [(TEACHER, Role::Teacher, "Demo teacher"), (PUPIL, Role::Student, "Demo pupil")] {
        if user::find(conn, enterprise_id, user_id)?.is_none() {
            let draft = Draft { nickname: Some(nickname.into()), ..Draft::of(user_id.into(), role) };
            user::register(conn, enterprise_id, vec![draft], now)?;
        }
    }
    let statuses = vec![Status::Will, Status::Ing];
    let own = Filter { user_id: Some(TEACHER.into()), statuses, types: vec![Type::Public], newest_first: true };
    let newest =
        class::list(conn, enterprise_id, &own, Page { start: Start::After(None), size: 1 })?.rows.into_iter().next();
    Ok(newest.filter(|class| class.stop_time > now).map(|class| class.class_id))
}

/// The fields of a new class. It is public, so that visitors can be tried too.
#[must_use]
pub fn fields(has_chat: bool, now: Millis) -> Patch {
    Patch {
        class_topic: Some("Demo class".into()),
        class_type: Some(Type::Public),
        teacher_id: Some(TEACHER.into()),
        stop_time: Some(now.saturating_add(LENGTH)),
        settings: SettingsPatch { auto_create_im: Some(has_chat), ..SettingsPatch::default() },
        members: Some(vec![Member { user_id: PUPIL.into(), role: Role::Student }]),
        ..Patch::default()
    }
}

/// Makes a link for the teacher and one for the pupil, which are valid for a day.
///
/// # Errors
/// As [`link::make`].
pub fn links(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId, now: Millis) -> Result<[Link; 2]> {
    let mut make = |user_id| link::make(conn, enterprise_id, class_id, user_id, LINK_AT_MOST, now);
    Ok([make(TEACHER)?, make(PUPIL)?])
}
