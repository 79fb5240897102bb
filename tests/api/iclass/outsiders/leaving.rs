//! Everybody leaves a class before it is deleted.

use serde_json::json;

use super::visitor;
use crate::support::component::Component;
use crate::support::service::Service;

#[tokio::test]
async fn who_waits_in_a_class_that_is_deleted_leaves_first() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    enterprise.receives_who_leaves().await;
    let li = Component::register(&enterprise, "li", "student").await;
    let class_id = enterprise.class(json!({})).await;
    let guest = visitor(&enterprise, class_id).await;
    for who in [&li, &guest] {
        who.ok("member/join", json!({ "class_id": class_id })).await;
    }
    enterprise.ok("class/delete", json!({ "class_id": class_id })).await;
    assert_eq!(enterprise.left(class_id).await, ["li", &guest.user_id]);
    li.refused("report/heartbeat", json!({ "class_id": class_id }), 10203).await;
    // Who left on the way there leaves once.
    let other = enterprise.class(json!({})).await;
    li.ok("member/join", json!({ "class_id": other })).await;
    li.ok("member/quit", json!({ "class_id": other })).await;
    enterprise.ok("class/delete", json!({ "class_id": other })).await;
    assert_eq!(enterprise.left(other).await, ["li"]);
}
