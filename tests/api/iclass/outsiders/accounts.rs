//! The sessions of visitors last while heartbeats come, and their accounts until a day after the class.

use lectern::presence::end_due;
use serde_json::{Value, json};

use super::visitor;
use crate::support::component::Component;
use crate::support::service::{Enterprise, Service};

const DAY: i64 = 86_400;

impl Enterprise<'_> {
    async fn works(&self) {
        let app = &self.service.app;
        app.presence.work(&app.db, self.service.clock.now()).await.unwrap();
    }

    async fn ends_visitors(&self) {
        end_due(&self.service.app.db, self.service.clock.now()).await.unwrap();
    }
}

fn component<'a>(enterprise: &Enterprise<'a>, joined: &Value) -> Component<'a> {
    let info = &joined["visitor_info"];
    Component::of(enterprise, info["user_id"].as_str().unwrap(), info["user_token"].as_str().unwrap())
}

#[tokio::test]
async fn a_visitor_without_heartbeats_has_left_and_the_place_is_free() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    enterprise.receives_who_leaves().await;
    let class_id = enterprise.class(json!({"max_member_num": 3})).await;
    let page = Component::of(&enterprise, "", "");
    let silent = component(&enterprise, &page.ok("member/visitor/join", json!({ "class_id": class_id })).await);
    let alive = component(&enterprise, &page.ok("member/visitor/join", json!({ "class_id": class_id })).await);
    let signed = component(&enterprise, &enterprise.ok("member/visitor/join", json!({ "class_id": class_id })).await);
    page.refused("member/visitor/join", json!({ "class_id": class_id }), 10227).await;
    for _ in 0..4 {
        service.pass(30);
        alive.ok("report/heartbeat", json!({ "class_id": class_id })).await;
        enterprise.works().await;
    }
    assert_eq!(enterprise.is_inside(class_id).await, [alive.user_id.as_str()]);
    let mut left = enterprise.left(class_id).await;
    left.sort();
    let mut silents = [silent.user_id.as_str(), signed.user_id.as_str()];
    silents.sort_unstable();
    assert_eq!(left, silents);
    assert_eq!(enterprise.reason(class_id, &silent.user_id).await, "timeout");
    page.ok("member/visitor/join", json!({ "class_id": class_id })).await;
    silent.ok("member/join", json!({ "class_id": class_id })).await;
    silent.ok("report/heartbeat", json!({ "class_id": class_id })).await;
}

#[tokio::test]
async fn an_account_ends_a_day_after_its_class() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = enterprise.class(json!({})).await;
    enterprise.ok("class/start", json!({ "class_id": class_id })).await;
    let guest = visitor(&enterprise, class_id).await;
    guest.ok("member/join", json!({ "class_id": class_id })).await;
    let joined = enterprise.ok("member/visitor/join", json!({ "class_id": class_id })).await;
    let signed = component(&enterprise, &joined);
    service.pass(60);
    enterprise.ok("class/stop", json!({ "class_id": class_id })).await;
    let attended = enterprise.ok("class/attendance", json!({ "class_id": class_id })).await;
    service.pass(DAY - 1);
    enterprise.ends_visitors().await;
    for who in [&guest, &signed] {
        who.ok("user/info", json!({})).await;
    }
    service.pass(1);
    enterprise.ends_visitors().await;
    for who in [&guest, &signed] {
        who.refused("user/info", json!({}), 10216).await;
        enterprise.refused("user/info", json!({"user_id": who.user_id}), 10215).await;
    }
    assert_eq!(enterprise.ok("user/list", json!({})).await["total"], 0);
    // What they did keeps their ids.
    assert_eq!(enterprise.ok("class/attendance", json!({ "class_id": class_id })).await, attended);
}

#[tokio::test]
async fn an_account_lasts_while_its_class_goes_on_and_ends_with_a_deleted_one() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (deleted, going_on) = (enterprise.class(json!({})).await, enterprise.class(json!({})).await);
    enterprise.students(&["li"]).await;
    enterprise.ok("class/start", json!({ "class_id": going_on })).await;
    let of_deleted =
        component(&enterprise, &enterprise.ok("member/visitor/join", json!({ "class_id": deleted })).await);
    let lasting = component(&enterprise, &enterprise.ok("member/visitor/join", json!({ "class_id": going_on })).await);
    enterprise.ok("class/delete", json!({ "class_id": deleted })).await;
    service.pass(DAY);
    enterprise.ends_visitors().await;
    of_deleted.refused("user/info", json!({}), 10216).await;
    lasting.ok("user/info", json!({})).await;
    assert_eq!(enterprise.ok("user/list", json!({})).await["total"], 2);
}
