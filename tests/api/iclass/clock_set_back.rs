//! The clock of the machine is set back during a class: nothing ends before it began, and nothing lasts a negative time.

use lectern::domain::events::event::Extra;
use lectern::domain::tenancy::enterprise::Patch;
use serde_json::{Value, json};

use crate::support::component::Component;
use crate::support::receiver::{Receiver, Reply};
use crate::support::service::{BEGIN, Enterprise, Service};
use crate::support::webhooks;

/// By how many seconds a clock is set back: by a correction, and by somebody's mistake.
const STEPS: [i64; 2] = [1, 600];

fn number(row: &Value, name: &str) -> i64 {
    row[name].as_i64().unwrap_or_else(|| panic!("no {name}: {row}"))
}

/// Checks that the second time is not before the first.
fn in_order(row: &Value, begin: &str, end: &str) {
    assert!(number(row, begin) <= number(row, end), "{begin} is after {end}: {row}");
}

fn rows(answer: &Value, name: &str) -> Vec<Value> {
    answer[name].as_array().unwrap_or_else(|| panic!("no {name}: {answer}")).clone()
}

/// Registers a teacher and two students, and lets them enter a class that goes on.
async fn class_of<'a>(enterprise: &Enterprise<'a>) -> (i64, [Component<'a>; 3]) {
    let callback_events = Some(vec![Extra::JoinClass, Extra::QuitClass]);
    enterprise.set(Patch { callback_on_api: Some(true), callback_events, ..Patch::default() }).await;
    let people = [
        Component::register(enterprise, "teacher_1", "teacher").await,
        Component::register(enterprise, "s1", "student").await,
        Component::register(enterprise, "s2", "student").await,
    ];
    let class_id = enterprise.class(json!({"class_type": "public"})).await;
    people[0].ok("class/start", json!({ "class_id": class_id })).await;
    for person in &people {
        person.ok("member/join", json!({ "class_id": class_id })).await;
    }
    (class_id, people)
}

#[tokio::test]
async fn no_session_class_question_or_check_in_ends_before_it_began() {
    for step in STEPS {
        let service = Service::start();
        let enterprise = service.enterprise().await;
        let (class_id, [teacher, one, two]) = class_of(&enterprise).await;
        let of_class = |mut fields: Value| {
            fields["class_id"] = class_id.into();
            fields
        };
        let question = |id: &str| of_class(json!({"question_id": id, "options": ["A"], "correct_answer": ["A"]}));
        for id in ["q1", "q2"] {
            teacher.ok("question/launch", question(id)).await;
        }
        let report = |event: &str, data: Value| of_class(json!({"event": event, "data": data}));
        teacher.ok("report/event", report("check_in", json!({"check_id": "c1"}))).await;
        one.ok("report/event", report("mic_open", json!({}))).await;

        service.pass(-step);
        one.ok("report/event", report("check_in", json!({"check_id": "c1"}))).await;
        one.ok("report/event", report("mic_close", json!({}))).await;
        one.ok("question/reply", of_class(json!({"question_id": "q1", "reply_select": "A"}))).await;
        teacher.ok("question/cancel", of_class(json!({"question_id": "q1"}))).await;
        teacher.ok("report/event", report("check_in", json!({"check_id": "c2"}))).await;
        // One leaves and enters again; the other is inside until the class ends.
        one.ok("member/quit", of_class(json!({}))).await;
        one.ok("member/join", of_class(json!({}))).await;
        one.ok("member/quit", of_class(json!({}))).await;
        let during = enterprise.ok("class/attendance", of_class(json!({}))).await;
        teacher.ok("class/stop", of_class(json!({}))).await;
        let after = enterprise.ok("class/attendance", of_class(json!({}))).await;

        let class = enterprise.ok("class/info", of_class(json!({}))).await;
        in_order(&class, "real_start_time", "real_stop_time");
        for id in ["q1", "q2"] {
            let shown = teacher.ok("question/result", of_class(json!({"question_id": id}))).await;
            in_order(&shown, "start_time", "end_time");
            for reply in rows(&shown, "reply_detail") {
                assert!(number(&reply, "reply_time") >= number(&shown, "start_time"), "{shown}");
            }
        }
        for id in ["c1", "c2"] {
            let shown = teacher.ok("checkIn/result", of_class(json!({"check_id": id}))).await;
            in_order(&shown, "start_time", "end_time");
            for answer in rows(&shown, "member_detail") {
                // Who did not answer may be listed without a time.
                let time = answer["check_in_time"].as_i64().unwrap_or_default();
                assert!(time == 0 || time >= number(&shown, "start_time"), "{shown}");
            }
        }
        for attendance in [during, after.clone()] {
            for row in rows(&attendance, "list") {
                for (name, value) in row.as_object().unwrap() {
                    assert!(value.as_i64().is_none_or(|number| number >= 0), "{name}: {row}");
                }
                for session in rows(&row, "stay_list") {
                    assert!(
                        session["quit_time"] == 0 || session["enter_time"].as_i64() <= session["quit_time"].as_i64()
                    );
                }
            }
        }
        for row in rows(&after, "list") {
            for session in rows(&row, "stay_list") {
                in_order(&session, "enter_time", "quit_time");
            }
        }
        for row in rows(&enterprise.ok("member/history/list", of_class(json!({}))).await, "list") {
            in_order(&row, "enter_time", "quit_time");
        }
        let events = rows(&enterprise.ok("event/list", of_class(json!({}))).await, "list");
        let time_of = |name: &str, field: &str, user_id: Option<&str>| -> Vec<i64> {
            let wanted = events.iter().filter(|event| {
                event["event"] == name && user_id.is_none_or(|user_id| event["data"]["user_id"] == user_id)
            });
            wanted.map(|event| number(&event["data"], field)).collect()
        };
        assert!(time_of("class_begin", "real_start_time", None) <= time_of("class_over", "real_stop_time", None));
        for user_id in ["teacher_1", "s1", "s2"] {
            let came = time_of("join_class", "join_time", Some(user_id));
            let went = time_of("quit_class", "quit_time", Some(user_id));
            assert_eq!(came.len(), went.len(), "{events:?}");
            assert!(came.iter().zip(&went).all(|(came, went)| came <= went), "{step} {user_id}: {came:?} {went:?}");
        }
        drop(two);
    }
}

#[tokio::test]
async fn a_class_that_goes_on_past_its_time_still_ends_after_the_clock_was_set_back() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let work = async || service.app.presence.work(&service.app.db, service.clock.now()).await.unwrap();
    service.pass(800);
    work().await;
    service.pass(-600);
    let last = enterprise.class(json!({"start_time": BEGIN, "stop_time": BEGIN + 201})).await;
    enterprise.ok("class/start", json!({ "class_id": last })).await;
    service.pass(90);
    // Classes are looked for every ten seconds, whatever the clock said before.
    work().await;
    let info = enterprise.ok("class/info", json!({ "class_id": last })).await;
    assert_eq!(info["class_status"], "end", "{info}");
}

