//! A course on the wire: after its creation, as a row of a list, and in full.

use serde::Serialize;
use utoipa::ToSchema;

use crate::clock::seconds;
use crate::domain::events::event::CreatedCourse;
use crate::domain::school::course::{Course, CourseTime, Details, Progress, Repeat, State, schedule};
use crate::domain::tenancy::organization::Resolution;
use crate::protocol::niuclass::wire::{TimeOfDay, UserId};

/// A new course. It has no times yet, so all fields that depend on them are empty.
#[derive(Serialize, ToSchema)]
#[schema(as = NiuclassNewCourse)]
pub struct NewCourseView {
    id: i64,
    organization_id: i64,
    creator_id: UserId,
    title: String,
    poster: String,
    poster_url: String,
    description: String,
    start: Option<i64>,
    end: Option<i64>,
    duration: i64,
    period: i64,
    white_id: &'static str,
    max_podium_user: i64,
    clarity: Resolution,
    created_at: i64,
    updated_at: i64,
    #[schema(value_type = Option<Vec<String>>)]
    members: Option<[(); 0]>,
    #[schema(value_type = Option<Vec<String>>)]
    times: Option<[(); 0]>,
    latest_class_time: Option<i64>,
    finished_classes: i64,
}

impl From<Course> for NewCourseView {
    fn from(course: Course) -> Self {
        Self {
            id: course.course_id.0,
            organization_id: course.organization_id.0,
            creator_id: UserId(course.creator_id),
            title: course.title,
            poster_url: course.poster.clone(),
            poster: course.poster,
            description: course.description,
            start: None,
            end: None,
            duration: 0,
            period: 0,
            white_id: "",
            max_podium_user: course.max_podium_user,
            clarity: course.clarity,
            created_at: seconds(course.create_time),
            updated_at: seconds(course.update_time),
            members: None,
            times: None,
            latest_class_time: None,
            finished_classes: 0,
        }
    }
}

/// A course in a list.
#[derive(Serialize, ToSchema)]
#[schema(as = NiuclassCourseRow)]
pub struct CourseRow {
    id: i64,
    title: String,
    poster_url: String,
    description: String,
    /// The length of a lesson, in seconds.
    duration: i64,
    /// When the next lesson starts, in seconds.
    latest_class_time: Option<i64>,
    organization_id: i64,
    live_hls: String,
}

impl CourseRow {
    /// The row of a course. `live_hls` is the address of its live picture, as in full.
    pub fn new(course: Course, progress: Progress, live_hls: String) -> Self {
        Self {
            id: course.course_id.0,
            title: course.title,
            poster_url: course.poster,
            description: course.description,
            duration: seconds(course.duration),
            latest_class_time: progress.next_start.map(seconds),
            organization_id: course.organization_id.0,
            live_hls,
        }
    }
}

/// A course in full.
#[derive(Serialize, ToSchema)]
#[schema(as = NiuclassCourse)]
pub struct CourseView {
    id: i64,
    organization_id: i64,
    creator_id: UserId,
    title: String,
    poster: String,
    poster_url: String,
    description: String,
    start: Option<i64>,
    end: Option<i64>,
    duration: i64,
    period: i64,
    max_podium_user: i64,
    clarity: Resolution,
    created_at: i64,
    updated_at: i64,
    times: Vec<Time>,
    latest_class_time: Option<i64>,
    total_classes: i64,
    finished_classes: i64,
    state: State,
    live_hls: String,
}

/// A lesson time of a course.
#[derive(Serialize, ToSchema)]
#[schema(as = NiuclassCourseTime)]
struct Time {
    id: i64,
    course_id: i64,
    start: i64,
    class_start: TimeOfDay,
    class_end: TimeOfDay,
    repeat: Repeat,
    points: Vec<u8>,
}

impl CourseView {
    /// A course in its current state.
    pub fn new(Details { course, times, progress }: Details, live_hls: String) -> Self {
        let duration = course.duration;
        let time = |time: CourseTime| Time {
            id: time.id,
            course_id: time.course_id.0,
            start: seconds(time.start_time),
            class_start: TimeOfDay(time.class_start),
            class_end: TimeOfDay(schedule::end_minute(time.class_start, duration)),
            repeat: time.repeat,
            points: time.points.to_vec(),
        };
        Self {
            id: course.course_id.0,
            organization_id: course.organization_id.0,
            creator_id: UserId(course.creator_id),
            title: course.title,
            poster_url: course.poster.clone(),
            poster: course.poster,
            description: course.description,
            start: course.start_time.map(seconds),
            end: course.stop_time.map(seconds),
            duration: seconds(duration),
            period: course.period,
            max_podium_user: course.max_podium_user,
            clarity: course.clarity,
            created_at: seconds(course.create_time),
            updated_at: seconds(course.update_time),
            times: times.into_iter().map(time).collect(),
            latest_class_time: progress.next_start.map(seconds),
            total_classes: progress.total,
            finished_classes: progress.finished,
            state: progress.state,
            live_hls,
        }
    }

    /// A course as it was at its creation.
    pub fn at_first(course: &CreatedCourse, live_hls: String) -> Self {
        Self {
            id: course.course_id.0,
            organization_id: course.organization_id.0,
            creator_id: UserId(course.creator_id.clone()),
            title: course.title.clone(),
            poster: course.poster.clone(),
            poster_url: course.poster.clone(),
            description: course.description.clone(),
            start: None,
            end: None,
            duration: 0,
            period: 0,
            max_podium_user: course.max_podium_user,
            clarity: course.clarity,
            created_at: seconds(course.create_time),
            updated_at: seconds(course.create_time),
            times: Vec::new(),
            latest_class_time: None,
            total_classes: 0,
            finished_classes: 0,
            state: State::NotStart,
            live_hls,
        }
    }
}
