//! Slides: the teacher uploads them, they are converted, and everybody sees the page that the teacher shows.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::{Lesson, Seat};
use crate::classroom::CANVAS;
use crate::classroom::documents::pdf::pdf;
use crate::classroom::documents::pptx::{Slide, pptx, slide};
use crate::support::page::Page;

/// The field for files in the panel of slides.
const FILES: &str = ".documents input[type=file]";

/// How long a conversion may take while other tests convert and browse: an office program starts for it.
const CONVERSION: Duration = Duration::from_mins(5);

/// A presentation of three slides, the first with an animation; and a worksheet of two pages.
fn files() -> (TempDir, PathBuf, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let (slides, worksheet) = (folder.path().join("光的反射.pptx"), folder.path().join("worksheet.pdf"));
    let first = Slide { animated: true, ..slide("光的反射", "反射角等于入射角") };
    let all = [first, slide("Mirrors", "A plane mirror shows things as far behind it"), slide("练习", "画出反射光线")];
    std::fs::write(&slides, pptx("光的反射", &all)).unwrap();
    std::fs::write(&worksheet, pdf("Worksheet", 2)).unwrap();
    (folder, slides, worksheet)
}

/// Waits until a page of a document is shown to somebody, with its image.
async fn shows(page: &Page, number: usize) {
    page.knows(&format!("state.board.shown.page.endsWith('/{number}')")).await;
    let image = "document.querySelector('.board-paper > img')";
    page.until(&format!("{image}?.src.includes('/pages/{number}.') && {image}.complete && {image}.naturalWidth > 0"))
        .await;
}

/// Waits until a document is converted.
async fn converted(page: &Page, name: &str) {
    let begun = Instant::now();
    loop {
        let state = page.state().await;
        let documents = state["documents"].as_array().unwrap();
        let document = documents.iter().find(|document| document["doc_name"] == name);
        match document.map_or("", |document| document["state"].as_str().unwrap()) {
            "ready" => return,
            "failed" => panic!("{document:?}"),
            _ => assert!(begun.elapsed() < CONVERSION, "waited in vain for {name}: {document:?}"),
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test]
async fn slides_are_uploaded_and_everybody_sees_the_page_that_the_teacher_shows() {
    let (_folder, slides, worksheet) = files();
    let (lesson, _server) = Lesson::open(&[Seat::Desk, Seat::Desk, Seat::Phone]).await;
    let (teacher, wang, zhao) = (lesson.teacher(), &lesson.pupils()[0], &lesson.pupils()[1]);
    let all_see = async |number: usize| {
        for page in &lesson.pages {
            shows(page, number).await;
        }
    };
    teacher.press("Begin class").await;
    teacher.press("Slides").await;
    teacher.browser.attach(FILES, &slides).await;
    converted(teacher, "光的反射").await;
    lesson.all_know("state.documents.length === 1 && state.documents[0].pages === 3").await;

    // The animation is a step of the first page; then the pages are turned.
    teacher.press("Show 光的反射").await;
    all_see(1).await;
    for page in &lesson.pages {
        page.until("document.querySelector('.board-paper > iframe.ready')").await;
    }
    assert!(!wang.has_button("Step forward").await, "pupils see what the teacher shows");
    teacher.press("Step forward").await;
    lesson.all_know("state.board.shown.step === 1 && state.board.shown.page.endsWith('/1')").await;
    // A step forward now might only end the animation that still runs.
    teacher.press("Show the overview of pages").await;
    teacher.press("Show page 2").await;
    all_see(2).await;
    teacher.screenshot("lesson-slides-teacher").await;
    wang.screenshot("lesson-slides-pupil").await;
    zhao.screenshot("lesson-slides-phone-zh").await;

    // What is drawn belongs to its page.
    teacher.press("Pen").await;
    teacher.browser.draw(CANVAS, &[(-100, 60), (0, 80), (100, 60)]).await;
    lesson.all_know("state.items.length === 1").await;
    teacher.press("Step forward").await;
    all_see(3).await;
    lesson.all_know("state.items.length === 0").await;
    teacher.press("Show page 2").await;
    all_see(2).await;
    lesson.all_know("state.items.length === 1").await;

    // Somebody who comes late sees the same.
    let qian = lesson.enter("qian", Seat::Desk).await;
    shows(&qian, 2).await;
    qian.knows("state.items.length === 1").await;

    // A second document, without animations; then back to the whiteboard when both are taken out.
    teacher.browser.attach(FILES, &worksheet).await;
    converted(teacher, "worksheet").await;
    teacher.press("Show worksheet").await;
    all_see(1).await;
    teacher.press("Next page").await;
    all_see(2).await;
    assert!(teacher.browser.run("return document.querySelector('.board-paper > iframe')").await.is_null());
    teacher.press("Remove worksheet").await;
    teacher.press("Remove").await;
    lesson.all_know("state.board.shown.page === 'w1' && state.documents.length === 1").await;
    lesson.all_know_the_same().await;
}
