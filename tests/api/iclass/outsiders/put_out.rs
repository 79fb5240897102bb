//! Who was put out of a class, or lost the reservation for it, is out.

use serde_json::json;

use super::visitor;
use crate::support::component::Component;
use crate::support::service::Service;

/// What only those see who may be in the class.
const READS: [&str; 7] = [
    "class/info",
    "member/runtime/list",
    "class/document/list",
    "imstorage/list",
    "imstorage/msg",
    "question/info",
    "checkIn/result",
];

async fn sees_nothing(who: &Component<'_>, class_id: i64, code: i64) {
    for call in READS {
        who.refused(call, json!({ "class_id": class_id }), code).await;
    }
    who.refused("imstorage/send", json!({"class_id": class_id, "content": "x"}), 10203).await;
    who.refused("report/event", json!({"class_id": class_id, "event": "hand_up"}), 10203).await;
    who.refused("member/join", json!({ "class_id": class_id }), code).await;
    who.refused("report/heartbeat", json!({ "class_id": class_id }), 10203).await;
}

#[tokio::test]
async fn who_is_kicked_sees_nothing_of_the_class_any_more() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    enterprise.receives_who_leaves().await;
    let teacher = Component::register(&enterprise, "teacher_1", "teacher").await;
    let li = Component::register(&enterprise, "li", "student").await;
    let helper = Component::register(&enterprise, "helper", "student").await;
    for class_type in ["public", "1vN"] {
        let members = json!([{"user_id": "li", "role": "student"}, {"user_id": "helper", "role": "assistant"}]);
        let class_id = enterprise.class(json!({"class_type": class_type, "members": members})).await;
        teacher.ok("class/start", json!({ "class_id": class_id })).await;
        for who in [&teacher, &li, &helper] {
            who.ok("member/join", json!({ "class_id": class_id })).await;
        }
        let kick = json!({"class_id": class_id, "event": "kick", "data": {"user_id": ["li", "helper"]}});
        teacher.ok("report/event", kick.clone()).await;
        for who in [&li, &helper] {
            assert_eq!(enterprise.reason(class_id, &who.user_id).await, "kicked");
            sees_nothing(who, class_id, 10203).await;
            // Its page still reports it.
            who.ok("report/event", json!({"class_id": class_id, "event": "kicked"})).await;
        }
        assert_eq!(enterprise.left(class_id).await, ["li", "helper"]);
        // An assistant who was put out does not lead the class.
        helper.refused("class/stop", json!({ "class_id": class_id }), 10203).await;
        helper.refused("report/event", json!({"class_id": class_id, "event": "all_silence"}), 10203).await;
        enterprise.ok("member/add", json!({"class_id": class_id, "list": members})).await;
        li.ok("member/join", json!({ "class_id": class_id })).await;
        li.ok("imstorage/msg", json!({ "class_id": class_id })).await;
    }
}

#[tokio::test]
async fn who_is_removed_from_the_members_is_out() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    enterprise.receives_who_leaves().await;
    let li = Component::register(&enterprise, "li", "student").await;
    let wang = Component::register(&enterprise, "wang", "student").await;
    let members = json!([{"user_id": "li", "role": "student"}, {"user_id": "wang", "role": "student"}]);
    for (class_type, code) in [("1vN", 10226), ("public", 10203)] {
        let class_id = enterprise.class(json!({"class_type": class_type, "members": members})).await;
        enterprise.ok("class/start", json!({ "class_id": class_id })).await;
        li.ok("member/join", json!({ "class_id": class_id })).await;
        let remove = json!({"class_id": class_id, "list": ["li", "wang", "nobody"]});
        enterprise.ok("member/delete", remove.clone()).await;
        assert_eq!(enterprise.left(class_id).await, ["li"]);
        assert_eq!(enterprise.reason(class_id, "li").await, "removed");
        for call in READS {
            li.refused(call, json!({ "class_id": class_id }), code).await;
        }
        li.refused("member/join", json!({ "class_id": class_id }), code).await;
        // Who was not inside a public class has lost the place only.
        if class_type == "public" {
            wang.ok("member/join", json!({ "class_id": class_id })).await;
            enterprise.ok("member/delete", remove).await;
            wang.ok("class/info", json!({ "class_id": class_id })).await;
        }
        enterprise.ok("member/add", json!({"class_id": class_id, "list": members})).await;
        li.ok("member/join", json!({ "class_id": class_id })).await;
    }
}

