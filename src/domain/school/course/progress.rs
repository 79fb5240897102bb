//! The progress of a course, computed from its lessons on every request.

use serde::{Deserialize, Serialize};

use crate::clock::Millis;
use crate::store::classroom::class::Status;
use crate::store::school::lesson::Lesson;

/// How long before its next lesson a course is in the state [`State::Starting`], in milliseconds.
const SOON: Millis = 10 * 60_000;

/// The state of a course (NiuClass, 课程信息).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = CourseState)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// No lesson is in progress, and none begins soon.
    NotStart,
    /// A lesson begins within ten minutes.
    Starting,
    /// A lesson is in progress, or its scheduled time has come.
    InProgress,
    /// All lessons have ended.
    Finish,
}

/// The progress of a course.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The number of its lessons.
    pub total: i64,
    /// The number of finished lessons: ended in the classroom, or past without having begun.
    pub finished: i64,
    /// When the next lesson begins.
    pub next_start: Option<Millis>,
    /// The state of the course.
    pub state: State,
}

impl Progress {
    /// The progress of a course with these lessons.
    #[must_use]
    pub fn of<'a>(lessons: impl Iterator<Item = &'a Lesson>, now: Millis) -> Self {
        let mut progress = Self { total: 0, finished: 0, next_start: None, state: State::NotStart };
        let mut in_progress = false;
        for lesson in lessons {
            progress.total += 1;
            match lesson.status {
                Status::End => progress.finished += 1,
                Status::Will if lesson.stop_time <= now => progress.finished += 1,
                Status::Will if lesson.start_time > now => {
                    let next = progress.next_start.map_or(lesson.start_time, |next| next.min(lesson.start_time));
                    progress.next_start = Some(next);
                }
                // A lesson that began early, or overruns, is in progress too.
                Status::Will | Status::Ing => in_progress = true,
            }
        }
        progress.state = if in_progress {
            State::InProgress
        } else if progress.next_start.is_some_and(|next| next - now <= SOON) {
            State::Starting
        } else if progress.total > 0 && progress.finished == progress.total {
            State::Finish
        } else {
            State::NotStart
        };
        progress
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::ids::{ClassId, CourseId};
    use proptest::prelude::*;

    const MINUTE: Millis = 60_000;

    fn lesson(status: Status, start: Millis) -> Lesson {
        Lesson {
            class_id: ClassId(1),
            course_id: Some(CourseId(1)),
            status,
            create_time: 0,
            start_time: start * MINUTE,
            stop_time: (start + 45) * MINUTE,
            real_start_time: 0,
            teacher_id: String::new(),
        }
    }

    fn at(lessons: &[Lesson], minute: i64) -> (i64, i64, Option<i64>, State) {
        let Progress { total, finished, next_start, state } = Progress::of(lessons.iter(), minute * MINUTE);
        (total, finished, next_start.map(|next| next / MINUTE), state)
    }

    #[test]
    fn a_course_goes_through_its_lessons_by_the_clock() {
        let lessons = [lesson(Status::Will, 100), lesson(Status::Will, 200)];
        assert_eq!(at(&lessons, 89), (2, 0, Some(100), State::NotStart));
        assert_eq!(at(&lessons, 90), (2, 0, Some(100), State::Starting));
        assert_eq!(at(&lessons, 99), (2, 0, Some(100), State::Starting));
        assert_eq!(at(&lessons, 100), (2, 0, Some(200), State::InProgress));
        assert_eq!(at(&lessons, 144), (2, 0, Some(200), State::InProgress));
        assert_eq!(at(&lessons, 145), (2, 1, Some(200), State::NotStart));
        assert_eq!(at(&lessons, 195), (2, 1, Some(200), State::Starting));
        assert_eq!(at(&lessons, 245), (2, 2, None, State::Finish));
    }

    #[test]
    fn what_happens_in_the_classroom_counts_before_the_clock() {
        let ended_early = [lesson(Status::End, 100), lesson(Status::Will, 200)];
        assert_eq!(at(&ended_early, 110), (2, 1, Some(200), State::NotStart));
        let begun_early = [lesson(Status::Ing, 100), lesson(Status::Will, 200)];
        assert_eq!(at(&begun_early, 50), (2, 0, Some(200), State::InProgress));
        let overruns = [lesson(Status::Ing, 100)];
        assert_eq!(at(&overruns, 150), (1, 0, None, State::InProgress));
    }

    #[test]
    fn a_course_without_lessons_has_not_started() {
        assert_eq!(at(&[], 0), (0, 0, None, State::NotStart));
    }
    fn any_lesson() -> impl Strategy<Value = Lesson> {
        let status = prop_oneof![3 => Just(Status::Will), 1 => Just(Status::Ing), 2 => Just(Status::End)];
        // Short times, so that lessons often begin and end at the moment checked.
        (status, 0..40_i64, 1..20_i64).prop_map(|(status, start, length)| Lesson {
            stop_time: (start + length) * MINUTE,
            ..lesson(status, start)
        })
    }

    proptest! {
        #[test]
        fn it_is_what_a_look_at_each_minute_finds(lessons in proptest::collection::vec(any_lesson(), 0..6), now in 0..60_i64) {
            let minutes = |lesson: &Lesson| lesson.start_time / MINUTE..lesson.stop_time / MINUTE;
            let planned = || lessons.iter().filter(|lesson| lesson.status == Status::Will);
            let begins = |minute: i64| planned().any(|lesson| minutes(lesson).start == minute);
            let ended = lessons.iter().filter(|lesson| lesson.status == Status::End).count();
            let finished = ended + planned().filter(|lesson| minutes(lesson).all(|minute| minute < now)).count();
            let in_progress = lessons.iter().any(|lesson| lesson.status == Status::Ing)
                || planned().any(|lesson| minutes(lesson).any(|minute| minute == now));
            let state = if in_progress {
                State::InProgress
            } else if (now + 1..=now + 10).any(begins) {
                State::Starting
            } else if !lessons.is_empty() && finished == lessons.len() {
                State::Finish
            } else {
                State::NotStart
            };
            let count = |n: usize| i64::try_from(n).unwrap();
            let next = (now + 1..60).find(|minute| begins(*minute));
            prop_assert_eq!(at(&lessons, now), (count(lessons.len()), count(finished), next, state));
        }
    }
}
