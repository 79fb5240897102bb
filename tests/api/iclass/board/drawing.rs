//! Adding, removing and restoring what is drawn, and who may.

use futures_util::future::join_all;
use lectern::domain::classroom::board::Operation;
use lectern::domain::classroom::log::LogEvent;
use serde_json::{Value, json};

use super::{Lesson, of_ids, pen, stroke};
use crate::support::component::Component;
use crate::support::service::Service;

#[tokio::test]
async fn what_is_drawn_is_on_the_page_in_its_order() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let lesson = Lesson::begin(&enterprise).await;
    let text = json!({"id": "t-1_", "kind": "text", "color": "#000000", "points": [-5, 14000], "size": 300,
        "text": "<script>alert('课')</script>\n\tx"});
    let line = json!({"id": "line", "kind": "line", "color": "#ffffff", "width": 1, "points": [1, 2, 3, 4]});
    let add = |item: &Value| json!({"op": "add", "item": item});
    lesson.teacher.ok("board/draw", lesson.drawing("w1", json!([stroke("b"), add(&text)]))).await;
    lesson.li.ok("board/draw", lesson.drawing("w1", json!([add(&line), stroke("a")]))).await;
    let of = |mut item: Value, user_id: &str| {
        item["user_id"] = user_id.into();
        item
    };
    let expected = [of(pen("b"), "teacher_1"), of(text, "teacher_1"), of(line, "li"), of(pen("a"), "li")];
    assert_eq!(lesson.items(&lesson.wang, "w1").await, expected);
    // Each page has its own ids.
    lesson.teacher.ok("board/add", json!({"class_id": lesson.class_id})).await;
    lesson.teacher.ok("board/draw", lesson.drawing("w2", json!([stroke("a")]))).await;
    assert_eq!(lesson.on_page("w2").await, ["a of teacher_1"]);
    assert_eq!(lesson.items(&lesson.wang, "w1").await, expected);
}

#[tokio::test]
async fn only_those_draw_who_moderate_or_are_inside_and_may() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let lesson = Lesson::begin(&enterprise).await;
    let draw = |id: &str| lesson.drawing("w1", json!([stroke(id)]));
    let message = lesson.wang.refused("board/draw", draw("a"), 10203).await;
    assert_eq!(message, format!("user_id \"wang\": may not draw in class_id {}", lesson.class_id));
    lesson.li.ok("board/draw", draw("b")).await;
    lesson.li.ok("member/quit", json!({"class_id": lesson.class_id})).await;
    lesson.li.refused("board/draw", draw("c"), 10203).await;
    // Whoever comes again has to be allowed again.
    lesson.li.ok("member/join", json!({"class_id": lesson.class_id})).await;
    lesson.li.refused("board/draw", draw("c"), 10203).await;
    lesson.let_draw("li", true).await;
    lesson.li.ok("board/draw", draw("c")).await;
    lesson.let_draw("li", false).await;
    lesson.li.refused("board/draw", draw("d"), 10203).await;
    // Administrators moderate every class; others have nothing to do with it.
    let boss = Component::register(&enterprise, "boss", "admin").await;
    boss.ok("board/draw", draw("e")).await;
    let stranger = Component::register(&enterprise, "stranger", "teacher").await;
    stranger.refused("board/draw", draw("f"), 10203).await;
    let page = json!({"class_id": lesson.class_id, "page": "w1"});
    stranger.refused("board/page", page.clone(), 10226).await;
    assert_eq!(lesson.on_page("w1").await, ["b of li", "c of li", "e of boss"]);
    // Who was put out neither draws nor sees.
    lesson.let_draw("li", true).await;
    let kick = json!({"class_id": lesson.class_id, "event": "kick", "data": {"user_id": "li"}});
    lesson.teacher.ok("report/event", kick).await;
    lesson.li.refused("board/draw", draw("g"), 10203).await;
    lesson.li.refused("board/page", page.clone(), 10203).await;
    // After the end it can be read.
    enterprise.ok("class/start", json!({"class_id": lesson.class_id})).await;
    enterprise.ok("class/stop", json!({"class_id": lesson.class_id})).await;
    for (call, body) in [
        ("board/draw", draw("h")),
        ("board/show", page.clone()),
        ("board/add", page.clone()),
        ("board/remove", page.clone()),
        ("timer/start", json!({"class_id": lesson.class_id, "duration": 1000})),
        ("timer/pause", page.clone()),
        ("timer/remove", page),
    ] {
        lesson.teacher.refused(call, body, 10224).await;
    }
    assert_eq!(lesson.on_page("w1").await.len(), 3);
}

