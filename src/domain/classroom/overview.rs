//! What people who support an enterprise see of its classes: who is inside, and what happened. The lists are bounded.

use std::collections::HashMap;

use crate::db::Conn;
use crate::domain::Result;
use crate::domain::classroom::class::Class;
use crate::domain::events::event::{Event, EventKind};
use crate::domain::tenancy::user;
use crate::domain::tenancy::user::User;
use crate::store;
pub use crate::store::classroom::online_recording::{OnlineRecording, RecordingState};
pub use crate::store::classroom::recording::Recording;
pub use crate::store::classroom::session::{QuitReason, Session};
use crate::store::ids::{ClassId, EnterpriseId, EventId};
use crate::store::{Page, Start};

/// How many sessions and events are read of a class.
const AT_MOST: i64 = 500;

/// A class, with who is inside and what happened.
#[derive(Clone, Debug)]
pub struct Overview {
    /// The class.
    pub class: Class,
    /// How many people are inside.
    pub inside_total: i64,
    /// The first of them, with their sessions.
    pub inside: Vec<(Session, User)>,
    /// The newest sessions, the newest first.
    pub sessions: Vec<Session>,
    /// The first events, without those of joins and leaves, which the sessions have.
    pub events: Vec<Event>,
    /// What Lectern recorded.
    pub recordings: Vec<OnlineRecording>,
    /// The videos.
    pub videos: Vec<Recording>,
}

/// Returns a class with who is inside and what happened.
///
/// # Errors
/// [`Error::UnknownClass`](crate::domain::Error::UnknownClass).
pub fn of_class(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId) -> Result<Overview> {
    let class = super::class::require(conn, enterprise_id, class_id)?;
    let page = Page { start: Start::After(None), size: AT_MOST };
    let inside = store::classroom::session::inside(conn, enterprise_id, class_id, page)?;
    let mut events = store::events::event::feed(conn, enterprise_id, Some(class_id), EventId(0), AT_MOST)?;
    events.retain(|event| !matches!(EventKind::of(&event.payload), EventKind::Joined | EventKind::Left));
    Ok(Overview {
        class,
        inside_total: inside.total,
        inside: inside.rows,
        sessions: store::classroom::session::recent(conn, enterprise_id, class_id, AT_MOST)?,
        events,
        recordings: store::classroom::online_recording::of_class(conn, enterprise_id, class_id)?,
        videos: store::classroom::recording::list(conn, enterprise_id, class_id)?,
    })
}

/// Returns recordings, the newest first: those before the one with the id `before`, and only those in a state, if these are
/// given.
///
/// # Errors
/// Only those of the database.
pub fn recordings(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    state: Option<RecordingState>,
    before: Option<i64>,
    at_most: i64,
) -> Result<Vec<OnlineRecording>> {
    Ok(store::classroom::online_recording::newest(conn, enterprise_id, state, before, at_most)?)
}

/// Counts who is inside each of some classes.
///
/// # Errors
/// Only those of the database.
pub fn inside(conn: &mut Conn, enterprise_id: EnterpriseId, class_ids: &[ClassId]) -> Result<HashMap<ClassId, i64>> {
    let count =
        |class_id: &ClassId| Ok((*class_id, store::classroom::session::count_inside(conn, enterprise_id, *class_id)?));
    class_ids.iter().map(count).collect()
}

/// Returns a user with the sessions in which they are inside a class now.
///
/// # Errors
/// [`Error::UnknownUser`](crate::domain::Error::UnknownUser).
pub fn of_user(conn: &mut Conn, enterprise_id: EnterpriseId, user_id: &str) -> Result<(User, Vec<Session>)> {
    let user = user::require(conn, enterprise_id, user_id)?;
    let class_ids = store::classroom::session::classes_of_user(conn, enterprise_id, user_id)?;
    let mut sessions = store::classroom::session::of_user(conn, enterprise_id, &class_ids, user_id)?;
    sessions.retain(|session| session.quit_time.is_none());
    Ok((user, sessions))
}
