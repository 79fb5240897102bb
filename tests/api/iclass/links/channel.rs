//! Links over the channel of a class.

use serde_json::json;

use super::{class, link};
use crate::support::channel::Channel;
use crate::support::service::Service;

#[tokio::test]
async fn a_link_signs_in_to_the_channel_of_its_class_only() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = class(&enterprise).await;
    let other = enterprise.class(json!({"members": [{"user_id": "li", "role": "student"}]})).await;
    let li = link(&enterprise, class_id, "li").await;
    let (mut refused, answer) = Channel::enter_with(&li, other, json!({})).await;
    assert_eq!((&answer["type"], &answer["error_code"]), (&json!("refused"), &json!(10203)), "{answer}");
    assert_eq!(refused.ended().await.0, 4001);

    let (mut channel, welcome) = Channel::enter(&li, class_id).await;
    assert_eq!(welcome["role"], "student");
    channel.ok("class/info", json!({ "class_id": class_id })).await;
    channel.ok("user/info", json!({})).await;
    for (call, body) in [
        ("class/info", json!({ "class_id": other })),
        ("member/join", json!({ "class_id": other })),
        ("class/list", json!({ "class_id": class_id })),
        ("document/list", json!({})),
    ] {
        assert_eq!(channel.call(call, body).await["error_code"], 10203, "{call}");
    }
}

#[tokio::test]
async fn a_user_who_entered_over_the_channel_remains_signed_in() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = class(&enterprise).await;
    let li = link(&enterprise, class_id, "li").await;
    let (mut channel, _) = Channel::enter(&li, class_id).await;
    service.pass(2 * 3600);
    channel.ok("class/info", json!({ "class_id": class_id })).await;
    drop(channel);
    Channel::enter(&li, class_id).await;
}

#[tokio::test]
async fn who_is_put_out_learns_why() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = class(&enterprise).await;
    let (mut teacher, _) = Channel::enter(&link(&enterprise, class_id, "teacher_1").await, class_id).await;
    let (mut li, _) = Channel::enter(&link(&enterprise, class_id, "li").await, class_id).await;
    let (mut wang, _) = Channel::enter(&link(&enterprise, class_id, "wang").await, class_id).await;
    let kick = json!({"class_id": class_id, "event": "kick", "data": {"user_id": "li"}});
    teacher.ok("report/event", kick).await;
    assert_eq!(li.ended().await, (4002, "kicked".into()));
    enterprise.ok("member/delete", json!({"class_id": class_id, "list": ["wang"]})).await;
    assert_eq!(wang.ended().await, (4002, "removed".into()));
}
