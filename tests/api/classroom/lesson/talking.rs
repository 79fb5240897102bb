//! The chat with images, private messages and recalls; silence; who is here, and who has lost the connection.

use serde_json::json;

use super::{Lesson, Seat};
use crate::iclass::chat::images::png;
use crate::support::page::Page;

const ENTER: char = '\u{E007}';
/// The field for images below the chat.
const IMAGES: &str = ".composer input[type=file]";

async fn says(page: &Page, field: &str, text: &str) {
    page.fill(field, text).await;
    page.key(ENTER).await;
}

#[tokio::test]
async fn what_is_said_is_read_by_those_whom_it_is_for() {
    let folder = tempfile::tempdir().unwrap();
    let picture = folder.path().join("shadow.png");
    std::fs::write(&picture, png(320, 200)).unwrap();
    let (lesson, _server) = Lesson::open(&[Seat::Desk, Seat::Desk, Seat::Phone]).await;
    let (teacher, wang, zhao) = (lesson.teacher(), &lesson.pupils()[0], &lesson.pupils()[1]);
    teacher.press("Begin class").await;
    for page in [teacher, wang] {
        page.press("Chat").await;
    }
    zhao.press("聊天").await;

    // To all: a text and an image.
    says(zhao, "消息", "影子为什么会动？").await;
    for page in [teacher, wang] {
        page.sees("影子为什么会动？").await;
    }
    zhao.browser.attach(IMAGES, &picture).await;
    lesson.all_know("state.messages.filter((one) => one.type === 'image').length === 1").await;
    for page in [teacher, wang] {
        page.sees_image("Image from Name of zhao").await;
    }
    wang.press("Open image from Name of zhao").await;
    wang.sees("Open in a new tab").await;
    wang.press("Close").await;

    // To the teacher alone, and back.
    wang.choose("To", "Name of li").await;
    says(wang, "Message", "May I leave early?").await;
    teacher.sees("Private to you").await;
    teacher.press("Message from Name of wang: actions").await;
    teacher.press("Write to Name of wang privately").await;
    says(teacher, "Message", "Yes, at ten.").await;
    wang.sees("Yes, at ten.").await;
    zhao.knows("state.messages.length === 2 && state.messages.every((one) => one.to === '')").await;
    teacher.screenshot("lesson-chat-teacher").await;
    zhao.screenshot("lesson-chat-phone-zh").await;

    // Recalls: one's own, and by the teacher.
    wang.choose("To", "Everyone").await;
    says(wang, "Message", "oops").await;
    lesson.all_know("state.messages.some((one) => one.content === 'oops')").await;
    wang.browser.run("[...document.querySelectorAll('.message.own .menu > button')].pop().click()").await;
    wang.press("Recall").await;
    teacher.sees("A message from Name of wang was recalled").await;
    zhao.sees("Name of wang 的一条消息已撤回").await;
    teacher.browser.run("document.querySelector('.message:has(.bubble.with-image) .menu > button').click()").await;
    teacher.press("Recall").await;
    teacher.press("Recall").await;
    lesson.all_know("state.messages.find((one) => one.type === 'image').recalled").await;
    assert!(wang.browser.run("return document.querySelector('.bubble.with-image')").await.is_null());

    silence(&lesson).await;
    connections_and_attendance(lesson).await;
}

/// One is silenced, then all, also one who comes later.
async fn silence(lesson: &Lesson) {
    let (teacher, wang) = (lesson.teacher(), &lesson.pupils()[0]);
    teacher.press("People").await;
    teacher.press("Actions for Name of wang").await;
    teacher.press("Silence in chat").await;
    wang.sees("The teacher has silenced you.").await;
    lesson.all_know("state.members.wang.silence === 1 && state.members.zhao.silence === 0").await;
    teacher.press("Actions for Name of wang").await;
    teacher.press("Let write again").await;
    lesson.all_know("state.members.wang.silence === 0").await;
    teacher.press("Silence all").await;
    wang.sees("The teacher has silenced everyone.").await;
    let late = lesson.enter("qian", Seat::Desk).await;
    late.press("Chat").await;
    late.sees("The teacher has silenced everyone.").await;
    lesson.all_know("state.members.qian.silence === 1").await;
    teacher.press("Let all write").await;
    late.until("!document.querySelector('.composer-note.blocked')").await;
    says(&late, "Message", "Sorry, I am late.").await;
    lesson.all_know("state.messages.some((one) => one.content === 'Sorry, I am late.')").await;
    late.press("Settings and leaving").await;
    late.press("Leave").await;
    late.press("Leave").await;
    lesson.all_know("!('qian' in state.members)").await;
}

/// The connection of a pupil is lost; one who enters after that sees it too.
async fn connections_and_attendance(mut lesson: Lesson) {
    drop(lesson.pages.pop());
    let teacher = lesson.teacher();
    teacher.knows("state.members.zhao.connected === false").await;
    teacher.sees("Connection lost").await;
    let late = lesson.enter("qian", Seat::Desk).await;
    late.sees("Connection lost").await;
    late.screenshot("lesson-connection-lost").await;
    let back = lesson.enter("zhao", Seat::Phone).await;
    for page in [teacher, &late, &back] {
        page.knows("state.members.zhao.connected === true").await;
    }
    teacher.press("Attendance").await;
    teacher.press("Open the sheet").await;
    let names = "return [...document.querySelectorAll('.sheet tbody th')].map((one) => one.textContent).sort()";
    teacher.browser.wait_for(names, json!(["Name of li", "Name of qian", "Name of wang", "Name of zhao"])).await;
    teacher.screenshot("lesson-attendance-sheet").await;
}
