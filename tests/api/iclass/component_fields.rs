//! Invalid values for all fields of all component calls. The error names the field, has a code that does not log the page out, and
//! nothing changes.

use serde_json::{Value, json};

use crate::support::calls::{COMPONENT_CALLS, Field, Kind, everything};
use crate::support::component::{Component, from_page};
use crate::support::service::Service;

/// A body with all fields of a call, of the right type.
fn body(call: &str, enterprise_id: i64, class_id: i64, doc_id: &Value) -> Value {
    match call {
        "business/base/info" => json!({ "enterprise_id": enterprise_id }),
        "user/login" => json!({"userid": "teacher_1", "password": "password"}),
        "user/visitor/get" => json!({"class_id": class_id, "nickname": "v"}),
        "user/info" => json!({"user_id": "teacher_1"}),
        "class/list" | "class/public/list" => json!({"index": 0, "size": 10, "after": "", "user_id": "teacher_1",
            "create_time_desc": false, "class_status": ["will"], "class_type": ["public"]}),
        "member/join" => json!({"class_id": class_id, "password": "", "camera": 1, "mic": 1, "speaker": 1}),
        "member/visitor/join" => json!({"class_id": class_id, "password": "", "nickname": "v"}),
        "class/document/add" | "class/document/delete" => json!({"class_id": class_id, "doc_ids": [doc_id]}),
        "member/runtime/list" | "class/document/list" | "class/attendance" => {
            json!({"class_id": class_id, "index": 0, "size": 10, "after": ""})
        }
        "document/add" => json!({"doc_url": "http://files.example.com/a.ppt", "doc_name": "a", "doc_ext": "ppt",
            "doc_size": 1, "doc_md5": "0", "permission": "private", "is_transcode": false, "is_static_ppt": false,
            "owner": "teacher_1"}),
        "document/delete" => json!({ "doc_ids": [doc_id] }),
        "document/list" => {
            json!({"index": 0, "size": 10, "after": "", "prefix": "", "owner": "", "permissions": ["public"]})
        }
        "imstorage/msg" => json!({"class_id": class_id, "group_id": "g", "index": 0, "size": 10, "after": ""}),
        "imstorage/send" => {
            json!({"class_id": class_id, "group_id": "g", "type": "text", "content": "hello", "random": 1, "to": "u"})
        }
        "imstorage/recall" => json!({"class_id": class_id, "message_id": "c1"}),
        "imstorage/history" => json!({"class_id": class_id, "before": "c1", "size": 1}),
        "report/event" => json!({"class_id": class_id, "event": "device_test", "data": {}}),
        "question/launch" => json!({"class_id": class_id, "question_id": "q", "options": ["A"], "correct_answer": "A",
            "limit_time": 1}),
        "question/reply" => json!({"class_id": class_id, "question_id": "q", "reply_id": "r", "reply_select": "A"}),
        "question/cancel" => json!({"class_id": class_id, "question_id": "q", "action": "cancel_question"}),
        "question/result" | "question/info" => json!({"class_id": class_id, "question_id": "q"}),
        "record/chapters" => json!({"class_id": class_id, "video_id": "v"}),
        "checkIn/info" | "checkIn/result" => json!({"class_id": class_id, "check_id": "c"}),
        "board/page" => json!({"class_id": class_id, "page": "w1", "after": "", "size": 1}),
        "board/draw" => {
            json!({"class_id": class_id, "page": "w1", "operations": [{"op": "remove", "ids": ["a"], "item": {
            "id": "a", "kind": "text", "color": "#000000", "width": 1, "points": [0, 0], "text": "t", "size": 1}}]})
        }
        "board/show" => json!({"class_id": class_id, "page": "w1", "step": 0}),
        "board/remove" => json!({"class_id": class_id, "page": "w1"}),
        "timer/start" => json!({"class_id": class_id, "duration": 1000}),
        "media/connect" => {
            let sources = json!([{"mid": "0", "source": "mic"}]);
            json!({"class_id": class_id, "session": "", "offer": "v=0", "sources": sources})
        }
        "media/disconnect" => json!({"class_id": class_id, "session": "a"}),
        _ => json!({ "class_id": class_id }),
    }
}

/// Invalid values of a field, as JSON.
fn wrong(field: &Field) -> Vec<String> {
    let mut wrong = vec!["1.5".to_owned(), "[[]]".to_owned()];
    let control = [r#""\u0000""#, r#""a\u001fb""#].map(str::to_owned);
    match field.kind {
        Kind::Int(_) => wrong.extend(["true", "\"text\"", "-1", "99999999999999999999999"].map(str::to_owned)),
        Kind::Text(_) => {
            wrong.extend(control);
            wrong.push(format!("\"{}\"", "课".repeat(10_000)));
        }
        Kind::Word => wrong.extend(control.into_iter().chain(["\"no word\"".to_owned()])),
        Kind::Bool => wrong.extend(["1", "\"true\""].map(str::to_owned)),
        Kind::Array(_) => wrong.extend(["true", "\"text\"", "{}"].map(str::to_owned)),
        Kind::Object => {}
        Kind::Any => wrong.clear(),
    }
    wrong
}

#[tokio::test]
async fn every_field_refuses_what_it_can_not_be() {
    const MARK: &str = "what is replaced";
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let teacher = Component::register(&enterprise, "teacher_1", "teacher").await;
    let class_id = enterprise.class(json!({})).await;
    let doc_id = teacher.ok("document/add", json!({"doc_url": "http://a.example.com/b"})).await["doc_id"].clone();
    let before = everything(&enterprise).await;
    let mut asked = 0;
    for call in &COMPONENT_CALLS {
        let whole = || body(call.name, enterprise.enterprise_id, class_id, &doc_id);
        for field in call.fields {
            let name = field.path.rsplit('/').find(|part| *part != "0").unwrap();
            let mut bodies = Vec::new();
            for literal in wrong(field) {
                let mut body = whole();
                *body.pointer_mut(field.path).unwrap() = MARK.into();
                bodies.push(from_page(&body).replace(&format!("\"{MARK}\""), &literal));
            }
            if field.required && !field.path.ends_with("/0") {
                let mut body = whole();
                let (parent, _) = field.path.rsplit_once('/').unwrap();
                body.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(name).unwrap();
                bodies.push(from_page(&body));
            }
            for body in bodies {
                let shown: String = body.chars().take(200).collect();
                let answer = teacher.send(call.name, body).await;
                assert_eq!(answer["error_code"], 10003, "{} {shown}: {answer}", call.name);
                let message = answer["error_msg"].as_str().unwrap();
                assert!(message.contains(name), "{} {shown}: {message} does not name {name}", call.name);
                asked += 1;
            }
        }
    }
    assert_eq!(everything(&enterprise).await, before);
    assert!(asked > 200, "{asked}");
}
