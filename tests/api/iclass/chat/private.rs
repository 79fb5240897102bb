//! Private messages: who writes to whom, and who reads them.

use serde_json::{Value, json};

use crate::iclass::channel::class_of_two;
use crate::support::channel::Channel;
use crate::support::component::Component;
use crate::support::service::{Enterprise, Service};

/// A message to one person.
fn to(class_id: i64, receiver: &str, content: &str) -> Value {
    json!({"class_id": class_id, "to": receiver, "content": content})
}

/// A class with a teacher `li`, an assistant `helper`, pupils `wang` and `zhao`, all inside, and an administrator and a pupil
/// who are not.
struct Lesson<'a> {
    class_id: i64,
    li: Component<'a>,
    helper: Component<'a>,
    wang: Component<'a>,
    zhao: Component<'a>,
    boss: Component<'a>,
}

impl<'a> Lesson<'a> {
    async fn begin(enterprise: &Enterprise<'a>) -> Self {
        let li = Component::register(enterprise, "li", "teacher").await;
        let helper = Component::register(enterprise, "helper", "teacher").await;
        let wang = Component::register(enterprise, "wang", "student").await;
        let zhao = Component::register(enterprise, "zhao", "student").await;
        let boss = Component::register(enterprise, "boss", "admin").await;
        Component::register(enterprise, "late", "student").await;
        Component::register(enterprise, "stranger", "student").await;
        let pupils = ["wang", "zhao", "late"].map(|user_id| json!({"user_id": user_id, "role": "student"}));
        let class = json!({"teacher_id": "li", "assistant_id": "helper", "class_type": "1vN", "members": pupils});
        let class_id = enterprise.class(class).await;
        for who in [&li, &helper, &wang, &zhao] {
            who.ok("member/join", json!({ "class_id": class_id })).await;
        }
        Self { class_id, li, helper, wang, zhao, boss }
    }
}

/// What a user reads in the history, as sender, receiver and content.
async fn read(component: &Component<'_>, class_id: i64) -> Vec<[String; 3]> {
    let history = component.ok("imstorage/history", json!({ "class_id": class_id })).await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let row = |message: &Value| ["user_id", "to", "content"].map(|field| text(&message[field]));
    history["messages"].as_array().unwrap().iter().map(row).collect()
}

#[tokio::test]
async fn pupils_write_to_those_who_lead_the_class_and_these_to_everybody() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let Lesson { class_id, li, helper, wang, boss, .. } = Lesson::begin(&enterprise).await;
    let mut number = 0;
    for (sender, receiver) in
        [(&wang, "li"), (&wang, "helper"), (&li, "wang"), (&li, "helper"), (&li, "late"), (&helper, "zhao")]
    {
        let sent = sender.ok("imstorage/send", to(class_id, receiver, "hello")).await;
        number += 1;
        assert_eq!((&sent["message_id"], &sent["sequence"]), (&json!(format!("p{number}")), &json!(0)), "{receiver}");
    }
    // The answer does not show who exists.
    for (sender, receiver) in [
        (&wang, "zhao"),
        (&wang, "wang"),
        (&wang, "boss"),
        (&wang, "stranger"),
        (&wang, "nobody"),
        (&li, "li"),
        (&li, "stranger"),
        (&li, "nobody"),
    ] {
        let problem = sender.refused("imstorage/send", to(class_id, receiver, "hello"), 10203).await;
        let expected = format!("to {receiver:?}: gets no private messages of this user in class_id {class_id}");
        assert_eq!(problem, expected);
    }
    // An administrator leads the class while being inside a public one.
    enterprise.ok("class/modify", json!({"class_id": class_id, "class_type": "public"})).await;
    boss.ok("member/join", json!({ "class_id": class_id })).await;
    wang.ok("imstorage/send", to(class_id, "boss", "hello")).await;
    boss.ok("imstorage/send", to(class_id, "wang", "hello")).await;
}

