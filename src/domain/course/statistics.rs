//! How long somebody was in the lessons of courses, counted from their stays as attendance is.

use std::collections::HashMap;

use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::Result;
use crate::domain::attendance::{Lesson, Span};
use crate::domain::channel::known_user;
use crate::store;
use crate::store::channel::Channel;
use crate::store::session::Session;

/// One person in one lesson.
#[derive(Clone, Debug)]
pub struct Visit {
    /// The course.
    pub course_id: i64,
    /// Its name.
    pub course_title: String,
    /// Whose course.
    pub organization_id: i64,
    /// When the lesson was to begin.
    pub class_start: Millis,
    /// When it was to end.
    pub class_end: Millis,
    /// How long they were there while it went on.
    pub present: Millis,
}

/// The lessons of a channel's courses that somebody was in between two times, in the order in which they were planned. Costs
/// what there are of their lessons.
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
    known_user(conn, channel, user_id)?;
    let Channel { enterprise_id, channel_id, .. } = *channel;
    let lessons = store::course::lessons_of_user(conn, enterprise_id, channel_id, user_id)?;
    let class_ids: Vec<i64> = lessons.iter().map(|lesson| lesson.class.class_id).collect();
    let mut stays: HashMap<i64, Vec<Session>> = HashMap::new();
    for stay in store::session::of_user(conn, enterprise_id, &class_ids, user_id)? {
        if stay.enter_time <= until && stay.quit_time.unwrap_or(now) >= from {
            stays.entry(stay.class_id).or_default().push(stay);
        }
    }
    let visit = |lesson: store::course::LessonOfUser| {
        let stays = stays.remove(&lesson.class.class_id)?;
        let taught = Lesson::of(&lesson.class, now);
        // A stay counts as far as it lies between the two times.
        let spans = stays.iter().map(|stay| {
            let stay = taught.stay(stay.enter_time, stay.quit_time);
            Span { from: stay.from.max(from), until: stay.until.min(until) }
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
