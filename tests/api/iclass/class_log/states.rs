//! Devices, hands, silence, rights and roles.

use lectern::domain::classroom::log::MemberState;
use lectern::domain::tenancy::user::Role;
use serde_json::{Value, json};

use super::lesson;
use crate::support::component::Component;
use crate::support::follower::Followers;
use crate::support::service::Service;

/// A state of somebody inside.
type State = fn(&MemberState) -> i64;

#[tokio::test]
async fn a_state_that_a_pupil_reports_is_sent_when_it_changes() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (class_id, _teacher, li) = lesson(&enterprise).await;
    let mut followers = Followers::of(&enterprise, class_id, &["teacher_1", "li"]).await;
    let states: [(&str, State, i64); 12] = [
        ("camera_open", |li| li.camera, 1),
        ("mic_open", |li| li.mic, 1),
        ("speaker_open", |li| li.speaker, 1),
        ("screen_share_open", |li| li.screen, 1),
        ("slience", |li| li.silence, 2),
        ("del_slience", |li| li.silence, 0),
        ("be_silenced", |li| li.silence, 2),
        ("be_disable_camera", |li| li.camera, 0),
        ("mic_close", |li| li.mic, 0),
        ("speaker_close", |li| li.speaker, 0),
        ("screen_share_close", |li| li.screen, 0),
        ("camera_open", |li| li.camera, 1),
    ];
    for (event, state, value) in states {
        li.reports(class_id, event, Value::Null).await;
        assert_eq!(followers.look().await, ["member li"], "{event}");
        assert_eq!(state(followers.member("li")), value, "{event}");
        li.reports(class_id, event, Value::Null).await;
        assert!(followers.look().await.is_empty(), "{event} again");
    }
    // Only a moderator lets a pupil draw.
    for event in ["speed_test", "media_open", "kicked", "enable_draw", "disable_draw"] {
        li.reports(class_id, event, Value::Null).await;
    }
    assert!(followers.look().await.is_empty());
}

#[tokio::test]
async fn what_the_teacher_allows_and_forbids_is_sent() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (class_id, teacher, li) = lesson(&enterprise).await;
    let mut followers = Followers::of(&enterprise, class_id, &["teacher_1", "li"]).await;
    let of_li = json!({"user_id": "li"});
    let rights = |enable: i64| json!({"enable": enable, "rights": ["camera", "mic"], "objectId": ["li", "nobody"]});
    for (event, data, expected) in [
        ("enable_draw", of_li.clone(), vec!["member li"]),
        ("enable_draw", of_li.clone(), vec![]),
        ("disable_draw", of_li.clone(), vec!["member li"]),
        ("slience", of_li.clone(), vec!["member li"]),
        ("del_slience", of_li.clone(), vec!["member li"]),
        ("PermissionControl", rights(1), vec!["control devices_set", "member li"]),
        ("PermissionControl", rights(1), vec!["control devices_set"]),
        ("disable_camera", of_li.clone(), vec!["control devices_set", "member li"]),
        ("PermissionControl", rights(0), vec!["control devices_set", "member li"]),
        ("reward", of_li.clone(), vec![]),
        ("all_silence", Value::Null, vec!["class ing", "all silent true"]),
        ("del_slience", of_li.clone(), vec!["member li"]),
        ("del_all_silence", Value::Null, vec!["class ing", "all silent false"]),
        ("all_silence", Value::Null, vec!["class ing", "all silent true"]),
    ] {
        teacher.reports(class_id, event, data).await;
        assert_eq!(followers.look().await, expected, "{event}");
    }
    assert_eq!((followers.member("li").silence, followers.member("teacher_1").silence), (1, 0));
    // Whoever comes later is silenced as well.
    enterprise.students(&["wang"]).await;
    enterprise.ok("member/join", json!({"class_id": class_id, "user_id": "wang"})).await;
    assert_eq!(followers.look().await, ["member wang"]);
    assert_eq!(followers.member("wang").silence, 1);
    // A pupil is refused, and nothing is appended to the log.
    li.refused("report/event", json!({"class_id": class_id, "event": "del_all_silence"}), 10203).await;
    assert!(followers.look().await.is_empty());
}

