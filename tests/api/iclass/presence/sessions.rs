//! How sessions begin and end: other devices, other classes, kicks.

use lectern::domain::Error;
use lectern::domain::classroom::session;
use lectern::store::ids::{ClassId, EnterpriseId};
use serde_json::json;

use super::{GRACE, LEASE, ended, open, work};
use crate::support::service::Service;

#[tokio::test]
async fn a_second_device_ends_the_first_session_as_replaced() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = enterprise.begun(36_000).await;
    let (first, second) = (enterprise.device("u").await, enterprise.second_device("u").await);
    enterprise.enter(class_id, &first).await.unwrap();
    service.pass(10);
    enterprise.enter(class_id, &second).await.unwrap();
    assert_eq!(enterprise.sessions(class_id).await, [ended("u", 1, 0, 10, "replaced"), open("u", 2, 10)]);
    enterprise.beats(class_id, &second).await;
    // The first device sends heartbeats of a session that has ended.
    assert_eq!(enterprise.heartbeat(class_id, &first).await["error_code"], 10203);
    enterprise.leave(class_id, &first).await;
    assert_eq!(enterprise.sessions(class_id).await[1], open("u", 2, 10));
    enterprise.leave(class_id, &second).await;
    assert_eq!(enterprise.sessions(class_id).await[1], ended("u", 2, 10, 10, "quit"));
}

#[tokio::test]
async fn the_same_device_and_the_back_end_find_the_open_session() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = enterprise.begun(36_000).await;
    let device = enterprise.device("u").await;
    let by_call = json!({"class_id": class_id, "user_id": "u"});
    // The back end joins a user, and then their component joins.
    enterprise.ok("member/join", by_call.clone()).await;
    service.pass(10);
    enterprise.enter(class_id, &device).await.unwrap();
    service.pass(10);
    enterprise.enter(class_id, &device).await.unwrap();
    assert_eq!(enterprise.sessions(class_id).await, [open("u", 1, 0)]);
    // A join by the back end is no heartbeat of the component.
    service.pass(50);
    enterprise.ok("member/join", by_call).await;
    assert_eq!(enterprise.sessions(class_id).await, [open("u", 1, 0)]);
    service.pass(LEASE + GRACE - 50 + 1);
    enterprise.wait_for_sessions(class_id, &[ended("u", 1, 0, 20, "timeout")]).await;
}

#[tokio::test]
async fn a_heartbeat_takes_over_the_session_that_the_back_end_opened() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = enterprise.begun(36_000).await;
    let (device, second) = (enterprise.device("u").await, enterprise.second_device("u").await);
    enterprise.ok("member/join", json!({"class_id": class_id, "user_id": "u"})).await;
    service.pass(10);
    enterprise.beats(class_id, &device).await;
    assert_eq!(enterprise.heartbeat(class_id, &second).await["error_code"], 10203);
    service.pass(LEASE + GRACE + 1);
    enterprise.wait_for_sessions(class_id, &[ended("u", 1, 0, 10, "timeout")]).await;
}

#[tokio::test]
async fn joining_another_class_ends_the_session_as_moved() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (one, other) = (enterprise.begun(36_000).await, enterprise.begun(36_000).await);
    let device = enterprise.device("u").await;
    for (left, entered) in [(one, other), (other, one)] {
        enterprise.enter(left, &device).await.unwrap();
        service.pass(10);
        enterprise.enter(entered, &device).await.unwrap();
    }
    assert_eq!(enterprise.sessions(one).await, [ended("u", 1, 0, 10, "moved"), open("u", 2, 20)]);
    assert_eq!(enterprise.sessions(other).await, [ended("u", 1, 10, 20, "moved")]);
    // Another device may be in another class.
    let second = enterprise.second_device("u").await;
    enterprise.enter(other, &second).await.unwrap();
    assert_eq!(enterprise.sessions(one).await[1], open("u", 2, 20));
}

#[tokio::test]
async fn a_late_quit_or_heartbeat_of_an_earlier_session_changes_nothing() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = enterprise.begun(36_000).await;
    let (first, second) = (enterprise.device("u").await, enterprise.second_device("u").await);
    enterprise.enter(class_id, &first).await.unwrap();
    enterprise.beats(class_id, &first).await;
    service.pass(10);
    enterprise.leave(class_id, &first).await;
    service.pass(GRACE);
    work(&service).await;
    enterprise.heartbeat(class_id, &first).await;
    service.pass(GRACE);
    work(&service).await;
    assert_eq!(enterprise.heartbeat(class_id, &first).await["error_code"], 10203);
    enterprise.leave(class_id, &first).await;
    let before = [ended("u", 1, 0, 10, "quit")];
    assert_eq!(enterprise.sessions(class_id).await, before);
    enterprise.enter(class_id, &second).await.unwrap();
    enterprise.leave(class_id, &first).await;
    assert_eq!(enterprise.sessions(class_id).await[1], open("u", 2, 10 + 2 * GRACE));
}

#[tokio::test]
async fn a_kicked_member_can_enter_again_only_when_allowed() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    enterprise
        .ok(
            "user/register",
            json!({"list": [{"user_id": "teacher_1", "role": "teacher"},
        {"user_id": "stranger", "role": "teacher"}, {"user_id": "boss", "role": "admin"}]}),
        )
        .await;
    let class_id = enterprise.begun(36_000).await;
    let device = enterprise.device("u").await;
    enterprise.device("other").await;
    enterprise.enter(class_id, &device).await.unwrap();
    service.pass(10);
    for by in ["other", "stranger", "nobody", "u"] {
        let refused = enterprise.kick(class_id, "u", by).await;
        assert!(matches!(refused, Err(Error::Forbidden(_))), "{by}");
    }
    assert_eq!(enterprise.sessions(class_id).await, [open("u", 1, 0)]);
    enterprise.kick(class_id, "u", "teacher_1").await.unwrap();
    let out = ended("u", 1, 0, 10, "kicked");
    assert_eq!(enterprise.sessions(class_id).await, [out]);
    assert!(matches!(enterprise.enter(class_id, &device).await, Err(Error::Banned { .. })));
    let by_call = json!({"class_id": class_id, "user_id": "u"});
    enterprise.refused("member/join", by_call.clone(), 10203).await;
    // They can join another class.
    let elsewhere = enterprise.begun(36_000).await;
    enterprise.enter(elsewhere, &device).await.unwrap();
    enterprise.ok("member/add", json!({"class_id": class_id, "list": [{"user_id": "u", "role": "student"}]})).await;
    enterprise.enter(class_id, &device).await.unwrap();
    enterprise.kick(class_id, "u", "boss").await.unwrap();
    let enterprise_id = enterprise.enterprise_id;
    let allow =
        move |conn: &mut _, by: &str| session::allow(conn, EnterpriseId(enterprise_id), ClassId(class_id), "u", by);
    let refused = service.app.db.write(move |conn| allow(conn, "other")).await;
    assert!(matches!(refused, Err(Error::Forbidden(_))));
    enterprise.refused("member/join", by_call.clone(), 10203).await;
    service.app.db.write(move |conn| allow(conn, "teacher_1")).await.unwrap();
    enterprise.ok("member/join", by_call).await;
}
