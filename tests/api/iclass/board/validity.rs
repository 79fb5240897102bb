//! What may be drawn, and how much.

use diesel::RunQueryDsl;
use lectern::db::{Conn, Error};
use serde_json::{Value, json};

use super::{Lesson, count, of_ids, pen, stroke};
use crate::support::component::Component;
use crate::support::service::Service;

async fn run(service: &Service, statement: String) {
    let write = move |conn: &mut Conn| Ok::<_, Error>(diesel::sql_query(statement).execute(conn)?);
    service.app.db.write(write).await.unwrap();
}

fn with(field: &str, value: Value) -> Value {
    let mut item = pen("a");
    item[field] = value;
    json!([{"op": "add", "item": item}])
}

fn shape(kind: &str, points: &[i64]) -> Value {
    json!([{"op": "add", "item": {"id": "a", "kind": kind, "color": "#000000", "width": 9, "points": points}}])
}

fn text(fields: &Value) -> Value {
    let mut item = json!({"id": "a", "kind": "text", "color": "#000000", "points": [1, 2], "text": "x", "size": 9});
    for (name, value) in fields.as_object().unwrap() {
        item[name] = value.clone();
    }
    json!([{"op": "add", "item": item}])
}

#[tokio::test]
async fn an_operation_that_is_not_right_is_refused_with_what_is_wrong() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let lesson = Lesson::begin(&enterprise).await;
    let many: Vec<Value> = (0..101).map(|n| stroke(&n.to_string())).collect();
    let many_ids: Vec<String> = (0..1001).map(|n| n.to_string()).collect();
    let two_points = "operations: [0]: points must be x and y of two points";
    let strokes = "operations: [0]: points must be x, y and pressure of each point";
    for (operations, message) in [
        (json!([]), "operations: must be 1 to 100, not 0"),
        (many.into(), "operations: must be 1 to 100, not 101"),
        (json!([stroke("x"), {"op": "add"}]), "operations[1].item: missing"),
        (json!([{"op": "remove"}]), "operations[0].ids: missing"),
        (json!([of_ids("remove", &[])]), "operations: [0]: ids must be 1 to 1000"),
        (json!([{"op": "restore", "ids": many_ids}]), "operations: [0]: ids must be 1 to 1000"),
        (json!([of_ids("remove", &["a b"])]), "operations: [0]: id \"a b\" must be 1 to 32 letters, digits, - and _"),
        (json!([{"op": "draw"}]), "operations[0].op: \"draw\" is not add, remove, restore or clear"),
        (with("id", json!("课")), "operations: [0]: id \"课\" must be 1 to 32 letters, digits, - and _"),
        (with("id", json!("a".repeat(33))), "operations[0].item.id: has 33 characters, more than 32"),
        (with("color", json!("red")), "operations: [0]: color must be like #1a2b3c"),
        (with("color", json!("#12345g")), "operations: [0]: color must be like #1a2b3c"),
        (with("width", json!(0)), "operations[0].item.width: 0 is not from 1 to 10000"),
        (with("width", Value::Null), "operations: [0]: width must be from 1 to 10000"),
        (with("text", json!("x")), "operations: [0]: text is for texts only"),
        (with("size", json!(1)), "operations: [0]: size is for texts only"),
        (with("points", json!([])), strokes),
        (with("points", json!([1, 2, 3, 4])), strokes),
        (with("points", json!([1, 2, 101])), "operations: [0]: the pressure in points must be from 0 to 100"),
        (with("points", json!([1, 2, -1])), "operations: [0]: the pressure in points must be from 0 to 100"),
        (
            with("points", json!([0, 1_000_001, 0])),
            "operations[0].item.points[1]: 1000001 is not from -1000000 to 1000000",
        ),
        (with("points", vec![0; 4002].into()), "operations: [0]: points has more than 4000 numbers"),
        (shape("line", &[1, 2]), two_points),
        (shape("arrow", &[1, 2, 3, 4, 5, 6]), two_points),
        (shape("rectangle", &[1, 2, 3]), two_points),
        (shape("ellipse", &[]), two_points),
        (text(&json!({"points": [1, 2, 3]})), "operations: [0]: points must be x and y of one point"),
        (text(&json!({"size": null})), "operations: [0]: size must be from 1 to 10000"),
        (text(&json!({"text": "课".repeat(2001)})), "operations[0].item.text: has 2001 characters, not 1 to 2000"),
        (text(&json!({"text": "a\u{1b}"})), "operations[0].item.text: has a control character"),
    ] {
        let shown = operations.to_string();
        let body = lesson.drawing("w1", operations);
        let said = lesson.teacher.refused("board/draw", body, 10003).await;
        assert_eq!(said, message, "{}", &shown[..shown.len().min(200)]);
    }
    for page in ["w2", "w0", "w01", "W1", "none/1", "/1", "w1/1", "w-1"] {
        let message = lesson.teacher.refused("board/draw", lesson.drawing(page, json!([stroke("a")])), 10003).await;
        assert_eq!(message, format!("page: {page:?}: no such page"));
    }
    assert_eq!(lesson.on_page("w1").await, [""; 0]);
    lesson.teacher.ok("board/draw", lesson.drawing("w1", text(&json!({"text": "课".repeat(2000)})))).await;
}

