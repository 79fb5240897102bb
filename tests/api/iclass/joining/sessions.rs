//! Each join opens one session, also for repeated and concurrent joins.

use serde_json::{Value, json};

use super::history::history_of;
use crate::support::service::{BEGIN, Service};

#[tokio::test]
async fn the_last_session_is_answered_at_the_next_join() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    enterprise.students(&["s1", "s2"]).await;
    let (class_id, other) = (enterprise.class(json!({})).await, enterprise.class(json!({})).await);
    let join = |camera: i64, mic: i64, speaker: i64| json!({"class_id": class_id, "user_id": "s1", "camera": camera, "mic": mic, "speaker": speaker});
    let first = enterprise.ok("member/join", join(1, 0, 1)).await;
    assert_eq!(history_of(&first), [-1; 5]);
    enterprise.quit(class_id, "s1").await;
    let second = enterprise.ok("member/join", join(0, 1, 0)).await;
    assert_eq!(history_of(&second), [1, 0, 1, 0, 0]);
    enterprise.quit(class_id, "s1").await;
    assert_eq!(history_of(&enterprise.ok("member/join", join(1, 1, 1)).await), [0, 1, 0, 0, 0]);
    // Neither a session of another user nor one in another class.
    assert_eq!(history_of(&enterprise.join(class_id, "s2").await), [-1; 5]);
    assert_eq!(history_of(&enterprise.join(other, "s1").await), [-1; 5]);
    for wrong in [json!(2), json!(-1), json!("open"), json!(true)] {
        let body = json!({"class_id": class_id, "user_id": "s1", "camera": wrong});
        assert!(enterprise.refused("member/join", body, 10003).await.contains("camera"));
    }
}

#[tokio::test]
async fn joining_twice_is_one_session_with_the_new_devices() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    enterprise.students(&["s1"]).await;
    let class_id = enterprise.class(json!({"max_member_num": 1})).await;
    let body = json!({"class_id": class_id, "user_id": "s1", "camera": 1});
    enterprise.ok("member/join", body).await;
    service.pass(10);
    // In a full class, participants keep their sessions.
    let again = enterprise.ok("member/join", json!({"class_id": class_id, "user_id": "s1", "mic": 1})).await;
    assert_eq!(history_of(&again), [1, 0, 0, 0, 0]);
    assert_eq!(enterprise.inside(class_id).await, ["s1"]);
    let row = enterprise.runtime_of(class_id, "s1").await;
    assert_eq!(
        row["status"],
        json!({"camera": 0, "mic": 1, "speaker": 0, "silence": 0, "hand_up": 0,
        "enable_draw": 0, "screen": 0})
    );
    assert_eq!(row["enter_time"], BEGIN);
    enterprise.quit(class_id, "s1").await;
    assert_eq!(enterprise.inside(class_id).await, [""; 0]);
    assert_eq!(enterprise.history(class_id).await.len(), 1);
}

#[tokio::test]
async fn eight_joins_at_once_are_one_session() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    enterprise.students(&["s1"]).await;
    let class_id = enterprise.class(json!({"max_member_num": 1})).await;
    futures_util::future::join_all((0..8).map(|_| enterprise.join(class_id, "s1"))).await;
    assert_eq!(enterprise.inside(class_id).await, ["s1"]);
}

#[tokio::test]
async fn a_user_who_is_not_inside_can_quit_all_the_same() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    enterprise.students(&["s1"]).await;
    let class_id = enterprise.class(json!({})).await;
    enterprise.quit(class_id, "s1").await;
    assert_eq!(enterprise.history(class_id).await.len(), 0);
    enterprise.join(class_id, "s1").await;
    service.pass(10);
    enterprise.quit(class_id, "s1").await;
    service.pass(10);
    enterprise.quit(class_id, "s1").await;
    assert_eq!(enterprise.history(class_id).await[0]["quit_time"], BEGIN + 10);
    enterprise.start_class(class_id).await;
    enterprise.stop_class(class_id).await;
    enterprise.quit(class_id, "s1").await;
    enterprise.refused("member/quit", json!({"class_id": class_id, "user_id": "nobody"}), 10215).await;
    enterprise.refused("member/quit", json!({"class_id": 123_456_789, "user_id": "s1"}), 10230).await;
}

#[tokio::test]
async fn everybody_is_out_when_the_class_ends() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    enterprise.people(&[("teacher_1", "teacher"), ("s1", "student"), ("s2", "student")]).await;
    let (class_id, other) = (enterprise.class(json!({})).await, enterprise.class(json!({})).await);
    enterprise.start_class(class_id).await;
    for user in ["teacher_1", "s1", "s2"] {
        enterprise.join(class_id, user).await;
    }
    enterprise.join(other, "s1").await;
    enterprise.visitor(class_id).await;
    service.pass(10);
    enterprise.quit(class_id, "s2").await;
    assert_eq!(enterprise.inside(class_id).await.len(), 3);
    service.pass(10);
    enterprise.stop_class(class_id).await;
    assert_eq!(enterprise.inside(class_id).await, [""; 0]);
    assert_eq!(enterprise.inside(other).await, ["s1"]);
    let quits: Vec<Value> = enterprise.history(class_id).await.iter().map(|row| row["quit_time"].clone()).collect();
    assert_eq!(quits, [BEGIN + 20, BEGIN + 20, BEGIN + 10]);
    service.pass(10);
    enterprise.stop_class(class_id).await;
    enterprise.quit(class_id, "s1").await;
    assert_eq!(enterprise.history(class_id).await[1]["quit_time"], BEGIN + 20);
    enterprise.not_joined(class_id, "s1", 10224).await;
    enterprise.not_joined(class_id, "teacher_1", 10224).await;
}
