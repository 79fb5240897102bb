//! Components join, begin and end a class.

use lectern::domain::tenancy::enterprise::Draft;
use serde_json::{Value, json};

use super::visibility::ids;
use crate::support::calls::COMPONENT_CALLS;
use crate::support::component::Component;
use crate::support::raw::Raw;
use crate::support::receiver::Receiver;
use crate::support::service::{BEGIN, Service};
use crate::support::webhooks;

#[tokio::test]
async fn a_malformed_request_is_refused_without_signing_the_page_out() {
    let service = Service::start_with(&["--body-limit-bytes", "1000"]);
    let enterprise = service.enterprise().await;
    let li = Component::register(&enterprise, "li", "student").await;
    for call in COMPONENT_CALLS.iter().filter(|call| !call.fields.is_empty()) {
        for body in ["x", "[]", "{\"class_id\":", "\u{feff}{}", "1", "null", "\"text\""] {
            let answer = li.send(call.name, body.to_owned()).await;
            assert_eq!(answer["error_code"], 10003, "{} {body}: {answer}", call.name);
        }
        assert_eq!(li.send(call.name, " ".repeat(1001)).await["error_code"], 10005, "{}", call.name);
    }
    let mut raw = Raw::connect(&service.url);
    for (method, path, status) in [("GET", "user/info", 405), ("PUT", "user/login", 405), ("POST", "user/invent", 404)]
    {
        raw.request(method, &li.url(path, "{}"), "", "{}");
        let answer = raw.read(method);
        assert_eq!((answer.status, answer.json()["error_code"].as_i64()), (status, Some(-1)), "{method} {path}");
    }
    // Without signing in, a caller does not learn which classes exist.
    let nobody = Component::of(&enterprise, "li", "");
    assert_eq!(nobody.call("user/invent", json!({})).await["error_code"], 10216);
    raw.request("OPTIONS", &li.url("user/info", ""), "", "");
    assert_eq!(raw.read("OPTIONS").status, 204);
}

#[tokio::test]
async fn only_moderators_of_a_class_begin_and_end_it() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let mut people = std::collections::HashMap::new();
    for (user_id, role) in [
        ("teacher_1", "teacher"),
        ("helper", "assistant"),
        ("second", "student"),
        ("boss", "superadmin"),
        ("office", "admin"),
        ("stranger", "teacher"),
        ("pupil", "student"),
        ("watcher", "supervisor"),
    ] {
        people.insert(user_id, Component::register(&enterprise, user_id, role).await);
    }
    let members = json!([{"role": "teacher", "user_id": "second"}, {"role": "student", "user_id": "pupil"}]);
    for leader in ["teacher_1", "helper", "second", "boss", "office"] {
        let fields = json!({"assistant_id": "helper", "members": members});
        let body = json!({"class_id": enterprise.class(fields).await});
        for call in ["class/start", "class/stop"] {
            for other in ["stranger", "pupil", "watcher"] {
                let message = people[other].refused(call, body.clone(), 10203).await;
                assert!(message.contains(other), "{message}");
            }
            people[leader].ok(call, body.clone()).await;
        }
        assert_eq!(enterprise.ok("class/info", body.clone()).await["class_status"], "end");
        people[leader].refused("class/start", body, 10224).await;
    }
    people["teacher_1"].refused("class/start", json!({"class_id": 999_999_999}), 10230).await;
    let other = service.enterprise().await;
    let theirs = other.class(json!({})).await;
    for call in ["class/start", "class/stop", "class/info", "member/join", "member/quit", "member/runtime/list"] {
        people["boss"].refused(call, json!({"class_id": theirs}), 10230).await;
    }
}

#[tokio::test]
async fn the_enterprise_is_notified_of_what_a_component_begins_and_ends() {
    let service = webhooks::start(&[]);
    let receiver = Receiver::start();
    let draft = Draft { name: "Test".into(), call_back_url: Some(receiver.url.clone()), ..Draft::default() };
    let enterprise = service.enterprise_of(draft).await;
    let teacher = Component::register(&enterprise, "teacher_1", "teacher").await;
    let recorded = enterprise.class(json!({"record_types": ["local", "remote"]})).await;
    let plain = enterprise.class(json!({})).await;
    let by_call = enterprise.class(json!({"record_types": ["remote"]})).await;
    enterprise.ok("class/start", json!({"class_id": by_call})).await;
    for class_id in [recorded, plain] {
        for call in ["class/start", "class/start", "class/stop", "class/stop"] {
            teacher.ok(call, json!({"class_id": class_id})).await;
        }
    }
    let feed = enterprise.ok("event/list", json!({})).await;
    let published: Vec<(i64, &str)> = feed["list"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| (event["class_id"].as_i64().unwrap(), event["event"].as_str().unwrap()))
        .collect();
    assert_eq!(
        published,
        [
            (by_call, "online_record_start"),
            (recorded, "class_begin"),
            (recorded, "online_record_start"),
            (recorded, "class_over"),
            (plain, "class_begin"),
            (plain, "class_over"),
        ]
    );
    let requests = receiver.wait_for(6).await;
    let mut refused: Vec<&Value> =
        requests.iter().filter(|request| request.event() == "online_record_start").map(|r| &r.body["data"]).collect();
    refused.sort_by_key(|data| data["class_id"].as_i64());
    let data = |class_id: i64| json!({"error_code": -1, "error_msg": "no recorder is configured", "class_id": class_id, "timestamp": BEGIN});
    assert_eq!(refused, [&data(recorded), &data(by_call)]);
}