#[tokio::test]
async fn hands_have_the_time_of_their_raising() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (class_id, teacher, li) = lesson(&enterprise).await;
    let wang = Component::register(&enterprise, "wang", "student").await;
    wang.ok("member/join", json!({"class_id": class_id})).await;
    let mut followers = Followers::of(&enterprise, class_id, &["teacher_1", "li"]).await;
    let first = service.clock.now();
    li.reports(class_id, "hand_up", Value::Null).await;
    service.pass(5);
    wang.reports(class_id, "hand_up", Value::Null).await;
    service.pass(5);
    // A hand that is still up keeps its place.
    li.reports(class_id, "hand_up", Value::Null).await;
    let raised = ["control hand_raised", "member li", "control hand_raised", "member wang", "control hand_raised"];
    assert_eq!(followers.look().await, raised);
    assert_eq!(followers.member("li").hand_up_time, first);
    assert_eq!(followers.member("wang").hand_up_time, first + 5_000);

    teacher.reports(class_id, "hand_down", json!({"user_id": "li"})).await;
    assert_eq!(followers.look().await, ["control hand_lowered", "member li"]);
    assert_eq!((followers.member("li").hand_up, followers.member("li").hand_up_time), (0, 0));
    li.reports(class_id, "hand_up", Value::Null).await;
    followers.look().await;
    assert_eq!(followers.member("li").hand_up_time, first + 10_000);
    // A tap on a raised hand.
    teacher.reports(class_id, "PermissionControl", json!({"enable": 1, "rights": [""], "objectId": ["li"]})).await;
    assert_eq!(followers.look().await, ["control hand_lowered", "control devices_set", "member li"]);
    wang.reports(class_id, "hand_down", Value::Null).await;
    assert_eq!(followers.look().await, ["control hand_lowered", "member wang"]);
    // The hand does not outlast the session.
    wang.reports(class_id, "hand_up", Value::Null).await;
    wang.ok("member/quit", json!({"class_id": class_id})).await;
    wang.ok("member/join", json!({"class_id": class_id})).await;
    followers.look().await;
    assert_eq!((followers.member("wang").hand_up, followers.member("wang").hand_up_time), (0, 0));
}

#[tokio::test]
async fn a_role_that_the_back_end_changes_is_sent_and_valid_at_once() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let teacher = Component::register(&enterprise, "teacher_1", "teacher").await;
    let li = Component::register(&enterprise, "li", "student").await;
    let class_id = enterprise.class(json!({})).await;
    for component in [&teacher, &li] {
        component.ok("member/join", json!({"class_id": class_id})).await;
    }
    let mut followers = Followers::of(&enterprise, class_id, &["teacher_1"]).await;
    let add = |role: &str| json!({"class_id": class_id, "list": [{"user_id": "li", "role": role}]});
    enterprise.ok("member/add", add("student")).await;
    assert!(followers.look().await.is_empty());
    enterprise.ok("member/add", add("assistant")).await;
    assert_eq!(followers.look().await, ["member li"]);
    assert_eq!(followers.member("li").role, Role::Assistant);
    // Who moderates is not silenced with all.
    teacher.reports(class_id, "all_silence", Value::Null).await;
    followers.look().await;
    assert_eq!(followers.member("li").silence, 0);
    let inside = enterprise.ok("member/runtime/list", json!({"class_id": class_id})).await;
    assert_eq!(inside["list"][1]["role"], "assistant");
    enterprise.ok("member/add", add("student")).await;
    assert_eq!(followers.look().await, ["member li"]);
    // Another assistant, and no one any more.
    enterprise.ok("class/modify", json!({"class_id": class_id, "assistant_id": "li"})).await;
    assert_eq!(followers.look().await, ["member li", "class will"]);
    assert_eq!(followers.member("li").role, Role::Assistant);
    enterprise.ok("class/modify", json!({"class_id": class_id, "assistant_id": ""})).await;
    assert_eq!(followers.look().await, ["member li", "class will"]);
    assert_eq!(followers.member("li").role, Role::Student);
}
