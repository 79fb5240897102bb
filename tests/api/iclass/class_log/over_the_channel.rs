//! The same over the WebSocket: what clients receive, as JSON, in snapshots and events, and after they reconnect.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::lesson;
use crate::support::channel::Channel;
use crate::support::component::Component;
use crate::support::service::Service;

/// What a page knows: the parts of its snapshot that these tests change, with the members by their ids.
fn known(snapshot: &Value) -> BTreeMap<String, Value> {
    let mut known = BTreeMap::new();
    for part in ["class", "check_in", "question"] {
        known.insert(part.to_owned(), snapshot[part].clone());
    }
    for member in snapshot["members"].as_array().unwrap() {
        known.insert(format!("member {}", member["user_id"].as_str().unwrap()), member.clone());
    }
    known
}

/// What it knows after an event.
fn apply(known: &mut BTreeMap<String, Value>, event: &Value) {
    let data = &event["data"];
    match event["event"].as_str().unwrap() {
        "member" => drop(known.insert(format!("member {}", data["user_id"].as_str().unwrap()), data.clone())),
        "member_left" => drop(known.remove(&format!("member {}", data["user_id"].as_str().unwrap()))),
        "all_silence" => {
            let moderators = ["teacher", "assistant", "admin", "superadmin"];
            for (_, member) in known.iter_mut().filter(|(name, _)| name.starts_with("member ")) {
                if !moderators.contains(&member["role"].as_str().unwrap()) {
                    member["silence"] = data["silence"].clone();
                }
            }
        }
        "class" => drop(known.insert("class".into(), data.clone())),
        _ => {}
    }
}

#[tokio::test]
async fn a_snapshot_and_the_events_after_it_are_the_next_snapshot() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (class_id, teacher, li) = lesson(&enterprise).await;
    let (mut pupil, _) = Channel::enter(&li, class_id).await;
    pupil.ok("report/event", json!({"class_id": class_id, "event": "mic_open"})).await;
    let (mut page, welcome) = Channel::enter(&teacher, class_id).await;
    let mut seen = known(&welcome["snapshot"]);
    assert_eq!(welcome["snapshot"]["members_total"], 2);
    let avatar = seen["member li"]["avatar"].as_str().unwrap();
    assert!(avatar.starts_with(&format!("{}/avatars/", service.url)), "{avatar}");

    pupil.ok("report/event", json!({"class_id": class_id, "event": "hand_up"})).await;
    pupil.ok("report/event", json!({"class_id": class_id, "event": "camera_open"})).await;
    page.ok("report/event", json!({"class_id": class_id, "event": "all_silence"})).await;
    enterprise.students(&["wang"]).await;
    enterprise.ok("member/join", json!({"class_id": class_id, "user_id": "wang"})).await;
    enterprise.ok("user/profile/modify", json!({"user_id": "li", "nickname": "李雷"})).await;
    enterprise.ok("member/quit", json!({"class_id": class_id, "user_id": "wang"})).await;
    assert_eq!(page.event("member_left").await, json!({"user_id": "wang", "reason": "quit"}));

    // A page that reconnects receives what it missed; a new one receives a snapshot. Both have the same state.
    let (mut back, rest) = Channel::enter_again(&teacher, class_id, welcome["sequence"].as_i64().unwrap()).await;
    assert!(rest.get("snapshot").is_none(), "{rest}");
    let (_, missed) = back.ping().await;
    for event in missed.iter().filter(|message| message["type"] == "event") {
        apply(&mut seen, event);
    }
    let (_fresh, now) = Channel::enter(&teacher, class_id).await;
    assert_eq!(seen, known(&now["snapshot"]));
    assert_eq!(seen["member li"]["nickname"], "李雷");
    assert_eq!((&seen["member li"]["silence"], &seen["member li"]["camera"]), (&json!(1), &json!(1)));
    assert_eq!(seen["class"]["enable_all_silence"], 1);
}

