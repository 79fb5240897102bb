//! The timer of a class.

use lectern::domain::classroom::log::LogEvent;
use lectern::domain::classroom::timer::{Timer, TimerState};
use serde_json::json;

use super::board::Lesson;
use crate::support::service::{BEGIN, Enterprise, Service};

impl Enterprise<'_> {
    /// The states of the timer in the log of a class.
    async fn timers(&self, class_id: i64) -> Vec<Option<Timer>> {
        let events = self.log_events(class_id).await.into_iter();
        events.filter_map(|event| if let LogEvent::Timer { timer } = event { Some(timer) } else { None }).collect()
    }
}

#[tokio::test]
async fn a_timer_is_started_paused_goes_on_and_is_removed_by_the_clock_of_the_server() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let lesson = Lesson::begin(&enterprise).await;
    enterprise.follow(lesson.class_id).await;
    let of_class = json!({"class_id": lesson.class_id});
    let start = |duration: i64| json!({"class_id": lesson.class_id, "duration": duration});
    let begin = BEGIN * 1000;
    assert_eq!(lesson.teacher.refused("timer/start", of_class.clone(), 10003).await, "duration: there is no timer");
    assert_eq!(lesson.teacher.refused("timer/pause", of_class.clone(), 10003).await, "class_id: there is no timer");
    lesson.teacher.ok("timer/remove", of_class.clone()).await;
    for duration in [0, 999, 86_400_001] {
        let message = lesson.teacher.refused("timer/start", start(duration), 10003).await;
        assert_eq!(message, format!("duration: {duration} is not from 1000 to 86400000"));
    }
    lesson.teacher.ok("timer/start", start(60_000)).await;
    let running = Timer { start_time: begin, duration: 60_000, remaining: 0, state: TimerState::Running };
    service.pass(20);
    lesson.teacher.ok("timer/start", of_class.clone()).await;
    lesson.teacher.ok("timer/pause", of_class.clone()).await;
    let paused = Timer { remaining: 40_000, state: TimerState::Paused, ..running };
    service.pass(100);
    lesson.teacher.ok("timer/pause", of_class.clone()).await;
    lesson.teacher.ok("timer/start", of_class.clone()).await;
    let goes_on = Timer { start_time: begin + 100_000, ..running };
    service.pass(40);
    // It has run out.
    lesson.teacher.ok("timer/pause", of_class.clone()).await;
    lesson.teacher.ok("timer/start", start(1000)).await;
    let another = Timer { start_time: begin + 160_000, duration: 1000, ..running };
    lesson.teacher.ok("timer/remove", of_class.clone()).await;
    lesson.teacher.ok("timer/remove", of_class.clone()).await;
    let expected = [Some(running), Some(paused), Some(goes_on), Some(another), None];
    assert_eq!(enterprise.timers(lesson.class_id).await, expected);
    for call in ["timer/start", "timer/pause", "timer/remove"] {
        lesson.li.refused(call, start(1000), 10203).await;
    }
    assert_eq!(enterprise.timers(lesson.class_id).await.len(), expected.len());
}
