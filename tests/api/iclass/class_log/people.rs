//! Who comes and goes, and what they are called.

use lectern::db::Conn;
use lectern::domain;
use lectern::domain::classroom::session;
use lectern::domain::ids::{ClassId, EnterpriseId};
use lectern::presence;
use lectern::store;
use serde_json::json;

use crate::support::component::Component;
use crate::support::follower::Followers;
use crate::support::service::{Enterprise, Service};

/// How long until a component that sends no heartbeats has left, in seconds.
const LAPSED: i64 = 200;

/// Ends the sessions of a class without heartbeats.
async fn sweep(enterprise: &Enterprise<'_>, class_id: i64) {
    let (enterprise_id, now) = (EnterpriseId(enterprise.enterprise_id), enterprise.service.clock.now());
    let sweep = move |conn: &mut Conn| session::sweep(conn, enterprise_id, ClassId(class_id), 1000, now);
    enterprise.service.app.db.write(sweep).await.unwrap();
}

#[tokio::test]
async fn entering_and_leaving_is_sent() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let teacher = Component::register(&enterprise, "teacher_1", "teacher").await;
    let li = Component::register(&enterprise, "li", "student").await;
    enterprise.students(&["wang"]).await;
    let class_id = enterprise.class(json!({})).await;
    let of_class = json!({"class_id": class_id});
    let mut followers = Followers::of(&enterprise, class_id, &["teacher_1", "li"]).await;
    assert!(followers.look().await.is_empty());

    teacher.ok("member/join", json!({"class_id": class_id, "camera": 1, "mic": 1})).await;
    li.ok("member/join", of_class.clone()).await;
    enterprise.ok("member/join", json!({"class_id": class_id, "user_id": "wang"})).await;
    assert_eq!(followers.look().await, ["member teacher_1", "member li", "member wang"]);
    // Entering again appends to the log only if something is different.
    li.ok("member/join", of_class.clone()).await;
    assert!(followers.look().await.is_empty());
    li.ok("member/join", json!({"class_id": class_id, "camera": 1})).await;
    assert_eq!(followers.look().await, ["member li"]);
    enterprise.ok("member/join", json!({"class_id": class_id, "user_id": "li", "mic": 1})).await;
    assert_eq!(followers.look().await, ["member li"]);

    li.ok("member/quit", of_class.clone()).await;
    enterprise.ok("member/quit", json!({"class_id": class_id, "user_id": "wang"})).await;
    enterprise.ok("member/quit", json!({"class_id": class_id, "user_id": "wang"})).await;
    assert_eq!(followers.look().await, ["left li quit", "left wang quit"]);
    let visitor = enterprise.ok("member/visitor/join", json!({"class_id": class_id, "nickname": "Zhao"})).await;
    let visitor = visitor["visitor_info"]["user_id"].as_str().unwrap();
    assert_eq!(followers.look().await, [format!("member {visitor}")]);
    assert_eq!(followers.member(visitor).nickname, "Zhao");
}

#[tokio::test]
async fn leaving_for_other_reasons_is_sent_with_the_reason() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let teacher = Component::register(&enterprise, "teacher_1", "teacher").await;
    let li = Component::register(&enterprise, "li", "student").await;
    let class_id = enterprise.class(json!({})).await;
    let other = enterprise.class(json!({})).await;
    let of_class = json!({"class_id": class_id});
    let mut followers = Followers::of(&enterprise, class_id, &["teacher_1", "li"]).await;
    teacher.ok("member/join", of_class.clone()).await;
    li.ok("member/join", of_class.clone()).await;
    followers.look().await;

    // On another device.
    let mut second = Component::of(&enterprise, "li", "");
    let renewed = enterprise.ok("user/token/update", json!({"user_id": "li"})).await;
    second.token = renewed["user_token"].as_str().unwrap().to_owned();
    second.ok("member/join", of_class.clone()).await;
    assert_eq!(followers.look().await, ["left li replaced", "member li"]);
    // In another class.
    second.ok("member/join", json!({"class_id": other})).await;
    assert_eq!(followers.look().await, ["left li moved"]);
    second.ok("member/join", of_class.clone()).await;
    // Put out by the teacher.
    let kick = json!({"class_id": class_id, "event": "kick", "data": {"user_id": "li"}});
    teacher.ok("report/event", kick).await;
    assert_eq!(followers.look().await, ["member li", "left li kicked"]);
    // Put out by the back end.
    enterprise.ok("member/add", json!({"class_id": class_id, "list": [{"user_id": "li", "role": "student"}]})).await;
    second.ok("member/join", of_class.clone()).await;
    enterprise.ok("member/delete", json!({"class_id": class_id, "list": ["li"]})).await;
    assert_eq!(followers.look().await, ["member li", "left li removed"]);
    enterprise.ok("member/add", json!({"class_id": class_id, "list": [{"user_id": "li", "role": "student"}]})).await;
    second.ok("member/join", of_class.clone()).await;
    enterprise.ok("class/modify", json!({"class_id": class_id, "members": []})).await;
    assert_eq!(followers.look().await, ["member li", "left li removed"]);
    // Without heartbeats.
    service.pass(LAPSED);
    sweep(&enterprise, class_id).await;
    assert_eq!(followers.look().await, ["left teacher_1 timeout"]);
    // Deleted.
    enterprise.ok("member/add", json!({"class_id": class_id, "list": [{"user_id": "li", "role": "student"}]})).await;
    second.ok("member/join", of_class.clone()).await;
    enterprise.ok("user/delete", json!({"user_id": "li"})).await;
    assert_eq!(followers.look().await, ["member li", "left li deleted"]);
}

