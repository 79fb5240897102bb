//! Beginning, changing and ending a class.

use lectern::db::Conn;
use lectern::domain::classroom::class;
use lectern::domain::classroom::class::Cutoffs;
use lectern::domain::ids::{ClassId, EnterpriseId};
use lectern::service::delete_enterprise::delete_enterprise;
use serde_json::json;

use super::lesson;
use crate::support::component::Component;
use crate::support::follower::Followers;
use crate::support::service::Service;

#[tokio::test]
async fn the_begin_the_changes_and_the_end_of_a_class_are_sent() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let teacher = Component::register(&enterprise, "teacher_1", "teacher").await;
    enterprise.students(&["li"]).await;
    for by_component in [false, true] {
        let class_id = enterprise.class(json!({})).await;
        let of_class = json!({"class_id": class_id});
        let mut followers = Followers::of(&enterprise, class_id, &["teacher_1", "li"]).await;
        for change in [
            json!({"class_topic": "Fractions"}),
            json!({"class_type": "1vN"}),
            json!({"password": "chalk"}),
            json!({"password": ""}),
            json!({"max_member_limit": 3}),
            json!({"start_time": service.now() + 60, "stop_time": service.now() + 600}),
            json!({"settings": {"enable_all_silence": 1}}),
        ] {
            let mut body = change.clone();
            body["class_id"] = class_id.into();
            enterprise.ok("class/modify", body).await;
            assert_eq!(followers.look().await, ["class will"], "{change}");
        }
        // Nobody sees the recorder, nor the members who are not inside.
        let unseen = json!({"class_id": class_id, "record_user_id": "tic_record_user_1", "members": [{"user_id": "li", "role": "student"}]});
        enterprise.ok("class/modify", unseen).await;
        assert!(followers.look().await.is_empty());
        teacher.ok("member/join", of_class.clone()).await;
        followers.look().await;
        for (call, expected) in
            [("class/start", vec!["class ing"]), ("class/start", vec![]), ("class/stop", vec!["class end"])]
        {
            if by_component {
                teacher.ok(call, of_class.clone()).await;
            } else {
                enterprise.ok(call, of_class.clone()).await;
            }
            assert_eq!(followers.look().await, expected, "{call}");
        }
    }
}

#[tokio::test]
async fn the_end_of_a_class_that_ends_by_itself_is_sent() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (class_id, _teacher, _li) = lesson(&enterprise).await;
    let mut followers = Followers::of(&enterprise, class_id, &["teacher_1"]).await;
    service.pass(2 * 86_400);
    let (enterprise_id, now) = (EnterpriseId(enterprise.enterprise_id), service.clock.now());
    let cutoffs = Cutoffs { over: now, empty_since: now, overrun: now, begun_late: now, silent: now };
    let end = move |conn: &mut Conn| class::end_by_itself(conn, enterprise_id, ClassId(class_id), cutoffs, now);
    service.app.db.write(end).await.unwrap();
    // Both may have left for want of heartbeats before.
    assert_eq!(followers.look().await.last().unwrap(), "class end");
}

#[tokio::test]
async fn the_log_goes_with_its_class_and_its_enterprise() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = enterprise.class(json!({})).await;
    enterprise.students(&["li"]).await;
    let followers = Followers::of(&enterprise, class_id, &["li"]).await;
    enterprise.ok("member/join", json!({"class_id": class_id, "user_id": "li"})).await;
    assert_eq!(followers.stored().await, (1, 1));
    enterprise.ok("class/delete", json!({"class_id": class_id})).await;
    assert_eq!(followers.stored().await, (0, 0));
    let other = enterprise.class(json!({})).await;
    let followers = Followers::of(&enterprise, other, &["li"]).await;
    enterprise.ok("member/join", json!({"class_id": other, "user_id": "li"})).await;
    assert_eq!(followers.stored().await, (1, 1));
    let sdkappid = enterprise.sdkappid;
    service.app.db.write(move |conn| delete_enterprise(conn, sdkappid)).await.unwrap();
    assert_eq!(followers.stored().await, (0, 0));
}

#[tokio::test]
async fn nothing_is_written_for_a_class_that_nobody_follows() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (class_id, teacher, li) = lesson(&enterprise).await;
    for event in ["hand_up", "camera_open", "slience"] {
        li.reports(class_id, event, serde_json::Value::Null).await;
    }
    teacher.reports(class_id, "all_silence", serde_json::Value::Null).await;
    teacher.reports(class_id, "apply_check_in", json!({"check_id": "c"})).await;
    teacher.asks(class_id, "q", 0).await;
    li.replies(class_id, "q", json!("A")).await;
    enterprise.ok("user/profile/modify", json!({"user_id": "li", "nickname": "x"})).await;
    li.ok("member/quit", json!({"class_id": class_id})).await;
    teacher.ok("class/stop", json!({"class_id": class_id})).await;
    assert_eq!(Followers::stored_in(&service).await, (0, 0));
}

#[tokio::test]
async fn a_class_without_groups_sends_control_messages_as_well() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let teacher = Component::register(&enterprise, "teacher_1", "teacher").await;
    let class_id = enterprise.class(json!({"settings": {"auto_create_im": 0}})).await;
    teacher.ok("member/join", json!({"class_id": class_id})).await;
    let mut followers = Followers::of(&enterprise, class_id, &["teacher_1"]).await;
    teacher.reports(class_id, "apply_check_in", json!({"check_id": "c"})).await;
    assert_eq!(followers.look().await, ["control check_in_began", "check-in c open"]);
}