#[tokio::test]
async fn a_delivery_is_not_settled_before_its_event() {
    for step in STEPS {
        let service = webhooks::start(&[]);
        let receiver = Receiver::answering(|_| Reply::Hold);
        let enterprise = webhooks::subscribed(&service, &receiver.url).await;
        webhooks::test_events(&enterprise, 1).await;
        receiver.wait_for(1).await;
        service.pass(-step);
        receiver.release();
        let delivered = webhooks::wait_for(&enterprise, json!({}), |rows| {
            rows.first().is_some_and(|row| row["state"] == "delivered")
        });
        let delivery = delivered.await.remove(0);
        in_order(&delivery, "create_time", "settled_time");
        let shown = enterprise.ok("callback/info", json!({"delivery_id": delivery["delivery_id"]})).await;
        for attempt in rows(&shown, "attempt_list") {
            assert!(number(&attempt, "duration") >= 0, "{shown}");
            assert!(number(&attempt, "begin_time") >= number(&delivery, "create_time"), "{shown}");
        }
    }
}

#[tokio::test]
async fn what_is_to_be_delivered_again_does_not_wait_until_the_clock_has_caught_up() {
    let service = webhooks::start(&[]);
    let receiver = Receiver::answering(|_| Reply::Close);
    let enterprise = webhooks::subscribed(&service, &receiver.url).await;
    webhooks::test_events(&enterprise, 1).await;
    webhooks::wait_for(&enterprise, json!({}), |rows| rows.iter().any(|row| row["attempts"] == 1)).await;
    receiver.answer(|_| Reply::Ack);
    service.pass(-600);
    let delivered = |rows: &[Value]| rows.iter().all(|row| row["state"] == "delivered");
    webhooks::wait_for(&enterprise, json!({}), delivered).await;
}
