//! The events that the followers of a class receive about its documents, whoever changes them.

use lectern::domain::classroom::log::LogEvent;
use lectern::domain::content::conversion::FailureKind;
use serde_json::json;

use crate::iclass::board::{Lesson, stroke};
use crate::iclass::conversions::{convert, host, start};
use crate::support::converter::{Play, Scripted, broken};
use crate::support::process::eventually;
use crate::support::service::Enterprise;

/// The events about documents and about what is shown, in short.
async fn appended(enterprise: &Enterprise<'_>, class_id: i64) -> Vec<String> {
    let short = |event: LogEvent| match event {
        LogEvent::Document { document } => {
            let status = document.status.as_str();
            format!("{} {status} {} {}", document.doc_id, document.progress, document.pages)
        }
        LogEvent::DocumentRemoved { doc_id } => format!("{doc_id} removed"),
        LogEvent::Board { board } => format!("shows {}", board.shown_page),
        LogEvent::Drawn { page, .. } => format!("drawn on {page}"),
        other => panic!("{other:?}"),
    };
    enterprise.log_events(class_id).await.into_iter().map(short).collect()
}

async fn wait_for(enterprise: &Enterprise<'_>, class_id: i64, last: &str) -> Vec<String> {
    let ask = async || {
        Some(appended(enterprise, class_id).await).filter(|appended| appended.last().is_some_and(|one| one == last))
    };
    eventually(last, ask).await
}

#[tokio::test]
async fn a_class_receives_the_conversion_and_the_removal_of_a_document() {
    let converter = Scripted::new(|_, _| Play::Hold(vec![12, 15, 57]));
    let (service, host) = (start(converter.clone(), &[]), host());
    let enterprise = service.enterprise().await;
    let lesson = Lesson::begin(&enterprise).await;
    let unfollowed = enterprise.class(json!({})).await;
    enterprise.follow(lesson.class_id).await;
    let doc_id = convert(&enterprise, &host, json!({"doc_name": "lesson", "doc_ext": "pptx"})).await;
    converter.wait_for(1).await;
    let add = |class_id: i64| json!({"class_id": class_id, "doc_ids": [doc_id]});
    enterprise.ok("class/document/add", add(lesson.class_id)).await;
    enterprise.ok("class/document/add", add(unfollowed)).await;
    let first = wait_for(&enterprise, lesson.class_id, &format!("{doc_id} processing 50 0")).await;
    // How many steps it sees depends on when the class got the document.
    assert!(first.iter().all(|one| one.starts_with(&format!("{doc_id} processing"))), "{first:?}");
    converter.release_all();
    let all = wait_for(&enterprise, lesson.class_id, &format!("{doc_id} finished 100 3")).await;
    assert_eq!(all.len(), first.len() + 1);

    // Its pages are pages of the board.
    for page in ["1", "3"] {
        let body = lesson.drawing(&format!("{doc_id}/{page}"), json!([stroke("a")]));
        lesson.li.ok("board/draw", body).await;
    }
    for page in ["0", "4", "01", "x"] {
        let body = lesson.drawing(&format!("{doc_id}/{page}"), json!([stroke("a")]));
        lesson.teacher.refused("board/draw", body, 10003).await;
    }
    let third = format!("{doc_id}/3");
    let show = json!({"class_id": lesson.class_id, "page": third, "step": 2});
    lesson.teacher.ok("board/show", show.clone()).await;
    let message = lesson.teacher.refused("board/remove", show.clone(), 10003).await;
    assert_eq!(message, format!("page: {third:?} is not a whiteboard page"));
    lesson.teacher.ok("class/document/delete", add(lesson.class_id)).await;
    lesson.teacher.ok("class/document/delete", add(lesson.class_id)).await;
    lesson.teacher.refused("board/show", show.clone(), 10003).await;
    // When it is added again, what was drawn on it is there.
    lesson.teacher.ok("class/document/add", add(lesson.class_id)).await;
    assert_eq!(lesson.on_page(&third).await, ["a of li"]);
    lesson.teacher.ok("board/show", show).await;
    enterprise.ok("document/delete", json!({"doc_ids": [doc_id]})).await;
    let expected = [
        format!("drawn on {doc_id}/1"),
        format!("drawn on {third}"),
        format!("shows {third}"),
        "shows w1".into(),
        format!("{doc_id} removed"),
        format!("{doc_id} finished 100 3"),
        format!("shows {third}"),
        "shows w1".into(),
        format!("{doc_id} removed"),
    ];
    assert_eq!(appended(&enterprise, lesson.class_id).await[all.len()..], expected);
    assert_eq!(enterprise.log_events(unfollowed).await, []);
}

#[tokio::test]
async fn a_class_receives_why_a_conversion_failed_and_what_an_owner_deletes() {
    let converter = Scripted::new(|_, _| Play::Fail(vec![], broken()));
    let (service, host) = (start(converter, &[]), host());
    let enterprise = service.enterprise().await;
    let lesson = Lesson::begin(&enterprise).await;
    enterprise.follow(lesson.class_id).await;
    let doc_id = convert(&enterprise, &host, json!({"owner": "teacher_1"})).await;
    lesson.teacher.ok("class/document/add", json!({"class_id": lesson.class_id, "doc_ids": [doc_id]})).await;
    wait_for(&enterprise, lesson.class_id, &format!("{doc_id} finished 100 0")).await;
    let events = enterprise.log_events(lesson.class_id).await;
    let Some(LogEvent::Document { document }) = events.last() else { panic!("{events:?}") };
    assert_eq!(document.failure, Some(FailureKind::Damaged));
    let row = lesson.li.ok("class/document/list", json!({"class_id": lesson.class_id})).await["list"][0].clone();
    assert_eq!((&row["state"], &row["progress"]), (&json!("failed"), &json!(100)));
    assert!(row["failure"].as_str().unwrap().starts_with("The document can't be opened"), "{row}");
    lesson.li.refused("document/delete", json!({"doc_ids": [doc_id]}), 10203).await;
    lesson.teacher.ok("document/delete", json!({"doc_ids": [doc_id]})).await;
    assert_eq!(appended(&enterprise, lesson.class_id).await.last().unwrap(), &format!("{doc_id} removed"));
}

#[tokio::test]
async fn all_who_convert_and_bind_at_once_leave_the_classes_with_what_they_have() {
    let (service, host) = (start(Scripted::willing(), &[]), host());
    let enterprise = service.enterprise().await;
    let lesson = Lesson::begin(&enterprise).await;
    enterprise.follow(lesson.class_id).await;
    let ids = futures_util::future::join_all((0..8).map(async |n| {
        let doc_id = convert(&enterprise, &host, json!({"doc_name": format!("d{n}")})).await;
        let body = json!({"class_id": lesson.class_id, "doc_ids": [doc_id]});
        lesson.teacher.ok("class/document/add", body.clone()).await;
        if n % 2 == 0 {
            enterprise.ok("document/delete", json!({"doc_ids": [doc_id]})).await;
        }
        doc_id
    }))
    .await;
    for (n, doc_id) in ids.iter().enumerate() {
        let wanted = if n % 2 == 0 { format!("{doc_id} removed") } else { format!("{doc_id} finished 100 3") };
        let last = async || {
            let appended = appended(&enterprise, lesson.class_id).await;
            appended.into_iter().rfind(|one| one.starts_with(doc_id)).filter(|last| *last == wanted)
        };
        eventually(&wanted, last).await;
    }
}
