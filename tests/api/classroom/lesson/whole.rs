//! A teacher and three pupils have a lesson. The server is killed in the middle.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{Lesson, Seat};
use crate::classroom::CANVAS;

/// How soon all are back after the server was killed and started again.
const BACK: Duration = Duration::from_secs(5);

#[tokio::test]
async fn a_teacher_and_three_pupils_have_a_lesson_through_the_death_of_the_server() {
    let (lesson, server) = Lesson::open(&[Seat::Desk; 4]).await;
    let teacher = lesson.teacher();
    teacher.press("Begin class").await;
    lesson.all_know("state.class.class_status === 'ing'").await;

    // The board: what the teacher draws is seen by all, and by whom it was drawn.
    teacher.press("Pen").await;
    for (stroke, x) in [-200, -100, 0].into_iter().enumerate() {
        teacher.browser.draw(CANVAS, &[(x, -50), (x + 40, 0), (x + 80, 50)]).await;
        teacher.knows(&format!("state.items.length === {}", stroke + 1)).await;
        lesson.pupils_know(&format!("state.items.length === {}", stroke + 1)).await;
    }
    note_delay(
        &lesson,
        "a stroke",
        async || teacher.browser.draw(CANVAS, &[(100, 0), (150, 0)]).await,
        "state.items.length === 4",
    )
    .await;
    assert!(!lesson.pupils()[0].has_button("Pen").await, "pupils draw only when they may");
    teacher.press("Undo").await;
    lesson.all_know("state.items.length === 3").await;
    teacher.press("Redo").await;
    lesson.all_know("state.items.length === 4").await;

    // Pages.
    teacher.press("Add a whiteboard page").await;
    lesson.all_know("state.board.whiteboards.length === 2 && state.board.shown.page === 'w2'").await;
    note_delay(&lesson, "a page", async || teacher.press("Previous page").await, "state.board.shown.page === 'w1'")
        .await;
    lesson.all_know("state.items.length === 4").await;

    // Hands, and the right to draw.
    let (wang, zhao, qian) = (&lesson.pupils()[0], &lesson.pupils()[1], &lesson.pupils()[2]);
    zhao.press("Raise hand").await;
    lesson.all_know("state.members.zhao.hand_up === 1").await;
    wang.press("Raise hand").await;
    lesson.all_know("state.members.wang.hand_up === 1").await;
    let order = "return [...document.querySelectorAll('.roster-hands .roster-nick')].map((one) => one.textContent)";
    teacher.browser.wait_for(order, json!(["Name of zhao", "Name of wang"])).await;
    teacher.screenshot("hands").await;
    teacher.press("Lower the hand of Name of zhao").await;
    lesson.all_know("state.members.zhao.hand_up === 0").await;
    teacher.press("Name of wang may draw").await;
    lesson.all_know("state.members.wang.enable_draw === 1").await;
    wang.press("Pen").await;
    wang.browser.draw(CANVAS, &[(-100, 80), (100, 80)]).await;
    lesson.all_know("state.items.length === 5 && state.items[4].user_id === 'wang'").await;

    // Chat: to all, and to the teacher alone.
    wang.press("Chat").await;
    wang.fill("Message", "What is a <b>shadow</b>?").await;
    wang.key('\u{E007}').await;
    lesson.all_know("state.messages.some((one) => one.content === 'What is a <b>shadow</b>?')").await;

    ask_and_check_in(&lesson).await;

    // Silence of all.
    teacher.press("People").await;
    teacher.press("Silence all").await;
    lesson.all_know("state.class.enable_all_silence === 1").await;
    teacher.press("Let all write").await;
    lesson.all_know("state.class.enable_all_silence === 0").await;
    lesson.all_know_the_same().await;
    teacher.screenshot("lesson").await;

    // The server dies. What is drawn meanwhile is not lost.
    server.kill();
    teacher.browser.draw(CANVAS, &[(-150, 120), (150, 120)]).await;
    let started = Instant::now();
    let server = lesson.restart();
    lesson.all_know("state.connection === 'open'").await;
    let back = started.elapsed();
    println!("all are back {back:?} after the start");
    assert!(back < BACK, "{back:?}");
    lesson.all_know("state.items.length === 6").await;
    lesson.all_know_the_same().await;

    // A pupil is put out; the class ends for the others.
    teacher.press("Actions for Name of qian").await;
    teacher.press("Remove from the class").await;
    teacher.screenshot("remove").await;
    teacher.press("Remove from the class").await;
    qian.sees("The teacher has removed you from this class.").await;
    teacher.press("End class").await;
    teacher.press("End class").await;
    for page in [teacher, wang, zhao] {
        page.sees("The class is over").await;
    }
    let info = lesson.client.ok("class/info", json!({"class_id": lesson.class_id})).await;
    assert_eq!(info["class_status"], "end", "{info}");
    drop(server);
}

/// Does something, waits until all know it, and prints how long that took. How long it may take is measured by the benchmark:
/// here four browsers share the machine.
async fn note_delay(lesson: &Lesson, what: &str, act: impl AsyncFn(), known: &str) {
    act().await;
    let begun = Instant::now();
    lesson.all_know(known).await;
    println!("{what}: known to all after {:?}", begun.elapsed());
}

/// A check-in, and a question with its right answer.
async fn ask_and_check_in(lesson: &Lesson) {
    let (teacher, qian) = (lesson.teacher(), &lesson.pupils()[2]);
    // A check-in.
    teacher.press("Tools").await;
    teacher.press("Start check-in").await;
    lesson.pupils_know("state.checkIn && state.checkIn.end_time === null").await;
    for pupil in lesson.pupils() {
        pupil.press("I'm here").await;
    }
    teacher.sees("3 of 3 here").await;
    teacher.screenshot("check-in").await;
    teacher.press("End check-in").await;
    lesson.pupils_know("state.checkIn === null || state.checkIn.end_time !== null").await;

    // A question with its right answer.
    teacher.press("Question").await;
    teacher.press("A is right").await;
    teacher.press("Ask").await;
    lesson.pupils_know("state.question && state.question.end_time === null").await;
    for (pupil, answer) in lesson.pupils().iter().zip(["A", "A", "B"]) {
        assert_eq!(pupil.state().await["question"]["correct_answer"], Value::Null, "pupils see it at the end");
        pupil.press(answer).await;
        pupil.press("Send answer").await;
    }
    teacher.sees("3 of 3 answered").await;
    qian.screenshot("question").await;
    teacher.press("End question").await;
    lesson.pupils_know("state.question.end_time !== null && state.question.result.answered === 3").await;
    qian.sees("Right answer: A").await;
}
