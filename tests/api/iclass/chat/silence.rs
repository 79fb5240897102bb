//! Who is silenced, in every way of saying something.

use serde_json::{Value, json};

use super::images::{png, upload};
use crate::iclass::channel::class_of_two;
use crate::support::channel::Channel;
use crate::support::service::Service;

#[tokio::test]
async fn who_is_silenced_says_nothing_to_all_but_may_write_to_the_teacher() {
    for (silence, lift) in [("slience", "del_slience"), ("all_silence", "del_all_silence")] {
        let service = Service::start();
        let enterprise = service.enterprise().await;
        let (class_id, teacher, pupil) = class_of_two(&enterprise).await;
        let (mut channel, _) = Channel::enter(&pupil, class_id).await;
        teacher.ok("member/join", json!({ "class_id": class_id })).await;
        let image = upload(&pupil, class_id, png(3, 2)).await["url"].clone();
        let data = if silence == "slience" { json!(["wang"]) } else { Value::Null };
        let report = async |event: &str| {
            teacher.ok("report/event", json!({"class_id": class_id, "event": event, "data": data})).await;
        };
        let command = class_id.to_string();
        let ways = [
            json!({"content": "hello"}),
            json!({"content": "hello", "group_id": command}),
            json!({"content": "{}", "type": "custom"}),
            json!({"content": "{}", "type": "custom", "to": "li"}),
            json!({"content": image, "type": "image", "to": "li"}),
            json!({"content": image, "type": "image"}),
        ];
        report(silence).await;
        for way in &ways {
            let mut message = way.clone();
            message["class_id"] = class_id.into();
            pupil.refused("imstorage/send", message.clone(), 10203).await;
            let reply = channel.call("imstorage/send", message).await;
            assert_eq!(reply["error_code"], 10203, "{silence} {way}: {reply}");
        }
        assert_eq!(upload(&pupil, class_id, png(3, 2)).await["error_code"], 10203);
        // The components of silenced pupils go on, and so does what is written to the teacher.
        let data = json!({"class_id": class_id, "content": "{}", "type": "custom", "group_id": command});
        pupil.ok("imstorage/send", data).await;
        pupil.ok("imstorage/send", json!({"class_id": class_id, "content": "why?", "to": "li"})).await;
        for way in &ways[..3] {
            let mut message = way.clone();
            message["class_id"] = class_id.into();
            teacher.ok("imstorage/send", message).await;
        }
        report(lift).await;
        for way in ways {
            let mut message = way.clone();
            message["class_id"] = class_id.into();
            let again = message["type"] == "image" && message.get("to").is_none();
            // The image was sent to the teacher by then.
            if !again {
                pupil.ok("imstorage/send", message).await;
            }
        }
    }
}

#[tokio::test]
async fn the_silence_of_all_is_not_for_those_who_lead_the_class() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (class_id, teacher, pupil) = class_of_two(&enterprise).await;
    for who in [&teacher, &pupil] {
        who.ok("member/join", json!({ "class_id": class_id })).await;
    }
    teacher.ok("report/event", json!({"class_id": class_id, "event": "all_silence"})).await;
    let hello = json!({"class_id": class_id, "content": "hello"});
    teacher.ok("imstorage/send", hello.clone()).await;
    pupil.refused("imstorage/send", hello.clone(), 10203).await;
    // Leaving and entering again does not help.
    pupil.ok("member/quit", json!({ "class_id": class_id })).await;
    pupil.ok("member/join", json!({ "class_id": class_id })).await;
    pupil.refused("imstorage/send", hello.clone(), 10203).await;
    // Who becomes an assistant meanwhile may speak.
    enterprise.ok("class/modify", json!({"class_id": class_id, "assistant_id": "wang"})).await;
    pupil.ok("imstorage/send", hello.clone()).await;
    // The back end of the enterprise is never silenced.
    let mut signed = hello;
    signed["user_id"] = json!("wang");
    enterprise.ok("imstorage/send", signed).await;
}