#[tokio::test]
async fn who_is_left_out_of_a_changed_class_is_out() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    enterprise.receives_who_leaves().await;
    let teacher = Component::register(&enterprise, "teacher_1", "teacher").await;
    let li = Component::register(&enterprise, "li", "student").await;
    let wang = Component::register(&enterprise, "wang", "student").await;
    let members = json!([{"user_id": "li", "role": "student"}]);
    let class_id = enterprise.class(json!({"class_type": "1vN", "members": members})).await;
    for who in [&teacher, &li] {
        who.ok("member/join", json!({ "class_id": class_id })).await;
    }
    enterprise.ok("class/modify", json!({"class_id": class_id, "teacher_id": "t2", "members": []})).await;
    assert_eq!(enterprise.left(class_id).await, ["teacher_1", "li"]);
    assert_eq!(enterprise.reason(class_id, "li").await, "removed");
    for who in [&teacher, &li] {
        who.refused("class/info", json!({ "class_id": class_id }), 10226).await;
    }
    // A class that is not public any more.
    let public = enterprise.class(json!({"members": members})).await;
    for who in [&li, &wang] {
        who.ok("member/join", json!({ "class_id": public })).await;
    }
    enterprise.ok("class/modify", json!({"class_id": public, "class_type": "1vN"})).await;
    assert_eq!(enterprise.is_inside(public).await, ["li"]);
    assert_eq!(enterprise.left(public).await, ["wang"]);
    // The former teacher of a public class remains inside.
    let open = enterprise.class(json!({})).await;
    teacher.ok("member/join", json!({ "class_id": open })).await;
    enterprise.ok("class/modify", json!({"class_id": open, "teacher_id": "t2"})).await;
    assert_eq!(enterprise.is_inside(open).await, ["teacher_1"]);
    enterprise.ok("class/start", json!({ "class_id": open })).await;
}

#[tokio::test]
async fn a_kicked_visitor_can_not_enter_as_another() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let teacher = Component::register(&enterprise, "teacher_1", "teacher").await;
    let (class_id, other) = (enterprise.class(json!({})).await, enterprise.class(json!({})).await);
    let (guest, friend, unused) = (
        visitor(&enterprise, class_id).await,
        visitor(&enterprise, class_id).await,
        visitor(&enterprise, class_id).await,
    );
    for who in [&guest, &friend] {
        who.ok("member/join", json!({ "class_id": class_id })).await;
    }
    let kick = json!({"class_id": class_id, "event": "kick", "data": {"user_id": guest.user_id}});
    teacher.ok("report/event", kick).await;
    guest.refused("member/join", json!({ "class_id": class_id }), 10203).await;
    let page = Component::of(&enterprise, "", "");
    for call in ["user/visitor/get", "member/visitor/join"] {
        for who in [&page, &guest, &Component::of_nobody(&service)] {
            let message = who.refused(call, json!({ "class_id": class_id }), 10203).await;
            assert!(message.contains("put out") && !message.contains("visitor_"), "{message}");
        }
    }
    // Nor with an account from before. Another visitor behind the same address, who was inside, may reload the page.
    unused.refused("member/join", json!({ "class_id": class_id }), 10203).await;
    friend.ok("member/quit", json!({ "class_id": class_id })).await;
    friend.ok("member/join", json!({ "class_id": class_id })).await;
    // Other classes are open to them, and the back end may let anybody in.
    visitor(&enterprise, other).await.ok("member/join", json!({ "class_id": other })).await;
    enterprise.ok("member/visitor/join", json!({ "class_id": class_id })).await;
    let reserve = json!({"class_id": class_id, "list": [{"user_id": guest.user_id, "role": "visitor"}]});
    enterprise.ok("member/add", reserve).await;
    guest.ok("member/join", json!({ "class_id": class_id })).await;
    visitor(&enterprise, class_id).await;
}

#[tokio::test]
async fn a_kicked_pupil_can_not_enter_as_a_visitor_with_the_same_token() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let teacher = Component::register(&enterprise, "teacher_1", "teacher").await;
    let li = Component::register(&enterprise, "li", "student").await;
    let class_id = enterprise.class(json!({})).await;
    li.ok("member/join", json!({ "class_id": class_id })).await;
    teacher.ok("report/event", json!({"class_id": class_id, "event": "kick", "data": {"user_id": "li"}})).await;
    li.refused("user/visitor/get", json!({ "class_id": class_id }), 10203).await;
    // The address of a pupil is that of the school: it is not held against the others.
    visitor(&enterprise, class_id).await;
}
