//! Recalled messages: who recalls them, and that nothing of them is left.

use std::fmt::Write as _;

use lectern::domain::classroom::log;
use lectern::domain::ids::{ClassId, EnterpriseId};
use serde_json::{Value, json};

use crate::iclass::channel::class_of_two;
use crate::support::channel::Channel;
use crate::support::component::Component;
use crate::support::service::{Enterprise, Service};

fn the(class_id: i64, message_id: &str) -> Value {
    json!({"class_id": class_id, "message_id": message_id})
}

async fn say(component: &Component<'_>, class_id: i64, mut message: Value) -> String {
    message["class_id"] = class_id.into();
    component.ok("imstorage/send", message).await["message_id"].as_str().unwrap().to_owned()
}

/// Everything that the components of a class and the back end can read of its messages.
async fn readable(enterprise: &Enterprise<'_>, class_id: i64, components: &[&Component<'_>]) -> String {
    let mut all = String::new();
    for call in ["imstorage/msg", "imstorage/private", "event/list"] {
        all += &enterprise.ok(call, json!({ "class_id": class_id })).await.to_string();
    }
    let (me, class) = (EnterpriseId(enterprise.enterprise_id), ClassId(class_id));
    let entries = enterprise.service.app.db.read(move |conn| log::after(conn, me, class, 0, 1000)).await.unwrap();
    let _ = write!(all, "{entries:?}");
    for component in components {
        for call in ["imstorage/msg", "imstorage/history"] {
            all += &component.ok(call, json!({ "class_id": class_id })).await.to_string();
        }
    }
    all
}

#[tokio::test]
async fn nothing_of_a_recalled_message_is_left_anywhere() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (class_id, teacher, pupil) = class_of_two(&enterprise).await;
    let (mut channel, _) = Channel::enter(&teacher, class_id).await;
    pupil.ok("member/join", json!({ "class_id": class_id })).await;
    let command = class_id.to_string();
    let mut ids = Vec::new();
    for message in [
        json!({"content": "oops 1"}),
        json!({"content": "oops 2", "type": "custom", "group_id": command}),
        json!({"content": "oops 3", "to": "li"}),
        json!({"content": "stays"}),
    ] {
        ids.push(say(&pupil, class_id, message).await);
    }
    assert_eq!(ids, ["c1", "k1", "p1", "c2"]);
    let before = readable(&enterprise, class_id, &[&teacher, &pupil]).await;
    assert!(["oops 1", "oops 3"].iter().all(|text| before.contains(text)), "{before}");
    for id in &ids[..3] {
        pupil.ok("imstorage/recall", the(class_id, id)).await;
        // Once more changes nothing.
        pupil.ok("imstorage/recall", the(class_id, id)).await;
        let received = channel.event("message_recalled").await;
        assert_eq!(received, json!({"message_id": id, "user_id": "wang"}));
    }
    let after = readable(&enterprise, class_id, &[&teacher, &pupil]).await;
    assert!(!after.contains("oops") && after.contains("stays"), "{after}");
    // A component that reconnects receives the recalled message without its content.
    let (mut again, _) = Channel::enter_again(&pupil, class_id, 1).await;
    let received = Value::from(again.ping().await.1).to_string();
    assert!(!received.contains("oops") && received.contains("\"recalled\":true"), "{received}");
    let messages = enterprise.ok("imstorage/msg", json!({ "class_id": class_id })).await;
    let recalled = json!({"sequence": 1, "user_id": "wang", "type": "text", "content": "", "random": 0,
        "send_time": service.now(), "recalled": 1});
    assert_eq!((&messages["total"], &messages["list"][0]), (&json!(2), &recalled));
    assert_eq!(messages["list"][1].get("recalled"), None);
    let history = pupil.ok("imstorage/history", json!({ "class_id": class_id })).await;
    let shown: Vec<(&Value, &Value, &Value)> = history["messages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|message| (&message["message_id"], &message["content"], &message["recalled"]))
        .collect();
    let (gone, there) = (json!(true), json!(false));
    let [c1, p1, c2] = ["c1", "p1", "c2"].map(|id| json!(id));
    let (empty, stays) = (json!(""), json!("stays"));
    assert_eq!(shown, [(&c1, &empty, &gone), (&p1, &empty, &gone), (&c2, &stays, &there)]);
}