/// A client that draws without end fills three quarters of one page. Nobody else is kept from drawing.
#[tokio::test]
async fn a_page_has_twenty_thousand_items_at_most_whoever_draws_them() {
    let service = Service::start_with(&["--limit-drawings-per-account", "200/m"]);
    let enterprise = service.enterprise().await;
    let lesson = Lesson::begin(&enterprise).await;
    lesson.teacher.ok("board/add", json!({"class_id": lesson.class_id})).await;
    let fill = async |component: &Component<'_>, calls: usize| {
        let mut drawn = 0;
        for call in 0..calls {
            let id = |n: usize| format!("{}-{call}-{n}", component.user_id);
            let strokes: Vec<Value> = (0..100).map(|n| stroke(&id(n))).collect();
            let answer = component.call("board/draw", lesson.drawing("w1", strokes.into())).await;
            if answer["error_code"] == 0 {
                drawn += 1;
            } else {
                assert_eq!(answer["error_msg"], "the page has as many items as a page may have", "{answer}");
            }
        }
        drawn
    };
    assert_eq!(fill(&lesson.li, 160).await, 150);
    assert_eq!(fill(&lesson.teacher, 55).await, 50);
    assert_eq!(count(&service, "board_items").await, 20_000);
    // Removing frees no place, because removed items can be restored. Another page has places.
    lesson.teacher.ok("board/draw", lesson.drawing("w1", json!([{"op": "clear"}]))).await;
    lesson.teacher.refused("board/draw", lesson.drawing("w1", json!([stroke("one")])), 10290).await;
    lesson.teacher.ok("board/draw", lesson.drawing("w2", json!([stroke("one")]))).await;
    lesson.teacher.ok("board/remove", json!({"class_id": lesson.class_id, "page": "w1"})).await;
    assert_eq!(count(&service, "board_items").await, 1);
    // More calls than the rate allows.
    for n in 0..40 {
        lesson.li.ok("board/draw", lesson.drawing("w2", json!([stroke(&format!("l{n}"))]))).await;
    }
    let message = lesson.li.refused("board/draw", lesson.drawing("w2", json!([stroke("last")])), 10290).await;
    assert!(message.starts_with("too many drawings; try again in "), "{message}");
}

#[tokio::test]
async fn a_class_keeps_two_hundred_thousand_items_and_64_mib_at_most() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let lesson = Lesson::begin(&enterprise).await;
    lesson.teacher.ok("board/draw", lesson.drawing("w1", json!([stroke("a")]))).await;
    let of_class = format!("WHERE class_id = {}", lesson.class_id);
    run(&service, format!("UPDATE boards SET items = 199999 {of_class}")).await;
    let two = lesson.drawing("w1", json!([stroke("b"), stroke("c")]));
    let message = lesson.teacher.refused("board/draw", two, 10290).await;
    assert_eq!(message, "the board has as many items as a class may have");
    lesson.teacher.ok("board/draw", lesson.drawing("w1", json!([stroke("b")]))).await;
    run(&service, format!("UPDATE boards SET items = 2, bytes = {} {of_class}", 64 * 1024 * 1024 - 50)).await;
    let message = lesson.teacher.refused("board/draw", lesson.drawing("w1", json!([stroke("d")])), 10290).await;
    lesson.li.refused("board/draw", lesson.drawing("w1", json!([stroke("d")])), 10290).await;
    assert_eq!(message, "as much is drawn on the board as a class may keep");
    // Pupils may use three quarters of that.
    run(&service, format!("UPDATE boards SET items = 150000, bytes = 2 {of_class}")).await;
    lesson.li.refused("board/draw", lesson.drawing("w1", json!([stroke("d")])), 10290).await;
    lesson.teacher.ok("board/draw", lesson.drawing("w1", json!([stroke("d")]))).await;
    assert_eq!(lesson.on_page("w1").await, ["a of teacher_1", "b of teacher_1", "d of teacher_1"]);
}