#[tokio::test]
async fn the_board_of_a_class_is_of_its_enterprise_alone() {
    let service = Service::start();
    let (mine, theirs) = (service.enterprise().await, service.enterprise().await);
    let (lesson, other) = (Lesson::begin(&mine).await, Lesson::begin(&theirs).await);
    lesson.teacher.ok("board/draw", lesson.drawing("w1", json!([stroke("a")]))).await;
    let boss = Component::register(&theirs, "boss", "superadmin").await;
    let body =
        |class_id: i64| json!({"class_id": class_id, "page": "w1", "operations": [stroke("b")], "duration": 1000});
    for call in [
        "board/page",
        "board/draw",
        "board/show",
        "board/add",
        "board/remove",
        "timer/start",
        "timer/pause",
        "timer/remove",
    ] {
        for component in [&other.teacher, &boss] {
            component.refused(call, body(lesson.class_id), 10230).await;
            component.refused(call, body(999_999_999), 10230).await;
        }
    }
    assert_eq!(lesson.on_page("w1").await, ["a of teacher_1"]);
    assert_eq!(other.on_page("w1").await, [""; 0]);
}

#[tokio::test]
async fn pupils_remove_and_restore_only_what_is_theirs_and_moderators_everything() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let lesson = Lesson::begin(&enterprise).await;
    lesson.let_draw("wang", true).await;
    lesson.teacher.ok("board/draw", lesson.drawing("w1", json!([stroke("t")]))).await;
    lesson.li.ok("board/draw", lesson.drawing("w1", json!([stroke("l1"), stroke("l2")]))).await;
    lesson.wang.ok("board/draw", lesson.drawing("w1", json!([stroke("w")]))).await;
    let draw = |operations: Value| lesson.drawing("w1", operations);
    for op in ["remove", "restore"] {
        let message = lesson.li.refused("board/draw", draw(json!([of_ids(op, &["l1", "w", "t"])])), 10203).await;
        assert_eq!(message, "operations: drawn by others: w, t");
    }
    lesson.li.refused("board/draw", draw(json!([stroke("l3"), {"op": "clear"}])), 10203).await;
    assert_eq!(lesson.on_page("w1").await, ["t of teacher_1", "l1 of li", "l2 of li", "w of wang"]);
    lesson.li.ok("board/draw", draw(json!([of_ids("remove", &["l1", "nothing"])]))).await;
    assert_eq!(lesson.on_page("w1").await, ["t of teacher_1", "l2 of li", "w of wang"]);
    // A restored item has its former place.
    lesson.li.ok("board/draw", draw(json!([of_ids("remove", &["l2"]), of_ids("restore", &["l1"])]))).await;
    assert_eq!(lesson.on_page("w1").await, ["t of teacher_1", "l1 of li", "w of wang"]);
    lesson.teacher.ok("board/draw", draw(json!([of_ids("remove", &["w"]), of_ids("restore", &["l2"])]))).await;
    assert_eq!(lesson.on_page("w1").await, ["t of teacher_1", "l1 of li", "l2 of li"]);
    let again =
        json!([stroke("x"), {"op": "clear"}, stroke("y"), of_ids("restore", &["l2", "x"]), of_ids("remove", &["y"])]);
    lesson.teacher.ok("board/draw", draw(again)).await;
    assert_eq!(lesson.on_page("w1").await, ["l2 of li", "x of teacher_1"]);
    lesson.teacher.ok("board/draw", draw(json!([of_ids("restore", &["t", "l1", "w", "y"])]))).await;
    let all = ["t of teacher_1", "l1 of li", "l2 of li", "w of wang", "x of teacher_1", "y of teacher_1"];
    assert_eq!(lesson.on_page("w1").await, all);
}

#[tokio::test]
async fn what_is_sent_again_adds_nothing_and_an_id_is_used_once() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let lesson = Lesson::begin(&enterprise).await;
    enterprise.follow(lesson.class_id).await;
    let both = lesson.drawing("w1", json!([stroke("a"), stroke("b"), stroke("a")]));
    lesson.li.ok("board/draw", both.clone()).await;
    lesson.li.ok("board/draw", both.clone()).await;
    lesson.teacher.ok("board/draw", lesson.drawing("w1", json!([of_ids("remove", &["a"])]))).await;
    // It is still removed: its client had no answer and sent it again.
    lesson.li.ok("board/draw", both.clone()).await;
    assert_eq!(lesson.on_page("w1").await, ["b of li"]);
    assert_eq!(enterprise.log_events(lesson.class_id).await.len(), 2);
    let mut other = pen("b");
    other["width"] = 41.into();
    let message = lesson
        .li
        .refused("board/draw", lesson.drawing("w1", json!([stroke("c"), {"op": "add", "item": other}])), 10003)
        .await;
    assert_eq!(message, "operations: [1]: id \"b\" is in use for another item of the page");
    lesson.teacher.refused("board/draw", both, 10003).await;
    assert_eq!(lesson.on_page("w1").await, ["b of li"]);
}

