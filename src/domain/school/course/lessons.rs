//! Creating the lessons of a course from its times, and updating those that have not begun when the course changes.

use std::collections::BTreeSet;

use super::members::{check_reservations, reserved, teacher_of};
use super::rules::{lines, lock};
use super::schedule;
use super::schedule::{Days, Slot};
use crate::clock::{Millis, ended};
use crate::db::Conn;
use crate::domain::chat::group;
use crate::domain::classroom::chat_images;
use crate::domain::classroom::class;
use crate::domain::classroom::class::{ClassDraft, Patch, Settings, SettingsPatch, default_settings};
use crate::domain::classroom::log;
use crate::domain::tenancy::channel::Access;
use crate::domain::{Error, Field, Problem, Result};
use crate::store;
use crate::store::Json;
use crate::store::classroom::class::Type;
use crate::store::ids::{ClassId, CourseId};
use crate::store::school::course::{Course, CourseTime, NewCourseTime, Repeat};
use crate::store::school::lesson::{Lesson, Revision};
use crate::store::tenancy::enterprise::Enterprise;

/// Maximum number of times of a course.
const TIMES: usize = 50;
/// Maximum number of lessons of a course.
const LESSONS: usize = 1_000;
/// Maximum number of weeks, or days, for which a course may repeat.
const PERIOD: i64 = 10_000;
const DAY: Millis = 86_400_000;
const MINUTES: i64 = 24 * 60;

/// The lesson times that a course is to have.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The duration of a lesson in milliseconds.
    pub duration: Millis,
    /// The number of calendar weeks, or days, for which the times repeat; 0 for once.
    pub period: i64,
    /// The times.
    pub times: Vec<Time>,
}

impl Plan {
    /// How many lessons it has; one more than are allowed if there are too many.
    #[must_use]
    pub fn lessons(&self) -> usize {
        let slot = |time: &Time| slot(time.start, time.class_start, time.repeat, time.points.iter().copied());
        let slots: Vec<Slot> = self.times.iter().take(TIMES).map(slot).collect();
        schedule::starts(&slots, self.period.min(PERIOD), LESSONS).map_or(LESSONS + 1, |starts| starts.len())
    }
}

/// A time of a plan.
#[derive(Clone, Debug)]
pub struct Time {
    /// Any moment of its first day.
    pub start: Millis,
    /// When a lesson begins, in minutes after midnight.
    pub class_start: i64,
    /// How it repeats.
    pub repeat: Repeat,
    /// The days of the week, from 1 for Monday, for a weekly time.
    pub points: BTreeSet<u8>,
}

impl Time {
    fn check(&self) -> Result<()> {
        if !(0..MINUTES).contains(&self.class_start) {
            return Err(Error::invalid(Field::LessonClock, Problem::NotTimeOfDay));
        }
        if self.repeat == Repeat::Weekly && self.points.is_empty() {
            return Err(Error::invalid(Field::LessonWeekdays, Problem::NoWeekdays));
        }
        if self.points.iter().any(|point| !(1..=7).contains(point)) {
            return Err(Error::invalid(Field::LessonWeekdays, Problem::NotWeekday));
        }
        Ok(())
    }
}

fn slot(start: Millis, minute: i64, repeat: Repeat, points: impl Iterator<Item = u8>) -> Slot {
    let days = match repeat {
        Repeat::None => Days::Once,
        Repeat::Daily => Days::Daily,
        Repeat::Weekly => Days::Weekly(points.collect()),
    };
    Slot { start, minute, days }
}

/// Replaces the times of a course and plans its lessons again. Lessons that have begun, or whose start time has passed,
/// stay. Everybody who waits in a lesson that vanishes leaves first.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Invalid`] for a plan without times, or with too many lessons.
pub fn set_times(conn: &mut Conn, access: &Access, course_id: CourseId, plan: &Plan, now: Millis) -> Result<()> {
    let mut course = lock(conn, &access.channel, course_id)?;
    if plan.times.is_empty() || plan.times.len() > TIMES {
        return Err(Error::invalid(Field::LessonTimes, Problem::TimeCount { max: TIMES }));
    }
    if !(0..=PERIOD).contains(&plan.period) {
        return Err(Error::invalid(Field::LessonPeriod, Problem::OutOfRange { min: 1, max: PERIOD }));
    }
    plan.times.iter().try_for_each(Time::check)?;
    check_duration(plan.duration)?;
    let enterprise_id = course.enterprise_id;
    let row = |time: &Time| NewCourseTime {
        enterprise_id,
        course_id,
        start_time: time.start,
        class_start: time.class_start,
        repeat: time.repeat,
        points: Json::new(if time.repeat == Repeat::Weekly {
            time.points.iter().copied().collect()
        } else {
            Vec::new()
        }),
    };
    let rows: Vec<NewCourseTime> = plan.times.iter().map(row).collect();
    store::school::course::replace_times(conn, enterprise_id, course_id, &rows)?;
    course.duration = plan.duration;
    course.period = plan.period;
    let slots: Vec<Slot> = rows
        .iter()
        .map(|time| slot(time.start_time, time.class_start, time.repeat, time.points.iter().copied()))
        .collect();
    replan(conn, &access.enterprise, course, &slots, now)
}

