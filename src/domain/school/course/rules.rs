//! Looking up a course, and the limits that its organization sets.

use crate::db::Conn;
use crate::domain::{Error, Field, Noun, Problem, Result};
use crate::store;
use crate::store::ids::CourseId;
use crate::store::school::course::Course;
use crate::store::tenancy::channel::Channel;
use crate::store::tenancy::organization::{Organization, Resolution};

/// Returns a course that the channel manages.
///
/// # Errors
/// [`Error::NotFound`].
pub fn require(conn: &mut Conn, channel: &Channel, id: CourseId) -> Result<Course> {
    let found = store::school::course::find(conn, channel.enterprise_id, channel.channel_id, id)?;
    found.ok_or(Error::NotFound { noun: Noun::Course, id: id.0 })
}

pub(super) fn lock(conn: &mut Conn, channel: &Channel, id: CourseId) -> Result<Course> {
    let found = store::school::course::lock(conn, channel.enterprise_id, channel.channel_id, id)?;
    found.ok_or(Error::NotFound { noun: Noun::Course, id: id.0 })
}

/// Checks a course against the limits of its organization.
pub(super) fn check(organization: &Organization, title: &str, max_podium_user: i64, clarity: Resolution) -> Result<()> {
    if title.is_empty() {
        return Err(Error::invalid(Field::CourseTitle, Problem::Empty));
    }
    let podium = organization.max_podium_user;
    if !(1..=podium).contains(&max_podium_user) {
        return Err(Error::invalid(Field::Podium, Problem::AbovePodium { max: podium }));
    }
    if lines(clarity) > lines(organization.max_clarity) {
        return Err(Error::invalid(Field::Resolution, Problem::AboveResolution(organization.max_clarity)));
    }
    Ok(())
}

/// The number of lines of the video picture.
pub(super) fn lines(clarity: Resolution) -> u16 {
    match clarity {
        Resolution::Normal => 480,
        Resolution::Sd => 540,
        Resolution::Hd => 720,
        Resolution::Fhd => 1080,
    }
}
