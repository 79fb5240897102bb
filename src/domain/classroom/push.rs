//! The message to a whole class or course, at most once a day.

use super::chat::of;
use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::{Error, Result};
use crate::store;
use crate::store::chat::group::{Engine, GroupKind};
use crate::store::chat::message::NewMessage;
use crate::store::chat::notice::Notice;
use crate::store::chat::push::NewPush;
use crate::store::ids::{ClassId, CourseId, EnterpriseId};

/// The offset of Beijing time from UTC. The protocols count days in Beijing time.
const AHEAD: Millis = 8 * 3_600_000;
const DAY: Millis = 24 * 3_600_000;

/// Records that a class or a course got a message today, and returns the id of the record. Also sends a notice to its
/// chat group, if that group is local.
///
/// # Errors
/// [`Error::UnknownClass`], [`Error::AlreadyMessaged`].
pub fn push(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId, now: Millis) -> Result<i64> {
    let day = now.saturating_add(AHEAD).div_euclid(DAY);
    let new = NewPush { enterprise_id, class_id: None, course_id: None, day, create_time: now };
    // Class ids have nine digits and course ids count from 1, so no id is both.
    let (new, group) = if let Some(class) = store::classroom::class::find(conn, enterprise_id, class_id)? {
        let group = of(conn, &class)?.into_iter().find(|group| group.kind != GroupKind::Command);
        (NewPush { class_id: Some(class_id), ..new }, group)
    } else if let Some(group) = store::chat::group::of_course(conn, enterprise_id, CourseId(class_id.0))? {
        (NewPush { course_id: Some(CourseId(class_id.0)), ..new }, Some(group))
    } else {
        return Err(Error::UnknownClass(class_id));
    };
    let push_id = store::chat::push::insert(conn, &new)?.ok_or(Error::AlreadyMessaged(class_id.0))?;
    if let Some(group) = group.filter(|group| group.engine == Engine::Local) {
        let sequence = store::chat::group::next_sequence(conn, enterprise_id, group.id)?;
        let notice = Notice::Pushed { class_id: class_id.0, push_id };
        store::chat::message::insert(conn, &NewMessage::notice(&group, sequence, String::new(), &notice, now))?;
    }
    Ok(push_id)
}
