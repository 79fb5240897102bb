//! Two enterprises may use the same ids for different resources.

use lectern::domain::tenancy::user;
use lectern::store::ids::EnterpriseId;
use serde_json::{Value, json};

use super::Tenant;
use crate::support::calls::everything;
use crate::support::service::Service;

#[tokio::test]
async fn two_enterprises_may_use_the_same_user_id_for_two_people() {
    let service = Service::start();
    let (a, b) = (Tenant::make(&service, "only_a").await, Tenant::make(&service, "only_b").await);
    let token = async |tenant: &Tenant<'_>| {
        let enterprise_id = tenant.enterprise.enterprise_id;
        service
            .app
            .db
            .read(move |conn| user::require(conn, EnterpriseId(enterprise_id), "shared"))
            .await
            .unwrap()
            .token_hash
    };
    let (before, token_of_a, token_of_b) = (everything(&a.enterprise).await, token(&a).await, token(&b).await);
    assert_ne!(token_of_a, token_of_b);

    let of_b = &b.enterprise;
    let change = json!({"user_id": "shared", "nickname": "changed", "gender": "female", "role": "teacher"});
    of_b.ok("user/profile/modify", change).await;
    of_b.ok("user/token/update", json!({"user_id": "shared"})).await;
    assert_ne!(token(&b).await, token_of_b);
    assert_eq!(token(&a).await, token_of_a);
    of_b.ok("member/join", json!({"class_id": b.running, "user_id": "shared", "mic": 1})).await;
    of_b.ok("member/quit", json!({"class_id": b.running, "user_id": "shared"})).await;
    of_b.ok("member/delete", json!({"class_id": b.running, "list": ["shared"]})).await;
    of_b.ok("class/modify", json!({"class_id": b.booked, "members": [], "teacher_id": "shared"})).await;
    of_b.ok("class/stop", json!({"class_id": b.running})).await;
    of_b.ok("class/delete", json!({"class_id": b.running})).await;
    of_b.ok("document/delete", json!({"doc_ids": [b.doc_id]})).await;
    assert_eq!(everything(&a.enterprise).await, before);
    assert_eq!(of_b.ok("user/info", json!({"user_id": "shared"})).await["user_info"]["nickname"], "changed");
}

#[tokio::test]
async fn a_name_from_another_enterprise_is_only_a_name() {
    let service = Service::start();
    let (a, b) = (Tenant::make(&service, "only_a").await, Tenant::make(&service, "only_b").await);
    let before = everything(&a.enterprise).await;
    // A teacher, member or owner may be any user id, registered or not. This does not grant access.
    let members = json!([{"user_id": "only_a", "role": "student"}]);
    let class_id = b.enterprise.class(json!({"teacher_id": "only_a", "members": members, "class_type": "1vN"})).await;
    b.enterprise.refused("member/join", json!({"class_id": class_id, "user_id": "only_a"}), 10215).await;
    b.enterprise.ok("document/add", json!({"doc_url": "http://a.b/c", "owner": "only_a"})).await;
    assert_eq!(everything(&a.enterprise).await, before);
    assert_eq!(a.enterprise.ok("class/list", json!({"user_id": "only_a"})).await["total"], 3);
    assert_eq!(a.enterprise.ok("document/list", json!({"owner": "only_a"})).await["total"], 0);
    // And the id is not taken there.
    b.enterprise.students(&["only_a"]).await;
    b.enterprise.ok("member/join", json!({"class_id": class_id, "user_id": "only_a"})).await;
    assert_eq!(everything(&a.enterprise).await, before);
}

#[tokio::test]
async fn two_enterprises_may_use_the_same_idempotency_key() {
    let service = Service::start();
    let (a, b) = (service.enterprise().await, service.enterprise().await);
    let mut made = Vec::new();
    for enterprise in [&a, &b, &a, &b] {
        let asked = service.http.post(enterprise.signed("class/create")).header("Idempotency-Key", "one");
        let answer: Value = asked.body(r#"{"teacher_id":"t"}"#).send().await.unwrap().json().await.unwrap();
        assert_eq!(answer["error_code"], 0);
        made.push(answer["class_id"].as_i64().unwrap());
    }
    assert_ne!(made[0], made[1]);
    assert_eq!(made[..2], made[2..]);
    for enterprise in [&a, &b] {
        assert_eq!(enterprise.ok("class/list", json!({})).await["total"], 1);
    }
}
