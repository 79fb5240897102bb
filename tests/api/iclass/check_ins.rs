//! Check-ins: who may begin and answer one, until when, and what the page does.

use lectern::domain::classroom::check_in;
use lectern::domain::{Error, Field};
use lectern::store::ids::ClassId;
use serde_json::{Value, json};

use crate::support::service::{BEGIN, Service};

#[tokio::test]
async fn a_check_in_is_begun_by_moderators_and_answered_in_time() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = enterprise.full_class(json!({})).await;
    let sheet = async |by: &'static str, check_id: Option<&'static str>| {
        enterprise
            .write(move |conn, row| check_in::result(conn, row.enterprise_id, ClassId(class_id), by, check_id))
            .await
    };
    let early = enterprise.report(class_id, "s1", "check_in", Value::Null).await;
    assert!(matches!(early, Err(Error::Invalid { field: Field::CheckIn, .. })), "{early:?}");
    enterprise.report(class_id, "teacher_1", "check_in", json!({"check_id": "c1", "time_limit": 60})).await.unwrap();
    service.pass(59);
    enterprise.report(class_id, "s1", "check_in", json!({"check_id": "c1"})).await.unwrap();
    enterprise.report(class_id, "s1", "check_in", Value::Null).await.unwrap();
    // A repeated call does not start it again.
    enterprise.report(class_id, "teacher_1", "check_in", json!({"check_id": "c1", "time_limit": 60})).await.unwrap();
    service.pass(1);
    let late = enterprise.report(class_id, "s2", "check_in", json!({"check_id": "c1"})).await;
    assert!(matches!(late, Err(Error::Invalid { field: Field::CheckIn, .. })), "{late:?}");
    let seen = sheet("teacher_1", Some("c1")).await.unwrap();
    assert_eq!(seen.members, [("s1".to_owned(), Some((BEGIN + 59) * 1000)), ("s2".to_owned(), None)]);
    assert_eq!((seen.answered, seen.pupils, seen.ends), (1, 2, Some((BEGIN + 60) * 1000)));
    let own = sheet("s2", None).await.unwrap();
    assert_eq!((own.members, own.answered), (vec![("s2".to_owned(), None)], 1));
    // A new one ends the previous one. The end of the class ends the last.
    enterprise.report(class_id, "admin", "check_in", json!({"check_id": "c2"})).await.unwrap();
    service.pass(10);
    enterprise.report(class_id, "helper", "check_in", json!({"check_id": "c3"})).await.unwrap();
    assert_eq!(sheet("root", Some("c2")).await.unwrap().ends, Some((BEGIN + 70) * 1000));
    assert_eq!(sheet("root", Some("c3")).await.unwrap().ends, None);
    enterprise.ok("member/quit", json!({"class_id": class_id, "user_id": "s2"})).await;
    let outside = enterprise.report(class_id, "s2", "check_in", Value::Null).await;
    assert!(matches!(outside, Err(Error::Forbidden(_))), "{outside:?}");
    enterprise.ok("class/stop", json!({"class_id": class_id})).await;
    let over = enterprise.report(class_id, "s1", "check_in", Value::Null).await;
    assert!(matches!(over, Err(Error::ClassEnded(_))), "{over:?}");
    assert_eq!(sheet("root", Some("c3")).await.unwrap().ends, Some((BEGIN + 70) * 1000));
}

#[tokio::test]
async fn the_page_begins_a_check_in_with_its_own_id_and_ends_it() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let members = json!([{"role": "student", "user_id": "s1"}, {"role": "student", "user_id": "absent"}]);
    let class_id = enterprise.full_class(json!({ "members": members })).await;
    let (teacher, s1) = (enterprise.token("teacher_1").await, enterprise.token("s1").await);
    let report = async |token: &(String, String), event: &str, data: Value| {
        let body = json!({"class_id": class_id, "event": event, "data": data});
        enterprise.component("report/event", token, body).await["error_code"].clone()
    };
    let id = json!({"check_id": "1700000000123"});
    assert_eq!(report(&s1, "apply_check_in", id.clone()).await, 10203);
    assert_eq!(report(&teacher, "apply_check_in", id.clone()).await, 0);
    assert_eq!(report(&s1, "check_in", json!({"check_id": "1700000000123", "user_id": "s1"})).await, 0);
    assert_eq!(report(&s1, "cancel_check_in", id.clone()).await, 10203);
    let asked = json!({"class_id": class_id, "check_id": "1700000000123"});
    let result = enterprise.component("checkIn/result", &teacher, asked.clone()).await;
    let state = |result: &Value, user_id: &str| {
        let rows = result["member_detail"].as_array().unwrap();
        rows.iter().find(|row| row["user_id"] == user_id).map(|row| row["check_state"].clone())
    };
    // Reserved and present, inside without a reservation, and reserved but absent.
    let states = ["s1", "s2", "absent"].map(|user_id| state(&result, user_id));
    assert_eq!(states, [Some(json!(1)), Some(json!(0)), Some(json!(0))]);
    assert_eq!((&result["all_number"], &result["check_in_number"]), (&json!(3), &json!(1)));
    service.pass(20);
    assert_eq!(report(&teacher, "cancel_check_in", id.clone()).await, 0);
    assert_eq!(report(&teacher, "cancel_check_in", id).await, 0);
    assert_eq!(report(&teacher, "cancel_check_in", json!({"check_id": "unknown"})).await, 10003);
    assert_eq!(enterprise.component("checkIn/result", &teacher, asked).await["end_time"], BEGIN + 20);
    assert_eq!(report(&s1, "check_in", json!({"check_id": "1700000000123"})).await, 10003);
}
