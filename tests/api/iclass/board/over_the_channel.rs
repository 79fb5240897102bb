//! The board, the timer and documents over the channel of a class.

use serde_json::json;

use super::{Lesson, of_ids, stroke};
use crate::support::channel::Channel;
use crate::support::service::{BEGIN, Service};

#[tokio::test]
async fn what_one_draws_over_the_channel_is_seen_by_all() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let lesson = Lesson::begin(&enterprise).await;
    let class_id = lesson.class_id;
    let (mut teacher, _) = Channel::enter(&lesson.teacher, class_id).await;
    let (mut li, _) = Channel::enter(&lesson.li, class_id).await;
    let (mut wang, _) = Channel::enter(&lesson.wang, class_id).await;
    let text =
        json!({"id": "t", "kind": "text", "color": "#000000", "points": [1, 2], "text": "<b>课</b>", "size": 300});
    let operations = json!([stroke("a"), {"op": "add", "item": text}]);
    li.ok("board/draw", lesson.drawing("w1", operations.clone())).await;
    for follower in [&mut teacher, &mut li, &mut wang] {
        let drawn = follower.event("drawn").await;
        assert_eq!(drawn, json!({"page": "w1", "user_id": "li", "operations": operations}));
    }
    assert_eq!(wang.call("board/draw", lesson.drawing("w1", operations)).await["error_code"], 10203);
    let more = json!([of_ids("remove", &["a"]), of_ids("restore", &["a"]), {"op": "clear"}]);
    teacher.ok("board/draw", lesson.drawing("w1", more.clone())).await;
    assert_eq!(wang.event("drawn").await, json!({"page": "w1", "user_id": "teacher_1", "operations": more}));
    assert_eq!(teacher.ok("board/add", json!({ "class_id": class_id })).await["page"], "w2");
    let shown = |page: &str, step: i64| json!({"shown": {"page": page, "step": step}, "whiteboards": ["w1", "w2"]});
    assert_eq!(wang.event("board").await, shown("w1", 0));
    teacher.ok("board/show", json!({"class_id": class_id, "page": "w2", "step": 3})).await;
    assert_eq!(wang.event("board").await, shown("w2", 3));
    teacher.ok("timer/start", json!({"class_id": class_id, "duration": 5000})).await;
    let running = json!({"start_time": BEGIN * 1000, "duration": 5000, "remaining": 0, "state": "running"});
    assert_eq!(wang.event("timer").await, running);
    let (_, welcome) = Channel::enter_with(&lesson.wang, class_id, json!({"last": 0})).await;
    let snapshot = &welcome["snapshot"];
    assert_eq!((&snapshot["board"], &snapshot["timer"]), (&shown("w2", 3), &running));
    let (mut wang, _) = Channel::enter(&lesson.wang, class_id).await;
    teacher.ok("timer/pause", json!({ "class_id": class_id })).await;
    let paused = json!({"start_time": BEGIN * 1000, "duration": 5000, "remaining": 5000, "state": "paused"});
    assert_eq!(wang.event("timer").await, paused);
    teacher.ok("timer/remove", json!({ "class_id": class_id })).await;
    assert_eq!(wang.event("timer").await, json!(null));
    let read = wang.ok("board/page", json!({"class_id": class_id, "page": "w1"})).await;
    assert_eq!((&read["items"], &read["finish"]), (&json!([]), &json!(true)));
}