#[tokio::test]
async fn followers_of_the_class_receive_one_event_for_each_call_with_what_it_changed() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let lesson = Lesson::begin(&enterprise).await;
    // Nobody follows the class yet.
    lesson.teacher.ok("board/draw", lesson.drawing("w1", json!([stroke("a")]))).await;
    enterprise.follow(lesson.class_id).await;
    assert_eq!(enterprise.log_events(lesson.class_id).await, []);
    let body = json!({"class_id": lesson.class_id, "page": "w1"});
    assert_eq!(lesson.li.ok("board/page", body.clone()).await["sequence"], 0);
    let operations =
        json!([of_ids("remove", &["a", "none"]), stroke("b"), of_ids("remove", &["a"]), of_ids("restore", &["b"])]);
    let draw = async |operations: Value| {
        let answer = lesson.teacher.ok("board/draw", lesson.drawing("w1", operations)).await;
        answer.get("sequence").map(|sequence| sequence.as_i64().unwrap())
    };
    assert_eq!(draw(operations).await, Some(1));
    assert_eq!(draw(json!([of_ids("remove", &["a"])])).await, None);
    assert_eq!(draw(json!([{"op": "clear"}])).await, Some(2));
    let events = enterprise.log_events(lesson.class_id).await;
    let [LogEvent::Drawn { page, user_id, operations }, LogEvent::Drawn { operations: cleared, .. }] = &events[..]
    else {
        panic!("{events:?}")
    };
    assert_eq!((page.as_str(), user_id.as_str()), ("w1", "teacher_1"));
    let [Operation::Remove(ids), Operation::Add(item)] = &operations[..] else { panic!("{operations:?}") };
    assert_eq!((ids.as_slice(), item.id.as_str()), (&["a".to_owned()][..], "b"));
    assert_eq!(cleared, &[Operation::Clear]);
    assert_eq!(lesson.li.ok("board/page", body).await["sequence"], 2);
    // A refused call appends nothing to the log.
    lesson.teacher.refused("board/draw", lesson.drawing("w9", json!([stroke("z")])), 10003).await;
    assert_eq!(enterprise.log_events(lesson.class_id).await.len(), 2);
}

#[tokio::test]
async fn what_many_draw_at_once_is_all_there() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let lesson = Lesson::begin(&enterprise).await;
    enterprise.follow(lesson.class_id).await;
    let ids: Vec<String> = (0..40).map(|n| format!("i{n}")).collect();
    join_all(ids.iter().map(async |id| {
        let component = if id.ends_with(['1', '3', '5']) { &lesson.li } else { &lesson.teacher };
        component.ok("board/draw", lesson.drawing("w1", json!([stroke(id)]))).await
    }))
    .await;
    let events: Vec<String> = enterprise.log_events(lesson.class_id).await.into_iter().map(added).collect();
    let items = lesson.items(&lesson.wang, "w1").await;
    let there: Vec<&str> = items.iter().map(|item| item["id"].as_str().unwrap()).collect();
    assert_eq!(events, there, "in the order of the log");
    assert_eq!(there.len(), 40);
}

fn added(event: LogEvent) -> String {
    match event {
        LogEvent::Drawn { operations, .. } => match &operations[..] {
            [Operation::Add(item)] => item.id.clone(),
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_class_is_deleted_while_somebody_draws() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let mut lesson = Lesson::begin(&enterprise).await;
    for _ in 0..5 {
        lesson.class_id = enterprise.class(json!({})).await;
        enterprise.follow(lesson.class_id).await;
        let draw = join_all((0..8).map(async |n| {
            lesson.teacher.call("board/draw", lesson.drawing("w1", json!([stroke(&format!("i{n}"))]))).await
        }));
        let delete = async { enterprise.ok("class/delete", json!({"class_id": lesson.class_id})).await };
        let (drawn, _) = tokio::join!(draw, delete);
        for answer in drawn {
            assert!([0, 10230].contains(&answer["error_code"].as_i64().unwrap()), "{answer}");
        }
        assert_eq!(super::count(&service, "board_items").await, 0);
    }
}

#[tokio::test]
async fn a_pupil_gets_the_right_to_draw_from_a_moderator_and_not_from_the_own_component() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let lesson = Lesson::begin(&enterprise).await;
    let of_class = |event: &str| json!({"class_id": lesson.class_id, "event": event});
    let line = |id: &str| lesson.drawing("w1", json!([stroke(id)]));
    // The published classroom reports what it obeys, and its teacher reads that in the list.
    lesson.wang.ok("report/event", of_class("enable_draw")).await;
    let list = json!({"class_id": lesson.class_id, "index": 0, "size": 10});
    let shown = lesson.teacher.ok("member/runtime/list", list).await;
    let wang = shown["list"].as_array().unwrap().iter().find(|member| member["user_id"] == "wang").unwrap();
    assert_eq!(wang["status"]["enable_draw"], 1);
    lesson.wang.refused("board/draw", line("a"), 10203).await;
    lesson.let_draw("wang", true).await;
    lesson.wang.ok("report/event", of_class("enable_draw")).await;
    lesson.wang.ok("board/draw", line("b")).await;
    lesson.wang.ok("report/event", of_class("disable_draw")).await;
    lesson.wang.refused("board/draw", line("c"), 10203).await;
}
