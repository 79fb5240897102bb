//! The live picture of a class: while the class goes on, an instance stores it in segments of a few seconds, and lists the last
//! ones. Any instance can serve the list.

mod link;

use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::content::file;
use crate::domain::content::file::Key;
use crate::domain::tenancy::enterprise::Enterprise;
use crate::domain::{Error, Result};
use crate::store;
use crate::store::Json;
use crate::store::classroom::class::Status;
use crate::store::classroom::live_stream::LiveStream;
pub use crate::store::classroom::live_stream::{Playlist, Segment};
use crate::store::ids::{ClassId, CourseId, EnterpriseId};
pub use link::{LiveLink, Subject};

/// The name of a segment in its file.
pub const SEGMENT: &str = "segment.ts";
/// How many segments are listed.
const LISTED: usize = 6;
/// How long the bytes of a segment are kept, in milliseconds: players may be a whole list behind, and read slowly.
const KEPT: Millis = 120_000;
/// How long a list stays that does not change any more, in milliseconds.
const STAYS: Millis = 60_000;

/// A class in progress whose picture can be shown.
#[derive(Clone, Debug)]
pub struct OnAir {
    /// Its enterprise.
    pub enterprise_id: EnterpriseId,
    /// The class.
    pub class_id: ClassId,
    /// The course of a lesson.
    pub course_id: Option<CourseId>,
    /// Whose camera is shown first.
    pub teacher_id: String,
    /// The name of the teacher.
    pub name: String,
}

/// Returns a class if it is in progress.
///
/// # Errors
/// Only those of the database.
pub fn on_air(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId) -> Result<Option<OnAir>> {
    let found = store::classroom::class::find(conn, enterprise_id, class_id)?;
    let Some(class) = found.filter(|class| class.class_status == Status::Ing) else { return Ok(None) };
    let teacher = store::tenancy::user::find(conn, enterprise_id, &class.teacher_id)?;
    let name = teacher.map(|teacher| teacher.nickname).filter(|name| !name.is_empty());
    let (teacher_id, course_id) = (class.teacher_id, class.course_id);
    Ok(Some(OnAir { enterprise_id, class_id, course_id, name: name.unwrap_or_else(|| teacher_id.clone()), teacher_id }))
}

/// Registers a segment that is about to be stored in the folder of the returned key.
///
/// # Errors
/// Only those of the database.
pub fn begin_segment(conn: &mut Conn, enterprise_id: EnterpriseId, now: Millis) -> Result<Key> {
    file::begin_segment(conn, enterprise_id, now, KEPT)
}

/// Lists a segment that is stored.
///
/// # Errors
/// [`Error::UnknownClass`] for a class that was deleted.
pub fn list_segment(conn: &mut Conn, class: &OnAir, segment: Segment, now: Millis) -> Result<()> {
    let OnAir { enterprise_id, class_id, course_id, .. } = *class;
    if store::classroom::class::find(conn, enterprise_id, class_id)?.is_none() {
        return Err(Error::UnknownClass(class_id));
    }
    let before = store::classroom::live_stream::lock(conn, enterprise_id, class_id)?;
    let mut playlist = before.map(|stream| stream.playlist.into_inner()).unwrap_or_default();
    add(&mut playlist, segment);
    let playlist = Json::new(playlist);
    let stream = LiveStream { class_id, enterprise_id, course_id, playlist, update_time: now };
    Ok(store::classroom::live_stream::put(conn, &stream)?)
}

fn add(playlist: &mut Playlist, segment: Segment) {
    playlist.is_over = false;
    playlist.segments.push(segment);
    let passed = playlist.segments.len().saturating_sub(LISTED);
    playlist.first += i64::try_from(passed).unwrap_or_default();
    let breaks = playlist.segments.drain(..passed).filter(|segment| segment.is_break).count();
    playlist.breaks += i64::try_from(breaks).unwrap_or_default();
}

/// No more segments follow, if the class is over.
///
/// # Errors
/// Only those of the database.
pub fn end(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId, now: Millis) -> Result<()> {
    if on_air(conn, enterprise_id, class_id)?.is_some() {
        // Another instance has it now.
        return Ok(());
    }
    let Some(stream) = store::classroom::live_stream::lock(conn, enterprise_id, class_id)? else { return Ok(()) };
    let playlist = Json::new(Playlist { is_over: true, ..stream.playlist.into_inner() });
    let ended = LiveStream { playlist, update_time: now, class_id, enterprise_id, course_id: stream.course_id };
    Ok(store::classroom::live_stream::put(conn, &ended)?)
}

/// Returns the list that a link leads to, and its enterprise; `None` for a link that is wrong or has expired, and when nothing is
/// shown, so that a stranger can't learn which classes are in progress.
///
/// # Errors
/// Only those of the database.
pub fn find(conn: &mut Conn, link: &LiveLink, now: Millis) -> Result<Option<(Enterprise, Playlist)>> {
    let found = match link.subject {
        Subject::Class(class_id) => store::classroom::live_stream::of_class(conn, class_id)?,
        Subject::Course(course_id) => store::classroom::live_stream::of_course(conn, course_id)?,
    };
    let Some(stream) = found.filter(|stream| now < stream.update_time.saturating_add(STAYS)) else { return Ok(None) };
    let enterprise = store::tenancy::enterprise::get(conn, stream.enterprise_id)?;
    let enterprise = enterprise.filter(|enterprise| link.is_good(enterprise, now));
    Ok(enterprise.map(|enterprise| (enterprise, stream.playlist.into_inner())))
}

/// Removes the lists that have not changed for some time: of classes that are over, and of instances that died.
///
/// # Errors
/// Only those of the database.
pub fn remove_outdated(conn: &mut Conn, now: Millis) -> Result<usize> {
    Ok(store::classroom::live_stream::remove_old(conn, now.saturating_sub(STAYS))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_has_the_last_segments_and_counts_those_before() {
        let mut playlist = Playlist::default();
        for number in 0..9 {
            let is_break = [0, 1, 7].contains(&number);
            add(&mut playlist, Segment { key: number.to_string(), length: 4_000, is_break });
        }
        let keys: Vec<&str> = playlist.segments.iter().map(|segment| segment.key.as_str()).collect();
        assert_eq!((playlist.first, playlist.breaks, keys), (3, 2, vec!["3", "4", "5", "6", "7", "8"]));
    }
}
