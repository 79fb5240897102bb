//! When a link ends.

use serde_json::json;

use super::{class, link};
use crate::support::service::Service;

const HOUR: i64 = 3600;

#[tokio::test]
async fn a_link_expires() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = class(&enterprise).await;
    let li = link(&enterprise, class_id, "li").await;
    service.pass(HOUR - 1);
    li.ok("class/info", json!({ "class_id": class_id })).await;
    service.pass(1);
    for call in ["class/info", "member/join"] {
        li.refused(call, json!({ "class_id": class_id }), 10216).await;
    }
}

#[tokio::test]
async fn a_user_who_has_entered_remains_signed_in_for_a_day() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = class(&enterprise).await;
    let on = json!({ "class_id": class_id });
    let (li, wang) = (link(&enterprise, class_id, "li").await, link(&enterprise, class_id, "wang").await);
    service.pass(HOUR - 1);
    li.ok("member/join", on.clone()).await;
    service.pass(22 * HOUR);
    wang.refused("class/info", on.clone(), 10216).await;
    li.ok("class/info", on.clone()).await;
    li.ok("member/join", on.clone()).await;
    service.pass(HOUR);
    li.ok("class/info", on.clone()).await;
    service.pass(1);
    li.refused("class/info", on, 10216).await;
}

#[tokio::test]
async fn who_is_put_out_has_no_link_any_more() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = class(&enterprise).await;
    let on = json!({ "class_id": class_id });
    let teacher = link(&enterprise, class_id, "teacher_1").await;
    let (li, wang) = (link(&enterprise, class_id, "li").await, link(&enterprise, class_id, "wang").await);
    for who in [&teacher, &li, &wang] {
        who.ok("member/join", on.clone()).await;
    }
    teacher.ok("report/event", json!({"class_id": class_id, "event": "kick", "data": {"user_id": "li"}})).await;
    enterprise.ok("member/delete", json!({"class_id": class_id, "list": ["wang"]})).await;
    for who in [&li, &wang] {
        who.refused("class/info", on.clone(), 10216).await;
    }
    // Also not when they may come again.
    let members = json!([{"user_id": "li", "role": "student"}, {"user_id": "wang", "role": "student"}]);
    enterprise.ok("member/add", json!({"class_id": class_id, "list": members})).await;
    for who in [&li, &wang] {
        who.refused("member/join", on.clone(), 10216).await;
        link(&enterprise, class_id, &who.user_id).await.ok("member/join", on.clone()).await;
    }
}

#[tokio::test]
async fn a_link_ends_with_what_it_depends_on() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = class(&enterprise).await;
    for (call, body) in [
        ("user/token/update", json!({"user_id": "li"})),
        ("user/profile/modify", json!({"user_id": "li", "password": "secret"})),
        ("class/delete", json!({ "class_id": class_id })),
    ] {
        let li = link(&enterprise, class_id, "li").await;
        li.ok("user/info", json!({})).await;
        enterprise.ok(call, body).await;
        li.refused("user/info", json!({}), 10216).await;
    }
    let next = enterprise.class(json!({})).await;
    let li = link(&enterprise, next, "li").await;
    enterprise.ok("user/delete", json!({"user_id": "li"})).await;
    li.refused("user/info", json!({}), 10216).await;
}
