//! The history of a class, read backwards.

use serde_json::{Value, json};

use crate::iclass::channel::class_of_two;
use crate::support::component::Component;
use crate::support::service::Service;

async fn part(component: &Component<'_>, class_id: i64, before: &str, size: i64) -> (Vec<String>, bool) {
    let mut asked = json!({"class_id": class_id, "size": size});
    if !before.is_empty() {
        asked["before"] = json!(before);
    }
    let part = component.ok("imstorage/history", asked).await;
    let id = |message: &Value| message["message_id"].as_str().unwrap().to_owned();
    (part["messages"].as_array().unwrap().iter().map(id).collect(), part["finish"].as_bool().unwrap())
}

#[tokio::test]
async fn the_history_is_read_backwards_in_the_one_order_of_what_was_said() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (class_id, teacher, pupil) = class_of_two(&enterprise).await;
    for who in [&teacher, &pupil] {
        who.ok("member/join", json!({ "class_id": class_id })).await;
    }
    assert_eq!(part(&pupil, class_id, "", 50).await, (vec![], true));
    // A private message is before the first, between others, and at the end.
    let order = ["p1", "c1", "c2", "p2", "p3", "c3", "p4"];
    for id in order {
        let mut message = json!({"class_id": class_id, "content": id});
        if id.starts_with('p') {
            message["to"] = json!("li");
        }
        assert_eq!(pupil.ok("imstorage/send", message).await["message_id"], id);
    }
    for size in 1..=8 {
        let (mut read, mut before) = (Vec::new(), String::new());
        loop {
            let (ids, finish) = part(&teacher, class_id, &before, size).await;
            assert!(ids.len() <= usize::try_from(size).unwrap());
            if let Some(first) = ids.first() {
                first.clone_into(&mut before);
            }
            read.splice(0..0, ids);
            if finish {
                break;
            }
        }
        assert_eq!(read, order, "in parts of {size}");
    }
    // The snapshot of the channel has the last of them.
    let (_, welcome) = crate::support::channel::Channel::enter(&teacher, class_id).await;
    let messages = welcome["snapshot"]["messages"].as_array().unwrap();
    let ids: Vec<&str> = messages.iter().map(|message| message["message_id"].as_str().unwrap()).collect();
    assert_eq!(ids, order);
    // An administrator sees the class, but not what others whisper.
    let boss = Component::register(&enterprise, "boss", "admin").await;
    assert_eq!(part(&boss, class_id, "c3", 50).await, (vec!["c1".to_owned(), "c2".to_owned()], true));
    for before in ["p2", "c9", "p9", "k1", "x", "c01", "c-1"] {
        let problem = boss.refused("imstorage/history", json!({"class_id": class_id, "before": before}), 10003).await;
        assert!(problem.contains("message"), "{problem}");
    }
}

#[tokio::test]
async fn the_history_shows_who_said_what() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (class_id, teacher, pupil) = class_of_two(&enterprise).await;
    pupil.ok("member/join", json!({ "class_id": class_id })).await;
    enterprise.ok("user/profile/modify", json!({"user_id": "wang", "nickname": "王"})).await;
    pupil.ok("imstorage/send", json!({"class_id": class_id, "content": "<script>alert(1)</script>"})).await;
    let history = teacher.ok("imstorage/history", json!({ "class_id": class_id })).await;
    let mut message = history["messages"][0].clone();
    let avatar = message.as_object_mut().unwrap().remove("avatar").unwrap();
    assert!(avatar.as_str().unwrap().starts_with(&service.url), "{avatar}");
    let expected = json!({"message_id": "c1", "group_id": format!("{class_id}_chat"), "sequence": 1, "user_id": "wang",
        "nickname": "王", "role": "student", "type": "text", "content": "<script>alert(1)</script>",
        "send_time": service.now() * 1000, "to": "", "recalled": false});
    assert_eq!(message, expected);
    // The messages of a deleted user are kept, under the id.
    pupil.ok("member/quit", json!({ "class_id": class_id })).await;
    enterprise.ok("user/delete", json!({"user_id": "wang"})).await;
    let history = teacher.ok("imstorage/history", json!({ "class_id": class_id })).await;
    assert_eq!((&history["messages"][0]["nickname"], &history["messages"][0]["role"]), (&json!("wang"), &json!("")));
}

#[tokio::test]
async fn the_history_is_for_those_who_see_the_class() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (class_id, _, pupil) = class_of_two(&enterprise).await;
    let outsider = Component::register(&enterprise, "zhao", "student").await;
    outsider.refused("imstorage/history", json!({ "class_id": class_id }), 10226).await;
    let other = service.enterprise().await;
    let stranger = Component::register(&other, "wang", "student").await;
    stranger.refused("imstorage/history", json!({ "class_id": class_id }), 10230).await;
    let silent = enterprise.class(json!({"settings": {"auto_create_im": 0}, "teacher_id": "wang"})).await;
    let problem = pupil.refused("imstorage/history", json!({ "class_id": silent }), 10003).await;
    assert!(problem.contains("no chat group"), "{problem}");
}
