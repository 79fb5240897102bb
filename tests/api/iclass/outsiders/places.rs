//! Places: visitors never take those of the reserved.

use serde_json::json;

use super::visitor;
use crate::support::component::Component;
use crate::support::service::Service;

#[tokio::test]
async fn a_reserved_member_always_finds_a_place() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    enterprise.students(&["teacher_1", "a", "b", "other"]).await;
    let members = json!([{"user_id": "a", "role": "student"}, {"user_id": "b", "role": "student"}]);
    let class_id = enterprise.class(json!({"max_member_num": 3, "members": members})).await;
    let page = Component::of(&enterprise, "", "");
    let join = |user_id: &str| json!({"class_id": class_id, "user_id": user_id});
    // Three places: one is left for those without a reservation.
    page.ok("member/visitor/join", json!({ "class_id": class_id })).await;
    page.refused("member/visitor/join", json!({ "class_id": class_id }), 10227).await;
    enterprise.refused("member/join", join("other"), 10227).await;
    visitor(&enterprise, class_id).await.refused("member/join", json!({ "class_id": class_id }), 10227).await;
    for user_id in ["a", "teacher_1", "b"] {
        enterprise.ok("member/join", join(user_id)).await;
    }
    assert_eq!(enterprise.is_inside(class_id).await.len(), 4);
    page.refused("member/visitor/join", json!({ "class_id": class_id }), 10227).await;
    // A place that is not reserved any more is free.
    enterprise.ok("member/quit", join("teacher_1")).await;
    enterprise.ok("member/delete", json!({"class_id": class_id, "list": ["a"]})).await;
    enterprise.ok("member/join", join("other")).await;
    page.refused("member/visitor/join", json!({ "class_id": class_id }), 10227).await;
}

#[tokio::test]
async fn a_reservation_made_later_has_a_place_too() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    enterprise.students(&["a", "b", "c"]).await;
    let class_id = enterprise.class(json!({"max_member_num": 2})).await;
    let page = Component::of(&enterprise, "", "");
    for _ in 0..2 {
        page.ok("member/visitor/join", json!({ "class_id": class_id })).await;
    }
    let join = |user_id: &str| json!({"class_id": class_id, "user_id": user_id});
    enterprise.refused("member/join", join("a"), 10227).await;
    let list = json!([{"user_id": "a", "role": "student"}, {"user_id": "b", "role": "student"},
        {"user_id": "c", "role": "student"}]);
    enterprise.ok("member/add", json!({"class_id": class_id, "list": list})).await;
    enterprise.ok("member/join", join("a")).await;
    enterprise.ok("member/join", join("b")).await;
    // More are reserved than there are places.
    enterprise.refused("member/join", join("c"), 10227).await;
    enterprise.ok("member/quit", join("a")).await;
    enterprise.ok("member/join", join("c")).await;
}