/// Changes the duration of the lessons that have not begun.
pub(super) fn set_duration(
    conn: &mut Conn,
    enterprise: &Enterprise,
    mut course: Course,
    duration: Millis,
    now: Millis,
) -> Result<()> {
    check_duration(duration)?;
    course.duration = duration;
    let slots: Vec<Slot> = store::school::course::times(conn, course.enterprise_id, course.course_id)?
        .iter()
        .map(|time: &CourseTime| slot(time.start_time, time.class_start, time.repeat, time.points.iter().copied()))
        .collect();
    replan(conn, enterprise, course, &slots, now)
}

fn check_duration(duration: Millis) -> Result<()> {
    if (1..=DAY).contains(&duration) {
        Ok(())
    } else {
        Err(Error::invalid(Field::LessonDuration, Problem::OutOfSeconds { min: 1, max: DAY / 1000 }))
    }
}

/// Whether replanning leaves a lesson unchanged: it has begun, or its start time has passed. A lesson that was created
/// after its own end is not settled, because nobody could attend it.
fn is_settled(lesson: &Lesson, now: Millis) -> bool {
    lesson.real_start_time > 0 || (lesson.start_time <= now && lesson.create_time < lesson.stop_time)
}

fn replan(conn: &mut Conn, enterprise: &Enterprise, mut course: Course, slots: &[Slot], now: Millis) -> Result<()> {
    let starts = schedule::starts(slots, course.period, LESSONS)
        .ok_or_else(|| Error::invalid(Field::LessonTimes, Problem::TooManyLessons { max: LESSONS }))?;
    let existing = store::school::lesson::lock_lessons(conn, course.enterprise_id, course.course_id)?;
    let (settled, open): (Vec<Lesson>, Vec<Lesson>) = existing.into_iter().partition(|lesson| is_settled(lesson, now));
    // A course with settled lessons gets no new lessons in the past.
    let mut missing: BTreeSet<Millis> = starts.into_iter().filter(|start| settled.is_empty() || *start > now).collect();
    for lesson in &settled {
        missing.remove(&lesson.start_time);
    }
    let last = missing.last().map(|start| start + course.duration);
    let (kept, removed): (Vec<Lesson>, Vec<Lesson>) =
        open.into_iter().partition(|lesson| missing.remove(&lesson.start_time));

    let ids = |lessons: &[Lesson]| -> Vec<ClassId> { lessons.iter().map(|lesson| lesson.class_id).collect() };
    class::empty(conn, enterprise, &ids(&removed), now)?;
    chat_images::discard(conn, course.enterprise_id, &ids(&removed), now)?;
    store::school::lesson::remove_lessons(conn, course.enterprise_id, &ids(&removed))?;
    store::school::lesson::reschedule(conn, course.enterprise_id, &ids(&kept), course.duration)?;
    let members = reserved(conn, &course)?;
    check_reservations(settled.len() + kept.len() + missing.len(), members.len())?;
    let made = missing
        .iter()
        .map(|start| {
            let teacher_id = teacher_of(&members);
            lesson(&course, teacher_id, *start, now)?.insert_bare(conn)
        })
        .collect::<Result<Vec<ClassId>>>()?;
    store::classroom::member::insert_each(conn, course.enterprise_id, &made, &members)?;
    group::add_for_lessons(conn, course.enterprise_id, &made, now)?;

    let first_days = slots.iter().map(|slot| schedule::midnight(slot.start));
    course.start_time = first_days.chain(settled.iter().map(|lesson| lesson.start_time)).min();
    course.stop_time = settled.iter().map(|lesson| lesson.stop_time).chain(last).max();
    course.update_time = ended(course.create_time, now);
    store::school::course::update(conn, &course)?;
    log::classes(conn, course.enterprise_id, &ids(&kept), now)
}

/// The class of a lesson.
fn lesson(course: &Course, teacher_id: String, start_time: Millis, now: Millis) -> Result<ClassDraft> {
    let patch = Patch {
        class_topic: Some(course.title.clone()),
        class_type: Some(Type::OneToMany),
        teacher_id: Some(teacher_id),
        start_time: Some(start_time),
        stop_time: Some(start_time + course.duration),
        max_member_limit: Some(course.max_podium_user),
        settings: SettingsPatch { resolution: Some(resolution(course)), ..SettingsPatch::default() },
        ..Patch::default()
    };
    Ok(ClassDraft::new(course.enterprise_id, patch, now)?.of_course(course.course_id))
}

/// The settings of the components for the lessons of a course.
fn settings(course: &Course) -> Settings {
    Settings { resolution: resolution(course), ..default_settings() }
}

fn resolution(course: &Course) -> String {
    let lines = lines(course.clarity);
    // The ratio is 16:9, and the width is even because encoders require it.
    let width = (u32::from(lines) * 16).div_ceil(18) * 2;
    format!("{width}x{lines}")
}

/// Copies changes of a course to its lessons that have not begun.
pub(super) fn revise(conn: &mut Conn, before: &Course, after: &Course, now: Millis) -> Result<()> {
    let revision = Revision {
        class_topic: (before.title != after.title).then(|| after.title.clone()),
        max_member_limit: (before.max_podium_user != after.max_podium_user).then_some(after.max_podium_user),
        settings: (before.clarity != after.clarity).then(|| Json::new(settings(after))),
        teacher_id: None,
    };
    if revision.is_empty() {
        return Ok(());
    }
    let lessons = store::school::lesson::lock_lessons(conn, after.enterprise_id, after.course_id)?;
    let ids: Vec<ClassId> = lessons.iter().map(|lesson| lesson.class_id).collect();
    store::school::lesson::revise_lessons(conn, after.enterprise_id, &ids, &revision)?;
    log::classes(conn, after.enterprise_id, &ids, now)
}
