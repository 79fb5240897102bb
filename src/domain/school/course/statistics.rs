//! How long a user was present in the lessons of courses. Computed from sessions, as attendance is.

use std::collections::HashMap;

use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::Result;
use crate::domain::classroom::attendance::{Lesson, Span};
use crate::domain::school::people::require_user;
use crate::store;
use crate::store::classroom::session::Session;
use crate::store::ids::{ClassId, CourseId, OrganizationId};
use crate::store::tenancy::channel::Channel;

/// The presence of one user in one lesson.
#[derive(Clone, Debug)]
pub struct Visit {
    /// The course.
    pub course_id: CourseId,
    /// The title of the course.
    pub course_title: String,
    /// The organization of the course.
    pub organization_id: OrganizationId,
    /// The scheduled start of the lesson.
    pub class_start: Millis,
    /// The scheduled end of the lesson.
    pub class_end: Millis,
    /// How long the user was present while the lesson was in progress, in milliseconds.
    pub present: Millis,
}

/// The lessons of a channel's courses in which a user was present between two times, in scheduled order. The cost grows
/// with the number of all lessons of the user.
///
/// # Errors
/// [`crate::domain::Error::UnknownUser`].
pub fn visits(
    conn: &mut Conn,
    channel: &Channel,
    user_id: &str,
    (from, until): (Millis, Millis),
    now: Millis,
) -> Result<Vec<Visit>> {
    require_user(conn, channel, user_id)?;
    let Channel { enterprise_id, channel_id, .. } = *channel;
    let lessons = store::school::course::lessons_of_user(conn, enterprise_id, channel_id, user_id)?;
    let class_ids: Vec<ClassId> = lessons.iter().map(|lesson| lesson.class.class_id).collect();
    let mut sessions: HashMap<ClassId, Vec<Session>> = HashMap::new();
    for session in store::classroom::session::of_user(conn, enterprise_id, &class_ids, user_id)? {
        if session.enter_time <= until && session.quit_time.unwrap_or(now) >= from {
            sessions.entry(session.class_id).or_default().push(session);
        }
    }
    let visit = |lesson: store::school::course::LessonOfUser| {
        let sessions = sessions.remove(&lesson.class.class_id)?;
        let taught = Lesson::of(&lesson.class, now);
        // Only the part of a session between the two times counts.
        let spans = sessions.iter().map(|session| {
            let session = taught.session(session.enter_time, session.quit_time);
            Span { from: session.from.max(from), until: session.until.min(until) }
        });
        Some(Visit {
            course_id: lesson.course_id,
            course_title: lesson.title,
            organization_id: lesson.organization_id,
            class_start: lesson.class.start_time,
            class_end: lesson.class.stop_time,
            present: taught.within(spans),
        })
    };
    Ok(lessons.into_iter().filter_map(visit).collect())
}