#[tokio::test]
async fn a_name_or_a_picture_that_changes_is_sent_in_every_class_that_the_user_is_inside() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let li = Component::register(&enterprise, "li", "student").await;
    enterprise.students(&["wang"]).await;
    let class_id = enterprise.class(json!({})).await;
    let other = enterprise.class(json!({})).await;
    let mut followers = Followers::of(&enterprise, class_id, &["teacher_1", "wang"]).await;
    let mut elsewhere = Followers::of(&enterprise, other, &["teacher_1"]).await;
    li.ok("member/join", json!({"class_id": class_id})).await;
    enterprise.ok("member/join", json!({"class_id": other, "user_id": "wang"})).await;
    followers.look().await;
    elsewhere.look().await;
    enterprise.ok("user/profile/modify", json!({"user_id": "li", "nickname": "李雷"})).await;
    assert_eq!(followers.look().await, ["member li"]);
    assert_eq!(followers.member("li").nickname, "李雷");
    enterprise.ok("user/profile/modify", json!({"user_id": "li", "avatar": "https://a.example/1.png"})).await;
    assert_eq!(followers.look().await, ["member li"]);
    assert_eq!(followers.member("li").avatar, "https://a.example/1.png");
    // Nobody sees a phone number.
    enterprise.ok("user/profile/modify", json!({"user_id": "li", "phone_no": "13800000000"})).await;
    enterprise.ok("user/profile/modify", json!({"user_id": "wang", "nickname": "王"})).await;
    assert!(followers.look().await.is_empty());
    assert_eq!(elsewhere.look().await, ["member wang"]);
}

#[tokio::test]
async fn a_visitor_whose_account_ends_has_no_name_any_more() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let first = enterprise.class(json!({})).await;
    let second = enterprise.class(json!({"stop_time": service.now() + 400_000})).await;
    let visitor = enterprise.ok("member/visitor/join", json!({"class_id": first, "nickname": "Zhao"})).await;
    let visitor = visitor["visitor_info"]["user_id"].as_str().unwrap().to_owned();
    enterprise.ok("class/start", json!({"class_id": first})).await;
    enterprise.ok("class/stop", json!({"class_id": first})).await;
    enterprise.ok("member/join", json!({"class_id": second, "user_id": visitor})).await;
    let mut followers = Followers::of(&enterprise, second, &["teacher_1"]).await;
    assert_eq!(followers.member(&visitor).nickname, "Zhao");
    service.pass(90_000);
    presence::end_due(&service.app.db, service.clock.now()).await.unwrap();
    followers.look().await;
    assert_eq!(followers.member(&visitor).nickname, visitor);
}

#[tokio::test]
async fn a_snapshot_of_a_large_class_has_the_viewer_among_the_first() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    enterprise.students(&["a", "b", "c", "d"]).await;
    let class_id = enterprise.class(json!({})).await;
    for user_id in ["a", "b", "c", "d"] {
        enterprise.ok("member/join", json!({"class_id": class_id, "user_id": user_id})).await;
    }
    let enterprise_id = EnterpriseId(enterprise.enterprise_id);
    for (viewer, at_most, expected) in [
        ("d", 2, vec!["a", "d"]),
        ("a", 2, vec!["a", "b"]),
        ("nobody", 2, vec!["a", "b"]),
        ("d", 4, vec!["a", "b", "c", "d"]),
        ("d", 9, vec!["a", "b", "c", "d"]),
    ] {
        let read = move |conn: &mut Conn| {
            Ok::<_, domain::Error>(store::classroom::session::people(
                conn,
                enterprise_id,
                ClassId(class_id),
                viewer,
                at_most,
            )?)
        };
        let people = service.app.db.read(read).await.unwrap();
        let people: Vec<String> = people.into_iter().map(|(session, _)| session.user_id).collect();
        assert_eq!(people, expected, "{viewer} {at_most}");
    }
}