#[tokio::test]
async fn senders_recall_their_own_and_those_who_lead_what_they_see() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (class_id, teacher, pupil) = class_of_two(&enterprise).await;
    enterprise.ok("user/register", json!({"list": [{"user_id": "helper", "role": "teacher"}]})).await;
    enterprise.ok("class/modify", json!({"class_id": class_id, "assistant_id": "helper"})).await;
    let renewed = enterprise.ok("user/token/update", json!({"user_id": "helper"})).await;
    let helper = Component::of(&enterprise, "helper", renewed["user_token"].as_str().unwrap());
    let other = enterprise.class(json!({"teacher_id": "li"})).await;
    for who in [&teacher, &pupil, &helper] {
        who.ok("member/join", json!({ "class_id": class_id })).await;
    }
    let by_teacher = say(&teacher, class_id, json!({"content": "by the teacher"})).await;
    let whispered = say(&teacher, class_id, json!({"content": "to one", "to": "wang"})).await;
    let by_pupil = say(&pupil, class_id, json!({"content": "by the pupil"})).await;
    let recall = "imstorage/recall";
    for id in [&by_teacher, &whispered] {
        let problem = pupil.refused(recall, the(class_id, id), 10203).await;
        assert_eq!(problem, "user_id \"wang\": may recall only the own messages");
    }
    // An assistant does not learn what others whisper.
    for id in [&whispered, "p9", "c9", "k9"] {
        let problem = helper.refused(recall, the(class_id, id), 10003).await;
        assert_eq!(problem, "message_id: no such message");
    }
    for wrong in [json!("1"), json!(1), json!(""), Value::Null] {
        helper.refused(recall, json!({"class_id": class_id, "message_id": wrong}), 10003).await;
    }
    teacher.refused(recall, the(other, &by_pupil), 10003).await;
    let outsider = Component::register(&enterprise, "zhao", "student").await;
    outsider.refused(recall, the(class_id, &by_pupil), 10226).await;
    let elsewhere = service.enterprise().await;
    let stranger = Component::register(&elsewhere, "li", "teacher").await;
    stranger.refused(recall, the(class_id, &by_pupil), 10230).await;
    let foreign = json!({"class_id": class_id, "message_id": by_pupil, "user_id": "li"});
    elsewhere.refused(recall, foreign, 10230).await;
    assert!(!readable(&enterprise, class_id, &[]).await.contains("\"recalled\":1"));

    helper.ok(recall, the(class_id, &by_pupil)).await;
    helper.ok(recall, the(class_id, &by_teacher)).await;
    // The back end recalls any, in the name of a user.
    enterprise.ok(recall, json!({"class_id": class_id, "message_id": whispered, "user_id": "wang"})).await;
    let after = readable(&enterprise, class_id, &[&teacher]).await;
    assert!(!after.contains("by the") && !after.contains("to one"), "{after}");
    // After the end of the class too.
    let late = say(&pupil, class_id, json!({"content": "too late"})).await;
    enterprise.ok("class/start", json!({ "class_id": class_id })).await;
    enterprise.ok("class/stop", json!({ "class_id": class_id })).await;
    pupil.ok(recall, the(class_id, &late)).await;
    assert!(!readable(&enterprise, class_id, &[]).await.contains("too late"));
}

#[tokio::test]
async fn a_recalled_message_is_not_sent_again_by_a_repeated_call() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (class_id, _, pupil) = class_of_two(&enterprise).await;
    pupil.ok("member/join", json!({ "class_id": class_id })).await;
    for to in ["", "li"] {
        let message = json!({"class_id": class_id, "content": "oops", "random": 5, "to": to});
        let first = pupil.ok("imstorage/send", message.clone()).await;
        pupil.ok("imstorage/recall", the(class_id, first["message_id"].as_str().unwrap())).await;
        assert_eq!(pupil.ok("imstorage/send", message).await["message_id"], first["message_id"]);
    }
    let history = pupil.ok("imstorage/history", json!({ "class_id": class_id })).await.to_string();
    assert!(!history.contains("oops"), "{history}");
}

#[tokio::test]
async fn control_messages_can_not_be_recalled() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (class_id, teacher, pupil) = class_of_two(&enterprise).await;
    for who in [&teacher, &pupil] {
        who.ok("member/join", json!({ "class_id": class_id })).await;
    }
    pupil.ok("report/event", json!({"class_id": class_id, "event": "hand_up"})).await;
    for who in [&teacher, &pupil] {
        who.refused("imstorage/recall", the(class_id, "k1"), 10003).await;
    }
    let command = json!({"class_id": class_id, "group_id": class_id.to_string()});
    assert_eq!(enterprise.ok("imstorage/msg", command).await["list"][0]["ext"], "CTRL");
}