#[tokio::test]
async fn a_question_and_a_check_in_have_what_each_may_see() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (class_id, teacher, li) = lesson(&enterprise).await;
    let (mut page, _) = Channel::enter(&teacher, class_id).await;
    page.ok("report/event", json!({"class_id": class_id, "event": "mic_open"})).await;
    let (mut pupil, first) = Channel::enter(&li, class_id).await;
    let asked = json!({"class_id": class_id, "question_id": "q", "options": {"A": "one", "B": "two"},
        "correct_answer": ["A"], "limit_time": 60});
    page.ok("question/launch", asked).await;
    page.ok("report/event", json!({"class_id": class_id, "event": "apply_check_in", "data": {"check_id": "c"}})).await;
    let question = pupil.event("question").await;
    let start = service.clock.now();
    let open = json!({"question_id": "q", "user_id": "teacher_1", "options": {"A": "one", "B": "two"},
        "launch_time": start, "limit": 60_000, "end_time": null, "correct_answer": null, "result": null});
    assert_eq!(question, open);
    let check_in = pupil.event("check_in").await;
    let opened = json!({"check_id": "c", "user_id": "teacher_1", "start_time": start, "limit": 0, "end_time": null});
    assert_eq!(check_in, opened);
    pupil.ok("question/reply", json!({"class_id": class_id, "question_id": "q", "reply_select": ["B"]})).await;
    pupil.ok("report/event", json!({"class_id": class_id, "event": "check_in", "data": {"check_id": "c"}})).await;
    let mut answer = json!({"question_id": "q", "user_id": "li", "select": ["B"], "is_right": null, "time": start});
    assert_eq!(pupil.event("question_answered").await, answer);
    answer["is_right"] = json!(false);
    assert_eq!(
        page.message_where(|message| message["data"]["correct_answer"] == json!(["A"])).await["event"],
        "question"
    );
    assert_eq!(page.event("question_answered").await, answer);
    assert_eq!(page.event("checked_in").await, json!({"check_id": "c", "user_id": "li", "time": start}));

    let (_, seen) = Channel::enter(&teacher, class_id).await;
    let result = json!({"answered": 1, "right": 0, "pupils": 1, "counts": {"B": 1}});
    assert_eq!(seen["snapshot"]["question"]["result"], result);
    assert_eq!(seen["snapshot"]["question"]["answers"], json!([answer]));
    assert_eq!(seen["snapshot"]["check_in"]["checked_users"], json!(["li"]));
    assert_eq!(seen["snapshot"]["check_in"]["checked"], false);
    let (_, seen) = Channel::enter(&li, class_id).await;
    let mut own = open.clone();
    own["answer"] = json!(["B"]);
    own["answer_is_final"] = json!(true);
    assert_eq!(seen["snapshot"]["question"], own);
    let mut own = opened.clone();
    own["checked"] = json!(true);
    assert_eq!(seen["snapshot"]["check_in"], own);
    // A pupil who reconnects does not receive answers either.
    let (mut back, _) = Channel::enter_again(&li, class_id, first["sequence"].as_i64().unwrap()).await;
    let (_, missed) = back.ping().await;
    let names: Vec<&str> = missed.iter().filter_map(|message| message["event"].as_str()).collect();
    let expected = ["control", "question", "control", "check_in", "question_answered", "checked_in"];
    assert_eq!(names, expected, "{missed:?}");
    assert!(!json!(missed).to_string().contains(r#""correct_answer":["A"]"#));
}

#[tokio::test]
async fn removed_members_and_those_of_a_class_that_ends_receive_the_reason() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (class_id, teacher, li) = lesson(&enterprise).await;
    let (mut page, _) = Channel::enter(&teacher, class_id).await;
    let (mut pupil, _) = Channel::enter(&li, class_id).await;
    page.ok("report/event", json!({"class_id": class_id, "event": "kick", "data": {"user_id": "li"}})).await;
    assert_eq!(pupil.ended().await, (4002, "kicked".into()));
    assert_eq!(page.event("member_left").await, json!({"user_id": "li", "reason": "kicked"}));
    enterprise.ok("member/add", json!({"class_id": class_id, "list": [{"user_id": "li", "role": "student"}]})).await;
    let (mut pupil, _) = Channel::enter(&li, class_id).await;
    page.ok("class/stop", json!({"class_id": class_id})).await;
    assert_eq!(pupil.event("class").await["class_status"], "end");
    assert_eq!(pupil.ended().await.0, 4003);
    assert_eq!(page.ended().await.0, 4003);
    // A class that is deleted.
    let waiting = enterprise.class(json!({})).await;
    let (mut pupil, _) = Channel::enter(&li, waiting).await;
    enterprise.ok("class/delete", json!({"class_id": waiting})).await;
    assert_eq!(pupil.ended().await.0, 4003);
}

#[tokio::test]
async fn whoever_becomes_an_assistant_learns_what_assistants_do() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (class_id, teacher, li) = lesson(&enterprise).await;
    let wang = Component::register(&enterprise, "wang", "student").await;
    wang.ok("member/join", json!({"class_id": class_id})).await;
    let (mut page, _) = Channel::enter(&teacher, class_id).await;
    let (mut helper, _) = Channel::enter(&li, class_id).await;
    page.ok("report/event", json!({"class_id": class_id, "event": "apply_check_in", "data": {"check_id": "c"}})).await;
    enterprise.ok("member/add", json!({"class_id": class_id, "list": [{"user_id": "li", "role": "assistant"}]})).await;
    helper.message_where(|message| message["data"]["role"] == "assistant").await;
    wang.reports(class_id, "check_in", Value::Null).await;
    assert_eq!(helper.event("checked_in").await["user_id"], "wang");
}

#[tokio::test]
async fn a_snapshot_has_the_last_question_with_its_result_and_whether_the_answer_may_change() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (class_id, teacher, li) = lesson(&enterprise).await;
    let last_question = async |component: &Component<'_>| {
        let (_, seen) = Channel::enter(component, class_id).await;
        seen["snapshot"]["question"].clone()
    };
    teacher.ok("question/launch", json!({"class_id": class_id, "question_id": "q", "options": ["A", "B"]})).await;
    assert_eq!(last_question(&li).await["answer_is_final"], false, "nothing was answered");
    li.ok("question/reply", json!({"class_id": class_id, "question_id": "q", "reply_select": ["B"]})).await;
    let open = last_question(&li).await;
    assert_eq!((&open["answer"], &open["answer_is_final"]), (&json!(["B"]), &json!(false)));
    assert!(open["result"].is_null() && open["end_time"].is_null(), "{open}");

    service.pass(5);
    teacher.ok("question/cancel", json!({"class_id": class_id, "question_id": "q"})).await;
    let result = json!({"answered": 1, "right": 0, "pupils": 1, "counts": {"B": 1}});
    let ended = last_question(&li).await;
    assert_eq!((&ended["answer"], &ended["answer_is_final"]), (&json!(["B"]), &json!(true)));
    assert_eq!((&ended["result"], &ended["end_time"]), (&result, &json!(service.clock.now())));
    assert!(ended["answers"].is_null(), "pupils do not see the answers of others: {ended}");
    let seen_by_teacher = last_question(&teacher).await;
    assert_eq!((&seen_by_teacher["result"], &seen_by_teacher["answers"][0]["user_id"]), (&result, &json!("li")));
}