#[tokio::test]
async fn nobody_else_reads_a_private_message() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let Lesson { class_id, li, helper, wang, zhao, boss } = Lesson::begin(&enterprise).await;
    let (mut at_li, _) = Channel::enter(&li, class_id).await;
    let (mut at_wang, _) = Channel::enter(&wang, class_id).await;
    let (mut at_helper, _) = Channel::enter(&helper, class_id).await;
    let all = json!({"class_id": class_id, "content": "to all"});
    assert_eq!(wang.ok("imstorage/send", all.clone()).await["message_id"], "c1");
    wang.ok("imstorage/send", to(class_id, "li", "a secret")).await;
    li.ok("imstorage/send", to(class_id, "wang", "an answer")).await;
    // The numbers of the group have no gap.
    assert_eq!(zhao.ok("imstorage/send", all).await["message_id"], "c2");

    let row = |from: &str, to: &str, content: &str| [from, to, content].map(str::to_owned);
    let public = [row("wang", "", "to all"), row("zhao", "", "to all")];
    let whole = [public[0].clone(), row("wang", "li", "a secret"), row("li", "wang", "an answer"), public[1].clone()];
    for (who, expected) in
        [(&li, &whole[..]), (&wang, &whole[..]), (&helper, &public[..]), (&zhao, &public[..]), (&boss, &public[..])]
    {
        assert_eq!(read(who, class_id).await, expected, "{}", who.user_id);
        let messages = who.ok("imstorage/msg", json!({ "class_id": class_id })).await.to_string();
        assert!(!messages.contains("secret") && !messages.contains("answer"), "{messages}");
    }
    for channel in [&mut at_li, &mut at_wang] {
        let received = [channel.event("message").await, channel.event("message").await];
        assert_eq!([&received[0]["content"], &received[1]["content"]], ["to all", "a secret"]);
        let secret =
            [&received[1]["group_id"], &received[1]["message_id"], &received[1]["to"], &received[1]["nickname"]];
        assert_eq!(secret, ["", "p1", "li", "wang"]);
        assert_eq!(
            (&received[1]["sequence"], &received[1]["role"], &received[1]["recalled"]),
            (&json!(0), &json!("student"), &json!(false))
        );
    }
    let (_, received) = at_helper.ping().await;
    let received = Value::from(received).to_string();
    assert!(!received.contains("secret") && !received.contains("answer") && received.contains("to all"), "{received}");

    // The back end of the enterprise reads them by a call of its own only.
    let messages = enterprise.ok("imstorage/msg", json!({ "class_id": class_id })).await;
    assert_eq!(messages["total"], 2);
    let private = enterprise.ok("imstorage/private", json!({"class_id": class_id, "size": 1, "after": ""})).await;
    let expected = json!([{"message_id": "p1", "user_id": "wang", "to": "li", "type": "text", "content": "a secret",
        "random": 0, "send_time": service.now(), "recalled": 0}]);
    assert_eq!((&private["total"], &private["finish"], &private["list"]), (&json!(2), &json!(false), &expected));
    let after = json!({"class_id": class_id, "after": private["next"]});
    assert_eq!(enterprise.ok("imstorage/private", after).await["list"][0]["content"], "an answer");
}

#[tokio::test]
async fn a_private_message_that_comes_again_is_kept_once() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let Lesson { class_id, li, wang, .. } = Lesson::begin(&enterprise).await;
    let mut message = to(class_id, "li", "hello");
    message["random"] = json!(5);
    let first = wang.ok("imstorage/send", message.clone()).await;
    service.pass(5);
    let again = wang.ok("imstorage/send", message.clone()).await;
    assert_eq!((&again["message_id"], &again["send_time"]), (&first["message_id"], &first["send_time"]));
    for (field, value) in [("content", "other"), ("to", "helper")] {
        let mut other = message.clone();
        other[field] = json!(value);
        wang.refused("imstorage/send", other, 10003).await;
    }
    // The numbers of a group are others.
    let mut public = message.clone();
    public["to"] = json!("");
    assert_eq!(wang.ok("imstorage/send", public).await["message_id"], "c1");
    message["group_id"] = json!(class_id.to_string());
    let problem = wang.refused("imstorage/send", message, 10003).await;
    assert!(problem.starts_with("to: "), "{problem}");
    assert_eq!(read(&li, class_id).await.len(), 2);
}

#[tokio::test]
async fn private_messages_go_with_their_class_and_end_with_it() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let Lesson { class_id, li, wang, .. } = Lesson::begin(&enterprise).await;
    wang.ok("imstorage/send", to(class_id, "li", "hello")).await;
    enterprise.ok("class/start", json!({ "class_id": class_id })).await;
    enterprise.ok("class/stop", json!({ "class_id": class_id })).await;
    wang.refused("imstorage/send", to(class_id, "li", "hello"), 10203).await;
    assert_eq!(read(&li, class_id).await.len(), 1);
    enterprise.ok("class/delete", json!({ "class_id": class_id })).await;
    enterprise.refused("imstorage/private", json!({ "class_id": class_id }), 10230).await;
    li.refused("imstorage/history", json!({ "class_id": class_id }), 10230).await;
}

#[tokio::test]
async fn who_was_put_out_gets_no_private_messages() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (class_id, teacher, pupil) = class_of_two(&enterprise).await;
    for who in [&teacher, &pupil] {
        who.ok("member/join", json!({ "class_id": class_id })).await;
    }
    teacher.ok("imstorage/send", to(class_id, "wang", "hello")).await;
    teacher.ok("report/event", json!({"class_id": class_id, "event": "kick", "data": ["wang"]})).await;
    teacher.refused("imstorage/send", to(class_id, "wang", "hello"), 10203).await;
    pupil.refused("imstorage/send", to(class_id, "li", "hello"), 10203).await;
    pupil.refused("imstorage/history", json!({ "class_id": class_id }), 10203).await;
}
