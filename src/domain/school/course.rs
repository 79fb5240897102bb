//! Courses of an organization. Their lessons are classes, created from the course times.

mod lessons;
mod members;
mod message;
mod progress;
mod rules;
pub mod schedule;
mod statistics;

use crate::clock::{Millis, ended};
use crate::db::Conn;
use crate::domain::Result;
use crate::domain::chat::group;
use crate::domain::chat::group::CourseGroup;
use crate::domain::classroom::chat_images;
use crate::domain::classroom::class;
use crate::domain::events::event;
use crate::domain::events::event::{CreatedCourse, EventPayload};
use crate::domain::tenancy::channel::Access;
use crate::domain::tenancy::organization;
use crate::store;
use crate::store::Page;
use crate::store::classroom::class::Status;
use crate::store::ids::{ClassId, CourseId, OrganizationId};
pub use crate::store::school::course::{Course, CourseTime, Repeat, Span};
use crate::store::school::course::{GivenLesson, NewCourse};
use crate::store::school::lesson::Lesson;
use crate::store::tenancy::channel::Channel;
use crate::store::tenancy::organization::Resolution;
pub use lessons::{Plan, Time, set_times};
pub(in crate::domain) use members::{Leaving, leave};
pub use members::{put_member, remove_member};
pub use message::{Post, post};
pub use progress::{Progress, State};
pub use rules::require;
use rules::{check, lock};
pub use statistics::{Visit, visits};

/// Fields of a course. A field that is `None` gets its default in a new course and keeps its value in an existing one.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the fields of Course")]
pub struct Patch {
    pub title: Option<String>,
    pub poster: Option<String>,
    pub description: Option<String>,
    pub max_podium_user: Option<i64>,
    pub clarity: Option<Resolution>,
    pub duration: Option<Millis>,
}

/// A course with its times and its progress.
#[derive(Clone, Debug)]
pub struct Details {
    /// The course.
    pub course: Course,
    /// Its times.
    pub times: Vec<CourseTime>,
    /// Its progress.
    pub progress: Progress,
}

/// Creates a course with its group and without times. Publishes the event to its organization.
///
/// # Errors
/// [`Error::NotFound`](crate::domain::Error::NotFound), [`Error::Invalid`](crate::domain::Error::Invalid).
pub fn create(
    conn: &mut Conn,
    access: &Access,
    organization_id: OrganizationId,
    patch: Patch,
    now: Millis,
) -> Result<Course> {
    let organization = organization::require(conn, &access.channel, organization_id)?;
    let new = NewCourse {
        enterprise_id: organization.enterprise_id,
        channel_id: organization.channel_id,
        organization_id,
        creator_id: access.channel.user_id.clone(),
        title: patch.title.unwrap_or_default(),
        poster: patch.poster.unwrap_or_default(),
        description: patch.description.unwrap_or_default(),
        max_podium_user: patch.max_podium_user.unwrap_or(organization.max_podium_user),
        clarity: patch.clarity.unwrap_or(organization.max_clarity),
        duration: 0,
        period: 0,
        create_time: now,
        update_time: now,
    };
    check(&organization, &new.title, new.max_podium_user, new.clarity)?;
    let course = store::school::course::insert(conn, &new)?;
    let with = CourseGroup {
        enterprise_id: course.enterprise_id,
        organization_id,
        course_id: course.course_id,
        name: course.title.clone(),
        avatar: course.poster.clone(),
    };
    group::add_for_course(conn, with, now)?;
    let made = CreatedCourse {
        course_id: course.course_id,
        organization_id,
        creator_id: new.creator_id,
        title: new.title,
        poster: new.poster,
        description: new.description,
        max_podium_user: new.max_podium_user,
        clarity: new.clarity,
        create_time: now,
    };
    let organization = event::organization_of_course(conn, course.enterprise_id, course.course_id)?;
    let payload = EventPayload::CourseCreated { course: made };
    event::publish_to_organization(conn, &access.enterprise, organization, &payload, now)?;
    Ok(course)
}

/// Changes a course and its lessons that have not begun.
///
/// # Errors
/// [`Error::NotFound`](crate::domain::Error::NotFound), [`Error::Invalid`](crate::domain::Error::Invalid).
pub fn modify(conn: &mut Conn, access: &Access, course_id: CourseId, patch: Patch, now: Millis) -> Result<()> {
    let channel = &access.channel;
    let mut course = lock(conn, channel, course_id)?;
    let before = course.clone();
    crate::domain::set(&mut course.title, patch.title);
    crate::domain::set(&mut course.poster, patch.poster);
    crate::domain::set(&mut course.description, patch.description);
    crate::domain::set(&mut course.max_podium_user, patch.max_podium_user);
    crate::domain::set(&mut course.clarity, patch.clarity);
    course.update_time = ended(course.create_time, now);
    let organization = organization::require(conn, channel, course.organization_id)?;
    // Unchanged values are not checked again: they stay valid when the organization lowers its limits.
    let podium = if course.max_podium_user == before.max_podium_user { 1 } else { course.max_podium_user };
    let clarity = if course.clarity == before.clarity { Resolution::Normal } else { course.clarity };
    check(&organization, &course.title, podium, clarity)?;
    store::school::course::update(conn, &course)?;
    lessons::revise(conn, &before, &course, now)?;
    match patch.duration {
        // A course without times has no lessons whose duration could change.
        Some(duration) if before.start_time.is_some() && duration != before.duration => {
            lessons::set_duration(conn, &access.enterprise, course, duration, now)
        }
        _ => Ok(()),
    }
}

