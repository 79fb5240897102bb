//! Questions and the timer: answers that change, reloads, results.

use super::{Lesson, Seat};

#[tokio::test]
async fn a_pupil_who_reloads_may_still_change_the_answer_and_sees_the_result() {
    let (lesson, _server) = Lesson::open(&[Seat::Desk, Seat::Desk, Seat::Phone]).await;
    let (teacher, wang, zhao) = (lesson.teacher(), &lesson.pupils()[0], &lesson.pupils()[1]);
    teacher.press("Begin class").await;
    teacher.press("Tools").await;
    teacher.press("Question").await;
    teacher.press("No limit").await;
    teacher.fill("Question (optional)", "Which shadow is longer?").await;
    teacher.press("Ask").await;
    wang.sees("Which shadow is longer?").await;
    wang.press("A").await;
    wang.press("Send answer").await;
    wang.sees("Your answer: A").await;
    teacher.sees("1 of 3 answered").await;

    wang.browser.reload().await;
    wang.sees("Your answer: A").await;
    wang.press("Change answer").await;
    wang.press("B").await;
    wang.press("Send answer").await;
    wang.sees("Your answer: B").await;
    teacher.knows("state.question.answers.wang.select[0] === 'B'").await;
    zhao.press("A").await;
    zhao.screenshot("lesson-question-phone-zh").await;
    zhao.press("提交答案").await;
    teacher.sees("2 of 3 answered").await;

    teacher.press("End question").await;
    wang.sees("You answered B").await;
    for page in [teacher, wang, zhao] {
        page.browser.reload().await;
        page.knows("state.question.result.answered === 2 && state.question.result.counts.B === 1").await;
    }
    wang.sees("You answered B").await;
    zhao.screenshot("lesson-result-phone-zh").await;
    wang.press("Close").await;
    wang.browser.reload().await;
    wang.knows("state.question.result.answered === 2").await;
    assert!(!wang.has_button("Close").await, "a result that was closed stays closed");
    teacher.press("Tools").await;
    teacher.press("Question").await;
    teacher.sees("2 of 3 answered").await;
    teacher.screenshot("lesson-result-teacher").await;
}

#[tokio::test]
async fn the_timer_runs_for_everybody() {
    let (lesson, _server) = Lesson::open(&[Seat::Desk, Seat::Desk, Seat::Phone]).await;
    let (teacher, wang, zhao) = (lesson.teacher(), &lesson.pupils()[0], &lesson.pupils()[1]);
    teacher.press("Begin class").await;
    teacher.press("Tools").await;
    teacher.press("Timer").await;
    teacher.press("10 min").await;
    teacher.press("Start").await;
    lesson.all_know("state.timer?.state === 'running' && state.timer.duration === 600000").await;
    wang.sees("9:5").await;
    zhao.sees("9:5").await;
    teacher.press("Pause").await;
    lesson.all_know("state.timer.state === 'paused' && state.timer.remaining > 0").await;
    wang.sees("Paused").await;
    zhao.screenshot("lesson-timer-phone-zh").await;
    teacher.press("Go on").await;
    lesson.all_know("state.timer.state === 'running'").await;
    teacher.press("Remove timer").await;
    lesson.all_know("state.timer === null").await;
    teacher.fill("Other duration", "0:02").await;
    teacher.press("Start").await;
    for page in [teacher, wang] {
        page.sees("Time is over").await;
    }
    lesson.all_know_the_same().await;
    wang.screenshot("lesson-timer-over").await;
}
