//! Whiteboard pages, pages of documents, and which page is shown.

use lectern::domain::classroom::log::LogEvent;
use serde_json::{Value, json};

use super::{Lesson, of_ids, pen, stroke};
use crate::support::service::Service;

/// The page that is shown with its step, and the whiteboard pages, as the last event says.
fn last_board(events: &[LogEvent]) -> (String, i64, Vec<String>) {
    let last = events.iter().rev().find_map(|event| match event {
        LogEvent::Board { board } => Some((board.shown_page.clone(), board.shown_step, board.whiteboards.clone())),
        _ => None,
    });
    last.expect("an event of the board")
}

fn board(page: &str, step: i64, whiteboards: &[&str]) -> (String, i64, Vec<String>) {
    (page.to_owned(), step, whiteboards.iter().map(ToString::to_string).collect())
}

#[tokio::test]
async fn whiteboard_pages_are_added_shown_and_removed() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let lesson = Lesson::begin(&enterprise).await;
    enterprise.follow(lesson.class_id).await;
    let of_class = json!({"class_id": lesson.class_id});
    let page = |page: &str| json!({"class_id": lesson.class_id, "page": page});
    let current = async || last_board(&enterprise.log_events(lesson.class_id).await);
    assert_eq!(lesson.teacher.ok("board/add", of_class.clone()).await["page"], "w2");
    assert_eq!(lesson.teacher.ok("board/add", of_class.clone()).await["page"], "w3");
    assert_eq!(current().await, board("w1", 0, &["w1", "w2", "w3"]));
    lesson.teacher.ok("board/show", page("w3")).await;
    assert_eq!(current().await, board("w3", 0, &["w1", "w2", "w3"]));
    let before = enterprise.log_events(lesson.class_id).await.len();
    lesson.teacher.ok("board/show", page("w3")).await;
    assert_eq!(enterprise.log_events(lesson.class_id).await.len(), before, "nothing changed");
    lesson.teacher.ok("board/show", json!({"class_id": lesson.class_id, "page": "w3", "step": 7})).await;
    assert_eq!(current().await, board("w3", 7, &["w1", "w2", "w3"]));
    lesson.teacher.ok("board/draw", lesson.drawing("w3", json!([stroke("a")]))).await;
    lesson.teacher.ok("board/remove", page("w3")).await;
    assert_eq!(current().await, board("w2", 0, &["w1", "w2"]));
    for call in ["board/page", "board/draw", "board/show", "board/remove"] {
        let body = lesson.drawing("w3", json!([stroke("a")]));
        let message = lesson.teacher.refused(call, body, 10003).await;
        assert_eq!(message, "page: \"w3\": no such page");
    }
    // A number is not used again.
    assert_eq!(lesson.teacher.ok("board/add", of_class.clone()).await["page"], "w4");
    lesson.teacher.ok("board/remove", page("w1")).await;
    lesson.teacher.ok("board/remove", page("w2")).await;
    assert_eq!(current().await, board("w4", 0, &["w4"]));
    let message = lesson.teacher.refused("board/remove", page("w4"), 10003).await;
    assert_eq!(message, "page: \"w4\" is the only whiteboard page and stays");
    for call in ["board/add", "board/remove", "board/show"] {
        lesson.li.refused(call, page("w4"), 10203).await;
    }
}

#[tokio::test]
async fn a_class_has_a_hundred_whiteboard_pages_at_most() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let lesson = Lesson::begin(&enterprise).await;
    let of_class = json!({"class_id": lesson.class_id});
    for _ in 1..100 {
        lesson.teacher.ok("board/add", of_class.clone()).await;
    }
    let message = lesson.teacher.refused("board/add", of_class.clone(), 10290).await;
    assert_eq!(message, "the class has as many whiteboard pages as it may have");
    lesson.teacher.ok("board/remove", json!({"class_id": lesson.class_id, "page": "w50"})).await;
    assert_eq!(lesson.teacher.ok("board/add", of_class).await["page"], "w101");
}

#[tokio::test]
async fn a_page_of_the_list_has_at_most_500_items_and_256_kib() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let lesson = Lesson::begin(&enterprise).await;
    for call in 0..7 {
        let strokes: Vec<Value> = (0..100).map(|n| stroke(&format!("s{call}-{n}"))).collect();
        lesson.teacher.ok("board/draw", lesson.drawing("w1", strokes.into())).await;
    }
    lesson.teacher.ok("board/draw", lesson.drawing("w1", json!([of_ids("remove", &["s0-0", "s3-5", "s6-99"])]))).await;
    let read = async |after: &str, size: i64| {
        let body = json!({"class_id": lesson.class_id, "page": "w1", "after": after, "size": size});
        lesson.li.ok("board/page", body).await
    };
    let first = read("", 1000).await;
    assert_eq!((first["items"].as_array().unwrap().len(), &first["finish"]), (500, &json!(false)));
    let second = read(first["next"].as_str().unwrap(), 1000).await;
    assert_eq!((second["items"].as_array().unwrap().len(), &second["finish"]), (197, &json!(true)));
    assert!(second.get("next").is_none());
    let one = read("", 1).await;
    assert_eq!((&one["items"][0]["id"], one["items"].as_array().unwrap().len()), (&json!("s0-1"), 1));
    assert_eq!(lesson.items(&lesson.li, "w1").await.len(), 697);
    // Large items.
    lesson.teacher.ok("board/add", json!({"class_id": lesson.class_id})).await;
    for n in 0..30 {
        let mut item = pen(&format!("l{n}"));
        item["points"] = vec![100; 3999].into();
        lesson.teacher.ok("board/draw", lesson.drawing("w2", json!([{"op": "add", "item": item}]))).await;
    }
    let body = json!({"class_id": lesson.class_id, "page": "w2"});
    let large = lesson.li.ok("board/page", body).await;
    let bytes = large.to_string().len();
    assert!((200 * 1024..280 * 1024).contains(&bytes) && large["finish"] == false, "{bytes}");
    assert_eq!(lesson.items(&lesson.li, "w2").await.len(), 30);
}

#[tokio::test]
async fn the_board_goes_with_its_class() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let lesson = Lesson::begin(&enterprise).await;
    lesson.teacher.ok("board/draw", lesson.drawing("w1", json!([stroke("a")]))).await;
    lesson.teacher.ok("timer/start", json!({"class_id": lesson.class_id, "duration": 1000})).await;
    enterprise.ok("class/delete", json!({"class_id": lesson.class_id})).await;
    for table in ["boards", "board_pages", "board_items", "timers"] {
        assert_eq!(super::count(&service, table).await, 0, "{table}");
    }
}