/// Returns a course with its times and its progress.
///
/// # Errors
/// [`Error::NotFound`](crate::domain::Error::NotFound).
pub fn details(conn: &mut Conn, channel: &Channel, course_id: CourseId, now: Millis) -> Result<Details> {
    let course = require(conn, channel, course_id)?;
    let times = store::school::course::times(conn, course.enterprise_id, course_id)?;
    let lessons = store::school::lesson::lessons(conn, course.enterprise_id, &[course_id])?;
    Ok(Details { course, times, progress: Progress::of(lessons.iter(), now) })
}

/// Which courses to list.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filter {
    /// Only courses of this organization.
    pub organization_id: Option<OrganizationId>,
    /// Only courses with lessons between these two times. Without it: only courses that have not ended.
    pub span: Option<(Millis, Millis)>,
}

/// Courses of a channel, or of one of its organizations, in the order of creation. Without a span only those that have
/// not ended.
///
/// # Errors
/// [`Error::NotFound`](crate::domain::Error::NotFound) for an organization that the channel does not manage.
pub fn list(
    conn: &mut Conn,
    channel: &Channel,
    filter: Filter,
    page: Page,
    now: Millis,
) -> Result<Vec<(Course, Progress)>> {
    let Filter { organization_id, span } = filter;
    if let Some(organization_id) = organization_id {
        organization::require(conn, channel, organization_id)?;
    }
    let span = span.map_or(Span::NotOver(now), |(from, until)| Span::Within(from, until));
    let Channel { enterprise_id, channel_id, .. } = *channel;
    let filter = store::school::course::Filter { organization_id, span };
    let courses = store::school::course::list(conn, enterprise_id, channel_id, filter, page)?;
    let ids: Vec<CourseId> = courses.iter().map(|course| course.course_id).collect();
    let lessons = store::school::lesson::lessons(conn, enterprise_id, &ids)?;
    let progress = |course: Course| {
        let begin = lessons.partition_point(|lesson| lesson.course_id < Some(course.course_id));
        let own = lessons.iter().skip(begin).take_while(|lesson: &&Lesson| lesson.course_id == Some(course.course_id));
        let progress = Progress::of(own, now);
        (course, progress)
    };
    Ok(courses.into_iter().map(progress).collect())
}

/// Deletes a course and its lessons that never began; everybody who waits in them leaves first. Lessons in progress end.
/// The lessons that were given stay as classes of the enterprise, with their attendance, and in the statistics.
///
/// # Errors
/// [`Error::NotFound`](crate::domain::Error::NotFound).
pub fn delete(conn: &mut Conn, access: &Access, course_id: CourseId, now: Millis) -> Result<()> {
    let course = lock(conn, &access.channel, course_id)?;
    let lessons = store::school::lesson::lock_lessons(conn, course.enterprise_id, course_id)?;
    let (given, never_began): (Vec<&Lesson>, Vec<&Lesson>) =
        lessons.iter().partition(|lesson| lesson.real_start_time > 0);
    let never_began: Vec<ClassId> = never_began.iter().map(|lesson| lesson.class_id).collect();
    class::empty(conn, &access.enterprise, &never_began, now)?;
    chat_images::discard(conn, course.enterprise_id, &never_began, now)?;
    store::school::lesson::remove_lessons(conn, course.enterprise_id, &never_began)?;
    for lesson in &given {
        if lesson.status == Status::Ing {
            class::end_with_course(conn, &access.enterprise, lesson.class_id, now)?;
        }
    }
    let given: Vec<GivenLesson> = given
        .iter()
        .map(|lesson| GivenLesson {
            class_id: lesson.class_id,
            enterprise_id: course.enterprise_id,
            channel_id: course.channel_id,
            organization_id: course.organization_id,
            course_id,
            title: course.title.clone(),
        })
        .collect();
    store::school::course::keep_given(conn, &given)?;
    store::school::lesson::detach(conn, course.enterprise_id, course_id)?;
    Ok(store::school::course::delete(conn, course.enterprise_id, course_id)?)
}