#[tokio::test]
async fn joining_answers_the_last_session_and_who_is_on_stage() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let teacher = Component::register(&enterprise, "teacher_1", "teacher").await;
    let pupil = Component::register(&enterprise, "pupil", "student").await;
    let stranger = Component::register(&enterprise, "stranger", "student").await;
    let members = json!([{"role": "student", "user_id": "pupil"}]);
    let class_id = enterprise.class(json!({"class_type": "1vN", "members": members, "password": "open"})).await;
    teacher.refused("member/join", json!({"class_id": class_id}), 10225).await;
    teacher.ok("member/join", json!({"class_id": class_id, "password": "open", "camera": 1, "mic": 0})).await;
    // The caller joins, even if the body names another user.
    let body = json!({"class_id": class_id, "password": "open", "user_id": "stranger"});
    assert_eq!(
        pupil.call("member/join", body.clone()).await,
        json!({"error_code": 0, "error_msg": "", "role": "student", "history_camera": -1, "history_mic": -1,
            "history_speaker": -1, "history_silence": -1, "history_hand_up": -1, "history_enable_draw": -1,
            "member_permission_list": [{"user_id": "teacher_1", "camera": 1, "mic": 0}]})
    );
    for call in ["member/join", "class/info", "member/runtime/list"] {
        stranger.refused(call, body.clone(), 10226).await;
    }
    let inside = pupil.ok("member/runtime/list", json!({"class_id": class_id, "index": 0, "size": 20})).await;
    assert_eq!(ids(&inside, "user_id"), ["teacher_1", "pupil"]);
    assert_eq!(
        inside["list"][1]["status"],
        json!({"camera": 0, "mic": 0, "speaker": 0, "silence": 0, "hand_up": 0, "enable_draw": 0, "screen": 0})
    );
    assert_eq!(
        enterprise.ok("member/runtime/list", json!({"class_id": class_id, "index": 0, "size": 20})).await,
        inside
    );
    pupil.ok("member/quit", json!({"class_id": class_id})).await;
    pupil.ok("member/quit", json!({"class_id": class_id})).await;
    let inside = teacher.ok("member/runtime/list", json!({"class_id": class_id})).await;
    assert_eq!(ids(&inside, "user_id"), ["teacher_1"]);
    let again = pupil.ok("member/join", json!({"class_id": class_id, "password": "open"})).await;
    assert_eq!((&again["history_silence"], &again["history_enable_draw"]), (&json!(0), &json!(0)));
    // What a back end gets about a class, a component gets too.
    let info = pupil.ok("class/info", json!({"class_id": class_id})).await;
    let fields = enterprise.ok("class/info", json!({"class_id": class_id})).await;
    for (name, value) in fields.as_object().unwrap() {
        assert_eq!(info[name], *value, "{name}");
    }
}

#[tokio::test]
async fn those_who_come_late_learn_what_goes_on_in_the_class() {
    let service = Service::start_with(&["--hls-url", "https://live.example"]);
    let enterprise = service.enterprise().await;
    let teacher = Component::register(&enterprise, "teacher_1", "teacher").await;
    let late = Component::register(&enterprise, "late", "student").await;
    let class_id = enterprise.class(json!({})).await;
    let current = async || {
        let info = late.ok("class/info", json!({ "class_id": class_id })).await;
        let field = |name: &str| info[name].clone();
        ["current_check_in_id", "current_question_id", "duration_time", "class_video_type", "live_url"].map(field)
    };
    let nothing = |seconds: i64| [json!(""), json!(""), json!(seconds), json!(0), json!("")];
    assert_eq!(current().await, nothing(0));
    service.pass(10);
    teacher.ok("class/start", json!({ "class_id": class_id })).await;
    teacher.ok("member/join", json!({ "class_id": class_id })).await;
    service.pass(65);
    assert_eq!(current().await, nothing(65));
    let begin = json!({"class_id": class_id, "event": "apply_check_in", "data": {"check_id": "c1", "time_limit": 20}});
    teacher.ok("report/event", begin).await;
    for question_id in ["q1", "q2"] {
        let question =
            json!({"class_id": class_id, "question_id": question_id, "correct_answer": "A", "limit_time": 30});
        teacher.ok("question/launch", question).await;
    }
    assert_eq!(current().await[..2], [json!("c1"), json!("q2")]);
    teacher.ok("question/cancel", json!({"class_id": class_id, "question_id": "q2"})).await;
    service.pass(20);
    assert_eq!(current().await[..3], [json!(""), json!("q1"), json!(85)]);
    service.pass(10);
    assert_eq!(current().await, nothing(95));
    teacher.ok("class/stop", json!({ "class_id": class_id })).await;
    service.pass(100);
    assert_eq!(current().await, nothing(95));
    // The calls of back ends answer as before.
    let info = enterprise.ok("class/info", json!({ "class_id": class_id })).await;
    assert!(info.get("duration_time").is_none(), "{info}");
}
